/** The life of one bill in the browser: from a file of payables to the last cent paid, by six people. */
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { addMonths, parseLegalDate, type LegalDate } from '#domain/dates.ts';
import { startProduct, type Product } from './support/product.ts';
import { openBrowser, Visitor } from './support/visitor.ts';

const CORE = '衡川汽车股份有限公司';
const SUPPLIER = '澄江制动系统有限公司';
const SECOND_TIER = '宏达五金制品有限公司';
const BANKS = ['江海商业银行', '云岭银行'] as const;

/** A due date two months on, written so that day and month could be mistaken for each other. */
function ambiguousDue(today: LegalDate): { date: LegalDate; written: string } {
  const month = addMonths(today, 2).slice(0, 7);
  const day = month.endsWith('05') ? '06' : '05';
  const date = parseLegalDate(`${month}-${day}`);
  return { date, written: `${day}/${month.slice(5)}/${month.slice(0, 4)}` };
}

describe('a bill from the payables file to the last cent', () => {
  let product: Product;
  let browser: Browser;
  const people: Visitor[] = [];
  let core: Visitor;
  let supplier: Visitor;
  let secondTier: Visitor;
  let banks: Visitor[];
  let due: { date: LegalDate; written: string };
  let bill: string;
  let request: string;
  let net: bigint;
  const before = { core: 0n, supplier: 0n, secondTier: 0n, bank: 0n };

  const enter = async (
    ...args: Parameters<typeof Visitor.enter> extends [unknown, unknown, ...infer Rest] ? Rest : never
  ): Promise<Visitor> => {
    const visitor = await Visitor.enter(browser, product.url, ...args);
    people.push(visitor);
    return visitor;
  };

  beforeAll(async () => {
    [product, browser] = await Promise.all([startProduct(), openBrowser()]);
    core = await enter(CORE);
    supplier = await enter(SUPPLIER);
    secondTier = await enter(SECOND_TIER);
    banks = [await enter(BANKS[0]), await enter(BANKS[1])];
    const { clock } = await core.read<{ clock: string }>('/api/status');
    due = ambiguousDue(parseLegalDate(clock));
  });

  afterAll(async () => {
    await browser?.close();
    await product?.close();
  });

  it('shows everybody what waits for them', async () => {
    await core.page.getByRole('heading', { name: '待办' }).waitFor();
    await core.shot('home-core-zh');
    await supplier.page.locator('[data-inbox] a').first().waitFor();
    await supplier.shot('home-supplier-zh');
    await banks[0]!.page.locator('[data-inbox] a').first().waitFor();
    await banks[0]!.shot('home-bank-zh');
  });

  it('asks what the file leaves open, says which row is bad and why, and issues the rest in one signed batch', async () => {
    const csv = [
      '供应商,发票号码,到期日,金额',
      `${SUPPLIER},E2E-0001,${due.written},"123,456.78"`,
      `瑞禾座椅有限公司,E2E-0002,${due.written},"50,000.00"`,
      `没有这家公司,E2E-0003,${due.written},"1,000.00"`,
    ].join('\n');
    const { page } = core;
    await page.getByRole('link', { name: '导入应付款' }).first().click();
    await page
      .locator('input[type=file]')
      .setInputFiles({ name: '十一月应付款.csv', mimeType: 'text/csv', buffer: Buffer.from(csv) });
    await page.waitForURL(/\/imports\/./);
    await page.locator('[data-question=dueDate]').waitFor();
    expect(await page.getByRole('button', { name: /^签发 / }).isDisabled()).toBe(true);
    await core.shot('import-question-zh');
    await page.locator('[data-question=dueDate]').getByRole('button', { name: 'DD/MM/YYYY' }).click();
    await page.getByRole('cell', { name: due.date }).first().waitFor();
    const errors = page.locator('[data-errors]');
    expect(await errors.count()).toBe(1);
    expect(await errors.innerText()).toContain('供应商');
    await core.shot('import-preview-zh');

    await page.getByRole('button', { name: '签发 2 张票据' }).click();
    await page.getByRole('dialog').waitFor();
    expect(await core.meaning()).toContain('2 张票据，共 ¥173,456.78');
    await core.shot('issue-confirm-zh');
    await core.sign('签名并提交');
    await core.shot('issue-done-zh');
    await core.close('关闭');
    const { items } = await core.read<{
      items: { billNo: string; payee: { name: { zh: string } }; face: { amount: string } }[];
    }>('/api/bills?role=issued&sort=-billNo');
    const mine = items.find(({ face, payee }) => face.amount === '123456.78' && payee.name.zh === SUPPLIER);
    expect(mine).toBeDefined();
    bill = mine!.billNo;
    await page.locator('[data-errors]').waitFor();
    await page
      .getByRole('link', { name: /^票据 / })
      .first()
      .waitFor();
  });

  it('lets the supplier take it, without a reload, and pass a part on: the ribbon shows the cut before it is signed', async () => {
    const { page } = supplier;
    await page.getByRole('link', { name: '签收' }).first().click();
    const row = page.getByRole('row').filter({ hasText: '¥123,456.78' });
    await row.getByRole('button', { name: '签收' }).click();
    await page.getByRole('dialog').waitFor();
    expect(await supplier.meaning()).toContain(`${SUPPLIER}将签收 ${CORE} 签发的 ¥123,456.78`);
    await supplier.sign('签名并提交');
    await supplier.close('关闭');

    await page.getByRole('link', { name: '我的持有' }).first().click();
    const held = page.getByRole('row').filter({ hasText: '¥123,456.78' });
    await supplier.shot('holdings-zh');
    await held.getByRole('button', { name: '转让' }).click();
    const dialog = page.getByRole('dialog');
    await dialog.getByRole('combobox', { name: '转让给' }).pressSequentially('宏达');
    await page.getByRole('option', { name: /宏达五金/ }).click();
    await dialog.getByLabel('金额').fill('23456.78');
    await dialog.locator('[data-cut]').waitFor();
    expect(await dialog.innerText()).toContain('¥23,456.78 · 10000001-12345678');
    expect(await dialog.innerText()).toContain('¥100,000.00 · 1-10000000');
    await supplier.shot('pass-on-zh');
    await dialog.getByRole('button', { name: '核对并签名' }).click();
    await page.locator('dialog [data-meaning]').waitFor();
    expect(await supplier.meaning()).toBe(`${SUPPLIER}将向 ${SECOND_TIER} 转让 ¥23,456.78，${due.date} 到期`);
    await supplier.shot('pass-on-confirm-zh');
    await supplier.sign('签名并提交');
    await supplier.close('关闭');
    await page
      .getByRole('row')
      .filter({ hasText: '¥100,000.00' })
      .filter({ hasText: '1-10000000' })
      .waitFor();
  });

  it('waits for the second tier to take its part', async () => {
    const { page } = secondTier;
    const entry = page.locator('[data-kind=take_parcel]').filter({ hasText: '¥23,456.78' });
    await entry.waitFor();
    await entry.click();
    await page
      .getByRole('row')
      .filter({ hasText: '¥23,456.78' })
      .getByRole('button', { name: '签收' })
      .click();
    await page.getByRole('dialog').waitFor();
    await secondTier.sign('签名并提交');
    await secondTier.close('关闭');
  });

  it('invites two banks, of which each quotes for itself', async () => {
    const { page } = supplier;
    await page
      .getByRole('row')
      .filter({ hasText: '1-10000000' })
      .filter({ hasText: '¥100,000.00' })
      .getByRole('button', { name: '融资' })
      .click();
    const dialog = page.getByRole('dialog');
    await dialog.getByLabel('金额').fill('60000');
    for (const bank of BANKS) await dialog.getByLabel(bank).check();
    await supplier.shot('ask-for-financing-zh');
    await dialog.getByRole('button', { name: '邀请报价' }).click();
    await page.waitForURL(/\/financing\/./);
    request = page.url().split('/').at(-1)!;

    for (const [index, [rate, fee]] of [
      ['3', '100'],
      ['2.9', '0'],
    ].entries()) {
      const bank = banks[index]!;
      await bank.page.getByRole('link', { name: '融资' }).first().click();
      await bank.page
        .getByRole('row')
        .filter({ hasText: '¥60,000.00' })
        .filter({ hasText: SUPPLIER })
        .getByRole('link', { name: '查看' })
        .click();
      await bank.page.getByText('E2E-0001').waitFor();
      await bank.page.getByRole('button', { name: '报价', exact: true }).click();
      const form = bank.page.getByRole('dialog');
      await form.getByLabel('年利率').fill(rate!);
      await form.getByLabel('费用').fill(fee!);
      await form.locator('[data-priced]').getByText('ACT/360').waitFor();
      await bank.shot(`quote-${index + 1}-zh`);
      await form.getByRole('button', { name: '核对并签名' }).click();
      await bank.page.locator('dialog [data-meaning]').waitFor();
      await bank.sign('签名并提交');
      await bank.close('关闭');
      const seen = await bank.read<{ offers: unknown[] }>(`/api/financing-requests/${request}`);
      expect(seen.offers).toHaveLength(1);
    }
  });

  it('ranks the offers before the eyes of the supplier, who accepts the better one', async () => {
    const { page } = supplier;
    const best = page.locator('[data-rank="1"]');
    await page.locator('[data-rank="2"]').waitFor();
    expect(await best.innerText()).toContain(BANKS[1]);
    await supplier.shot('compare-offers-zh');
    const { offers } = await supplier.read<{ offers: { rank: number; net: { amount: string } }[] }>(
      `/api/financing-requests/${request}`,
    );
    net = BigInt(offers.find(({ rank }) => rank === 1)!.net.amount.replace('.', ''));
    before.supplier = await supplier.cash();
    before.secondTier = await secondTier.cash();
    before.bank = await banks[1]!.cash();
    before.core = await core.cash();
    await best.getByRole('button', { name: '接受' }).click();
    await page.locator('dialog [data-meaning]').waitFor();
    expect(await supplier.meaning()).toContain(BANKS[1]);
    await supplier.shot('accept-offer-zh');
    await supplier.sign('签名并提交');
    await supplier.close('关闭');
    expect((await supplier.cash()) - before.supplier).toBe(net);
    expect(before.bank - (await banks[1]!.cash())).toBe(net);
    await banks[1]!.go('/holdings');
    await banks[1]!.page.getByRole('row').filter({ hasText: '¥60,000.00' }).waitFor();
    await banks[1]!.shot('portfolio-zh');
    await banks[1]!.go('/lines');
    await banks[1]!.page.getByRole('meter').first().waitFor();
    await banks[1]!.shot('lines-zh');
  });

  it('is paid on the day, each holder to the cent, in one signed act', async () => {
    await core.go(`/bills/${bill}`);
    await core.page.locator('[data-piece]').nth(2).waitFor();
    expect(await core.page.locator('[data-piece]').count()).toBe(3);
    await core.shot('bill-before-zh');
    await product.moveTo(due.date);
    const { page } = core;
    await page.locator(`[data-clock="${due.date}"]`).first().waitFor({ state: 'attached' });
    await core.go(`/calendar?day=${due.date}`);
    const line = page
      .getByRole('listitem')
      .filter({ has: page.locator(`a[href="/bills/${bill}"]`) })
      .last();
    await line.getByRole('button', { name: '付款' }).click();
    await page.getByText('一次签名办完').waitFor();
    await core.shot('pay-zh');
    await page.getByRole('button', { name: '核对并签名' }).click();
    await page.locator('dialog [data-meaning]').waitFor();
    expect(await core.meaning()).toContain('¥123,456.78');
    await core.sign('签名并提交');
    await core.close('关闭');

    expect(before.core - (await core.cash())).toBe(12_345_678n);
    expect((await secondTier.cash()) - before.secondTier).toBe(2_345_678n);
    expect((await supplier.cash()) - before.supplier).toBe(net + 4_000_000n);
    expect((await banks[1]!.cash()) - before.bank).toBe(6_000_000n - net);
  });

  it('stands settled for whoever may see it, in Chinese and in English', async () => {
    await core.go(`/bills/${bill}`);
    await core.page.getByText('已结清').first().waitFor();
    await core.page.locator('[data-proved]:not([data-proved=""])').waitFor();
    await core.shot('bill-settled-zh');
    await core.page.getByRole('button', { name: 'English' }).first().click();
    await core.page.getByText('Settled').first().waitFor();
    await core.shot('bill-settled-en');
    const english = await enter('Chengjiang Brake Systems', 'en');
    await english.shot('home-supplier-en');
    await english.go('/cash');
    await english.page.getByRole('row').filter({ hasText: 'Sale of a parcel' }).first().waitFor();
    await english.shot('cash-en');
    await english.go('/activity');
    await english.page.getByRole('row').filter({ hasText: 'Accept the quote and sell' }).first().waitFor();
    await english.shot('activity-en');
  });

  it('left no error in any browser', () => {
    expect(people.flatMap((visitor) => visitor.trouble)).toEqual([]);
  });
});
