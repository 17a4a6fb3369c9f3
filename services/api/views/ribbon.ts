import type { Static } from 'typebox';
import type { Viewer } from '#db/read/access.ts';
import type { BillRow } from '#db/read/bills.ts';
import { listVersions, type ParcelRow } from '#db/read/parcels.ts';
import { timeOfBlock } from '#db/read/status.ts';
import { isoOf } from '../clock.ts';
import type { Ribbon } from '../schemas/bills.ts';
import type { Services } from '../services.ts';
import { membersIn, stateOf } from './bills.ts';
import { moneyOf } from './money.ts';

/** Versions of parcels that one answer goes through, and steps that it shows: the newest, if there are more. */
const MOST_VERSIONS = 5_000;
const MOST_STEPS = 200;

/** Every state in which the line has been, as far as the viewer may see. */
export async function ribbonOf(
  { db, names }: Services,
  viewer: Viewer,
  bill: BillRow,
): Promise<Static<typeof Ribbon>> {
  const versions = await listVersions(db, viewer, bill, MOST_VERSIONS);
  const blocks = [...new Set(versions.map(({ from_block }) => from_block))].slice(-MOST_STEPS);
  const ref = await names.of(membersIn(bill, versions));
  const known = (version: ParcelRow, member: number | null) =>
    version.shown && member !== null ? ref(member) : null;
  const steps = await Promise.all(
    blocks.map(async (block) => ({
      block: Number(block),
      at: isoOf((await timeOfBlock(db, block)) ?? 0n),
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
    })),
  );
  return { face: moneyOf(bill.face_minor, bill.currency), steps };
}
