/**
 * `npm run bench -- import [ROWS] [ISSUED]`: files of so many payables go up through the API in each format and are
 * previewed; then some of their bills are issued, portion by portion. API, chain, PostgreSQL and the client share the
 * machine; the memory is that of the process with the API, the indexer, the relayer and the client in it, above what it
 * took before.
 */
import { setInterval, clearInterval } from 'node:timers';
import { writeXlsxStream } from 'hucre/xlsx';
import type { PreparedInstruction } from '#client/generated/schema.ts';
import { Key } from '#client/key.ts';
import { Member } from '#client/member.ts';
import { Operator } from '#client/operator.ts';
import { parseLegalDate } from '#domain/dates.ts';
import { openFreshNetwork } from '#scripts/fresh-network.ts';
import { taxNumberFor } from '#scripts/made-up-tax-numbers.ts';
import { startTemporaryPostgres } from '#embedded/postgres.ts';

const TODAY = parseLegalDate('2026-03-03');
const SUPPLIERS = 20;
const MB = 1024 * 1024;

const HEADER = ['供应商', '发票号码', '开票日期', '到期日', '应付金额', '价税合计', '备注'];

/** The n-th payable of a made-up ledger, as its books write it. */
const payable = (n: number, format: string): string[] => [
  taxNumberFor(`BENCH-${n % SUPPLIERS}`),
  `${format}-${String(n).padStart(12, '0')}`,
  `2026-02-${String(1 + (n % 28)).padStart(2, '0')}`,
  `2026-06-${String(1 + (n % 28)).padStart(2, '0')}`,
  `"${(1_000 + (n % 9_000)).toLocaleString('en')}.${String(n % 100).padStart(2, '0')}"`,
  `"${(10_000 + (n % 9_000)).toLocaleString('en')}.00"`,
  `三月货款 ${n}`,
];

const csv = (rows: number, format: string): string =>
  [HEADER.join(','), ...Array.from({ length: rows }, (_, n) => payable(n, format).join(','))].join('\r\n');

async function xlsx(rows: number): Promise<Uint8Array> {
  const bare = (text: string) => Number(text.replace(/[",]/g, ''));
  const day = (text: string) => new Date(`${text}T00:00:00Z`);
  const all = Array.from({ length: rows }, (_, n) => {
    const [supplier, number, issued, due, amount, total, note] = payable(n, 'xlsx');
    return [supplier!, number!, day(issued!), day(due!), bare(amount!), bare(total!), note!];
  });
  const stream = writeXlsxStream([HEADER, ...all], { name: '应付账款' });
  return new Uint8Array(await new Response(stream).arrayBuffer());
}

type Preview = {
  id: string;
  counts: { rows: number; ok: number; issued: number; sent: number };
  code?: string;
};

export async function* bench([rows = '100000', issued = '1000']: readonly string[]): AsyncGenerator<object> {
  await using stack = new AsyncDisposableStack();
  const postgres = await startTemporaryPostgres();
  stack.defer(() => postgres.close());
  const network = await openFreshNetwork(postgres, TODAY);
  stack.defer(() => network.close());
  const core = await admitted(network.apiUrl);
  const files = [
    ['csv, utf-8', () => Buffer.from(csv(Number(rows), 'utf8'))],
    ['csv, utf-16', () => Buffer.from(`\ufeff${csv(Number(rows), 'utf16')}`, 'utf16le')],
    ['xlsx', () => xlsx(Number(rows))],
  ] as const;
  let last: Preview | undefined;
  for (const [format, make] of files) {
    const bytes = await make();
    const { value, seconds, memory } = await measured(() => upload(core, bytes));
    last = value;
    if (value.counts.ok !== Number(rows)) throw new Error(`${format}: ${JSON.stringify(value)}`);
    yield line('preview', {
      format,
      rows: Number(rows),
      megabytes: round(bytes.length / MB),
      seconds,
      memory,
    });
  }
  const { seconds, memory, value } = await measured(() => issue(core, last!.id, Number(issued)));
  yield line('issue', { bills: value, seconds, billsPerSecond: round(value / seconds), memory });
}

const line = (what: string, { memory, ...facts }: Record<string, unknown>) => ({
  bench: 'import',
  what,
  ...facts,
  memoryMB: memory,
});

async function admitted(apiUrl: string): Promise<Member> {
  const operator = await Operator.enter(apiUrl);
  const admit = (name: string, role: 'core_enterprise' | 'supplier', taxId: string) => {
    const { x, y } = Key.fromSeed(taxId);
    return operator.admit({
      name: { zh: name, en: name },
      taxId: taxNumberFor(taxId),
      roles: [role],
      signers: [{ type: 'p256', x, y }],
    });
  };
  const core = await admit('核心', 'core_enterprise', 'BENCH-CORE');
  for (let n = 0; n < SUPPLIERS; n += 1) await admit(`供应商 ${n}`, 'supplier', `BENCH-${n}`);
  return Member.enter(apiUrl, core, Key.fromSeed('BENCH-CORE'));
}

async function upload(core: Member, bytes: Uint8Array): Promise<Preview> {
  const { token } = await core.http.post('/api/session', { member: core.number });
  const body = new FormData();
  body.set('file', new Blob([bytes as Uint8Array<ArrayBuffer>]), 'bench');
  const headers = { authorization: `Bearer ${token}`, 'idempotency-key': crypto.randomUUID() };
  const response = await fetch(`${core.http.baseUrl}/api/imports`, { method: 'POST', body, headers });
  const answer = (await response.json()) as Preview;
  if (!response.ok) throw new Error(JSON.stringify(answer));
  return answer;
}

/** As the page does it: portions are prepared, signed and handed in while earlier ones are still on their way. */
async function issue(core: Member, id: string, bills: number): Promise<number> {
  let after: number | null = 0;
  let signed = 0;
  while (after !== null && signed < bills) {
    const portion: { acts: PreparedInstruction[]; next: number | null } = await core.http.post(
      `/api/imports/${id}/prepare`,
      { rows: 'all-ok', after },
    );
    for (const act of portion.acts) {
      await core.submitBatch(act);
      signed += act.makes.bills.length;
    }
    after = portion.next;
  }
  for (;;) {
    const { counts } = await core.http.get<Preview>(`/api/imports/${id}`);
    if (counts.sent === 0) return counts.issued;
    await new Promise((done) => setTimeout(done, 100));
  }
}

/** Wall time, and the most memory above what was there before. */
async function measured<T>(work: () => Promise<T>): Promise<{ value: T; seconds: number; memory: number }> {
  globalThis.gc?.();
  const before = process.memoryUsage.rss();
  let most = before;
  const watch = setInterval(() => (most = Math.max(most, process.memoryUsage.rss())), 20);
  const begun = performance.now();
  try {
    const value = await work();
    return {
      value,
      seconds: round((performance.now() - begun) / 1000),
      memory: Math.round((most - before) / MB),
    };
  } finally {
    clearInterval(watch);
  }
}

const round = (value: number): number => Math.round(value * 100) / 100;
