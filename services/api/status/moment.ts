/** When an answer is true: the instant by which it is told, and the block that the read model is at. */
import { readModelStatus, type ReadModelStatus } from '#db/status/read.ts';
import type { Services } from '../services.ts';

export type Moment = {
  /** Instant (seconds) by which the status is told. */
  readonly now: number;
  readonly block: bigint;
  readonly proved: bigint | null;
};

/** What ends a bill: it is not a bill's own. */
export const momentView = ({ block, proved }: Moment) => ({
  provedAt: proved === null ? null : Number(proved),
  asOf: Number(block),
});

/** Now and the newest block of the read model. */
export const momentAt = (now: number, status: ReadModelStatus | undefined): Moment => ({
  now,
  block: status?.indexed ?? 0n,
  proved: status?.proved ?? null,
});

export async function momentOf({ db, clock }: Services): Promise<Moment> {
  const [status, now] = await Promise.all([readModelStatus(db), clock.now()]);
  return momentAt(now, status);
}
