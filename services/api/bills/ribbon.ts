/** The past of a bill's line, step by step. */
import type { Static } from 'typebox';
import { ask, type Viewer } from '#db/access/access.ts';
import { billQuery, type BillSeen } from '#db/bills/read.ts';
import { versionsQuery, type ParcelRow } from '#db/bills/parcels.ts';
import { Problem } from '#domain/problems.ts';
import { isoOf } from '../clock.ts';
import type { Ribbon } from './schema.ts';
import type { Services } from '../services.ts';
import { membersIn, stateOf } from './views.ts';
import { moneyOf } from '../schemas/money.ts';

/** Versions of parcels that one answer goes through, and steps that it shows: the newest, if there are more. */
const MOST_VERSIONS = 5_000;
const MOST_STEPS = 200;

/** Every state in which the line has been, as far as the viewer may see. */
export async function ribbonOf(
  { db, names }: Services,
  viewer: Viewer,
  billNo: bigint,
  seen: (bill: BillSeen) => void,
): Promise<Static<typeof Ribbon>> {
  const [row, versions] = await ask(
    db,
    viewer,
    billQuery(viewer, billNo),
    versionsQuery(viewer, billNo, MOST_VERSIONS),
  );
  if (row === undefined) throw new Problem('NOT_FOUND');
  const bill = row;
  seen(bill);
  const times = new Map(versions.map(({ from_block, at }) => [from_block, at ?? 0n]));
  const ref = await names.of(membersIn(bill, versions));
  const known = (version: ParcelRow, member: number | null) =>
    version.shown && member !== null ? ref(member) : null;
  const steps = [...times].slice(-MOST_STEPS).map(([block, at]) => ({
    block: Number(block),
    at: isoOf(at),
    pieces: versions
      .filter(({ from_block: from, to_block: to }) => from <= block && (to === null || to > block))
      .sort((a, b) => (a.first < b.first ? -1 : 1))
      .map((version) => ({
        first: String(version.first),
        end: String(version.end),
        holder: known(version, version.holder),
        offeredTo: known(version, version.offered_to),
        state: stateOf(version, bill),
      })),
  }));
  return { face: moneyOf(bill.face_minor, bill.currency), steps };
}
