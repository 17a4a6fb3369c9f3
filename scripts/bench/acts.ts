/**
 * `npm run bench -- acts [AT_ONCE] [FIRMS]`: a supplier passes a parcel on, from asking what it means to seeing it in the
 * read model: prepare, sign, submit, done. First one act after the other, then all firms at once. Services, firms with
 * their signatures, PostgreSQL and the chain's node share the machine; the first three this process. With RPC_URL on that chain,
 * with contracts of its own and the keys of DATA_DIR/play/keys.
 */
import { JsonRpcProvider, type Block } from 'ethers';
import pg from 'pg';
import { Key } from '#client/key.ts';
import { Member } from '#client/member.ts';
import { money } from '#client/money.ts';
import { Operator } from '#client/operator.ts';
import { addDays, parseLegalDate, type LegalDate } from '#domain/dates.ts';
import { startTemporaryPostgres } from '#embedded/postgres.ts';
import { openFreshNetwork, type FreshNetwork } from '#scripts/fresh-network.ts';
import { outsideChain } from '#scripts/outside-chain.ts';

const TODAY = parseLegalDate('2026-03-03');
/** Days until bills are due. */
const TENOR = 180;
/** Bills that one act issues. */
const ISSUE = 50;
const ONE_BY_ONE = 50;

type Piece = { readonly holder: Member; readonly parcel: string };

export async function* bench([atOnce = '200', firms = '40']: readonly string[]): AsyncGenerator<object> {
  await using stack = new AsyncDisposableStack();
  const postgres = await startTemporaryPostgres();
  stack.defer(() => postgres.close());
  const outside = await outsideChain();
  const network = await openFreshNetwork(postgres, outside === undefined ? TODAY : undefined, outside);
  stack.defer(() => network.close());
  const { core, suppliers } = await admitAll(network.apiUrl, Number(firms));
  const { clock } = await core.http.get('/api/status');
  const due = addDays(parseLegalDate(clock), TENOR);
  const pieces = await issueAll(core, suppliers, due, ONE_BY_ONE * 2 + Number(atOnce));
  const passOn = ({ holder, parcel }: Piece) => {
    const next = suppliers[(suppliers.indexOf(holder) + 1) % suppliers.length]!;
    return holder.perform({ type: 'offer', parcel, to: next.number });
  };

  for (const piece of pieces.splice(0, ONE_BY_ONE)) await passOn(piece); // warm
  const count = await counter(network);
  const latencies: number[] = [];
  for (const piece of pieces.splice(0, ONE_BY_ONE)) {
    const before = performance.now();
    await passOn(piece);
    latencies.push(performance.now() - before);
  }
  latencies.sort((a, b) => a - b);
  const at = (share: number): number => round(latencies[Math.floor(latencies.length * share)]!);
  yield {
    bench: 'acts',
    ...(outside === undefined ? {} : { chain: 'RPC_URL' }),
    run: 'one at a time',
    acts: ONE_BY_ONE,
    milliseconds: { p50: at(0.5), p99: at(0.99) },
    perAct: await count(ONE_BY_ONE),
  };
  const many = await counter(network);
  const before = performance.now();
  await Promise.all(pieces.map(passOn));
  const seconds = (performance.now() - before) / 1_000;
  yield {
    bench: 'acts',
    ...(outside === undefined ? {} : { chain: 'RPC_URL' }),
    run: 'at once',
    acts: pieces.length,
    firms: suppliers.length,
    actsPerSecond: round(pieces.length / seconds),
    perAct: await many(pieces.length),
  };
  const differences = await network.verify();
  if (differences.length > 0) throw new Error(differences.join('\n'));
}

async function admitAll(apiUrl: string, firms: number) {
  const operator = await Operator.enter(apiUrl);
  const admit = async (name: string, role: 'core_enterprise' | 'supplier'): Promise<Member> => {
    const key = Key.fromSeed(name);
    const { x, y } = key;
    const number = await operator.admit({
      name: { zh: name, en: name },
      roles: [role],
      signers: [{ type: 'p256', x, y }],
    });
    return Member.enter(apiUrl, number, key);
  };
  const core = await admit('core', 'core_enterprise');
  const suppliers: Member[] = [];
  for (let n = 0; n < firms; n++) suppliers.push(await admit(`supplier ${n}`, 'supplier'));
  await Promise.all(suppliers.map((each) => each.perform({ type: 'setStanding', standing: true })));
  return { core, suppliers };
}

async function issueAll(
  core: Member,
  suppliers: readonly Member[],
  due: LegalDate,
  bills: number,
): Promise<Piece[]> {
  const pieces: Piece[] = [];
  while (pieces.length < bills) {
    const holders = Array.from(
      { length: ISSUE },
      (_, n) => suppliers[(pieces.length + n) % suppliers.length]!,
    );
    const { makes } = await core.perform({
      type: 'issue',
      bills: holders.map(({ number }) => ({ payee: number, face: money('1000.00'), due })),
    });
    pieces.push(...makes.parcels.map((parcel, n) => ({ parcel, holder: holders[n]! })));
  }
  const ofEach = Map.groupBy(pieces, ({ holder }) => holder);
  await Promise.all(
    [...ofEach].map(([holder, own]) =>
      holder.perform({ type: 'take', parcels: own.map(({ parcel }) => parcel) }),
    ),
  );
  return pieces.slice(0, bills);
}

const calls = { database: 0, chain: 0 };
const query = pg.Client.prototype.query as (...args: unknown[]) => unknown;
pg.Client.prototype.query = function counted(this: pg.Client, ...args: unknown[]) {
  calls.database++;
  return query.apply(this, args);
} as never;
const send = JsonRpcProvider.prototype.send;
JsonRpcProvider.prototype.send = function counted(this: JsonRpcProvider, ...args) {
  calls.chain++;
  return send.apply(this, args);
};

/**
 * What the services ask of others, all together, the time of this process, and what came into the chain: begun now, shared
 * among so many acts.
 */
async function counter(network: FreshNetwork): Promise<(acts: number) => Promise<object>> {
  const provider = network.contracts.bills.runner!.provider!;
  const from = await provider.getBlockNumber();
  const { database, chain } = calls;
  const cpu = process.cpuUsage();
  return async (acts) => {
    const { user, system } = process.cpuUsage(cpu);
    const counted = {
      databaseTrips: round((calls.database - database) / acts),
      chainCalls: round((calls.chain - chain) / acts),
      cpuMs: round((user + system) / 1_000 / acts),
    };
    const to = await provider.getBlockNumber();
    const blocks = await Promise.all(
      Array.from({ length: to - from }, (_, n) => provider.getBlock(from + 1 + n)),
    );
    const sum = (of: (block: Block) => number) =>
      blocks.reduce((total, block) => total + (block === null ? 0 : of(block)), 0);
    const [transactions, gas] = [sum(({ length }) => length), sum(({ gasUsed }) => Number(gasUsed))];
    return { ...counted, transactions: round(transactions / acts, 3), gas: round(gas / acts, 0) };
  };
}

const round = (value: number, digits = 1): number => Number(value.toFixed(digits));
