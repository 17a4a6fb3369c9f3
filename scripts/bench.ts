/** `npm run bench -- NAME [arguments]`: measures, one JSON line for each result. What the numbers mean: docs/performance.md. */
import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { buildContracts } from './build-contracts.ts';
import { StartError } from './config.ts';
import { runMain } from './main.ts';

/** What scripts/bench/NAME.ts exports as `bench`; a file without it is a part of others. */
export type Bench = (args: readonly string[]) => AsyncIterable<object> | Promise<Iterable<object>>;

const folder = join(import.meta.dirname, 'bench');

if (import.meta.main) {
  await runMain(async () => {
    const [name = '', ...args] = process.argv.slice(2);
    const file = join(folder, `${name}.ts`);
    if (!/^[a-z-]+$/.test(name) || !existsSync(file))
      throw new StartError(`usage: npm run bench -- NAME; see ${folder}: ${readdirSync(folder).join(' ')}`);
    await buildContracts();
    const { bench } = (await import(file)) as { bench?: Bench };
    if (bench === undefined) throw new StartError(`${file} is a part of other benchmarks`);
    for await (const line of await bench(args)) console.log(JSON.stringify(line));
  });
}
