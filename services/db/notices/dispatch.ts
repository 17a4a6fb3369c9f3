/** From what was told to what is to be sent to whom: writes the deliveries of each notice once. */
import { sql, type Kysely } from 'kysely';
import { isOn, type Channel, type Switch } from '#domain/notices/channels.ts';
import { groupOf, isKind, kinds } from '#domain/notices/notices.ts';
import { SYSTEM, transact, type Trx } from '../access/access.ts';
import type { Language } from '../people/persons.ts';
import { newId } from '../wire/ids.ts';
import { json } from '../wire/json.ts';
import type { DB } from '../types.ts';

/** Notices at a time. */
const UNIT = 100;

/** Whom an adapter of a channel is asked about. */
export type Recipient = {
  readonly id: string;
  readonly email: string | null;
  readonly isVerified: boolean;
  readonly language: Language;
};
/** The address of a person on a channel; undefined: none. */
export type AddressOf = (person: Recipient) => Promise<string | undefined> | string | undefined;

type Claimed = {
  readonly id: string;
  readonly kind: string;
  readonly member: number | null;
  readonly person_id: string | null;
  readonly facts: unknown;
};
type Reached = Recipient & { readonly notice: string; readonly rights: readonly string[] | null };
type NewDelivery = {
  readonly notice: string;
  readonly channel: string;
  readonly person?: string;
  readonly webhook?: string;
  readonly address?: string;
};

/** @returns how many notices were taken up: more may wait when it is as many as are taken at a time. */
export const dispatch = (
  db: Kysely<DB>,
  now: Date,
  channels: ReadonlyMap<Channel, AddressOf>,
): Promise<{ taken: number; isMore: boolean }> =>
  transact(db, SYSTEM, async (trx) => {
    const { rows: notices } = await sql<Claimed>`
      update app.notice set dispatched_at = ${now} where id in (
        select id from app.notice where dispatched_at is null order by id limit ${sql.lit(UNIT)} for update skip locked)
      returning id, kind, member, person_id, facts`.execute(trx);
    if (notices.length === 0) return { taken: 0, isMore: false };
    const people = await peopleOf(trx, notices);
    const switches = await switchesFor(trx, people);
    const deliveries = await webhooksFor(trx, notices);
    for (const notice of notices) {
      for (const person of people.get(notice.id) ?? []) {
        if (!mayHear(notice, person)) continue;
        for (const [channel, addressOf] of channels) {
          if (!wants(notice, person, channel, switches)) continue;
          const address = channel === 'mail' ? mailAddress(notice, person) : await addressOf(person);
          if (address !== undefined)
            deliveries.push({ notice: notice.id, channel, person: person.id, address });
        }
      }
    }
    await insertDeliveries(trx, deliveries, now);
    return { taken: notices.length, isMore: notices.length === UNIT };
  });

/** The right that the kind asks for; one that this version does not know is for who administers. */
function mayHear(notice: Claimed, { rights }: Reached): boolean {
  if (notice.person_id !== null) return true;
  const right = isKind(notice.kind) ? kinds[notice.kind].right : undefined;
  return rights?.includes(right ?? 'administer') ?? false;
}

const wants = (
  notice: Claimed,
  person: Reached,
  channel: Channel,
  switches: ReadonlyMap<string, readonly Switch[]>,
): boolean => isOn(switches.get(seatKey(person.id, notice.member)) ?? [], groupOf(notice), channel);

/** An address that nobody confirmed gets the request to confirm it; one that was left, that it was left; nothing else. */
function mailAddress({ kind, facts }: Claimed, { email, isVerified }: Reached): string | undefined {
  if (kind === 'email_check' || kind === 'email_changed') return (facts as { address: string }).address;
  return isVerified ? (email ?? undefined) : undefined;
}

const seatKey = (person: string, member: number | null): string => `${person} ${member}`;

/** Who is meant: the one person, or all who have the seat. */
async function peopleOf(trx: Trx, notices: readonly Claimed[]): Promise<Map<string, Reached[]>> {
  const { rows } = await sql<Reached>`
    with n as (select id, member, person_id, branch from app.notice
      where id = any(${sql.val(notices.map(({ id }) => id))}::uuid[])),
    reached as (
      select id as notice, person_id, null::text[] as rights from n where person_id is not null
      union all
      select n.id, s.person_id, s.rights from n join app.seat s on s.member = n.member
      where n.person_id is null and (n.branch is null or s.branch is null or s.branch = n.branch)
      union all
      select n.id, s.person_id, s.rights from n join app.seat s on s.member is null
      where n.person_id is null and n.member is null)
    select r.notice, r.rights, p.id, p.email, p.email_verified_at is not null as "isVerified", p.language
    from reached r join app.person p on p.id = r.person_id order by p.id`.execute(trx);
  return Map.groupBy(rows, ({ notice }) => notice);
}

async function switchesFor(
  trx: Trx,
  people: ReadonlyMap<string, readonly Reached[]>,
): Promise<Map<string, Switch[]>> {
  const ids = [...new Set([...people.values()].flat().map(({ id }) => id))];
  if (ids.length === 0) return new Map();
  const { rows } = await sql<Switch & { person: string; member: number | null }>`
    select person_id as person, member, kind_group as "group", channel, is_on as "isOn" from app.preference
    where person_id = any(${sql.val(ids)}::uuid[])`.execute(trx);
  return Map.groupBy(rows, ({ person, member }) => seatKey(person, member));
}

/** Systems are told what is the firm's, not what is one person's. */
async function webhooksFor(trx: Trx, notices: readonly Claimed[]): Promise<NewDelivery[]> {
  const ofFirms = notices.filter(({ member, person_id }) => member !== null && person_id === null);
  if (ofFirms.length === 0) return [];
  const { rows } = await sql<{ notice: string; webhook: string }>`
    select n.id as notice, w.id as webhook from app.notice n join app.webhook w on w.member = n.member
    where n.id = any(${sql.val(ofFirms.map(({ id }) => id))}::uuid[]) and w.disabled_at is null
      and (cardinality(w.kinds) = 0 or n.kind = any(w.kinds))`.execute(trx);
  return rows.map((row) => ({ ...row, channel: 'webhook' }));
}

async function insertDeliveries(trx: Trx, deliveries: readonly NewDelivery[], now: Date): Promise<void> {
  if (deliveries.length === 0) return;
  await sql`
    insert into app.delivery (id, notice_id, channel, person_id, webhook_id, address, next_at, created_at)
    select id, notice, channel, person, webhook, address, ${now}, ${now}
    from jsonb_to_recordset(${json(deliveries.map((each) => ({ id: newId(), ...each })))})
      as d (id uuid, notice uuid, channel text, person uuid, webhook uuid, address text)
    on conflict do nothing`.execute(trx);
}
