/** Signatures that come in one by one, of instructions and of quotes, and whose devices made them. */
import { sql, type Kysely } from 'kysely';
import { ask, PLATFORM_NUMBER, type Query, type Trx, type Viewer } from '../access/access.ts';
import type { DB } from '../types.ts';
import { toBytes, toHex } from '../wire/bytes.ts';

export type Collected = {
  readonly digest: string;
  /** ERC-7913, hex. */
  readonly signer: string;
  readonly signature: string;
  /** Whose device signed; null: a key that is no person's device. */
  readonly person: string | null;
  readonly personName: string | null;
  readonly device: string | null;
  readonly at: Date;
};
export type NewSignature = Pick<Collected, 'signer' | 'signature' | 'person'>;

type Row = Omit<Collected, 'digest' | 'signer' | 'signature'> &
  Record<'digest' | 'signer' | 'signature', Buffer>;

const collected = (digests: readonly string[]): Query<Collected[]> => ({
  statement: sql`
    select s.digest, s.signer, s.signature, s.person_id as person, p.name as "personName", coalesce(k.name, o.name) as device, s.at
    from app.signature s left join app.person p on p.id = s.person_id
    left join lateral (
      select k.name from app.passkey k where k.person_id = s.person_id
        and k.x = substring(s.signer from 21 for 32) and k.y = substring(s.signer from 53) limit 1) k on true
    left join lateral (
      select o.name from app.own_signer o where o.person_id = s.person_id and o.signer = s.signer limit 1) o on true
    where s.digest = any(${sql.val(digests.map(toBytes))}::bytea[]) order by s.at, s.signer`,
  answer: (rows: Row[]) =>
    rows.map((row) => ({
      ...row,
      digest: toHex(row.digest),
      signer: toHex(row.signer),
      signature: toHex(row.signature),
    })),
});

/** In the order in which they came. */
export const signaturesOf = async (
  db: Kysely<DB>,
  viewer: Viewer,
  digests: readonly string[],
): Promise<Collected[]> => (digests.length === 0 ? [] : (await ask(db, viewer, collected(digests)))[0]);

/** Adds those that are new, and returns all that there are. Whoever adds to the same holds its row locked. */
export async function addSignatures(
  trx: Trx,
  member: number,
  digest: string,
  signatures: readonly NewSignature[],
): Promise<Collected[]> {
  await insertion(member, digest, signatures).execute(trx);
  const { statement, answer } = collected([digest]);
  const { rows } = await trx.executeQuery<Row>((statement as ReturnType<typeof sql>).compile(trx) as never);
  return answer(rows as never[]);
}

/** @param from Left out: always; else a relation, and none are added unless it has rows. */
export const insertion = (
  member: number,
  digest: string,
  signatures: readonly NewSignature[],
  from = sql`(values (true)) always (yes)`,
) => sql`
  insert into app.signature (digest, signer, signature, member, person_id)
  select ${toBytes(digest)}::bytea, e.signer, e.signature, ${member}::integer, e.person
  from ${from}, unnest(
    ${sql.val(signatures.map(({ signer }) => toBytes(signer)))}::bytea[],
    ${sql.val(signatures.map(({ signature }) => toBytes(signature)))}::bytea[],
    ${sql.val(signatures.map(({ person }) => person))}::uuid[]) as e (signer, signature, person)
  on conflict (digest, signer) do nothing`;

/** Whose device a signer is. */
export type Holder = {
  readonly person: string;
  readonly name: string;
  readonly device: string;
  /** The device was not revoked, and its person has a seat there with the right to sign. */
  readonly maySign: boolean;
};

/**
 * Whose devices these keys are. A key belongs to who registered it first: nobody proves that he has a key when he registers it,
 * so a later one with the same key changes nothing.
 */
export async function holdersOf(
  db: Kysely<DB>,
  member: number,
  points: readonly { readonly x: string; readonly y: string }[],
): Promise<(Holder & { readonly x: string; readonly y: string })[]> {
  if (points.length === 0) return [];
  const { rows } = await sql<Holder & { x: Buffer; y: Buffer }>`
    select distinct on (k.x, k.y) k.x, k.y, k.person_id as person, p.name, k.name as device,
      k.revoked_at is null and coalesce('sign' = any(s.rights), false) as "maySign"
    from unnest(${sql.val(points.map(({ x }) => toBytes(x)))}::bytea[],
      ${sql.val(points.map(({ y }) => toBytes(y)))}::bytea[]) as e (x, y)
    join app.passkey k on k.x = e.x and k.y = e.y join app.person p on p.id = k.person_id
    left join app.seat s on s.person_id = p.id and s.member is not distinct from ${member === PLATFORM_NUMBER ? null : member}::integer
    order by k.x, k.y, k.created_at, k.id`.execute(db);
  return rows.map((row) => ({ ...row, x: toHex(row.x), y: toHex(row.y) }));
}
