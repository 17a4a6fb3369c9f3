/**
 * npm run replay -- FILE: lives a file of payables through, via the API, on a fresh chain whose clock begins with the
 * file. Prints what came of it; exits 1 unless the read model equals the chain and every total is the file's to the cent.
 */
import { readFileSync } from 'node:fs';
import { addDays } from '#domain/dates.ts';
import { formatAmount } from '#domain/money.ts';
import { buildContracts } from './build-contracts.ts';
import { reason, StartError } from './config.ts';
import { startTemporaryPostgres } from '../services/embedded/postgres.ts';
import { runMain } from './main.ts';
import { livesOf, type Life } from './replay/lives.ts';
import { readPayables } from './replay/payables.ts';
import { stopSignal } from './stop-signal.ts';

const SEED = 20120103;

await runMain(async () => {
  const [file, ...more] = process.argv.slice(2);
  if (file === undefined || more.length > 0) throw new StartError('usage: npm run replay -- FILE');
  const lives = livesOf(readPayables(read(file)), SEED);
  if (lives.length === 0) throw new StartError(`${file} holds no payables`);
  await buildContracts();
  const stopping = stopSignal();
  const stopped = new Promise<number>((settle) => stopping.addEventListener('abort', () => settle(1)));
  await using stack = new AsyncDisposableStack();
  return await Promise.race([replay(lives, stack), stopped]);
});

/** Returns the exit code. */
async function replay(lives: readonly Life[], stack: AsyncDisposableStack): Promise<number> {
  // What they import is built only now.
  const { openFreshNetwork } = await import('./fresh-network.ts');
  const { closeBooks } = await import('./replay/books.ts');
  const { live } = await import('./replay/live.ts');
  const { enrol } = await import('./replay/network.ts');

  const postgres = await startTemporaryPostgres();
  stack.defer(() => postgres.close());
  const network = await openFreshNetwork(postgres, addDays(lives[0]!.issued, -1));
  stack.defer(() => network.close());

  describe(lives);
  const enrolment = await enrol(network.apiUrl, lives, SEED);
  console.log(`${enrolment.firms.size} firms admitted`);
  const begin = performance.now();
  const tally = await live(network, enrolment, lives, progress());
  const seconds = (performance.now() - begin) / 1_000;
  await network.caughtUp();

  const { paid, faults } = await closeBooks(network, enrolment, lives);
  const differences = await network.verify();
  const { acts, instructions, quotes } = tally;
  console.log(`paid ${formatAmount(paid, 'CNY')}: ${paid} cents`);
  console.log(`${acts} acts on bills in ${instructions} signed instructions, and ${quotes} quotes`);
  console.log(`${seconds.toFixed(1)} seconds, ${(acts / seconds).toFixed(1)} acts a second`);
  console.log(differences.length === 0 ? 'verify: the read model equals the chain' : differences.join('\n'));
  console.log(faults.length === 0 ? 'totals: equal to the file, to the cent' : faults.join('\n'));
  return faults.length + differences.length === 0 ? 0 : 1;
}

function describe(lives: readonly Life[]): void {
  const of = (what: (life: Life) => unknown): number => new Set(lives.map(what)).size;
  const transfers = lives.flatMap((life) => life.transfers);
  const total = lives.reduce((sum, { amount }) => sum + amount, 0n);
  const early = lives.filter(({ settled, due }) => settled < due).length;
  const late = lives.filter(({ settled, due }) => settled > due).length;
  console.log(
    `${lives.length} payables of ${of(({ core }) => core)} core enterprises to ${of(({ supplier }) => supplier)} suppliers, ` +
      `${formatAmount(total, 'CNY')} in all, from ${lives[0]!.issued} on`,
  );
  console.log(
    `${transfers.filter(({ kind }) => kind === 'pass_on').length} parts passed on, ` +
      `${transfers.filter(({ kind }) => kind === 'sell').length} discounted; ` +
      `${early} paid early, ${lives.length - early - late} on the day, ${late} late`,
  );
}

/** Tells a person at a terminal how far it is. */
function progress(): (day: string) => void {
  let month = '';
  return (day) => {
    if (day.slice(0, 7) !== month && process.stderr.isTTY) console.error(day.slice(0, 7));
    month = day.slice(0, 7);
  };
}

function read(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch (error) {
    throw new StartError(`${file} cannot be read: ${reason(error)}`);
  }
}
