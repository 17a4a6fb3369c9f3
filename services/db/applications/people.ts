/** Who will have a seat in a firm that applies, and with which device each will sign for it. */
import { sql, type Kysely } from 'kysely';
import type { Level } from '#domain/applications/form.ts';
import { inOrder, type Right } from '#domain/people/rights.ts';
import type { Trx } from '../access/access.ts';
import type { DB } from '../types.ts';

export type ApplicationPerson = {
  readonly person: string;
  readonly name: string;
  readonly email: string | null;
  readonly rights: readonly Right[];
  readonly level: Level | null;
  readonly device: {
    readonly id: string;
    readonly name: string;
    readonly x: Buffer;
    readonly y: Buffer;
  } | null;
};

/** As many people as an account can have signers at first. */
export const MAX_PEOPLE = 20;

/** In the order in which they came. A device that was revoked meanwhile is none. */
export async function peopleOf(db: Kysely<DB>, application: string): Promise<ApplicationPerson[]> {
  const rows = await db
    .selectFrom('app.application_person as a')
    .innerJoin('app.person as p', 'p.id', 'a.person_id')
    .leftJoin('app.passkey as k', (join) =>
      join.onRef('k.id', '=', 'a.passkey_id').on('k.revoked_at', 'is', null),
    )
    .select([
      'p.id as person',
      'p.name',
      'p.email',
      'a.rights',
      'a.level',
      'k.id',
      'k.name as device',
      'k.x',
      'k.y',
    ])
    .where('a.application_id', '=', application)
    .orderBy('a.created_at')
    .orderBy('p.id')
    .execute();
  return rows.map(({ id, device, x, y, rights, level, ...person }) => ({
    ...person,
    rights: rights as Right[],
    level: id === null ? null : (level as Level | null),
    device: id === null ? null : { id, name: device!, x: x!, y: y! },
  }));
}

type Given = { readonly rights: readonly Right[]; readonly level: Level | null; readonly device?: string };

/**
 * Gives a person a part, or another one. Who signs does so with the device named, or the one that he used last. False where
 * the device is not his.
 */
export async function putPerson(
  trx: Trx,
  application: string,
  person: string,
  { rights, level, device }: Given,
): Promise<boolean> {
  const found =
    level === null
      ? undefined
      : await trx
          .selectFrom('app.passkey')
          .select('id')
          .where('person_id', '=', person)
          .where('revoked_at', 'is', null)
          .$if(device !== undefined, (query) => query.where('id', '=', device!))
          .orderBy(sql`coalesce(used_at, created_at)`, 'desc')
          .limit(1)
          .executeTakeFirst();
  if (level !== null && found === undefined) return false;
  await sql`
    insert into app.application_person (application_id, person_id, rights, level, passkey_id)
    values (${application}, ${person}, ${sql.val(inOrder(rights))}::text[], ${level}, ${found?.id ?? null})
    on conflict (application_id, person_id) do update
    set rights = excluded.rights, level = excluded.level, passkey_id = excluded.passkey_id`.execute(trx);
  return true;
}

export async function removePerson(trx: Trx, application: string, person: string): Promise<boolean> {
  const { numDeletedRows } = await trx
    .deleteFrom('app.application_person')
    .where('application_id', '=', application)
    .where('person_id', '=', person)
    .executeTakeFirst();
  return numDeletedRows > 0n;
}

/** Who came by a link of an application takes part in it, as long as it is a draft. False where it is not, or has enough people. */
export async function joinApplication(
  trx: Trx,
  application: string,
  person: string,
  part: Pick<ApplicationPerson, 'rights' | 'level'>,
): Promise<boolean> {
  const { rows } = await sql<{ state: string; applicant: string }>`
    select state, applicant from app.application where id = ${application} for update`.execute(trx);
  const [found] = rows;
  if (found?.state !== 'draft') return false;
  const people = await peopleOf(trx, application);
  if (people.some((each) => each.person === person)) return true;
  return people.length < MAX_PEOPLE && putPerson(trx, application, person, part);
}
