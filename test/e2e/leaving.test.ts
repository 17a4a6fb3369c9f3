/** A firm takes everything with it, and its archive is verified in a browser that has no network. */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { Browser, BrowserContext, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { FILES } from '#domain/leaving/format.ts';
import { packed, unpacked, type Files } from '../api/leaving/support/archives.ts';
import { startProduct, type Product } from './support/product.ts';
import { openBrowser, Visitor } from './support/visitor.ts';

describe('leaving', () => {
  let product: Product;
  let browser: Browser;
  let folder: string;
  let archive: string;
  let files: Files;

  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'tallystick-leaving-'));
    archive = join(folder, 'all.zip');
    [product, browser] = await Promise.all([startProduct(), openBrowser()]);
  });
  afterAll(async () => {
    await browser?.close();
    await product?.close();
    rmSync(folder, { recursive: true, force: true });
  });

  /** A browser that is cut off: whatever leaves the page is written down. */
  async function offline(
    locale: string,
    viewport: { width: number; height: number },
  ): Promise<{ page: Page; context: BrowserContext; asked: string[]; trouble: string[] }> {
    const context = await browser.newContext({ locale, viewport });
    await context.setOffline(true);
    const page = await context.newPage();
    const [asked, trouble]: [string[], string[]] = [[], []];
    context.on('request', (request) => asked.push(request.url()));
    page.on('pageerror', (error) => trouble.push(String(error)));
    page.on('console', (message) => {
      if (message.type() === 'error') trouble.push(message.text());
    });
    return { page, context, asked, trouble };
  }
  const shot = (page: Page, name: string) =>
    page.screenshot({ path: `${import.meta.dirname}/screenshots/${name}.png`, fullPage: true });

  it('is one click on the firm’s page', async () => {
    const supplier = await Visitor.enter(browser, product.url, '澄江制动系统有限公司');
    const { page } = supplier;
    await page.goto('/firm');
    const card = page.locator('[data-leaving]');
    await card.waitFor();
    await shot(page, 'leaving-firm-zh');
    const [download] = await Promise.all([
      page.waitForEvent('download'),
      page.getByRole('button', { name: '下载压缩包' }).click(),
    ]);
    expect(download.suggestedFilename()).toMatch(/^tallystick-\d+-\d+\.zip$/);
    await download.saveAs(archive);
    await card.getByText('浏览器正在保存压缩包').waitFor();
    files = await unpacked(new Blob([readFileSync(archive)]));
    expect([...files.keys()].filter((name) => name.endsWith('.pdf')).length).toBeGreaterThan(3);
    writeFileSync(join(folder, 'verifier.html'), files.get(FILES.verifier)!);
    expect(supplier.trouble).toEqual([]);
  });

  it('holds before the page in the archive, opened from the disk without a network, in both languages and on a phone', async () => {
    const verifier = pathToFileURL(join(folder, 'verifier.html')).href;
    for (const [locale, width] of [
      ['zh-CN', 1280],
      ['en-US', 360],
    ] as const) {
      const { page, context, asked, trouble } = await offline(locale, { width, height: 800 });
      await page.goto(verifier);
      await page
        .getByLabel(locale === 'zh-CN' ? '选择或拖入压缩包' : 'Choose or drop an archive')
        .setInputFiles(archive);
      await page.locator('[data-holds]').waitFor();
      expect(await page.locator('[data-code]').allInnerTexts()).toEqual([]);
      expect(await page.locator('[data-holds]').getAttribute('data-holds')).toBe('true');
      expect(await page.locator('[data-block]').innerText()).toMatch(/^0x[0-9a-f]{64}$/);
      const { signer } = (await (await fetch(`${product.url}/api/export/signer`)).json()) as {
        signer: string;
      };
      expect(await page.locator('[data-signer]').innerText()).toBe(signer);
      expect(await page.evaluate(() => document.documentElement.scrollWidth <= innerWidth)).toBe(true);
      await shot(page, `leaving-verified-${locale}`);
      await page.getByRole('button', { name: locale === 'zh-CN' ? 'English' : '中文' }).click();
      await page.getByText(locale === 'zh-CN' ? 'It holds' : '核验通过').waitFor();
      expect(asked).toEqual([verifier]);
      expect(trouble).toEqual([]);
      await context.close();
    }
  });

  it('shows where an archive is broken', async () => {
    const { page, context } = await offline('zh-CN', { width: 360, height: 800 });
    await page.goto(pathToFileURL(join(folder, 'verifier.html')).href);
    const name = [...files.keys()].find((each) => /^bills\/\d+\.json$/.test(each))!;
    const content = Buffer.from(files.get(name)!);
    content.write('9', content.indexOf('"face":"') + '"face":"'.length);
    const altered = join(folder, 'altered.zip');
    writeFileSync(
      altered,
      Buffer.from(await (await packed(new Map(files).set(name, content))).arrayBuffer()),
    );
    const input = page.getByLabel('选择或拖入压缩包');
    await input.setInputFiles(altered);
    await page.locator('[data-holds=false]').waitFor();
    expect(await page.locator('[data-code=FILE_ALTERED]').innerText()).toContain(name);
    await shot(page, 'leaving-altered-zh');
    const whole = readFileSync(archive);
    const cut = join(folder, 'cut.zip');
    writeFileSync(cut, whole.subarray(0, whole.length - 100));
    await input.setInputFiles(cut);
    await page.getByText('压缩包不完整或已损坏，无法打开').waitFor();
    await context.close();
  });

  it('is verified by the page at its address as well, under its own policy', async () => {
    const context = await browser.newContext({ locale: 'en-US' });
    const page = await context.newPage();
    await page.goto(`${product.url}/tallystick-verifier.html`);
    await page.getByLabel('Choose or drop an archive').setInputFiles(archive);
    await page.locator('[data-holds=true]').waitFor();
    await context.close();
  });
});
