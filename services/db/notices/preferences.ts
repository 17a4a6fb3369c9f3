/** What a person wants told where, for each of its seats. What it never said has the default of #domain/notices/channels.ts. */
import { sql, type Kysely } from 'kysely';
import type { Switch } from '#domain/notices/channels.ts';
import type { DB } from '../types.ts';

/** @param place A member's number, null for the platform. */
export async function switchesOf(
  db: Kysely<DB>,
  person: string | null,
  place: number | null | undefined,
): Promise<Switch[]> {
  if (person === null || place === undefined) return [];
  const rows = await db
    .selectFrom('app.preference')
    .select(['kind_group as group', 'channel', 'is_on as isOn'])
    .where('person_id', '=', person)
    .where('member', 'is not distinct from', place)
    .execute();
  return rows as Switch[];
}

export async function setSwitches(
  db: Kysely<DB>,
  person: string,
  place: number | null,
  switches: readonly Switch[],
): Promise<void> {
  if (switches.length === 0) return;
  await sql`
    insert into app.preference (person_id, member, kind_group, channel, is_on)
    select distinct on (kind_group, channel) ${person}::uuid, ${place}::integer, kind_group, channel, is_on
    from jsonb_to_recordset(${JSON.stringify(
      switches.map(({ group, channel, isOn }) => ({ kind_group: group, channel, is_on: isOn })),
    )}::jsonb) as s (kind_group text, channel text, is_on boolean)
    on conflict (person_id, member, kind_group, channel) do update set is_on = excluded.is_on`.execute(db);
}
