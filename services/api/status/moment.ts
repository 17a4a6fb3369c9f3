/** When an answer is true: the instant that decides the status of bills, and the block that the read model is at. */
import { readModelStatus, type ReadModelStatus } from '#db/status/read.ts';
import type { Services } from '../services.ts';

export type Moment = {
  /** Instant (seconds) that decides the status of bills. */
  readonly now: number;
  readonly block: bigint;
  readonly proved: bigint | null;
};

/** What stands at the top of an answer about bills. */
export const momentView = ({ block, proved }: Omit<Moment, 'now'>) => ({
  provedAt: proved === null ? null : Number(proved),
  asOf: Number(block),
});

export const momentAt = (now: number, status: ReadModelStatus | undefined): Moment => ({
  now,
  block: status?.indexed ?? 0n,
  proved: status?.proved ?? null,
});

export async function momentOf({ db, clock }: Services): Promise<Moment> {
  const [status, now] = await Promise.all([readModelStatus(db), clock.now()]);
  return momentAt(now, status);
}
