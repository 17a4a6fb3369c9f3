import { network } from 'hardhat';

/** Ten in the morning of the legal date 2026-03-03. */
const START = '2026-03-03T10:00:00+08:00';

/** A simulated chain of one's own. */
export const newChain = () =>
  network.create({ override: { initialDate: START, allowBlocksWithSameTimestamp: true } });
export type Chain = Awaited<ReturnType<typeof newChain>>;

/** One simulated chain for all files: every test begins from a snapshot of it (see `stage.ts`). */
export const { ethers, networkHelpers, provider } = await newChain();

/** From now on it is this instant (seconds) or a little later. */
export const clockTo = (instant: number): Promise<void> =>
  networkHelpers.time.increaseTo(instant).then(() => undefined);

/** The next act happens at exactly this instant. */
export const exactlyAt = (instant: number): Promise<void> =>
  networkHelpers.time.setNextBlockTimestamp(instant);
