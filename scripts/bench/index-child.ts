/** An indexer in a process of its own that catches up with the chain, says what it took, and ends. */
import { setTimeout as sleep } from 'node:timers/promises';
import { readDeployment } from '#chain/deployment.ts';
import { isBackFilling } from '#db/chain/store.ts';
import { connect } from '#db/wire/connect.ts';
import { start } from '#indexer/start.ts';
import { messageOf } from '#indexer/errors.ts';

export type Report = { seconds: number; cpuSeconds: number; peakMemoryMB: number; memoryAtHalfMB: number };

const MB = 1024;
const LOOK_MS = 20;

if (import.meta.main) {
  const [databaseUrl, rpcUrl, deploymentFile, head] = process.argv.slice(2) as [
    string,
    string,
    string,
    string,
  ];
  const warn = (facts: object): void => console.error(messageOf((facts as { err?: unknown }).err));
  const deployment = readDeployment(deploymentFile);
  const begun = performance.now();
  const indexer = await start({
    databaseUrl,
    rpcUrl,
    deployment,
    log: { info: () => {}, warn, error: warn },
  });
  let memoryAtHalfMB = 0;
  const peak = (): number => Math.round(process.resourceUsage().maxRSS / MB);
  const db = connect(databaseUrl, { max: 1 });
  for (let done = false; !done; await sleep(LOOK_MS)) {
    const { indexed = 0n, stopped } = indexer.status();
    if (stopped !== undefined) throw new Error(stopped);
    if (memoryAtHalfMB === 0 && indexed >= BigInt(head) / 2n) memoryAtHalfMB = peak();
    done = indexed >= BigInt(head) && !(await isBackFilling(db));
  }
  const seconds = (performance.now() - begun) / 1000;
  const { user, system } = process.cpuUsage();
  const report: Report = { seconds, cpuSeconds: (user + system) / 1e6, peakMemoryMB: peak(), memoryAtHalfMB };
  await Promise.all([db.destroy(), indexer.close()]);
  console.log(JSON.stringify(report));
}
