/** Anchors the audit trail: the hash of its newest link goes to the chain, by the platform's keeper. */
import { anchorHead, type Anchoring } from '#db/audit/anchor.ts';
import type { Origin } from '#db/audit/write.ts';
import type { Database } from '#db/wire/connect.ts';
import { newId } from '#db/wire/ids.ts';
import type { Calls } from '#chain/calls.ts';
import { PLATFORM } from '#domain/instructions/sentences.ts';
import { gasOf } from '../instructions/gas.ts';
import { NOTHING_MADE } from '../instructions/draft.ts';

/** A link waits for its anchor no longer than this (milliseconds). */
export const ANCHOR_AFTER_MS = 86_400_000;

/** @param olderThanMs 0: whatever has been sealed since the last anchor. Undefined when there is nothing to anchor. */
export const anchor = (
  { db, calls }: { readonly db: Database; readonly calls: Pick<Calls, 'auditAnchor'> },
  origin: Origin,
  olderThanMs: number,
): Promise<Anchoring | undefined> =>
  anchorHead(db, origin, olderThanMs, ({ no, hash }) => {
    const head = `0x${hash.toString('hex')}`;
    return {
      id: newId(),
      signedBy: 'keeper',
      member: null,
      type: 'anchor',
      input: { type: 'anchor', link: String(no), head },
      facts: { by: PLATFORM, does: [{ instruction: 'anchor', link: String(no) }] },
      calls: [calls.auditAnchor.anchor(no, head)],
      gasLimit: gasOf('simple'),
      makes: NOTHING_MADE,
      state: 'submitted',
      ...(origin.requestId === undefined ? {} : { requestId: origin.requestId }),
    };
  });
