/** Applications of firms, and the states that they were in. */
import { sql, type Kysely } from 'kysely';
import type { Check, Form } from '#domain/applications/form.ts';
import { MOVES, type ApplicationState, type MoveName } from '#domain/applications/states.ts';
import type { Trx } from '../access/access.ts';
import { toBytes } from '../wire/bytes.ts';
import { newId } from '../wire/ids.ts';
import { json } from '../wire/json.ts';
import { paged, type Page, type PageOf } from '../wire/page.ts';
import type { DB } from '../types.ts';

export type Checks = Partial<Record<Check, boolean>> & { readonly note?: string };
export type Application = {
  readonly id: string;
  readonly kind: 'admission' | 'renewal';
  readonly applicant: string;
  readonly member: number | null;
  readonly linkId: string | null;
  readonly invitedBy: number | null;
  readonly state: ApplicationState;
  readonly form: Form;
  readonly number: string | null;
  readonly checks: Checks;
  readonly filedAt: Date | null;
  readonly verifiedBy: string | null;
  readonly admittedBy: string | null;
  readonly identityHash: Buffer | null;
  readonly instructionId: string | null;
  readonly createdAt: Date;
  readonly changedAt: Date;
};

const COLUMNS = [
  'a.id',
  'a.kind',
  'a.applicant',
  'a.member',
  'a.link_id as linkId',
  'a.invited_by as invitedBy',
  'a.state',
  'a.form',
  'a.number',
  'a.checks',
  'a.filed_at as filedAt',
  'a.verified_by as verifiedBy',
  'a.admitted_by as admittedBy',
  'a.identity_hash as identityHash',
  'a.instruction_id as instructionId',
  'a.created_at as createdAt',
  'a.changed_at as changedAt',
] as const;

const applications = (db: Kysely<DB>) => db.selectFrom('app.application as a').select(COLUMNS);
type Row = Awaited<ReturnType<ReturnType<typeof applications>['executeTakeFirstOrThrow']>>;
const applicationOf = (row: Row) => row as unknown as Application;

/** How many may be begun: bounds what one person, or one address, can put into our hands. */
export const BOUNDS = {
  /** Open at once, of one person. */
  ofPerson: 3,
  /** Begun within a day and not filed, from one address. */
  ofAddress: 10,
  /** A draft that nobody has touched for so long is forgotten (days). */
  days: 30,
} as const;

type NewApplication = Pick<Application, 'kind' | 'applicant' | 'member'> & {
  readonly address: string;
  readonly link?: { readonly id: string; readonly member: number | null } | undefined;
  readonly form: Form;
};

/** Undefined where the person or the address has enough of them. */
export async function beginApplication(trx: Trx, given: NewApplication): Promise<string | undefined> {
  const { kind, applicant, member, address, link, form } = given;
  await sql`select pg_advisory_xact_lock(hashtext('application'), hashtext(${applicant}))`.execute(trx);
  await sql`
    delete from app.application where state = 'draft' and filed_at is null
      and changed_at < now() - make_interval(days => ${BOUNDS.days})`.execute(trx);
  const { rows } = await sql<{ mine: number; near: number }>`
    select (select count(*) from app.application
        where applicant = ${applicant} and state not in ('admitted', 'refused'))::integer as mine,
      (select count(*) from app.application
        where address = ${address} and filed_at is null and created_at > now() - interval '1 day')::integer as near`.execute(
    trx,
  );
  const { mine, near } = rows[0]!;
  if (mine >= BOUNDS.ofPerson || near >= BOUNDS.ofAddress) return undefined;
  const id = newId();
  await trx
    .insertInto('app.application')
    .values({
      id,
      kind,
      state: 'draft',
      applicant,
      member,
      address,
      form: json(form),
      link_id: link?.id ?? null,
      invited_by: link?.member ?? null,
    })
    .execute();
  await addStep(trx, id, 'draft', 'applicant');
  return id;
}

export async function findApplication(db: Kysely<DB>, id: string): Promise<Application | undefined> {
  const row = await applications(db).where('a.id', '=', id).executeTakeFirst();
  return row && applicationOf(row);
}

/** Whoever changes it next waits for us. */
export async function lockApplication(trx: Trx, id: string): Promise<Application | undefined> {
  const row = await applications(trx).where('a.id', '=', id).forUpdate().executeTakeFirst();
  return row && applicationOf(row);
}

/** Those in which a person has a part, the newest first. */
export async function applicationsOf(db: Kysely<DB>, person: string): Promise<Application[]> {
  const rows = await applications(db)
    .where(({ or, eb, exists, selectFrom }) =>
      or([
        eb('a.applicant', '=', person),
        exists(
          selectFrom('app.application_person as p')
            .select('p.person_id')
            .whereRef('p.application_id', '=', 'a.id')
            .where('p.person_id', '=', person),
        ),
      ]),
    )
    .orderBy('a.id', 'desc')
    .limit(50)
    .execute();
  return rows.map(applicationOf);
}

/** For the platform: whatever was filed once, the oldest first. */
export async function listApplications(
  db: Kysely<DB>,
  state: ApplicationState | undefined,
  page: PageOf,
): Promise<Page<Application>> {
  const rows = await applications(db)
    .where('a.filed_at', 'is not', null)
    .$if(state !== undefined, (query) => query.where('a.state', '=', state!))
    .$if(page.after !== undefined, (query) => query.where('a.id', '>', page.after![0]!))
    .orderBy('a.id')
    .limit(page.limit + 1)
    .execute();
  return paged(rows.map(applicationOf), page.limit, ({ id }) => [id]);
}

export const saveForm = (trx: Trx, id: string, form: Form, number: string | null) =>
  trx
    .updateTable('app.application')
    .set({ form: json(form), number, changed_at: sql`now()` })
    .where('id', '=', id)
    .execute();

/** Only a draft that was never filed is forgotten as a whole. */
export const deleteDraft = async (db: Kysely<DB>, id: string): Promise<boolean> => {
  const { numDeletedRows } = await db
    .deleteFrom('app.application')
    .where('id', '=', id)
    .where('state', '=', 'draft')
    .where('filed_at', 'is', null)
    .executeTakeFirst();
  return numDeletedRows > 0n;
};

type Moved = { readonly reason?: string; readonly actor?: string; readonly checks?: Checks };

/** The one place where a state changes: false where it is not in one from which this is done. */
export async function move(trx: Trx, id: string, name: MoveName, moved: Moved = {}): Promise<boolean> {
  const { from, to, by } = MOVES[name];
  const { reason, actor, checks } = moved;
  const { numUpdatedRows } = await trx
    .updateTable('app.application')
    .set({
      state: to,
      changed_at: sql`now()`,
      ...(name === 'file' ? { filed_at: sql<Date>`now()` } : {}),
      ...(name === 'verify' ? { verified_by: actor!, checks: json(checks ?? {}) } : {}),
      ...(name === 'giveBack' ? { verified_by: null, admitted_by: null } : {}),
    })
    .where('id', '=', id)
    .where('state', 'in', [...from])
    // What is on its way into the ledger is not called back.
    .$if(name === 'giveBack' || name === 'refuse', (query) => query.where('admitted_by', 'is', null))
    .executeTakeFirst();
  if (numUpdatedRows === 0n) return false;
  await addStep(trx, id, to, by, reason);
  return true;
}

const addStep = (trx: Trx, id: string, state: ApplicationState, by: string, reason?: string) =>
  sql`
    insert into app.application_step (application_id, position, state, reason, by)
    select ${id}, coalesce(max(position), 0) + 1, ${state}, ${reason ?? null}, ${by}
    from app.application_step where application_id = ${id}`.execute(trx);

export type Step = {
  readonly state: ApplicationState;
  readonly reason: string | null;
  readonly by: string;
  readonly at: Date;
};
export const stepsOf = async (db: Kysely<DB>, id: string): Promise<Step[]> =>
  (await db
    .selectFrom('app.application_step')
    .select(['state', 'reason', 'by', 'at'])
    .where('application_id', '=', id)
    .orderBy('position')
    .execute()) as Step[];

/** Notes who admits, before it is asked of the chain. False where it is not verified, or this is who verified it. */
export const noteAdmitter = async (
  trx: Trx,
  id: string,
  actor: string,
  { identityHash, instructionId }: { identityHash?: string; instructionId?: string },
): Promise<boolean> => {
  const { numUpdatedRows } = await trx
    .updateTable('app.application')
    .set({
      admitted_by: actor,
      ...(identityHash === undefined ? {} : { identity_hash: toBytes(identityHash) }),
      ...(instructionId === undefined ? {} : { instruction_id: instructionId }),
    })
    .where('id', '=', id)
    .where('state', '=', 'verified')
    .where('verified_by', '<>', actor)
    .executeTakeFirst();
  return numUpdatedRows > 0n;
};

/** An admission that has come to nothing can be tried again, given back or refused. */
export const forgetAdmitter = (db: Kysely<DB>, id: string) =>
  db
    .updateTable('app.application')
    .set({ admitted_by: null, identity_hash: null, instruction_id: null })
    .where('id', '=', id)
    .where('state', '=', 'verified')
    .execute();

/** Admissions that the ledger has by now, whoever signed them. */
export const inLedger = async (db: Kysely<DB>): Promise<{ id: string; member: number }[]> => {
  const { rows } = await sql<{ id: string; member: number }>`
    select a.id, m.number as member from app.application a
    join ledger.member m on m.identity_hash = a.identity_hash and m.to_block is null
    where a.state = 'verified' and a.admitted_by is not null and a.kind = 'admission'
    union all
    select a.id, a.member from app.application a join app.instruction i on i.id = a.instruction_id
    where a.state = 'verified' and a.admitted_by is not null and a.kind = 'renewal' and i.state = 'done'`.execute(
    db,
  );
  return rows;
};

export const noteMember = (trx: Trx, id: string, member: number) =>
  trx.updateTable('app.application').set({ member }).where('id', '=', id).execute();

export type Duplicate = { readonly member: number | null; readonly application: string | null };

/** Who else is known by the number: members, and applications that were filed. */
export const duplicatesOf = async (
  db: Kysely<DB>,
  { id, number, member }: Application,
): Promise<Duplicate[]> => {
  if (number === null) return [];
  const { rows } = await sql<Duplicate>`
    select m.number as member, null::uuid as application
    from app.identity i join ledger.member m on m.identity_hash = i.identity_hash and m.to_block is null
    where (upper(regexp_replace(i.tax_id, '[^0-9A-Za-z]', '', 'g')) = ${number} or i.document::jsonb ->> 'lei' = ${number})
      and m.number is distinct from ${member}
    union all
    select null, a.id from app.application a
    where a.number = ${number} and a.id <> ${id} and a.filed_at is not null and a.state <> 'refused'
      and a.member is distinct from coalesce(${member}, -1)`.execute(db);
  return rows;
};
