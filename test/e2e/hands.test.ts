/** On a phone, with Back, by a double click, on paper, and where an address is wrong: what hands do that nobody planned. */
import type { Browser, Page } from 'playwright-core';
import { addDays, parseLegalDate } from '#domain/dates.ts';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startProduct, type Product } from './support/product.ts';
import { enterAs } from './support/sizes.ts';
import { openBrowser } from './support/visitor.ts';

const CORE = 1;
const SUPPLIER = 2;
const PHONE = { width: 390, height: 844 };
const DESK = { width: 1440, height: 900 };

const nextDay = (date: string): string => addDays(parseLegalDate(date), 1);

describe('hands', () => {
  let product: Product;
  let browser: Browser;
  beforeAll(async () => {
    [product, browser] = await Promise.all([startProduct(), openBrowser()]);
  });
  afterAll(async () => {
    await browser?.close();
    await product?.close();
  });

  const open = async (
    who: number | 'operator',
    viewport: typeof PHONE,
    locale: 'zh' | 'en' = 'zh',
  ): Promise<Page> => {
    const context = await browser.newContext({
      baseURL: product.url,
      locale: locale === 'zh' ? 'zh-CN' : 'en-US',
      viewport,
    });
    const page = await context.newPage();
    await enterAs(page, who);
    return page;
  };
  const ready = async (page: Page, path: string): Promise<void> => {
    await page.goto(path);
    await page.locator('main h1').first().waitFor();
    await page.waitForFunction(() => document.querySelector('main [role=status] > .animate-pulse') === null);
  };

  it('go back out of a sheet, and stay on the page behind it', async () => {
    const page = await open(SUPPLIER, PHONE);
    await ready(page, '/');
    await ready(page, '/holdings');
    const opener = page.getByRole('button', { name: '转让' }).first();
    await opener.click();
    const sheet = page.getByRole('dialog');
    await sheet.waitFor();
    await page.waitForFunction(() => JSON.stringify(history.state).includes('dialog'));
    await page.goBack();
    await sheet.waitFor({ state: 'detached' });
    expect(new URL(page.url()).pathname).toBe('/holdings');
    // Closed by hand, it leaves no step behind: Back leads to the page before.
    await opener.click();
    await sheet.waitFor();
    await page.waitForFunction(() => JSON.stringify(history.state).includes('dialog'));
    await page.keyboard.press('Escape');
    await sheet.waitFor({ state: 'detached' });
    await page.waitForFunction(() => !JSON.stringify(history.state).includes('dialog'));
    await page.waitForFunction(() => document.activeElement?.textContent?.trim() === '转让');
    await page.goBack();
    await page.waitForFunction(() => location.pathname === '/');
    await page.context().close();
  });

  it('hit what they aim at: targets of a phone are 44 px, and a row leads with its amount', async () => {
    const small: string[] = [];
    for (const [who, paths] of [
      [SUPPLIER, ['/', '/offers', '/holdings', '/financing', '/calendar', '/bills/1-0001-4']],
      [CORE, ['/imports', '/bills', '/payments?show=late']],
    ] as const) {
      const page = await open(who, PHONE);
      for (const path of paths) {
        await ready(page, path);
        small.push(
          ...(await page.evaluate((path) => {
            const isSeen = (node: Element) => node.checkVisibility({ visibilityProperty: true });
            const targets = document.querySelectorAll(
              'button:not([data-piece]), select, input:not([type=file]), summary, nav a, main header a',
            );
            return [...targets].filter(isSeen).flatMap((node) => {
              const box = node.getBoundingClientRect();
              const isClipped = box.width <= 1 || node.closest('thead') !== null;
              return isClipped || (box.width >= 43.5 && box.height >= 43.5)
                ? []
                : [
                    `${path}: ${node.outerHTML.slice(0, 90)} ${Math.round(box.width)}×${Math.round(box.height)}`,
                  ];
            });
          }, path)),
        );
      }
      if (who === SUPPLIER) {
        await ready(page, '/holdings');
        const [lead, ...others] = await page
          .locator('tr[data-row]')
          .first()
          .locator('td')
          .evaluateAll((cells) =>
            cells
              .map((cell) => ({ text: cell.textContent, box: cell.getBoundingClientRect() }))
              .filter(({ box }) => box.width > 0)
              .sort((a, b) => a.box.top - b.box.top || a.box.left - b.box.left)
              .map(({ text }) => text),
          );
        expect(lead).toMatch(/^¥[\d,]+\.\d\d$/);
        expect(others.length).toBeGreaterThan(2);
      }
      await page.context().close();
    }
    expect(small).toEqual([]);
  });

  it('click twice, and neither close what they signed nor lose their place', async () => {
    const page = await open(CORE, DESK);
    await ready(page, '/bills?status=active');
    await page.locator('tr[data-row]').first().getByRole('link').first().click();
    const pay = page.getByRole('button', { name: '付款', exact: true });
    await pay.click();
    await page.getByRole('dialog').getByRole('textbox').fill('1.00');
    await page.getByRole('button', { name: '核对并签名' }).click();
    const sign = page.getByRole('button', { name: '签名并提交' });
    await sign.dblclick();
    await page.locator('dialog [data-steps=done]').waitFor({ timeout: 60_000 });
    await page.getByRole('dialog').getByRole('button', { name: '关闭', exact: true }).last().click();
    await page.getByRole('dialog').waitFor({ state: 'detached' });
    // The button is gone while the bill is not final; whoever reads by keyboard stays in the page all the same.
    await page.waitForFunction(() => document.querySelector('main')?.contains(document.activeElement));
    await page.context().close();
  });

  it('print on A4 and A3, upright and across: nothing is cut off', async () => {
    const page = await open(CORE, DESK);
    await page.emulateMedia({ media: 'print' });
    // Millimetres at 96 dots an inch, less the margins.
    for (const [paper, width] of [
      ['A4', 688],
      ['A4 across', 1016],
      ['A3 across', 1481],
    ] as const) {
      await page.setViewportSize({ width, height: 1_000 });
      for (const path of ['/bills', '/bills/1-0001-4', '/payments']) {
        await ready(page, path);
        const main = await page
          .locator('main')
          .evaluate((main) => main.getBoundingClientRect().toJSON() as DOMRect);
        expect(main.left, `${paper} ${path}`).toBeLessThan(20);
        expect(main.width, `${paper} ${path}`).toBeGreaterThan(width * 0.9);
        expect(
          await page.evaluate(() => document.documentElement.scrollWidth - innerWidth),
        ).toBeLessThanOrEqual(0);
      }
    }
    await page.context().close();
  });

  it('move the clock of the demonstration ahead, to where bills fall due', async () => {
    const page = await open('operator', DESK);
    await ready(page, '/');
    const clock = page.locator('[data-clock]');
    const status = await page.evaluate(
      async () => (await fetch('/api/status')).json() as Promise<{ clock: string }>,
    );
    const moveTo = async (name: string): Promise<string> => {
      const answered = page.waitForResponse('**/api/operator/clock');
      await clock.getByRole('button', { name }).click();
      return ((await (await answered).json()) as { clock: string }).clock;
    };
    const tomorrow = await moveTo('拨到明天');
    expect(tomorrow).toBe(nextDay(status.clock));
    await page.locator('section').filter({ has: clock }).getByText(tomorrow).waitFor();
    const due = await moveTo('拨到下一个到期日');
    expect(due > tomorrow).toBe(true);
    await page.context().close();
    const core = await open(CORE, DESK);
    await ready(core, '/');
    expect(await core.locator('main header').first().innerText()).toContain(due);
    expect(
      await core.evaluate(async () => {
        const body = JSON.stringify({ to: 'next_day' });
        const headers = { 'content-type': 'application/json', 'tallystick-member': '1' };
        return (await fetch('/api/operator/clock', { method: 'POST', body, headers })).status;
      }),
    ).toBe(403);
    await core.context().close();
  });

  it('type an address that is no page, and read a sentence in their language', async () => {
    for (const locale of ['zh', 'en'] as const) {
      const page = await open(CORE, DESK, locale);
      const faults: string[] = [];
      page.on('pageerror', (error) => faults.push(String(error)));
      for (const path of [
        '/bills/abc',
        '/bills/1-0001-5',
        '/bills/9-9999-1',
        '/members/abc',
        '/members/99999',
        '/imports/abc',
        '/financing/abc',
        '/bills?from=xyz',
        '/bills?status=odd',
        '/bills/1-0001-4?asOf=abc',
        '/calendar?day=abc',
        '/holdings?from=9',
        '/offers?direction=odd',
      ]) {
        await ready(page, path);
        const text = await page.locator('main').innerText();
        expect(text, path).not.toMatch(
          /\b[A-Z]{2,}_[A-Z_]+\b|TypeError|undefined|NaN|SyntaxError|\[object|must match|\/querystring/,
        );
        expect(text.trim(), path).not.toBe('');
      }
      await page.route('**/api/bills?*', (route) => route.abort());
      await page.goto('/bills');
      await page.getByRole('alert').waitFor();
      expect(await page.getByRole('alert').innerText()).not.toMatch(/fetch|Error|OFFLINE/);
      expect(faults).toEqual([]);
      await page.context().close();
    }
  });
});
