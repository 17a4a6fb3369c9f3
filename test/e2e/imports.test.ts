/** A file with mistakes, put right where they stand; what it taught holds for the next. */
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { startProduct, type Product } from './support/product.ts';
import { openBrowser, Visitor } from './support/visitor.ts';

const CORE = '衡川汽车股份有限公司';
const SUPPLIER = '澄江制动系统有限公司';
const HEADER = '供应商,发票号码,到期日,金额,凭证号';

let product: Product;
let browser: Browser;
let core: Visitor;
beforeAll(async () => {
  product = await startProduct();
  browser = await openBrowser();
  core = await Visitor.enter(browser, product.url, CORE);
}, 300_000);
afterAll(async () => {
  await browser?.close();
  await product?.close();
});

const upload = async (...rows: string[]): Promise<void> => {
  const { page } = core;
  await core.go('/imports');
  const buffer = Buffer.from([HEADER, ...rows].join('\n'));
  await page.locator('input[type=file]').setInputFiles({ name: 'a.csv', mimeType: 'text/csv', buffer });
  await page.waitForURL(/\/imports\/./);
};
const due = new Date(Date.now() + 90 * 86_400_000).toISOString().slice(0, 10);

it('corrects a cell where it stands, says once who a supplier is, and issues what is restricted', async () => {
  const { page } = core;
  await upload(
    `${SUPPLIER},M-1,${due},abc,记-0101`,
    `瑞禾座椅,M-2,${due},"50,000.00",记-0102`,
    `瑞禾座椅,M-3,${due},"1,200.00",`,
  );
  await page.locator('button[data-fix=amount]', { hasText: 'abc' }).click();
  await page.keyboard.press('Control+A');
  await page.keyboard.type('77.50');
  await page.keyboard.press('Enter');
  await page.locator('[data-corrected]').waitFor();
  const unknown = page.locator('[data-suppliers] > li');
  expect(await unknown.innerText()).toMatch(/瑞禾座椅[^]*2 行[^]*¥51,200\.00/);
  await unknown.getByRole('button', { name: /瑞禾座椅有限公司/ }).click();
  await page.locator('[data-suppliers]').waitFor({ state: 'detached' });
  await page.getByRole('button', { name: '签发 3 张票据' }).click();
  await page.locator('dialog [data-restrict] summary').click();
  await page.getByLabel('不得融资').check();
  expect(await page.getByRole('button', { name: '签名并提交' }).isDisabled()).toBe(true);
  await page.getByRole('button', { name: '按此限制准备' }).click();
  await page.locator('dialog [data-meaning]', { hasText: '不得融资' }).waitFor();
  expect(await core.meaning()).toContain('3 张票据，共 ¥51,277.50');
  await core.sign('签名并提交');
  await core.close('关闭');
  expect(await page.locator('[data-delete] button').isDisabled()).toBe(true);
}, 180_000);

it('finds a bill by the voucher that it was issued for', async () => {
  const { items } = await core.read<{ items: { billNo: string; restrictions: string[] }[] }>(
    `/api/bills?q=${encodeURIComponent('记-0102')}`,
  );
  expect(items.map(({ restrictions }) => restrictions)).toEqual([['not_to_be_financed']]);
  await core.go(`/bills/${items[0]!.billNo}`);
  await core.page.getByText('记-0102').waitFor();
}, 60_000);

it('knows the name at the next file, forgets it when told, and deletes a file that came to nothing', async () => {
  const { page } = core;
  await upload(`瑞禾座椅,M-4,${due},5.00,`);
  await page.getByRole('button', { name: '签发 1 张票据' }).waitFor();
  await page.locator('[data-delete] button').click();
  await page.getByRole('button', { name: '确认删除' }).click();
  await page.waitForURL(/\/imports$/);
  await page.locator('[data-aliases] button').click();
  await page.locator('[data-aliases]').waitFor({ state: 'detached' });
  expect(core.trouble).toEqual([]);
}, 60_000);
