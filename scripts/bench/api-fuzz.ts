/** `npm run bench -- api-fuzz [REQUESTS] [SEED]`: nonsense made from docs/openapi.json; ends with an error if any is not refused in order. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { money } from '#client/money.ts';
import { Key } from '#client/key.ts';
import { Member } from '#client/member.ts';
import { Operator } from '#client/operator.ts';
import { Http } from '#client/http.ts';
import { parseLegalDate } from '#domain/dates.ts';
import { startTemporaryPostgres } from '#embedded/postgres.ts';
import { openFreshNetwork } from '#scripts/fresh-network.ts';
import { random } from '#scripts/replay/random.ts';
import { askNonsense, Maker, type Description } from './api-nonsense.ts';

const DESCRIPTION = join(import.meta.dirname, '../../docs/openapi.json');

export async function* bench([requests = '10000', seed = '1']: readonly string[]): AsyncGenerator<object> {
  await using stack = new AsyncDisposableStack();
  const postgres = await startTemporaryPostgres();
  stack.defer(() => postgres.close());
  const network = await openFreshNetwork(postgres, parseLegalDate('2026-03-03'));
  stack.defer(() => network.close());
  const operator = await Operator.enter(network.apiUrl);
  const admit = async (name: string, role: 'core_enterprise' | 'supplier' | 'bank'): Promise<Member> => {
    const key = Key.fromSeed(name);
    const { x, y } = key;
    const names = { zh: name, en: name };
    const number = await operator.admit({ name: names, roles: [role], signers: [{ type: 'p256', x, y }] });
    return Member.enter(network.apiUrl, number, key);
  };
  const [core, supplier, bank] = [
    await admit('core', 'core_enterprise'),
    await admit('supplier', 'supplier'),
    await admit('bank', 'bank'),
  ];
  const { makes, id } = await core.perform({
    type: 'issue',
    bills: [{ payee: supplier.number, face: money('100.00'), due: '2026-06-01' }],
  });
  await supplier.perform({ type: 'take', parcels: makes.parcels });
  const request = await supplier.ask({ parcel: makes.parcels[0]!, banks: [bank.number] });
  await bank.perform({ type: 'setLine', obligor: core.number, limit: money('100.00') });
  const quote = await bank.quote({ request, rate: '0.02' });
  const enter = async (who: { member: number } | { operator: true }): Promise<string> =>
    (await new Http(network.apiUrl).post<{ token: string }>('/api/session' as string, who)).token;
  const known = {
    members: await Promise.all([core, supplier, bank].map(({ number }) => enter({ member: number }))),
    operator: await enter({ operator: true }),
    ids: [...makes.bills, ...makes.parcels, id, request, quote, '1', '2', '3'],
  };
  const description = JSON.parse(readFileSync(DESCRIPTION, 'utf8')) as Description;
  const before = performance.now();
  const maker = new Maker(description, known, random(Number(seed)));
  const { statuses, complaints } = await askNonsense(network.apiUrl, maker, Number(requests));
  const seconds = (performance.now() - before) / 1_000;
  yield { bench: 'api-fuzz', seed: Number(seed), requests: Number(requests), seconds, statuses, complaints };
  const differences = await network.verify();
  if (complaints.length > 0 || differences.length > 0)
    throw new Error([...complaints, ...differences].join('\n'));
}
