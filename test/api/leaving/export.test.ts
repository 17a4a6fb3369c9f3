/** What a firm takes away: all of its own, nothing of others, and each change of it is found and named. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { sql } from 'kysely';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Member } from '#client/member.ts';
import { connect } from '#db/wire/connect.ts';
import type { FindingCode } from '#domain/leaving/findings.ts';
import {
  FILES,
  type BillExport,
  type BillProof,
  type FirmExport,
  type Manifest,
} from '#domain/leaving/format.ts';
import { verifyTaken } from '#scripts/leaving/exported.ts';
import { changed, check, forged, jsonOf, packed, textOf, unpacked, type Files } from './support/archives.ts';
import { playStory, type Story } from './support/story.ts';

let story: Story;
/** Of the supplier: it took, passed on, sold, refused, was paid, and something waits for it. */
let whole: Blob;
let files: Files;
/** What the platform says that its address is. */
let signer: string;

const taken = (who: Member): Promise<Blob> => who.http.file('/api/export');

beforeAll(async () => {
  story = await playStory();
  whole = await taken(story.supplier);
  files = await unpacked(whole);
  ({ signer } = await story.supplier.http.get<{ signer: string }>('/api/export/signer'));
}, 240_000);
afterAll(() => story?.close());

describe('an export', () => {
  it.each(['coreFirm', 'supplier', 'supplier2', 'bank', 'regulator', 'stranger'] as const)(
    'of %s holds, and bears the platform’s signature',
    async (who) => {
      const report = await check(await taken(story[who]));
      expect(report.findings).toEqual([]);
      expect(report.signer).toBe(signer);
      const { divided, offered, refused, others } = story;
      const own = {
        coreFirm: [divided, refused, others, offered],
        supplier: [divided, refused, offered],
        supplier2: [divided, others],
        bank: [divided],
        regulator: [],
        stranger: [],
      };
      expect(report.manifest?.bills).toEqual(own[who]);
      expect(report.counts.bills).toBe(own[who].length);
    },
  );

  it('shows the firm’s own pieces and acts, and of strangers ranges and hashes', () => {
    const bill = jsonOf<BillExport>(files, FILES.bill(story.divided));
    expect(bill.parcels.map((parcel) => (parcel.isHidden ? null : parcel.holder))).toEqual([
      story.supplier.number,
      story.bank.number,
      story.supplier2.number,
    ]);
    const told = bill.acts.map(({ name }) => name);
    expect(told).toEqual(
      expect.arrayContaining(['BillIssued', 'BillTaken', 'ParcelSold', 'BillFunded', 'ParcelPaid']),
    );
    expect(told.filter((name) => name === null).length).toBeGreaterThan(0); // what bank and supplier2 were paid
    const firm = jsonOf<FirmExport>(files, FILES.firm);
    expect(firm.tables['sales']).toHaveLength(1);
    expect(firm.tables['instructions']!.length).toBeGreaterThan(3);
    expect(firm.tables['signatures']).toBeDefined();
    expect(Number(firm.balance)).toBeGreaterThan(0);
  });

  it('has nothing of what is others’', async () => {
    const all = [...files].map(([name]) => textOf(files, name)).join('\n');
    expect(all).not.toContain(story.others);
    expect(all).not.toContain('Test stranger');
    expect(all).not.toContain('Test bank2');
    // The acceptor sees the sale and not its price, which the bytes of the act would tell.
    const core = await unpacked(await taken(story.coreFirm));
    const acts = jsonOf<BillExport>(core, FILES.bill(story.divided)).acts;
    const sale = acts.findIndex(({ name }) => name === 'ParcelSold');
    expect(Object.keys(acts[sale]!.facts!)).not.toContain('price');
    expect(jsonOf<BillProof>(core, FILES.proof(story.divided)).acts[sale]).toBeNull();
    const price = jsonOf<BillExport>(files, FILES.bill(story.divided)).acts[sale]!.facts!['price'] as string;
    expect([...core].map(([name]) => textOf(core, name)).join('\n')).not.toContain(price);
  });

  it('holds no secret', () => {
    const { tables } = jsonOf<FirmExport>(files, FILES.firm);
    const columns = Object.values(tables).flatMap((rows) => rows.flatMap((row) => Object.keys(row)));
    expect(columns.filter((name) => /secret|token|handle|credential_?id|publicKey/i.test(name))).toEqual([]);
  });

  it('is told in the audit trail, with the hash of its manifest', async () => {
    const { items } = await story.regulator.http.get<{ items: { action: string; facts: object }[] }>(
      '/api/audit',
      { action: 'exported', member: story.supplier.number },
    );
    expect(items.map(({ facts }) => facts)).toContainEqual(expect.objectContaining({ what: 'everything' }));
  });

  it('is made for a firm once at a time, and again when it is done', async () => {
    const db = connect(story.databaseUrl, { max: 1 });
    try {
      const first = await db.connection().execute(async (trx) => {
        await sql`begin; lock table app.bill_document in access exclusive mode`.execute(trx);
        const response = await fetch(`${story.apiUrl}/api/export`, { headers: await headersOf(story.bank) });
        await expect(taken(story.bank)).rejects.toMatchObject({ code: 'RATE_LIMITED' });
        await sql`rollback`.execute(trx);
        return response;
      });
      expect((await check(await first.blob())).findings).toEqual([]);
      expect((await check(await taken(story.bank))).findings).toEqual([]);
    } finally {
      await db.destroy();
    }
  });

  it('writes no cell that a spreadsheet runs', () => {
    for (const [name] of files)
      if (name.endsWith('.csv')) expect(textOf(files, name).slice(1)).not.toMatch(/(^|,|\n)"?[=+@]/);
  });
});

const headersOf = async (who: Member): Promise<Record<string, string>> => {
  const response = await fetch(`${story.apiUrl}/api/session`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ member: who.number }),
  });
  return { authorization: `Bearer ${((await response.json()) as { token: string }).token}` };
};

/** The first finding, as `code file place`. */
async function firstOf(
  changedFiles: Iterable<readonly [string, Uint8Array]>,
): Promise<[FindingCode, string, string] | []> {
  const { findings } = await check(await packed(changedFiles));
  return findings[0] === undefined ? [] : [findings[0].code, findings[0].file, findings[0].place];
}

const flipped = (bytes: Uint8Array, at: number): Uint8Array =>
  bytes.map((byte, n) => (n === at ? byte ^ 1 : byte));

describe('a change of an archive', () => {
  it('of a byte of any file is found in that file', async () => {
    for (const [name, content] of files) {
      const [code, file] = await firstOf(new Map(files).set(name, flipped(content, content.length >> 1)));
      const isOfManifest = name === FILES.manifest || name === FILES.signature;
      if (isOfManifest) expect(['SIGNATURE_WRONG', 'FILE_UNREADABLE'], name).toContain(code);
      else expect([code, file], name).toEqual(['FILE_ALTERED', name]);
    }
  });

  it('that takes a file out is found', async () => {
    for (const name of files.keys())
      expect(await firstOf([...files].filter(([each]) => each !== name)), name).toEqual([
        'FILE_MISSING',
        name,
        '',
      ]);
  });

  it('that puts a file in is found', async () => {
    const added = new Map(files).set('bills/1.json', Buffer.from('{}'));
    expect(await firstOf(added)).toEqual(['FILE_UNKNOWN', 'bills/1.json', '']);
  });

  it('that gives two files one name is found', async () => {
    const twin = 'export.jsoN';
    const both = Buffer.from(await (await packed(new Map(files).set(twin, Buffer.from('{}')))).arrayBuffer());
    for (let at = both.indexOf(twin); at >= 0; at = both.indexOf(twin)) both.write(FILES.firm, at);
    const { findings } = await check(new Blob([both]));
    expect(findings[0]).toEqual({ code: 'FILE_TWICE', file: FILES.firm, place: '' });
  });

  it('that cuts its end off is refused, and so is what is no archive', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'tallystick-export-'));
    try {
      const file = join(folder, 'cut.zip');
      const bytes = Buffer.from(await whole.arrayBuffer());
      for (const length of [0, 1, 1_000, bytes.length - 1]) {
        writeFileSync(file, bytes.subarray(0, length));
        expect(await verifyTaken(file)).toMatchObject({ isGood: false });
      }
      writeFileSync(file, bytes);
      const { isGood, text } = await verifyTaken(file);
      expect(isGood).toBe(true);
      expect(text).toContain(signer);
      expect(text).toContain(jsonOf<Manifest>(files, FILES.manifest).chain.block.hash);
    } finally {
      rmSync(folder, { recursive: true });
    }
  });
});

/** Somebody signs a manifest that fits: then the chain speaks. */
describe('a forger who signs a new manifest', () => {
  const FORGER = `0x${'f0'.repeat(32)}`;
  /** Without sheets and tables for spreadsheets, of which no check reads more than the hash. */
  const found = async (other: Files) => {
    const read = new Map([...other].filter(([name]) => !/\.(pdf|csv)$/.test(name)));
    const { findings, signer: whose } = await check(await packed(await forged(read, FORGER)));
    expect(whose).not.toBe(signer);
    return findings.map(({ code, file, place }) => [code, file, place] as const);
  };
  type Mutable<T> = { -readonly [K in keyof T]: T[K] extends readonly (infer E)[] ? Mutable<E>[] : T[K] };
  type Bill = Mutable<BillExport>;
  const inBill = (change: (bill: Bill) => void, billNo = story.divided) =>
    changed<Bill>(files, FILES.bill(billNo), (bill) => void change(bill));
  const inProof = (change: (proof: Mutable<BillProof>) => void) =>
    changed<Mutable<BillProof>>(files, FILES.proof(story.divided), (proof) => void change(proof));

  it('changes nothing and is found to be another', async () => expect(await found(files)).toEqual([]));

  const OF_BILL: readonly (readonly [
    what: string,
    change: (bill: Bill) => void,
    code: FindingCode,
    place: string,
  ])[] = [
    ['acceptor', (bill) => (bill.acceptor = 7), 'WORD_DIFFERS', 'terms'],
    ['payee', (bill) => (bill.payee = 7), 'WORD_DIFFERS', 'terms'],
    ['guarantor', (bill) => (bill.guarantor = 7), 'WORD_DIFFERS', 'terms'],
    ['due date', (bill) => (bill.due = String(BigInt(bill.due) + 1n)), 'WORD_DIFFERS', 'terms'],
    ['face', (bill) => (bill.face = '1000000.01'), 'WORD_DIFFERS', 'terms'],
    ['kind', (bill) => (bill.kind = 'DRAFT'), 'WORD_DIFFERS', 'terms'],
    ['status', (bill) => (bill.status = 'cancelled'), 'WORD_DIFFERS', 'terms'],
    ['restrictions', (bill) => (bill.flags ^= 1), 'WORD_DIFFERS', 'terms'],
    ['rule pack', (bill) => (bill.rulePack += 1), 'WORD_DIFFERS', 'terms'],
    ['currency', (bill) => (bill.currency = 'USD'), 'WORD_DIFFERS', 'terms'],
    ['trail', (bill) => (bill.trail = `0x${'12'.repeat(32)}`), 'WORD_DIFFERS', 'trail'],
    ['sum paid in', (bill) => (bill.paidIn = '700000.02'), 'WORD_DIFFERS', 'paid'],
    ['sum paid out', (bill) => (bill.paidOut = '1.00'), 'WORD_DIFFERS', 'paid'],
    ['document', (bill) => (bill.documentHash = `0x${'12'.repeat(32)}`), 'ACT_DIFFERS', 'documentHash'],
    ['invoices', (bill) => (bill.invoicesHash = `0x${'12'.repeat(32)}`), 'ACT_DIFFERS', 'invoicesHash'],
    ['a parcel taken out', (bill) => bill.parcels.splice(1, 1), 'LINE_NOT_COVERED', 'cent 35000000'],
    ['the last parcel taken out', (bill) => bill.parcels.pop(), 'LINE_NOT_COVERED', 'cent 60000000'],
    [
      'a ledger hash',
      (bill) => (bill.ledgerHashes[0]!.hash = `0x${'12'.repeat(32)}`),
      'LEDGER_HASH_DIFFERS',
      '[0, 100000000)',
    ],
    ['a ledger hash taken out', (bill) => bill.ledgerHashes.pop(), 'LEDGER_HASH_DIFFERS', '[0, 100000000)'],
    ['an act taken out', (bill) => bill.acts.splice(2, 1), 'ACT_DIFFERS', 'act 9'],
    ['the last act taken out', (bill) => bill.acts.pop(), 'ACT_DIFFERS', 'act 9'],
    [
      'two acts swapped',
      (bill) => bill.acts.splice(1, 2, bill.acts[2]!, bill.acts[1]!),
      'ACT_DIFFERS',
      'act 2',
    ],
    [
      'what an act says',
      (bill) => (bill.acts[0]!.facts = { ...bill.acts[0]!.facts, payee: 7 }),
      'ACT_DIFFERS',
      'act 1',
    ],
    ['the name of an act', (bill) => (bill.acts[1]!.name = 'BillCancelled'), 'ACT_DIFFERS', 'act 2'],
    ['the hash of an act', (bill) => (bill.acts[1]!.hash = `0x${'12'.repeat(32)}`), 'ACT_DIFFERS', 'act 2'],
    [
      'a trail on the way',
      (bill) => (bill.acts[3]!.trailAfter = `0x${'12'.repeat(32)}`),
      'TRAIL_DIFFERS',
      'act 4',
    ],
    ['the number of an act', (bill) => (bill.acts[3]!.position = 9), 'TRAIL_DIFFERS', 'act 4'],
  ];
  it.each(OF_BILL)('cannot change %s of a bill', async (_what, change, code, place) => {
    expect(await found(inBill(change))).toContainEqual([code, FILES.bill(story.divided), place]);
  });

  it('cannot change any field of any parcel', async () => {
    const { parcels } = jsonOf<BillExport>(files, FILES.bill(story.divided));
    const other = { holder: 7, offeredTo: 7, pledgee: 7, paidUpTo: '1', offerUntil: '9', flags: 2 };
    for (const [n, { first }] of parcels.entries())
      for (const [field, value] of Object.entries(other))
        expect(
          await found(inBill((bill) => Object.assign(bill.parcels[n]!, { [field]: value }))),
          `${field} of ${first}`,
        ).toContainEqual(['WORD_DIFFERS', FILES.bill(story.divided), `parcel ${first}`]);
  });

  it('cannot give a bill that nobody has taken a holder, nor one that was refused', async () => {
    const mine = { holder: story.supplier.number, offeredTo: null, pledgee: null };
    const parcel = { ...mine, isHidden: false, paidUpTo: '0', offerUntil: null, flags: 0 };
    for (const billNo of [story.offered, story.refused])
      expect(await found(inBill((bill) => Object.assign(bill.parcels[0]!, parcel), billNo))).toContainEqual([
        'WORD_DIFFERS',
        FILES.bill(billNo),
        'parcel 0',
      ]);
  });

  it('cannot tell of an act of which it shows no bytes', async () => {
    const hidden = inProof((proof) => (proof.acts[1] = null));
    expect(await found(hidden)).toContainEqual(['ACT_DIFFERS', FILES.bill(story.divided), 'act 2']);
  });

  it('cannot change a byte of any node of a proof, nor leave one out', async () => {
    const { nodes } = jsonOf<BillProof>(files, FILES.proof(story.divided));
    expect(nodes.length).toBeGreaterThan(5);
    for (const [n, node] of nodes.entries()) {
      const bytes = Buffer.from(node.slice(2), 'hex');
      const at = (n * 37) % bytes.length;
      const altered = `0x${Buffer.from(flipped(bytes, at)).toString('hex')}` as const;
      const [other] = await found(inProof((proof) => (proof.nodes[n] = altered)));
      expect(other?.slice(0, 2), `byte ${at} of node ${n}`).toEqual([
        'NOT_PROVEN',
        FILES.proof(story.divided),
      ]);
      const [first] = await found(inProof((proof) => proof.nodes.splice(n, 1)));
      expect(first?.slice(0, 2), `without node ${n}`).toEqual(['NOT_PROVEN', FILES.proof(story.divided)]);
    }
  });

  it('cannot change a byte of any act', async () => {
    const { acts } = jsonOf<BillProof>(files, FILES.proof(story.divided));
    for (const [n, act] of acts.entries()) {
      if (act === null) continue;
      const bytes = Buffer.from(act.slice(2), 'hex');
      for (let at = 31; at < bytes.length; at += 32) {
        const altered = `0x${Buffer.from(flipped(bytes, at)).toString('hex')}` as const;
        const [first] = await found(inProof((proof) => (proof.acts[n] = altered)));
        const isNamed =
          first?.[0] === 'ACT_DIFFERS' ? first[2] === `act ${n + 1}` : first?.[0] === 'FILE_UNREADABLE';
        expect(isNamed, `byte ${at} of act ${n + 1}: ${String(first)}`).toBe(true);
      }
    }
  });

  it('cannot show another block', async () => {
    type Block = { header: `0x${string}`; nodes: `0x${string}`[] };
    const inBlock = (change: (block: Block) => void) =>
      changed<Block>(files, FILES.block, (block) => void change(block));
    const header = Buffer.from(jsonOf<Block>(files, FILES.block).header.slice(2), 'hex');
    for (let at = 4; at < header.length; at += 29) {
      const altered = `0x${Buffer.from(flipped(header, at)).toString('hex')}` as const;
      const [first] = await found(inBlock((block) => (block.header = altered)));
      expect(['BLOCK_DIFFERS', 'NOT_PROVEN'], `byte ${at}`).toContain(first?.[0]);
      expect(first?.[1]).toBe(FILES.block);
    }
    for (const [n] of jsonOf<Block>(files, FILES.block).nodes.entries())
      expect(await found(inBlock((block) => block.nodes.splice(n, 1)))).toContainEqual([
        'NOT_PROVEN',
        FILES.block,
        'bills',
      ]);
    const elsewhere = changed<Manifest>(files, FILES.manifest, (manifest) => ({
      ...manifest,
      chain: { ...manifest.chain, block: { ...manifest.chain.block, hash: `0x${'12'.repeat(32)}` } },
    }));
    expect(await found(elsewhere)).toContainEqual(['BLOCK_DIFFERS', FILES.block, 'hash']);
    const another = changed<Manifest>(files, FILES.manifest, (manifest) => ({
      ...manifest,
      chain: { ...manifest.chain, contracts: { ...manifest.chain.contracts, bills: `0x${'12'.repeat(20)}` } },
    }));
    expect(await found(another)).toContainEqual(['NOT_PROVEN', FILES.block, 'bills']);
  });

  it('cannot change a document', async () => {
    const file = FILES.terms(story.divided);
    const other = new Map(files).set(
      file,
      Buffer.from(textOf(files, file).replace('1000000.00', '2000000.00')),
    );
    expect(await found(other)).toContainEqual(['DOCUMENT_DIFFERS', file, '']);
  });

  it('cannot change or take out what moved on its account', async () => {
    type Firm = { tables: { cash_entries: { amount: string }[] }; member: { number: number } };
    const inFirm = (change: (firm: Firm) => void) =>
      changed<Firm>(files, FILES.firm, (firm) => void change(firm));
    const differs = ['SUM_DIFFERS', FILES.firm, 'balance'];
    expect(await found(inFirm(({ tables }) => (tables.cash_entries[0]!.amount = '0.01')))).toContainEqual(
      differs,
    );
    expect(await found(inFirm(({ tables }) => tables.cash_entries.pop()))).toContainEqual(differs);
    expect(await found(inFirm((firm) => (firm.member.number = 7)))).toContainEqual([
      'EXPORT_DIFFERS',
      FILES.firm,
      'member',
    ]);
  });

  it('cannot change the audit trail, take a link out, or put an entry in', async () => {
    const lines = textOf(files, FILES.audit).trimEnd().split('\n');
    const own = lines.findIndex((line) => !line.endsWith('"entries":[]}'));
    const withLines = (changedLines: readonly string[]) =>
      new Map(files).set(FILES.audit, Buffer.from(`${changedLines.join('\n')}\n`));
    const placesOf = async (other: Files) =>
      (await found(other))
        .filter(([code, file]) => code === 'AUDIT_DIFFERS' && file === FILES.audit)
        .map(([, , place]) => place);
    const altered = lines.with(own, lines[own]!.replace('"action":"', '"action":"x'));
    expect(await placesOf(withLines(altered))).toContainEqual(
      expect.stringContaining(`line ${own + 1}: entry altered`),
    );
    expect(await placesOf(withLines(lines.toSpliced(1, 1)))).toContainEqual(
      expect.stringContaining('line 2: link missing'),
    );
    const swapped = lines.with(1, lines[2]!).with(2, lines[1]!);
    expect((await placesOf(withLines(swapped))).length).toBeGreaterThan(0);
    const inserted = lines.with(own, lines[own]!.replace('"entries":[{"id":"', '"entries":[{"id":"9'));
    expect((await placesOf(withLines(inserted))).length).toBeGreaterThan(0);
    const head = lines.with(
      0,
      lines[0]!.replace(/"hash":"(.)/, (_, digit) => `"hash":"${digit === '0' ? '1' : '0'}`),
    );
    expect(await placesOf(withLines(head))).toContainEqual(expect.stringContaining('line 1: link altered'));
  });

  it('is told where a file cannot be read', async () => {
    for (const name of [
      FILES.firm,
      FILES.bill(story.divided),
      FILES.proof(story.divided),
      FILES.block,
      FILES.audit,
    ])
      for (const text of ['', '{', 'null', '{"a":1,"a":1}', '\xff'])
        expect(
          (await found(new Map(files).set(name, Buffer.from(text, 'latin1')))).filter(
            ([, file]) => file === name,
          ),
          `${name}: ${text}`,
        ).not.toEqual([]);
  });
});
