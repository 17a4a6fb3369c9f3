/** Who is behind a member: a salted hash on chain, renewed by the operator, and blotted out for good. */
import { id as hashOf } from 'ethers';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { canonicalJson } from '#domain/canonical-json.ts';
import { connect, type Database } from '#db/wire/connect.ts';
import { money } from '#client/money.ts';
import { toHex } from '#db/wire/bytes.ts';
import { openNetwork, type TestNetwork } from '../../fixtures/network.ts';

describe('who is behind a member', () => {
  let network: TestNetwork;
  let db: Database;
  beforeAll(async () => {
    network = await openNetwork();
    db = connect(network.databaseUrl);
  });
  afterAll(async () => {
    await db?.destroy();
    await network?.close();
  });

  const codeOf = (act: Promise<unknown>) =>
    act.then(
      () => 'done',
      ({ code }: { code?: string }) => code,
    );
  const identityOf = (number: number) =>
    db
      .selectFrom('ledger.member as m')
      .innerJoin('app.identity as i', 'i.identity_hash', 'm.identity_hash')
      .where('m.to_block', 'is', null)
      .where('m.number', '=', number)
      .selectAll('i')
      .executeTakeFirstOrThrow();

  it('cannot be found from the hash on chain by who knows account, name and tax number', async () => {
    const {
      identity_hash,
      document,
      name_zh: zh,
      name_en: en,
      tax_id,
    } = await identityOf(network.supplier.number);
    const { account, salt } = JSON.parse(document!) as { account: string; salt: string };
    const hash = toHex(identity_hash);
    expect(hashOf(document!)).toBe(hash);
    const known = { account, name: { zh, en }, taxId: tax_id };
    expect(hashOf(canonicalJson(known))).not.toBe(hash);
    expect(salt).toMatch(/^0x[0-9a-f]{64}$/);
    expect(hashOf(canonicalJson({ ...known, salt: `0x${'00'.repeat(32)}` }))).not.toBe(hash);
    expect(hashOf(canonicalJson({ ...known, salt }))).toBe(hash);
    const salts = await db.selectFrom('app.identity').select('document').execute();
    const distinct = new Set(salts.map((row) => (JSON.parse(row.document!) as { salt: string }).salt));
    expect(distinct.size).toBe(salts.length);
  });

  it('is renewed with other roles and another expiry, while what governance gave stays', async () => {
    const { operator, bank, stranger } = network;
    const renewal = { roles: ['supplier' as const], credentialExpiry: '2026-03-20', reason: 'licence seen' };
    await operator.renew(bank.number, renewal);
    const found = await bank.http.get<{ roles: string[]; credentialExpiry: string | null }>(
      `/api/members/${bank.number}`,
    );
    expect(found).toMatchObject({ roles: ['supplier', 'bank'], credentialExpiry: '2026-03-20' });
    await operator.renew(bank.number, { ...renewal, roles: [], credentialExpiry: null });
    expect(await bank.http.get(`/api/members/${bank.number}`)).toMatchObject({
      roles: ['bank'],
      credentialExpiry: null,
    });
    expect(await codeOf(operator.renew(bank.number, { ...renewal, roles: ['bank' as never] }))).toBe(
      'REQUEST_INVALID',
    );
    expect(await codeOf(operator.renew(bank.number, { ...renewal, credentialExpiry: '2026-02-30' }))).toBe(
      'REQUEST_INVALID',
    );
    expect(await codeOf(operator.renew(bank.number, { ...renewal, reason: ' ' }))).toBe('REQUEST_INVALID');
    expect(await codeOf(operator.renew(999, renewal))).toBe('MEMBER_UNKNOWN');
    await operator.renew(stranger.number, { ...renewal, credentialExpiry: '2026-03-01' });
    expect(await codeOf(stranger.perform({ type: 'setStanding', standing: true }))).toBe('MEMBER_NOT_ACTIVE');
  });

  it('is blotted out of a suspended member everywhere, for good, and the ledger goes on', async () => {
    const { operator, supplier2, coreFirm } = network;
    const { number } = supplier2;
    const { identity_hash, name_en, tax_id } = await identityOf(number);
    await coreFirm.perform({
      type: 'issue',
      bills: [{ payee: number, face: money('5.00'), due: '2026-06-01' }],
    });
    const payees = async () => {
      const { items } = await coreFirm.http.get<{ items: { payee: { name: { en: string } } }[] }>(
        '/api/bills',
      );
      return items.map(({ payee }) => payee.name.en);
    };
    expect(await payees()).toEqual([name_en]);
    expect(await codeOf(operator.eraseIdentity(number, 'left'))).toBe('REQUEST_INVALID');
    await operator.suspend(number, 'left the network');
    await operator.eraseIdentity(number, 'asked for by the firm, 2026-03-03');
    expect(await identityOf(number)).toMatchObject({
      identity_hash,
      name_zh: null,
      name_en: null,
      tax_id: null,
      document: null,
      erasure_reason: 'asked for by the firm, 2026-03-03',
    });
    expect(await codeOf(operator.eraseIdentity(number, 'again'))).toBe('ALREADY_DONE');
    expect(await payees()).toEqual([`Member ${number}`]);
    expect(await coreFirm.http.get(`/api/members/${number}`)).toMatchObject({
      name: { zh: `成员 ${number}`, en: `Member ${number}` },
      taxId: null,
    });
    const kept = await db
      .selectFrom('app.instruction')
      .selectAll()
      .where('signed_by', '=', 'operator')
      .execute();
    const answers = await db
      .selectFrom('app.idempotency_key')
      .selectAll()
      .where('subject', '=', 'operator')
      .execute();
    for (const text of [
      JSON.stringify(kept.map(({ input, facts }) => [input, facts])),
      JSON.stringify(answers),
    ]) {
      expect(text).not.toContain(name_en);
      expect(text).not.toContain(tax_id);
    }
    // The tax number is free again, and so is a search for it empty.
    expect(await operator.http.get(`/api/operator/members?q=${tax_id}`)).toMatchObject({ items: [] });
  });
});
