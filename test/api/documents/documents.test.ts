/** Documents of a bill: who reads them, who does not, and what somebody finds who has all that the platform keeps. */
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { sql } from 'kysely';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openDocument } from '#client/documents/content.ts';
import { makeBrowserPair, makeFirmKey, pairOfPrf, wrapFirmKey } from '#client/documents/firm-key.ts';
import { makeRecoveryCode, pairOfRecoveryCode } from '#client/documents/recovery-code.ts';
import { bytesOf, hexOf, statedKeyDigest } from '#client/documents/stated-key.ts';
import { pairOfSeed, publicBytesOf, randomBytes, utf8, type Bytes } from '#client/documents/suite.ts';
import { makeBillKey, wrapBillKey, commitmentOf } from '#client/documents/bill-key.ts';
import { money } from '#client/money.ts';
import { dumpDatabase } from '#db/dump.ts';
import { SYSTEM, transact, type Trx } from '#db/access/access.ts';
import { holdersOf, insertHolder, insertKey } from '#db/documents/keys.ts';
import { addPasskey, revokePasskey } from '#db/people/passkeys.ts';
import { addPerson, giveSeat, takeSeat } from '#db/people/persons.ts';
import { newId } from '#db/wire/ids.ts';
import { connect, type Database } from '#db/wire/connect.ts';
import { FILES } from '#domain/leaving/format.ts';
import { verifyTaken } from '#scripts/leaving/exported.ts';
import { check, forged, packed, textOf, unpacked } from '../leaving/support/archives.ts';
import { DocumentDesk } from '../../fixtures/document-desk.ts';
import { openNetwork, type Actor, type TestNetwork } from '../../fixtures/network.ts';
import { ask, tokenFor } from '../support/ask.ts';

const SECRET = 'the price of a headlamp is 17.30, and nobody shall know';
const PDF: Bytes = utf8(`%PDF-1.7\n${SECRET}\n%%EOF`);
const NAME = 'supply contract 2026-17 with a secret name.pdf';

describe('documents of a bill', () => {
  let network: TestNetwork;
  let db: Database;
  const desks = {} as Record<Actor, DocumentDesk>;
  const pairs = {} as Record<Actor, CryptoKeyPair>;
  let bill: string;
  let parcel: string;
  let document: string;
  /** Attached after sight was taken back. */
  let later: string;
  /** The supplier's, on paper. */
  let code: string;

  const issue = async (): Promise<{ bill: string; parcel: string }> => {
    const { makes } = await network.coreFirm.perform({
      type: 'issue',
      bills: [{ payee: network.supplier.number, face: money('1000.00'), due: '2026-06-01' }],
    });
    await network.supplier.perform({ type: 'take', parcels: makes.parcels });
    return { bill: makes.bills[0]!, parcel: makes.parcels[0]! };
  };
  const read = async (who: Actor, id = document) => Buffer.from((await desks[who].open(bill, id)).plain);
  beforeAll(async () => {
    network = await openNetwork();
    db = connect(network.databaseUrl, { max: 2 });
    code = await makeRecoveryCode();
    for (const actor of ['coreFirm', 'supplier', 'supplier2', 'bank', 'regulator', 'stranger'] as const) {
      desks[actor] = await DocumentDesk.enter(network[actor], network.keys[actor]);
      pairs[actor] = await makeBrowserPair();
      await desks[actor].makeKey([
        { kind: 'browser', pair: pairs[actor] },
        ...(actor === 'supplier'
          ? [{ kind: 'recovery', pair: (await pairOfRecoveryCode(code))! } as const]
          : []),
      ]);
    }
    ({ bill, parcel } = await issue());
  });
  afterAll(async () => {
    await db?.destroy();
    await network?.close();
  });

  it('are attached by a party, and opened by the others and the regulator', async () => {
    document = await desks.coreFirm.attach(bill, PDF, NAME);
    const expected = Buffer.from(PDF);
    for (const who of ['coreFirm', 'supplier', 'regulator'] as const)
      expect(await read(who)).toEqual(expected);
    expect((await desks.regulator.open(bill, document)).name).toBe(NAME);
    const { files } = await desks.supplier.list(bill);
    expect(files).toMatchObject([{ id: document, by: { number: network.coreFirm.number }, person: null }]);
  });

  it('are noted each time they are opened, and by whom', async () => {
    const entries = await db
      .selectFrom('app.audit_entry')
      .select(['member', 'for_operator'])
      .where('action', '=', 'documentOpened')
      .where('subject', '=', `document:${document}`)
      .execute();
    const times = (member: number) => entries.filter((entry) => entry.member === member).length;
    expect(times(network.supplier.number)).toBe(1);
    expect(times(network.regulator.number)).toBe(2);
    expect(entries.some(({ for_operator: seen }) => seen)).toBe(false);
  });

  it('are nobody else’s: not even ciphertext, nor who reads them', async () => {
    for (const who of ['stranger', 'bank', 'supplier2'] as const) {
      await expect(desks[who].open(bill, document)).rejects.toThrow('NOT_FOUND');
      await expect(desks[who].list(bill)).rejects.toThrow(/404/);
      await expect(desks[who].attach(bill, PDF)).rejects.toThrow(/404/);
    }
    const token = await tokenFor(network.apiUrl, { operator: true });
    for (const path of [`/api/bills/${bill}/documents`, `/api/bills/${bill}/documents/${document}`])
      expect((await ask(network.apiUrl, 'GET', path, { token })).code).toBe('FORBIDDEN');
  });

  it('are not to be had by a bank that is asked to quote, until it is given sight, and no longer than it is', async () => {
    await network.supplier.ask({
      parcel,
      amount: money('1000.00'),
      recourse: 'without',
      banks: [network.bank.number],
    });
    const before = await desks.bank.list(bill);
    expect(before).toMatchObject({ mayRead: false, mayAttach: false, files: [], keys: [], readers: [] });
    await expect(desks.bank.open(bill, document)).rejects.toThrow('NOT_FOUND');

    await expect(desks.supplier.giveSight(bill, network.bank2.number)).rejects.toThrow(/asked to quote/);
    await expect(desks.bank.giveSight(bill, network.bank.number)).rejects.toThrow(/403/);
    const sight = await desks.supplier.giveSight(bill, network.bank.number);
    expect(await desks.supplier.wrapWanted(bill)).toBeGreaterThan(0);
    expect(await read('bank')).toEqual(Buffer.from(PDF));
    await expect(desks.bank.attach(bill, PDF)).rejects.toThrow(/403|FORBIDDEN/);
    await expect(desks.bank.giveSight(bill, network.bank2.number)).rejects.toThrow(/403/);
    await expect(desks.coreFirm.endSight(sight)).rejects.toThrow(/404/);

    const kept = [...(await desks.bank.keys(bill)).values()];
    await desks.supplier.endSight(sight);
    await expect(desks.bank.open(bill, document)).rejects.toThrow('NOT_FOUND');
    expect((await desks.bank.list(bill)).keys).toEqual([]);
    // What is attached from now on is under another key than the one that the bank has.
    later = await desks.supplier.attach(bill, PDF, 'later.pdf');
    expect(await read('coreFirm', later)).toEqual(Buffer.from(PDF));
    const { content } = await db
      .selectFrom('app.bill_file')
      .select('content')
      .where('id', '=', later)
      .executeTakeFirstOrThrow();
    for (const key of kept)
      await expect(openDocument(key, later, new Uint8Array(content!))).rejects.toThrow();
  });

  it('are given to a new holder by whoever sees it and has them', async () => {
    const { makes } = await network.supplier.perform({
      type: 'offer',
      parcel,
      amount: money('400.00'),
      to: network.supplier2.number,
    });
    await desks.supplier.wrapWanted(bill);
    expect(await read('supplier2')).toEqual(Buffer.from(PDF));
    await network.supplier2.perform({ type: 'take', parcels: makes.parcels });
    expect(await read('supplier2')).toEqual(Buffer.from(PDF));
  });

  it('leave nothing of theirs, and no key, in all that the database holds', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'tallystick-thief-'));
    try {
      await dumpDatabase(network.databaseUrl, folder);
      const files = readdirSync(folder);
      const all = files.map((file) => {
        const bytes = readFileSync(join(folder, file));
        return file.endsWith('.gz') ? gunzipSync(bytes).toString('latin1') : bytes.toString('latin1');
      });
      const dump = all.join('\n');
      expect(dump).toContain(document);
      const shapes = (secret: Uint8Array): string[] => {
        const bytes = Buffer.from(secret);
        return [
          bytes.toString('hex'),
          bytes.toString('base64'),
          bytes.toString('base64url'),
          bytes.toString('latin1'),
        ];
      };
      const secrets: Uint8Array[] = [utf8(SECRET), utf8(NAME)];
      for (const desk of Object.values(desks)) {
        secrets.push(desk.firm!.seed);
        const { privateKey } = desk.firm!.pair;
        const jwk = await crypto.subtle.exportKey('jwk', privateKey).catch(() => undefined);
        if (jwk !== undefined) secrets.push(new Uint8Array(Buffer.from(jwk.d!, 'base64url')));
      }
      for (const key of (await desks.coreFirm.keys(bill)).values()) secrets.push(key.key);
      expect(secrets.length).toBeGreaterThan(8);
      for (const secret of secrets)
        for (const shape of shapes(secret)) expect(dump.includes(shape)).toBe(false);
      // Every run of 32 bytes that stands in a column of these tables is tried as the key it might be.
      const [file] = await db.selectFrom('app.bill_file').selectAll().where('id', '=', document).execute();
      const columns = await sql<{ bytes: Buffer }>`
        select wrapped as bytes from app.bill_key_wrap union all select commitment from app.bill_key
        union all select wrapped from app.document_key_holder where wrapped is not null
        union all select public_key from app.document_key union all select content_hash from app.bill_file`.execute(
        db,
      );
      const { chainId } = await desks.coreFirm.pin();
      let tried = 0;
      for (const { bytes } of columns.rows)
        for (let at = 0; at + 32 <= bytes.length; at += 1) {
          const key = {
            chainId,
            billNo: bill,
            id: file!.bill_key_id,
            key: new Uint8Array(bytes.subarray(at, at + 32)),
          };
          await expect(openDocument(key, document, new Uint8Array(file!.content!))).rejects.toThrow();
          tried += 1;
        }
      expect(tried).toBeGreaterThan(1_000);
    } finally {
      rmSync(folder, { recursive: true });
    }
  });

  it('are for who leaves: ciphertext that the recovery code opens without a server, and nothing else does', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'tallystick-taken-'));
    try {
      const blob = await network.supplier.http.file('/api/export');
      const file = join(folder, 'all.zip');
      writeFileSync(file, Buffer.from(await blob.arrayBuffer()));
      const into = join(folder, 'opened');
      const report = await verifyTaken(file, { code: code.toLowerCase(), folder: into });
      expect(report.text).toContain('the export holds');
      expect(report.isGood).toBe(true);
      const opened = readdirSync(join(into, bill)).sort();
      expect(opened.map((name) => name.slice(9)).sort()).toEqual([NAME, 'later.pdf'].sort());
      for (const name of opened) expect(readFileSync(join(into, bill, name))).toEqual(Buffer.from(PDF));
      const wrong = await verifyTaken(file, { code: await makeRecoveryCode(), folder: into });
      expect(wrong.isGood).toBe(false);
      expect(wrong.text).toContain('not the recovery code');

      const files = await unpacked(blob);
      const all = [...files].map(([name]) => textOf(files, name)).join('\n');
      for (const secret of [SECRET, NAME, hexOf(desks.supplier.firm!.seed).slice(2)])
        expect(all).not.toContain(secret);
      const sealed = FILES.sealed(bill, document);
      const other = new Map(files).set(sealed, files.get(FILES.sealed(bill, later))!);
      const { findings } = await check(await packed(await forged(other, `0x${'11'.repeat(32)}`)));
      expect(findings).toEqual([{ code: 'ATTACHED_DIFFERS', file: sealed, place: '' }]);
      // Of strangers to the bill nobody takes it along.
      const theirs = await unpacked(await network.stranger.http.file('/api/export'));
      expect([...theirs.keys()].filter((name) => name.includes('attached'))).toEqual([]);
    } finally {
      rmSync(folder, { recursive: true });
    }
  });

  it('are removed by who attached them: the content is gone, that it was there stays, and readers are told', async () => {
    const { coreFirm: desk, supplier } = desks;
    const id = await desk.attach(bill, PDF, 'removed.pdf');
    await expect(supplier.remove(bill, id)).rejects.toThrow('NOT_FOUND');
    await expect(desks.stranger.remove(bill, id)).rejects.toThrow('NOT_FOUND');
    const { bill: other } = await issue();
    await expect(desk.remove(other, id)).rejects.toThrow('NOT_FOUND');
    expect((await supplier.open(bill, id)).name).toBe('removed.pdf');
    const before = (await supplier.list(bill)).files.find((file) => file.id === id)!;

    await desk.remove(bill, id);
    await expect(supplier.open(bill, id)).rejects.toThrow('DOCUMENT_REMOVED');
    await expect(desk.remove(bill, id)).rejects.toThrow('ALREADY_DONE');
    const { removedAt, ...after } = (await supplier.list(bill)).files.find((file) => file.id === id)!;
    expect(removedAt).not.toBeNull();
    expect(after).toEqual({ ...before, facts: null, removedAt: undefined });
    const row = db.selectFrom('app.bill_file').select(['content', 'facts']).where('id', '=', id);
    expect(await row.executeTakeFirst()).toEqual({ content: null, facts: null });
    const told = await db
      .selectFrom('app.notice')
      .selectAll()
      .where('kind', '=', 'document_removed')
      .execute();
    expect(told.map(({ member }) => member).sort()).toEqual(
      [network.supplier.number, network.supplier2.number, network.regulator.number].sort(),
    );
    expect(told[0]!.facts).toEqual({ bill, other: network.coreFirm.number, document: id });
    const audited = await db
      .selectFrom('app.audit_entry')
      .select('member')
      .where('action', '=', 'documentRemoved')
      .where('subject', '=', `document:${id}`)
      .execute();
    expect(audited).toEqual([{ member: network.coreFirm.number }]);
  });

  it('are never changed by the API in another way than removed by their owner, whatever it is made to write', async () => {
    const as = (viewer: string, set: string) =>
      db.transaction().execute(async (trx) => {
        await sql
          .raw(`set local role tallystick_api; set local tallystick.viewer = '${viewer}'`)
          .execute(trx);
        const { numAffectedRows } = await sql
          .raw(`update app.bill_file set ${set} where id = '${document}'`)
          .execute(trx);
        return numAffectedRows;
      });
    const gone = 'content = null, facts = null, removed_at = now()';
    expect(await as(String(network.supplier.number), gone)).toBe(0n);
    expect(await as('*', gone)).toBe(0n);
    await expect(as(String(network.coreFirm.number), `facts = '\\x00'`)).rejects.toThrow();
    await expect(as(String(network.coreFirm.number), 'size = 1')).rejects.toThrow(/permission/);
    expect(await read('supplier')).toEqual(Buffer.from(PDF));
  });

  it('are refused when they are too large, altered, sent twice, or under a key that is not the bill’s', async () => {
    const desk = desks.coreFirm;
    const { files, keys } = await desk.list(bill);
    const inForce = keys.find(({ isRetired }) => !isRetired)!.id;
    const fields = { id: crypto.randomUUID(), billKey: inForce, facts: files[0]!.facts! };
    await expect(desk.upload(bill, fields, new Uint8Array(10 * 1024 * 1024 + 29))).rejects.toThrow(
      'FILE_TOO_LARGE',
    );
    await expect(desk.upload(bill, fields, new Uint8Array(28))).rejects.toThrow('FILE_EMPTY');
    await expect(desk.upload(bill, { ...fields, facts: '0x00' }, randomBytes(100))).rejects.toThrow(
      'REQUEST_INVALID',
    );
    await expect(desk.upload(bill, { ...fields, id: document }, randomBytes(100))).rejects.toThrow(
      'ALREADY_DONE',
    );
    const foreign = { ...fields, billKey: crypto.randomUUID() };
    await expect(desk.upload(bill, foreign, randomBytes(100))).rejects.toThrow('NOT_FOUND');
    const retired = { ...fields, billKey: keys.find(({ isRetired }) => isRetired)!.id };
    await expect(desk.upload(bill, retired, randomBytes(100))).rejects.toThrow('NOT_FOUND');
    expect((await desk.list(bill)).files).toHaveLength(files.length);
  });

  it('do not fill the disk', async () => {
    const { bill: other } = await issue();
    await desks.coreFirm.attach(other, PDF);
    const many = sql`
      insert into app.bill_file (id, bill_no, bill_key_id, member, facts, content, size, content_hash)
      select gen_random_uuid(), bill_no, bill_key_id, member, facts, content, size, content_hash
      from app.bill_file, generate_series(1, 49) where bill_no = ${BigInt(other)}`;
    await many.execute(db);
    await expect(desks.coreFirm.attach(other, PDF)).rejects.toThrow('DOCUMENTS_FULL');
    await desks.supplier.attach(other, PDF); // another’s place is its own
  });
});

describe('a key for documents', () => {
  let network: TestNetwork;
  let db: Database;
  beforeAll(async () => {
    network = await openNetwork();
    db = connect(network.databaseUrl, { max: 2 });
  });
  afterAll(async () => {
    await db?.destroy();
    await network?.close();
  });

  it('is opened by a browser, by a device that derives it (PRF), and by the code on paper', async () => {
    const desk = await DocumentDesk.enter(network.supplier, network.keys.supplier);
    const code = await makeRecoveryCode();
    const prf = randomBytes(32);
    const browser = await makeBrowserPair();
    await desk.makeKey([
      { kind: 'browser', pair: browser },
      { kind: 'passkey', pair: await pairOfPrf(prf, network.supplier.number) },
      { kind: 'recovery', pair: (await pairOfRecoveryCode(code))! },
    ]);
    const again = await Promise.all([
      pairOfPrf(prf, network.supplier.number),
      pairOfRecoveryCode(code.toLowerCase().replaceAll('-', ' ')),
    ]);
    for (const pair of [browser, ...again]) expect((await desk.openKey(pair!)).seed).toEqual(desk.firm!.seed);
    expect(await pairOfRecoveryCode(code.slice(0, -1) + (code.endsWith('0') ? '1' : '0'))).toBeUndefined();
    const otherFirm = await pairOfPrf(prf, network.bank.number);
    await expect(desk.openKey(otherFirm)).rejects.toThrow();
  });

  it('goes from an old device to a new one, once, and not to one of another firm', async () => {
    const desk = await DocumentDesk.enter(network.coreFirm, network.keys.coreFirm);
    const { http } = network.coreFirm;
    await desk.makeKey([{ kind: 'browser', pair: await makeBrowserPair() }]);
    const fresh = await makeBrowserPair();
    const publicKey = await publicBytesOf(fresh);
    const { holders } = await http.post('/api/document-key/holders', {
      kind: 'browser',
      name: 'new',
      publicKey: hexOf(publicKey),
    });
    const waiting = holders.find((each) => each.wrapped === null)!;
    const wrapped = hexOf(await wrapFirmKey(desk.firm!, bytesOf(waiting.publicKey)));
    const give = (member: typeof network.coreFirm) =>
      member.http.post(`/api/document-key/holders/${waiting.id}/give`, { wrapped });
    await expect(give(network.supplier)).rejects.toThrow(/404/);
    await give(network.coreFirm);
    expect((await desk.openKey(fresh)).seed).toEqual(desk.firm!.seed);
    await expect(give(network.coreFirm)).rejects.toThrow(/404/);
  });

  it('is made once: a second one only in place of the first, and with a signature of the account over it', async () => {
    const desk = await DocumentDesk.enter(network.bank, network.keys.bank);
    const pair = await makeBrowserPair();
    const first = await desk.makeKey([{ kind: 'browser', pair }]);
    await expect(desk.makeKey([{ kind: 'browser', pair }])).rejects.toThrow(/409/);
    const { key, account, signers } = await network.bank.http.get('/api/document-key');
    expect(key!.id).toBe(first.key!.id);
    const other = hexOf(await publicBytesOf(await pairOfSeed(randomBytes(32))));
    const { chainId } = await desk.pin();
    const holders = [
      { kind: 'browser' as const, name: 'x', publicKey: other, wrapped: `0x04${'00'.repeat(112)}` },
    ];
    const attempt = (member: number, signed: Actor) =>
      network.bank.http.post('/api/document-key', {
        publicKey: other,
        signer: signers[0]!.id,
        signature: network.keys[signed].sign(statedKeyDigest(chainId, { member, account, publicKey: other })),
        holders,
        replaces: key!.id,
      });
    await expect(attempt(network.bank.number, 'bank2')).rejects.toThrow(/SIGNATURE|signature/);
    await expect(attempt(network.bank2.number, 'bank')).rejects.toThrow(/SIGNATURE|signature/);
    await attempt(network.bank.number, 'bank');
  });

  it('that is a new one gets from each who shared it what the one before had, once', async () => {
    const core = await DocumentDesk.enter(network.coreFirm, network.keys.coreFirm);
    const payee = await DocumentDesk.enter(network.bank2, network.keys.bank2);
    const { key } = await network.coreFirm.http.get('/api/document-key');
    await core.makeKey([{ kind: 'browser', pair: await makeBrowserPair() }], key!.id);
    const first = await payee.makeKey([{ kind: 'browser', pair: await makeBrowserPair() }]);
    const { makes } = await network.coreFirm.perform({
      type: 'issue',
      bills: [{ payee: network.bank2.number, face: money('7.00'), due: '2026-06-01' }],
    });
    const bill = makes.bills[0]!;
    const id = await core.attach(bill, PDF);
    expect(Buffer.from((await payee.open(bill, id)).plain)).toEqual(Buffer.from(PDF));
    const lacking = async () => (await core.raw('GET', '/api/document-key/lacking')).json();
    expect(await lacking()).toEqual({ items: [] });

    await payee.makeKey([{ kind: 'browser', pair: await makeBrowserPair() }], first.key!.id);
    await expect(payee.open(bill, id)).rejects.toThrow('NO_KEY');
    expect(await lacking()).toEqual({ items: [bill] });
    const told = await db
      .selectFrom('app.notice')
      .select(['member', 'facts'])
      .where('kind', '=', 'document_key_replaced')
      .where('member', '=', network.coreFirm.number)
      .execute();
    expect(told).toContainEqual({
      member: network.coreFirm.number,
      facts: { bill, other: network.bank2.number },
    });
    expect(await core.wrapWanted(bill)).toBeGreaterThan(0);
    expect(await lacking()).toEqual({ items: [] });
    expect(Buffer.from((await payee.open(bill, id)).plain)).toEqual(Buffer.from(PDF));
  });

  it('is taken from a person with the seat, and from a device with the device, in whatever way it goes', async () => {
    const [person, other, passkey, key] = [newId(), newId(), newId(), newId()];
    const member = network.stranger.number;
    const bytes = (length: number, of = 1) => Buffer.alloc(length, of);
    for (const id of [person, other]) {
      await addPerson(db, {
        id,
        name: id,
        email: null,
        language: 'zh',
        userHandle: Buffer.from(randomBytes(32)),
      });
      await giveSeat(db, id, { member, rights: ['see'] });
    }
    await addPasskey(db, {
      ...{
        id: passkey,
        credentialId: bytes(20),
        person,
        name: 'x',
        publicKey: bytes(70),
        x: bytes(32),
        y: bytes(32),
      },
      ...{ counter: 0n, transports: [], isBackedUp: false },
    });
    await transact(db, SYSTEM, async (trx) => {
      await insertKey(
        trx,
        { member, person },
        { id: key, account: bytes(20), public_key: bytes(65), signer: bytes(84), signature: bytes(64) },
      );
      const holder = (n: number, kind: 'browser' | 'recovery', device: string | null) =>
        ({
          id: newId(),
          kind,
          name: String(n),
          public_key: bytes(65, n),
          wrapped: bytes(113),
          passkey_id: device,
        }) as const;
      await insertHolder(trx, { member, person }, key, holder(1, 'browser', passkey));
      await insertHolder(trx, { member, person }, key, holder(2, 'browser', null));
      await insertHolder(trx, { member, person: other }, key, holder(3, 'browser', null));
      await insertHolder(trx, { member, person }, key, holder(4, 'recovery', null));
    });
    const held = async () =>
      (await holdersOf(db, { member, seesAll: false }, key)).map(({ name }) => name).sort();
    expect(await held()).toEqual(['1', '2', '3', '4']);
    // As the API takes them: in a role that sees no holder of another firm.
    const api = async (work: (trx: Trx) => Promise<unknown>) =>
      transact(db, SYSTEM, async (trx) => {
        await sql`set local role tallystick_api`.execute(trx);
        await work(trx);
      });
    await api((trx) => revokePasskey(trx, person, passkey, new Date()));
    expect(await held()).toEqual(['2', '3', '4']);
    await api((trx) => takeSeat(trx, person, member));
    expect(await held()).toEqual(['3', '4']);
  });

  it('that the platform swaps for its own is refused by whoever would wrap for it', async () => {
    const core = await DocumentDesk.enter(network.coreFirm, network.keys.coreFirm);
    const supplier = await DocumentDesk.enter(network.supplier, network.keys.supplier);
    const current = await network.coreFirm.http.get('/api/document-key');
    await core.makeKey([{ kind: 'browser', pair: await makeBrowserPair() }], current.key!.id);
    const own = await network.supplier.http.get('/api/document-key');
    await supplier.makeKey([{ kind: 'browser', pair: await makeBrowserPair() }], own.key!.id);
    const { makes } = await network.coreFirm.perform({
      type: 'issue',
      bills: [{ payee: network.supplier.number, face: money('5.00'), due: '2026-06-01' }],
    });
    const bill = makes.bills[0]!;
    const before = (await core.list(bill)).readers.find(({ as }) => as === 'payee')!;
    core.judge(await core.pin())(before.key!); // seen once

    // Whoever has the database puts its own key in the place of the supplier's, first as it is, then signed by a key of its own.
    const thief = await makeFirmKey(network.supplier.number);
    const publicKey = await publicBytesOf(thief.pair);
    const put = (set: { signer?: string; signature?: string }) =>
      db
        .updateTable('app.document_key')
        .set({
          public_key: Buffer.from(publicKey),
          ...(set.signer ? { signer: Buffer.from(set.signer.slice(2), 'hex') } : {}),
          ...(set.signature ? { signature: Buffer.from(set.signature.slice(2), 'hex') } : {}),
        })
        .where('id', '=', before.key!.id)
        .execute();
    const wrappedForThief = async () => {
      const id = await core.attach(bill, PDF);
      const { files } = await core.list(bill);
      const rows = await db
        .selectFrom('app.bill_key_wrap')
        .selectAll()
        .where('bill_key_id', '=', files.find((file) => file.id === id)!.billKey)
        .where('member', '=', network.supplier.number)
        .execute();
      return rows.length;
    };
    await put({});
    expect(await wrappedForThief()).toBe(0);
    const { account } = before.key!;
    const { chainId } = await core.pin();
    const stranger = network.keys.stranger;
    const signature = stranger.sign(
      statedKeyDigest(chainId, { member: network.supplier.number, account, publicKey: hexOf(publicKey) }),
    );
    const verifier = before.key!.signer.slice(0, 42);
    await put({ signer: verifier + stranger.x.slice(2) + stranger.y.slice(2), signature });
    expect(await wrappedForThief()).toBe(0);
    await put({
      signer: before.key!.signer,
      signature: network.keys.supplier.sign(
        statedKeyDigest(chainId, { member: network.supplier.number, account, publicKey: hexOf(publicKey) }),
      ),
    });
    expect(await core.wrapWanted(bill)).toBe(1);
    expect(
      await wrappedForThief(),
      'signed by the signer who signed the first: the supplier has another',
    ).toBe(1);
  });

  it('of a bill that the platform slips in is not encrypted under', async () => {
    const core = await DocumentDesk.enter(network.coreFirm, network.keys.coreFirm);
    const { key } = await network.coreFirm.http.get('/api/document-key');
    const made = await core.makeKey([{ kind: 'browser', pair: await makeBrowserPair() }], key!.id);
    const { makes } = await network.coreFirm.perform({
      type: 'issue',
      bills: [{ payee: network.supplier.number, face: money('6.00'), due: '2026-06-01' }],
    });
    const bill = makes.bills[0]!;
    const { chainId } = await core.pin();
    const slipped = makeBillKey({ chainId, billNo: bill, id: crypto.randomUUID() });
    const server = await makeFirmKey(network.coreFirm.number);
    const reader = { member: network.coreFirm.number, publicKey: bytesOf(made.key!.publicKey) };
    const wrapped = Buffer.from(await wrapBillKey(slipped, reader, server));
    await db
      .insertInto('app.bill_key')
      .values({
        id: slipped.id,
        bill_no: BigInt(bill),
        commitment: Buffer.from(await commitmentOf(slipped)),
        made_by: network.coreFirm.number,
      })
      .execute();
    await db
      .insertInto('app.bill_key_wrap')
      .values({
        bill_key_id: slipped.id,
        document_key_id: made.key!.id,
        sender_key_id: made.key!.id,
        member: network.coreFirm.number,
        wrapped_by: network.coreFirm.number,
        wrapped,
      })
      .execute();
    expect((await core.list(bill)).keys.map(({ id }) => id)).toEqual([slipped.id]);
    const id = await core.attach(bill, PDF);
    const { files } = await core.list(bill);
    expect(files.find((file) => file.id === id)!.billKey).not.toBe(slipped.id);
  });
});
