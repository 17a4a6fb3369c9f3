import { keccak256 } from './keccak.ts';
import type { RawLog } from './ledger.ts';

/** Hash of an act: of its log's topics and data, one after the other. */
export const actHash = ({ topics, data }: Pick<RawLog, 'topics' | 'data'>): Buffer => keccak256(topics, data);

/** The trail of a bill before its first act. */
export const NO_TRAIL = Buffer.alloc(32);

/** The trail (32 bytes) after an act: see IBills.sol. */
export const extendTrail = (trail: Buffer, act: Buffer): Buffer => keccak256(trail, act);
