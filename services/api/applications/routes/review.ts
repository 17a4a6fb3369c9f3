/** What the platform does with applications: takes up, asks for more, verifies, refuses, and admits, by two people. */
import type { FastifyRequest } from 'fastify';
import { SYSTEM, transact } from '#db/access/access.ts';
import { proofsOf } from '#db/applications/account-proofs.ts';
import { findApplication, listApplications, move, type Application } from '#db/applications/own.ts';
import { peopleOf } from '#db/applications/people.ts';
import { recordAudit } from '#db/audit/write.ts';
import type { Check } from '#domain/applications/form.ts';
import type { MoveName } from '#domain/applications/states.ts';
import { Problem } from '#domain/problems.ts';
import { at } from '../../access/at.ts';
import { originOf } from '../../audit/origin.ts';
import type { App } from '../../app-types.ts';
import { filtersOf, pageOf } from '../../lists/lists.ts';
import { refused } from '../../problems/refused.ts';
import { toBeSigned } from '../../instructions/view.ts';
import { admitApplicant } from '../admit.ts';
import { isAccountProved, lineView, reviewView } from '../views.ts';

/** A person, or a visitor of the demonstration by its session. */
export function actorOf({ person }: Pick<FastifyRequest, 'person'>): string {
  if (person.kind === 'nobody') throw new Problem('UNAUTHENTICATED');
  return person.person ?? `session ${person.session}`;
}

export function registerReview(app: App): void {
  const { services } = app;
  const { db } = services;

  /** Whatever was filed once. Throws NOT_FOUND. */
  const filed = async (id: string): Promise<Application> => {
    const found = await findApplication(db, id);
    if (found?.filedAt == null) throw new Problem('NOT_FOUND');
    return found;
  };

  const note = (
    request: FastifyRequest,
    action: 'looked' | 'applicationDecided',
    subject: string,
    step: string,
  ) => recordAudit(db, { ...originOf(request), action, subject: `application:${subject}`, facts: { step } });

  app.route({
    ...at('reviewApplications'),
    handler: async ({ query }) =>
      pageOf(
        query,
        ['applications', filtersOf(query)],
        ['uuid'],
        (page) => listApplications(db, query.state, page),
        (rows) => rows.map(lineView),
      ),
  });

  app.route({
    ...at('reviewApplication'),
    handler: async (request) => {
      const found = await filed(request.params.id);
      await note(request, 'looked', found.id, 'review');
      return reviewView(services, found, actorOf(request));
    },
  });

  const moved = async (
    request: FastifyRequest,
    id: string,
    name: MoveName,
    how: Parameters<typeof move>[3],
  ) => {
    await filed(id);
    const isMoved = await transact(db, SYSTEM, (trx) => move(trx, id, name, how));
    if (!isMoved) throw new Problem('APPLICATION_ELSEWHERE');
    await note(request, 'applicationDecided', id, name);
    return reviewView(services, await filed(id), actorOf(request));
  };

  app.route({
    ...at('takeUpApplication'),
    handler: async (request) => moved(request, request.params.id, 'review', {}),
  });
  app.route({
    ...at('giveApplicationBack'),
    handler: async (request) => moved(request, request.params.id, 'giveBack', request.body),
  });
  app.route({
    ...at('refuseApplication'),
    handler: async (request) => moved(request, request.params.id, 'refuse', request.body),
  });

  app.route({
    ...at('verifyApplication'),
    handler: async (request) => {
      const application = await filed(request.params.id);
      await requireStranger(services, application, actorOf(request));
      const { body: checks } = request;
      const needed: Check[] = [
        'names_equal_licence',
        ...(application.form.entity === 'sole_trader' ? [] : (['legal_person_known'] as const)),
        ...(application.kind === 'renewal' || (await isCredited(application))
          ? []
          : (['account_owner_known'] as const)),
      ];
      if (needed.some((check) => checks[check] !== true)) throw refused('CHECKS_MISSING');
      return moved(request, application.id, 'verify', { actor: actorOf(request), checks });
    },
  });

  const isCredited = async ({ id, form }: Application) => isAccountProved(form, await proofsOf(db, id));

  app.route({
    ...at('admitApplicant'),
    handler: async (request, reply) => {
      const application = await filed(request.params.id);
      const actor = actorOf(request);
      if (application.state !== 'verified') throw new Problem('APPLICATION_ELSEWHERE');
      if (application.verifiedBy === actor) throw new Problem('SAME_PERSON');
      await requireStranger(services, application, actor);
      const prepared = await admitApplicant(services, request, application, actor);
      await note(request, 'applicationDecided', application.id, 'admit');
      if (prepared !== undefined) return reply.status(202).send(toBeSigned(services, prepared));
      return reviewView(services, await filed(application.id), actor);
    },
  });
}

/** Nobody decides about his own firm. Throws SAME_PERSON. */
async function requireStranger(
  { db }: App['services'],
  application: Application,
  actor: string,
): Promise<void> {
  const people = await peopleOf(db, application.id);
  if (application.applicant === actor || people.some(({ person }) => person === actor))
    throw new Problem('SAME_PERSON');
}
