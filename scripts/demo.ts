import { Stage } from './demo/stage.ts';
import { oldBills, resale, runningBills, setUp, waiting } from './demo/story.ts';

type Options = {
  readonly apiUrl: string;
  /** The embedded chain, whose clock is moved through the past months up to now; without it there is no past. */
  readonly embeddedRpcUrl?: string | undefined;
  readonly signal?: AbortSignal | undefined;
};

/**
 * Plays the demonstration network through the public API, on a chain and a database that nobody has used. Half a network
 * is of no use: whoever is interrupted begins again on fresh data.
 */
export async function buildDemo({ apiUrl, embeddedRpcUrl, signal }: Options): Promise<void> {
  const stage = await Stage.open(apiUrl, embeddedRpcUrl, signal);
  await setUp(stage);
  const old = stage.hasPast ? await oldBills(stage) : undefined;
  const running = await runningBills(stage);
  if (old !== undefined) {
    await stage.day(-28);
    await stage.fund(old.settled, '1200000.00');
  }
  await resale(stage, running);
  if (old !== undefined) {
    await stage.day(-10);
    await stage.fund(old.partPaid, '500000.00');
  }
  await waiting(stage, running);
}
