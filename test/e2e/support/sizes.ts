/// <reference lib="dom" />
import type { Browser, Page } from 'playwright-core';

/** Scripts by address, with the bytes that travel. */
export type Scripts = ReadonlyMap<string, number>;

/** What a page loads until it is quiet, with nothing in the cache. */
export async function scriptsOf(
  browser: Browser,
  url: string,
  path: string,
  member?: number | 'operator',
): Promise<Scripts> {
  const context = await browser.newContext({ baseURL: url, locale: 'zh-CN' });
  try {
    const page = await context.newPage();
    if (member !== undefined) await enterAs(page, member);
    const found = new Map<string, number>();
    const reading: Promise<void>[] = [];
    page.on('response', (response) => {
      if (response.request().resourceType() !== 'script' || response.status() !== 200) return;
      reading.push(
        response.headerValue('content-length').then(
          (length) => void found.set(new URL(response.url()).pathname, Number(length ?? Infinity)),
          () => undefined,
        ),
      );
    });
    await page.goto(path);
    await page.locator('main h1').first().waitFor();
    await page.waitForTimeout(1_000); // what the page loads by itself, charts in view included
    await Promise.all(reading);
    return found;
  } finally {
    await context.close();
  }
}

export const enterAs = async (page: Page, member: number | 'operator'): Promise<void> => {
  await page.goto('/favicon.svg');
  await page.evaluate(async (who) => {
    const body = JSON.stringify(who === 'operator' ? { operator: true } : { member: who });
    await fetch('/api/session', { method: 'POST', body, headers: { 'content-type': 'application/json' } });
  }, member);
};

export const sizeOf = (scripts: Scripts, but: Scripts = new Map()): number =>
  [...scripts].reduce((sum, [name, size]) => (but.has(name) ? sum : sum + size), 0);
