/** Documents of a bill in real browsers: keys that stay on devices, with PRF and without, and what becomes of them. */
import { readFileSync } from 'node:fs';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Person } from './support/person.ts';
import { startProduct, type Product } from './support/product.ts';
import { enterAs } from './support/sizes.ts';
import { openBrowser } from './support/visitor.ts';

const CORE = 1;
const SUPPLIER = 2;
const BANK = 8;
const REGULATOR = 12;
const BILL = '4294967297';
const PHONE = { width: 390, height: 844 };
const PDF = Buffer.from('%PDF-1.7\nwhat was agreed on\n%%EOF');

describe('documents of a bill', () => {
  let product: Product;
  let browser: Browser;
  let core: Page;
  let supplier: Page;
  let code: string;
  const shot = (page: Page, name: string) =>
    page.screenshot({ path: `${import.meta.dirname}/screenshots/${name}.png`, fullPage: true });
  const open = async (who: number, locale: 'zh' | 'en' = 'zh', viewport = { width: 1440, height: 900 }) => {
    const context = await browser.newContext({
      baseURL: product.url,
      locale: locale === 'zh' ? 'zh-CN' : 'en-US',
      viewport,
    });
    const page = await context.newPage();
    await enterAs(page, who);
    return page;
  };
  const keyIs = (page: Page, state: string) => page.locator(`[data-document-key=${state}]`).waitFor();
  /** Reads the code off the page, and types its end as somebody who has it on paper. */
  const keepCode = async (page: Page): Promise<string> => {
    const code = await page.locator('[data-secret] code').innerText();
    const isEnglish = (await page.locator('html').getAttribute('lang')) === 'en';
    await page
      .getByLabel(isEnglish ? 'Its last four letters, from paper' : '请照纸上输入末四位')
      .fill(code.slice(-4));
    await page.getByRole('button', { name: isEnglish ? 'I have saved it' : '已妥善保存' }).click();
    await page.locator('[data-secret]').waitFor({ state: 'detached' });
    return code;
  };
  const makeKey = async (page: Page, label: string): Promise<string> => {
    await page.goto('/document-key');
    await keyIs(page, 'none');
    await page.getByRole('button', { name: label }).click();
    const code = await keepCode(page);
    await keyIs(page, 'open');
    return code;
  };
  const asks = <T>(
    page: Page,
    method: string,
    path: string,
    body?: object,
  ): Promise<{ status: number; answer: T }> =>
    page.evaluate(
      async ({ method, path, body }) => {
        const { member } = (await (await fetch('/api/session')).json()) as {
          member: { number: number } | null;
        };
        const response = await fetch(path, {
          method,
          headers: {
            'tallystick-member': String(member!.number),
            ...(body === undefined ? {} : { 'content-type': 'application/json' }),
          },
          ...(body === undefined ? {} : { body: JSON.stringify(body) }),
        });
        return { status: response.status, answer: (await response.json().catch(() => ({}))) as T };
      },
      { method, path, body },
    );
  const attach = async (page: Page, name: string, file = PDF): Promise<void> => {
    await page.getByRole('button', { name: '上传附件' }).click();
    const sheet = page.getByRole('dialog');
    await sheet.getByLabel('文件').setInputFiles({ name, mimeType: 'application/pdf', buffer: file });
    await sheet.getByRole('button', { name: '上传附件' }).click();
  };
  const saved = async (page: Page, name: string, label: string): Promise<Buffer> => {
    const [download] = await Promise.all([
      page.waitForEvent('download'),
      page.locator(`[data-file="${name}"]`).getByRole('button', { name: label }).click(),
    ]);
    expect(download.suggestedFilename()).toBe(name);
    return readFileSync(await download.path());
  };

  beforeAll(async () => {
    [product, browser] = await Promise.all([startProduct(), openBrowser()]);
    core = await open(CORE);
    supplier = await open(SUPPLIER, 'en', PHONE);
  });
  afterAll(async () => {
    await browser?.close();
    await product?.close();
  });

  it('wait for a key, which a signer makes and this browser keeps without being able to give it out', async () => {
    await core.goto(`/bills/${BILL}`);
    await core.locator('[data-attached]').getByText('尚无附件').waitFor();
    code = await makeKey(core, '建立附件密钥');
    expect(code).toMatch(/^([0-9A-HJKMNP-TV-Z]{4}-){6}[0-9A-HJKMNP-TV-Z]{4}$/);
    await shot(core, 'document-key-zh');
    const exported = await core.evaluate(async () => {
      const database = await new Promise<IDBDatabase>((done) => {
        const request = indexedDB.open('tallystick documents');
        request.onsuccess = () => done(request.result);
      });
      const store = database.transaction('holders').objectStore('holders').getAll();
      const [pair] = await new Promise<CryptoKeyPair[]>(
        (done) => (store.onsuccess = () => done(store.result)),
      );
      return crypto.subtle.exportKey('jwk', pair!.privateKey).then(
        () => 'exported',
        (error: Error) => error.name,
      );
    });
    expect(exported).toBe('InvalidAccessError');
    await makeKey(supplier, 'Make the key');
    await shot(supplier, 'document-key-phone-en');
  });

  it('are attached under a name that only readers see, and opened by the other party on a phone', async () => {
    await core.goto(`/bills/${BILL}`);
    await attach(core, 'page.pdf', Buffer.from('<script>alert(1)</script>'));
    await core.getByRole('dialog').locator('[data-code=FILE_KIND_UNKNOWN]').waitFor();
    await core.keyboard.press('Escape');
    await core.getByRole('dialog').waitFor({ state: 'detached' });
    await attach(core, '供货合同.pdf');
    await core.locator('[data-file="供货合同.pdf"]').waitFor();
    await core.getByText('谁可以查看').click();
    await shot(core, 'bill-documents-zh');
    expect(await saved(core, '供货合同.pdf', '打开')).toEqual(PDF);

    await supplier.goto(`/bills/${BILL}`);
    await supplier.locator('[data-file="供货合同.pdf"]').waitFor();
    await shot(supplier, 'bill-documents-phone-en');
    expect(await saved(supplier, '供货合同.pdf', 'Open')).toEqual(PDF);
  });

  it('reach the regulator, who makes its key later, from whoever looks next', async () => {
    const regulator = await open(REGULATOR);
    await makeKey(regulator, '建立附件密钥');
    await regulator.goto(`/bills/${BILL}`);
    await regulator.getByText('等待他方授予密钥').waitFor();
    await core.reload();
    await core.locator('[data-file="供货合同.pdf"]').waitFor();
    await regulator.reload();
    expect(await saved(regulator, '供货合同.pdf', '打开')).toEqual(PDF);
    await regulator.context().close();
  });

  it('open on a new device once the old one was told its code, and on a third by the code on paper', async () => {
    const fresh = await open(CORE, 'zh', PHONE);
    await fresh.goto('/document-key');
    await keyIs(fresh, 'elsewhere');
    await fresh.getByRole('button', { name: '向其他设备索取' }).click();
    await keyIs(fresh, 'waiting');
    const shown = await fresh.locator('[data-device-code]').innerText();
    await shot(fresh, 'document-key-waits-phone-zh');
    await core.goto('/document-key');
    const give = async (typed: string) => {
      await core.getByLabel('该设备上显示的核对码').fill(typed);
      await core.getByRole('button', { name: '授予密钥' }).click();
    };
    await give(shown.startsWith('0') ? `1${shown.slice(1)}` : `0${shown.slice(1)}`);
    await core.getByText('核对码与该设备不符').waitFor();
    await shot(core, 'document-key-give-zh');
    await give(shown.toLowerCase());
    await core.getByLabel('该设备上显示的核对码').waitFor({ state: 'detached' });
    await fresh.reload();
    await keyIs(fresh, 'open');
    expect(await fresh.locator('[data-fingerprint]').innerText()).toBe(
      await core.locator('[data-fingerprint]').innerText(),
    );
    await fresh.goto(`/bills/${BILL}`);
    expect(await saved(fresh, '供货合同.pdf', '打开')).toEqual(PDF);
    await fresh.context().close();

    const third = await open(CORE);
    await third.goto('/document-key');
    const use = async (typed: string) => {
      await third.getByRole('textbox', { name: '恢复码' }).fill(typed);
      await third.getByRole('button', { name: '使用恢复码' }).click();
    };
    await use(code.slice(0, -1) + (code.endsWith('0') ? '1' : '0'));
    await third.getByText('恢复码有误').waitFor();
    await use(code);
    await keyIs(third, 'open');
    await third.reload();
    await keyIs(third, 'open');
    await third.context().close();
  });

  it('are open to a person by the secret of her passkey (PRF), and by the browser where it has none', async () => {
    const link = (...rights: string[]): Promise<string> =>
      core.evaluate(async (rights) => {
        const response = await fetch('/api/links', {
          method: 'POST',
          body: JSON.stringify({ rights, note: 'x' }),
          headers: { 'content-type': 'application/json', 'tallystick-member': '1' },
        });
        return ((await response.json()) as { url: string }).url;
      }, rights);
    for (const prf of [true, false]) {
      const person = await Person.withDevice(browser, product.url, prf ? '有密' : '无密', { prf });
      await person.join(await link('see', ...(prf ? ['administer'] : [])));
      const { page } = person;
      await page.goto('/me');
      await keyIs(page, 'elsewhere');
      await page.getByRole('button', { name: '向其他设备索取' }).click();
      await keyIs(page, 'waiting');
      const shown = await page.locator('[data-device-code]').innerText();
      await core.goto('/document-key');
      await core.locator(`[data-holder=${prf ? 'passkey' : 'browser'}]`, { hasText: person.name }).waitFor();
      await core.getByLabel('该设备上显示的核对码').fill(shown);
      await core.getByRole('button', { name: '授予密钥' }).click();
      await core.getByLabel('该设备上显示的核对码').waitFor({ state: 'detached' });
      await page.goto(`/bills/${BILL}`);
      if (prf) {
        await page.locator('[data-attached=locked]').waitFor();
        await page.getByRole('button', { name: '用通行密钥打开' }).click();
      }
      await page.locator('[data-attached=open]').waitFor();
      expect(await saved(page, '供货合同.pdf', '打开')).toEqual(PDF);
      expect(person.trouble).toEqual([]);
      await page.context().close();
      if (prf) continue;
      // Who has no seat any more holds no key.
      const { answer } = await asks<{ items: { id: string; name: string }[] }>(core, 'GET', '/api/people');
      const { id } = answer.items.find(({ name }) => name === person.name)!;
      expect((await asks(core, 'DELETE', `/api/people/${id}`)).status).toBe(204);
      await core.goto('/document-key');
      await keyIs(core, 'open');
      expect(await core.locator('[data-holder]', { hasText: person.name }).count()).toBe(0);
    }
  });

  it('are seen by a bank as long as it is given sight, and refused to it afterwards', async () => {
    const bank = await open(BANK);
    await makeKey(bank, '建立附件密钥');
    const held = await asks<{
      items: { parcel: { id: string; amount: string }; bill: { billNo: string } }[];
    }>(supplier, 'GET', '/api/holdings?state=held&acceptor=1&open=true');
    const { parcel, bill } = held.answer.items[0]!;
    const { billNo } = bill;
    const asked = await asks(supplier, 'POST', '/api/financing-requests', {
      parcel: parcel.id,
      amount: parcel.amount,
      recourse: 'without',
      banks: [BANK],
    });
    expect(asked.status).toBe(201);
    await core.goto(`/bills/${billNo}`);
    await attach(core, '送货单.pdf');
    await core.locator('[data-file="送货单.pdf"]').waitFor();
    const { answer } = await asks<{ files: { id: string }[] }>(core, 'GET', `/api/bills/${billNo}/documents`);
    const content = `/api/bills/${billNo}/documents/${answer.files.at(-1)!.id}`;
    await bank.goto(`/bills/${billNo}`);
    await bank.locator('[data-attached]').getByText('附件只供票据各方查看').waitFor();
    expect((await asks(bank, 'GET', content)).status).toBe(404);

    await supplier.goto(`/bills/${billNo}`);
    await supplier.getByRole('button', { name: 'Give a bank sight' }).click();
    await supplier.getByRole('dialog').getByRole('button', { name: 'Sign and submit' }).click();
    await supplier.locator('[data-sight=given]').waitFor();
    await shot(supplier, 'bill-documents-sight-phone-en');
    await bank.reload();
    await bank.locator('[data-file="送货单.pdf"]').waitFor();
    expect(await saved(bank, '送货单.pdf', '打开')).toEqual(PDF);

    await supplier.locator('[data-sight=given]').getByRole('button', { name: 'Take back' }).click();
    await supplier.locator('[data-sight]').waitFor({ state: 'detached' });
    await bank.reload();
    await bank.locator('[data-attached]').getByText('附件只供票据各方查看').waitFor();
    expect((await asks(bank, 'GET', content)).status).toBe(404);
    await bank.context().close();
  });

  it('come back to a firm that has lost all, from another whose browser opens any page', async () => {
    const fresh = await open(SUPPLIER, 'en', PHONE);
    await fresh.goto('/document-key');
    await keyIs(fresh, 'elsewhere');
    await fresh.getByText('All devices and the recovery code are lost').click();
    await fresh.getByRole('button', { name: 'Make a new key' }).click();
    // Nothing is replaced before the code was saved.
    await fresh.locator('[data-secret]').waitFor();
    await fresh.getByLabel('Its last four letters, from paper').fill('????');
    await fresh.getByRole('button', { name: 'I have saved it' }).click();
    await fresh.getByText('The recovery code is mistyped').waitFor();
    await shot(fresh, 'document-key-code-phone-en');
    await keepCode(fresh);
    await keyIs(fresh, 'open');
    await fresh.goto(`/bills/${BILL}`);
    await fresh.getByText('waits for its key').first().waitFor();
    const handedOn = core.waitForResponse(
      (response) => response.url().includes(`${BILL}/documents/wraps`) && response.status() === 204,
    );
    await core.goto('/holdings');
    await handedOn;
    await fresh.reload();
    expect(await saved(fresh, '供货合同.pdf', 'Open')).toEqual(PDF);
    supplier = fresh;
  });

  it('are removed by who attached them, and others are told', async () => {
    await core.goto(`/bills/${BILL}`);
    const file = core.locator('[data-file="供货合同.pdf"]');
    await file.getByRole('button', { name: '移除' }).click();
    await shot(core, 'bill-documents-remove-zh');
    await file.getByRole('button', { name: '为所有人删除' }).click();
    await core.locator('[data-removed]').waitFor();
    await shot(core, 'bill-documents-removed-zh');
    await supplier.goto(`/bills/${BILL}`);
    await supplier.locator('[data-removed]').getByText('removed by Hengchuan Motors').waitFor();
    await supplier.goto('/notices');
    await supplier.getByText('A document was removed').waitFor();
  });

  it('are wrapped for nobody whose key the server has swapped', async () => {
    const wrapped: string[] = [];
    core.on('request', (request) => {
      if (/documents\/(keys|wraps)$/.test(new URL(request.url()).pathname))
        wrapped.push(request.postData() ?? '');
    });
    let swapped = '';
    await core.route('**/api/bills/*/documents', async (route) => {
      if (route.request().method() !== 'GET') return route.continue();
      const response = await route.fetch();
      const listed = (await response.json()) as {
        readers: { as: string; wrapped: string[]; key: { id: string; publicKey: string } | null }[];
      };
      const payee = listed.readers.find(({ as }) => as === 'payee')!;
      swapped = payee.key!.id;
      const [x] = [payee.key!.publicKey];
      payee.key!.publicKey = listed.readers.find(({ as }) => as === 'regulator')!.key!.publicKey;
      payee.wrapped = [];
      expect(payee.key!.publicKey).not.toBe(x);
      return route.fulfill({ response, json: listed });
    });
    await core.goto(`/bills/${BILL}`);
    await core.locator('[data-distrusted]').waitFor();
    await shot(core, 'bill-documents-distrusted-zh');
    await attach(core, '第二份.pdf');
    await core.locator('[data-file="第二份.pdf"]').waitFor();
    expect(swapped).not.toBe('');
    expect(wrapped.join()).not.toContain(swapped);
    await core.unroute('**/api/bills/*/documents');
  });
});
