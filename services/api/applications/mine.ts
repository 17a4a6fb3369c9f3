/** Whose an application is, and in which state it may be changed. Another's is not there. */
import type { FastifyRequest } from 'fastify';
import { SYSTEM, transact, type Trx } from '#db/access/access.ts';
import { findApplication, lockApplication, type Application } from '#db/applications/own.ts';
import { peopleOf } from '#db/applications/people.ts';
import { Problem } from '#domain/problems.ts';
import { personOf } from '../access/rules.ts';
import type { Services } from '../services.ts';

type Request = Pick<FastifyRequest, 'person'>;

/** Its applicant, and its other people, see it. Throws NOT_FOUND. */
export async function seenBy({ db }: Services, request: Request, id: string): Promise<Application> {
  const { person } = personOf(request);
  const found = await findApplication(db, id);
  if (found === undefined) throw new Problem('NOT_FOUND');
  if (found.applicant === person) return found;
  if ((await peopleOf(db, id)).some((each) => each.person === person)) return found;
  throw new Problem('NOT_FOUND');
}

export async function ofApplicant({ db }: Services, request: Request, id: string): Promise<Application> {
  const { person } = personOf(request);
  const found = await findApplication(db, id);
  if (found?.applicant !== person) throw new Problem('NOT_FOUND');
  return found;
}

/** What changes a draft, alone at it. Throws NOT_FOUND, APPLICATION_ELSEWHERE. */
export const editDraft = <T>(
  { db }: Services,
  request: Request,
  id: string,
  edit: (trx: Trx, application: Application) => Promise<T>,
): Promise<T> => {
  const { person } = personOf(request);
  return transact(db, SYSTEM, async (trx) => {
    const found = await lockApplication(trx, id);
    if (found?.applicant !== person) throw new Problem('NOT_FOUND');
    if (found.state !== 'draft') throw new Problem('APPLICATION_ELSEWHERE');
    return edit(trx, found);
  });
};
