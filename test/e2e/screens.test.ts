/** Every screen: for everybody's eyes and hands, on a phone, in both themes; and how much of it there is. */
import { readFileSync } from 'node:fs';
import { AxeBuilder } from '@axe-core/playwright';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startProduct, type Product } from './support/product.ts';
import { enterAs, scriptsOf, sizeOf, type Scripts } from './support/sizes.ts';
import { openBrowser, Visitor } from './support/visitor.ts';

/** Members of the demonstration. */
const CORE = 1;
const SUPPLIER = 2;
const BANK = 8;
const SETTLEMENT_BANK = 10;
const REGULATOR = 12;
const BILL = '4294967297';

/** Who sees which screens. */
const SCREENS: readonly (readonly [who: number | 'operator', paths: readonly string[]])[] = [
  [
    CORE,
    [
      '/',
      '/imports',
      '/bills',
      `/bills/${BILL}`,
      '/payments',
      '/payments?show=late',
      '/calendar',
      '/cash',
      '/members',
      `/members/${CORE}`,
      '/activity',
      '/status',
    ],
  ],
  [
    SUPPLIER,
    ['/', '/offers', '/holdings', '/financing', '/costs', `/members/${SUPPLIER}`, `/bills/${BILL}?asOf=56`],
  ],
  [BANK, ['/', '/holdings', '/financing', '/costs', '/portfolio', '/lines']],
  [SETTLEMENT_BANK, ['/', '/cash']],
  [REGULATOR, ['/', '/?q=宏达', '/bills', '/lines', '/audit']],
  ['operator', ['/', '/operator', '/rules', '/audit']],
];
/** Bytes of scripts that travel: to enter, and for each further page; a home brings the shell of the app and its charts. */
const MOST = { entry: 60_000, page: 25_000 };
const STANDARDS = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa'];
const kB = (bytes: number): string => `${(bytes / 1_000).toFixed(1)} kB`;

describe('the screens', () => {
  let product: Product;
  let browser: Browser;

  beforeAll(async () => {
    [product, browser] = await Promise.all([startProduct(), openBrowser()]);
  });
  afterAll(async () => {
    await browser?.close();
    await product?.close();
  });

  const open = async (who: number | 'operator' | undefined, look = { width: 1440, height: 900 }) => {
    const context = await browser.newContext({ baseURL: product.url, locale: 'zh-CN', viewport: look });
    const page = await context.newPage();
    if (who !== undefined) await enterAs(page, who);
    return page;
  };
  const settled = async (page: Page, path: string): Promise<void> => {
    await page.goto(path);
    await page.locator('main h1').first().waitFor();
    await page.evaluate(() => scrollTo(0, document.body.scrollHeight));
    await page.waitForFunction(
      () => document.querySelector('main :not([data-sample]) > [role=status] > .animate-pulse') === null,
    );
    await page.evaluate(() => scrollTo(0, 0));
  };

  /** Rows that rest are in the document in their order, each where the one before it ends. */
  const inOrderFrom = (page: Page, first: number): Promise<unknown> =>
    page.waitForFunction((first) => {
      const rows = [...document.querySelectorAll<HTMLElement>('table.long tr[data-row]')];
      const boxes = rows.map((row) => ({
        ...row.getBoundingClientRect().toJSON(),
        index: Number(row.dataset['index']),
      }));
      return boxes.every(
        ({ index, top }, at) =>
          (at === 0 && index >= first) ||
          (index === boxes[at - 1]?.index + 1 && Math.abs(top - boxes[at - 1]?.bottom) < 1.5),
      );
    }, first);

  it.each<[name: string, who: number | 'operator' | undefined, paths: readonly string[]]>([
    ['nobody', undefined, ['/enter', '/design']],
    ...SCREENS.map(
      ([who, paths]) => [String(who), who, paths] as [string, number | 'operator', readonly string[]],
    ),
  ])(
    'of %s break no rule of WCAG 2.2 AA, light or dark, and fit a phone in both languages',
    async (_, who, paths) => {
      const page = await open(who);
      const wrong: string[] = [];
      for (const [index, path] of paths.entries()) {
        for (const colorScheme of ['light', 'dark'] as const) {
          // Each screen in both themes and both languages, by turns: half of what all four would take.
          const locale = (index % 2 === 0) === (colorScheme === 'light') ? 'zh' : 'en';
          await page.context().addCookies([{ name: 'locale', value: locale, url: product.url }]);
          await page.setViewportSize({ width: 1440, height: 900 });
          await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' });
          await settled(page, path);
          const { violations } = await new AxeBuilder({ page }).withTags(STANDARDS).analyze();
          for (const { id, nodes } of violations)
            wrong.push(
              `${path} ${colorScheme} ${locale}: ${id} ${nodes
                .slice(0, 3)
                .map(({ html }) => html.slice(0, 160))
                .join(' | ')}`,
            );
          await page.setViewportSize({ width: 390, height: 844 });
          const over = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
          if (over > 0) wrong.push(`${path} ${locale}: ${over} px wider than a phone`);
        }
      }
      await page.context().close();
      expect(wrong).toEqual([]);
    },
  );

  it('load little: to enter, and for each further page', async () => {
    const entry = await scriptsOf(browser, product.url, '/enter');
    const lines = [`/enter ${kB(sizeOf(entry))}`];
    const heavy: string[] = sizeOf(entry) > MOST.entry ? lines.slice() : [];
    for (const [who, paths] of SCREENS) {
      const home = await scriptsOf(browser, product.url, '/', who);
      for (const path of paths.filter((each) => !each.includes('?'))) {
        const before: Scripts = path === '/' ? entry : new Map([...entry, ...home]);
        const scripts = path === '/' ? home : await scriptsOf(browser, product.url, path, who);
        const size = sizeOf(scripts, before);
        lines.push(`${who} ${path} +${kB(size)}`);
        if (size > MOST.page) heavy.push(lines.at(-1)!);
      }
    }
    console.log(lines.join('\n'));
    expect(heavy).toEqual([]);
  });

  it('scroll through ten thousand holdings: only what is in view is drawn', async () => {
    const page = await open(undefined);
    await page.goto('/design?rows=10000');
    await page.locator('table.long').waitFor();
    const rows = page.locator('table.long tbody tr[data-row]');
    await page.locator('table.placed').waitFor();
    const { longest, seen } = await page.evaluate(async () => {
      const table = document.querySelector('table.long')!;
      const top = table.getBoundingClientRect().top + scrollY;
      const frames: number[] = [];
      const seen = new Set<Element>();
      let last = performance.now();
      for (let step = 0; step < 240; step++) {
        scrollTo(0, top + step * 700);
        await new Promise<void>((next) => requestAnimationFrame(() => next()));
        const now = performance.now();
        frames.push(now - last);
        for (const row of table.querySelectorAll('tr[data-row]')) seen.add(row);
        last = performance.now();
      }
      return { longest: frames.sort((a, b) => b - a).slice(0, 5), seen: seen.size };
    });
    console.log(`10,000 rows: longest frames ${longest.map((ms) => `${ms.toFixed(1)} ms`).join(', ')}`);
    expect(await rows.count()).toBeLessThan(120);
    // Rows are neither made nor thrown away on the way: they show other entries.
    expect(seen).toBeLessThan(120);
    await inOrderFrom(page, 3_000);
    await page.evaluate(() => scrollTo(0, document.body.scrollHeight));
    await page.locator('table.long tr[data-index="9999"]').waitFor();
    // On a phone rows have heights of their own, and still lie one below the other.
    await page.setViewportSize({ width: 390, height: 844 });
    await page.evaluate(() => scrollTo(0, document.body.scrollHeight / 2));
    await inOrderFrom(page, 1_000);
    await page.context().close();
  });

  it('go by the keyboard: palette, places, rows, and back', async () => {
    const page = await open(CORE);
    await settled(page, '/');
    await page.keyboard.press('Control+k');
    await page.getByRole('dialog').getByRole('combobox').pressSequentially('宏达五金');
    await page
      .getByRole('option', { name: /宏达五金/ })
      .first()
      .waitFor();
    await page.keyboard.press('Enter');
    await page.waitForURL(/\/members\/4$/);
    await page.keyboard.press('g');
    await page.keyboard.press('b');
    await page.waitForURL(/\/bills$/);
    await page.locator('table.data tr[data-row]').nth(2).waitFor();
    await page.keyboard.press('j');
    await page.keyboard.press('j');
    await page.keyboard.press('Enter');
    await page.waitForURL(/\/bills\/\d+$/);
    await page.goBack();
    await page.waitForURL(/\/bills$/);
    await page.locator('table.data tr[data-row]').nth(2).waitFor();
    await page.keyboard.press('/');
    await page.locator('input[type=search]:focus').waitFor();
    await page.keyboard.type('瑞禾');
    await page.keyboard.press('Enter');
    await page.waitForURL(/q=/);
    await page.getByRole('row').filter({ hasText: '澄江' }).first().waitFor({ state: 'detached' });
    await page.context().close();
  });

  it('keep the focus in a dialog, and give it back', async () => {
    const page = await open(undefined);
    await page.goto('/design');
    const opener = page.getByRole('button', { name: '核对并签名' });
    await opener.focus();
    await page.keyboard.press('Enter');
    const dialog = page.getByRole('dialog');
    await dialog.waitFor();
    await dialog.locator('button:focus').waitFor();
    for (const key of ['Tab', 'Tab', 'Tab', 'Tab', 'Shift+Tab']) {
      await page.keyboard.press(key);
      const isInside = await page.evaluate(
        () => document.activeElement === document.body || document.activeElement?.closest('dialog') !== null,
      );
      expect(isInside).toBe(true);
    }
    await page.keyboard.press('Escape');
    await dialog.waitFor({ state: 'detached' });
    await page.waitForFunction(() => document.activeElement?.textContent?.includes('核对并签名'));
    await page.context().close();
  });

  it('say so where there is no page', async () => {
    const page = await open(CORE);
    await page.goto('/nowhere');
    await page.getByRole('link', { name: '首页' }).click();
    await page.getByRole('heading', { name: '待办' }).waitFor();
    await page.context().close();
  });

  it('replay a bill, tell the way of a piece, and save both as a picture', async () => {
    const page = await open(CORE);
    await settled(page, `/bills/${BILL}`);
    await page.locator('[data-piece]').nth(2).waitFor();
    await page.locator('[data-piece]').nth(2).hover();
    await page.locator('[data-path]').getByText('南屏弹簧厂').waitFor();
    expect(await page.locator('[data-endorsement][data-on=true]').count()).toBe(3);
    const slider = page.locator('[data-time-slider]');
    await slider.focus();
    await page.keyboard.press('Home');
    await page.locator('[data-past]').waitFor();
    expect(await page.locator('[data-piece]').count()).toBe(1);
    await page.keyboard.press('End');
    await page.locator('[data-past]').waitFor({ state: 'detached' });
    for (const format of ['SVG', 'PNG']) {
      const [download] = await Promise.all([
        page.waitForEvent('download'),
        page.getByRole('button', { name: `存为 ${format} 图片` }).click(),
      ]);
      const file = readFileSync(await download.path());
      if (format === 'SVG') expect(file.toString()).toContain('南屏弹簧厂');
      else expect(file.subarray(1, 4).toString()).toBe('PNG');
    }
    await page.context().close();
  });

  it('export a table to CSV and Excel', async () => {
    const page = await open(CORE);
    await settled(page, '/bills');
    for (const [label, start] of [
      ['CSV', '\uFEFF票据,'],
      ['Excel', 'PK'],
    ] as const) {
      const [download] = await Promise.all([
        page.waitForEvent('download'),
        page.getByRole('button', { name: `导出为 ${label}` }).click(),
      ]);
      const file = readFileSync(await download.path()).toString('utf8');
      expect(file.startsWith(start)).toBe(true);
    }
    await page.context().close();
  });

  it('publish a rule pack', async () => {
    const page = await open('operator');
    await settled(page, '/rules');
    await page.getByRole('button', { name: '发布规则包' }).click();
    const sheet = page.getByRole('dialog', { name: '发布规则包' });
    await sheet.getByLabel('生效日').fill('2030-01-01');
    await sheet.getByLabel('最长期限（月）').fill('3');
    await sheet.getByLabel('依据（中文）').fill('某号文');
    await sheet.getByLabel('依据（英文）').fill('Some notice');
    await sheet.getByText('平台将发布电子债权凭证规则，自 2030-01-01 起生效：最长期限 3 个月').waitFor();
    await sheet.getByRole('button', { name: '发布规则包' }).click();
    await sheet.waitFor({ state: 'detached' });
    await page.getByRole('row', { name: /№2.*未生效.*2030-01-01.*3 个月/ }).waitFor();
    await page.context().close();
  });

  it('pay what is late, many at once, with one signing', async () => {
    const core = await Visitor.enter(browser, product.url, '衡川汽车股份有限公司');
    await core.go('/payments?show=late');
    const { page } = core;
    await page.getByRole('row').nth(2).waitFor();
    const before = await core.cash();
    await page.getByRole('button', { name: '全选' }).click();
    await page.getByRole('button', { name: '付清 2 张，共 ¥628,400.00' }).click();
    await page.locator('dialog [data-meaning]').waitFor();
    await core.shot('pay-many-zh');
    await core.sign('签名并提交');
    await core.close('关闭');
    await page.getByText('没有逾期').waitFor();
    expect(before - (await core.cash())).toBe(62_840_000n);
    expect(core.trouble).toEqual([]);
    await page.context().close();
  });
});
