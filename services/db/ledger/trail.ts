/** The trail of a bill: a hash over all its acts, which the ledger on the chain keeps as well. */
import type { RawLog } from './ledger.ts';

/** Keccak-256 of the parts, one after the other. It is passed in, because the database knows no chain. */
export type Hash = (...parts: readonly Buffer[]) => Buffer;

/** Hash of an act: of its log's topics and data, one after the other. */
export const actHash = (hash: Hash, { topics, data }: Pick<RawLog, 'topics' | 'data'>): Buffer =>
  hash(topics, data);

/** The trail of a bill before its first act. */
export const NO_TRAIL = Buffer.alloc(32);

/** The trail (32 bytes) after an act: see IBills.sol. */
export const extendTrail = (hash: Hash, trail: Buffer, act: Buffer): Buffer => hash(trail, act);
