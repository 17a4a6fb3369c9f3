/**
 * The pictures of docs/guide, taken from the demonstration network in both languages; those of an earnest one takes
 * first-bill.test.ts:
 *
 *   SCREENSHOTS=docs npm test -- e2e
 */
import { readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import type { Browser, Locator, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, it } from 'vitest';
import { isForGuide, takePicture } from './support/picture.ts';
import { startProduct, type Product } from './support/product.ts';
import { openBrowser, type Locale } from './support/visitor.ts';

const root = resolve(import.meta.dirname, '../..');
/** Members of the demonstration. */
const FIRMS = { core: 1, supplier: 2, plastics: 5, bank: 8, regulator: 12, operator: 'operator' } as const;

type Words = (key: string, values?: Record<string, string>) => string;

function wordsOf(locale: Locale): Words {
  type Plural = readonly [{ match: Record<string, string> }];
  const messages = JSON.parse(readFileSync(join(root, `web/messages/${locale}.json`), 'utf8')) as Record<
    string,
    string | Plural
  >;
  return (key, values = {}) => {
    const message = messages[key];
    const text = typeof message === 'object' ? message[0].match['plural=other'] : message;
    if (text === undefined) throw new Error(`there is no message ${key}`);
    return text.replaceAll(/\{(\w+)\}/g, (_, name: string) => values[name] ?? '');
  };
}

describe.runIf(isForGuide)('the pictures of the guide', () => {
  let product: Product;
  let browser: Browser;

  beforeAll(async () => {
    [product, browser] = await Promise.all([startProduct(), openBrowser()]);
  });
  afterAll(async () => {
    await browser?.close();
    await product?.close();
  });

  it.each<Locale>(['zh', 'en'])('are taken in %s', async (locale) => {
    const words = wordsOf(locale);
    const context = await browser.newContext({
      baseURL: product.url,
      locale: locale === 'zh' ? 'zh-CN' : 'en-US',
      viewport: { width: 1280, height: 860 },
      reducedMotion: 'reduce',
    });
    const page = await context.newPage();

    const go = async (who: keyof typeof FIRMS, path: string): Promise<void> => {
      const member = FIRMS[who];
      const data = member === 'operator' ? { operator: true } : { member };
      await context.request.post('/api/session', { data });
      await page.goto(path);
      await page.locator('main h1').first().waitFor();
      await page.locator('main [role=status] .animate-pulse').first().waitFor({ state: 'detached' });
    };
    const shot = (name: string): Promise<void> => takePicture(page, locale, name);
    const button = (within: Page | Locator, key: string, values?: Record<string, string>): Locator =>
      within.getByRole('button', { name: words(key, values), exact: true }).first();
    const dialog = page.getByRole('dialog');

    await page.goto('/enter');
    await page.locator('main h1').first().waitFor();
    await shot('enter');

    await go('core', '/');
    await shot('core-home');
    await go('core', '/imports');
    const name = locale === 'zh' ? '应付款.csv' : 'payables.csv';
    const mimeType = 'text/csv';
    await page.locator('input[type=file]').setInputFiles({ name, mimeType, buffer: payables() });
    await page.waitForURL(/\/imports\/./);
    await page.locator('[data-errors]').first().waitFor();
    await shot('import');
    await button(page, 'issue_count', { count: '2' }).click();
    await page.locator('dialog [data-meaning]').waitFor();
    await shot('issue');
    await go('core', '/payments');
    await shot('payments');
    await go('core', '/calendar');
    await shot('calendar');
    const largest: string = await page.evaluate(
      `fetch('/api/bills?sort=-face').then((answer) => answer.json()).then(({ items }) => items[0].billNo)`,
    );
    await go('core', `/bills/${largest}`);
    await page.locator('[data-piece]').nth(3).waitFor();
    await shot('bill');

    await go('supplier', '/');
    await shot('supplier-home');
    await go('supplier', '/offers');
    await shot('offers');
    await go('supplier', '/holdings');
    await button(page.getByRole('row').nth(1), 'pass_on').click();
    await dialog
      .getByRole('combobox')
      .first()
      .pressSequentially(locale === 'zh' ? '宏达' : 'Hongda');
    await page.getByRole('option').first().click();
    await dialog.getByLabel(words('amount')).first().fill('100000');
    await dialog.locator('[data-cut]').waitFor();
    await shot('pass-on');

    await go('plastics', '/financing');
    await page.getByRole('row').nth(1).getByRole('link').last().click();
    await page.locator('[data-rank="2"]').waitFor();
    await shot('compare-offers');
    await button(page.locator('[data-rank="1"]'), 'accept_quote').click();
    await page.locator('dialog [data-meaning]').waitFor();
    await shot('accept-offer');
    await go('plastics', '/costs');
    await shot('costs');

    await go('bank', '/');
    await shot('bank-home');
    const waiting: string = await page.evaluate(`(async () => {
      const { items } = await (await fetch('/api/inbox')).json();
      return items.find(({ kind }) => kind === 'quote_request').request;
    })()`);
    await go('bank', `/financing/${waiting}`);
    await button(page, 'quote_now').click();
    await dialog.getByLabel(words('rate_yearly')).fill('2.8');
    await dialog.getByLabel(words('fee')).fill('60');
    await dialog.locator('[data-priced]').getByText('ACT/360').waitFor();
    await shot('quote');
    await go('bank', '/portfolio');
    await shot('portfolio');
    await go('bank', '/lines');
    await shot('lines');

    await go('regulator', '/');
    await shot('regulator-home');
    await go('operator', '/');
    await shot('operator-home');
    await go('operator', '/operator');
    await shot('operator-members');
    await context.close();
  });
});

/** Two that can go and one that cannot. */
function payables(): Buffer {
  const due = new Date(Date.now() + 100 * 86_400_000).toISOString().slice(0, 10);
  return Buffer.from(
    [
      '供应商,发票号码,到期日,金额',
      `澄江制动系统有限公司,26322000000131104471,${due},"386,000.00"`,
      `瑞禾座椅有限公司,26332000000131104502,${due},"152,340.50"`,
      `江北轮毂厂,26332000000131104519,${due},"48,000.00"`,
    ].join('\n'),
  );
}
