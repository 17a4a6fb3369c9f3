/**
 * `npm run bench -- hostile [FILE]`: uploads each file that is made to do harm, again and again by three members at once,
 * while another member asks for what it holds; prints how much longer that one waits than on a quiet day (`ratio`: the
 * median; `worst`: the longest) and how the file was refused.
 */
import { Key } from '#client/key.ts';
import { Member } from '#client/member.ts';
import { Operator } from '#client/operator.ts';
import { parseLegalDate } from '#domain/dates.ts';
import { startTemporaryPostgres } from '#embedded/postgres.ts';
import { openFreshNetwork } from '#scripts/fresh-network.ts';
import { HOSTILE_FILES } from '../../test/fixtures/hostile-files.ts';

/** How long each file is uploaded again and again, and how often the other asks meanwhile (ms). */
const LASTS = 10_000;
const PAUSE = 20;
const ATTACKERS = 3;

export async function* bench([only]: readonly string[]): AsyncGenerator<object> {
  await using stack = new AsyncDisposableStack();
  const postgres = await startTemporaryPostgres();
  stack.defer(() => postgres.close());
  const network = await openFreshNetwork(postgres, parseLegalDate('2026-03-03'));
  stack.defer(() => network.close());
  const operator = await Operator.enter(network.apiUrl);
  const admit = async (name: string): Promise<Member> => {
    const key = Key.fromSeed(name);
    const { x, y } = key;
    const number = await operator.admit({
      name: { zh: name, en: name },
      roles: ['core_enterprise'],
      signers: [{ type: 'p256', x, y }],
    });
    return Member.enter(network.apiUrl, number, key);
  };
  const other = await admit('other');
  const attackers: Member[] = [];
  for (let n = 0; n < ATTACKERS; n += 1) attackers.push(await admit(`attacker ${n}`));
  const tokens = await Promise.all(
    attackers.map(async ({ http, number }) => (await http.post('/api/session', { member: number })).token),
  );
  await times(other, LASTS / 2); // the first requests of a process are slow
  const quiet = await times(other, LASTS);
  yield { bench: 'hostile', file: 'none', medianMs: quiet.median, worstMs: quiet.worst };
  for (const [file, { make }] of Object.entries(HOSTILE_FILES)) {
    if (only !== undefined && !file.includes(only)) continue;
    const bytes = make();
    const codes: Record<string, number> = {};
    const until = performance.now() + LASTS;
    const attack = async (token: string): Promise<void> => {
      while (performance.now() < until) {
        const code = await upload(network.apiUrl, token, bytes);
        codes[code] = (codes[code] ?? 0) + 1;
      }
    };
    const [{ median, worst }] = await Promise.all([times(other, LASTS), ...tokens.map(attack)]);
    yield {
      bench: 'hostile',
      file,
      megabytes: round(bytes.length / 1024 / 1024),
      codes,
      medianMs: median,
      ratio: round(median / quiet.median),
      worstMs: worst,
      memoryMB: Math.round(process.memoryUsage.rss() / 1024 / 1024),
    };
  }
}

/** How long the member's requests take, one after the other, for so long (ms). */
async function times(member: Member, lasts: number): Promise<{ median: number; worst: number }> {
  const taken: number[] = [];
  const until = performance.now() + lasts;
  while (performance.now() < until) {
    const began = performance.now();
    await member.http.get('/api/holdings');
    taken.push(performance.now() - began);
    await new Promise((settle) => setTimeout(settle, PAUSE));
  }
  taken.sort((a, b) => a - b);
  return { median: round(taken[taken.length >> 1]!), worst: round(taken.at(-1)!) };
}

async function upload(apiUrl: string, token: string, bytes: Uint8Array): Promise<string> {
  const body = new FormData();
  body.set('file', new Blob([bytes as Uint8Array<ArrayBuffer>]), 'hostile');
  const headers = { authorization: `Bearer ${token}`, 'idempotency-key': crypto.randomUUID() };
  const response = await fetch(`${apiUrl}/api/imports`, { method: 'POST', body, headers });
  const { code = 'none' } = (await response.json()) as { code?: string };
  return code;
}

const round = (value: number): number => Number(value.toPrecision(3));
