/** A chain that stands still: whoever looks at a screen is told, in both languages, and told when it goes on. */
import { resolve } from 'node:path';
import type { Browser } from 'playwright-core';
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import { prepareGround, type Ground } from '../fixtures/ground.ts';
import { enterAs } from './support/sizes.ts';
import { openBrowser, type Locale } from './support/visitor.ts';

const HOUR = 3_600;
const WORDS: Record<Locale, RegExp> = {
  zh: /^区块链自 \d{4}-\d\d-\d\d \d\d:\d\d.* 起停止出块。现在签署的操作要等它恢复出块后才会完成。$/,
  en: /^The chain has stood still since \d{4}-\d\d-\d\d \d\d:\d\d.*\. What you sign now waits until it goes on\.$/,
};

describe('a chain that stands still', () => {
  let ground: Ground;
  let browser: Browser;
  let url: string;

  beforeAll(async () => {
    [ground, browser] = await Promise.all([prepareGround(), openBrowser()]);
    const webRoot = resolve(import.meta.dirname, '../../web/build');
    ({ url } = await ground.anotherApi({ webRoot, blockAgeLimit: HOUR, standstillMs: 50 }));
  });
  afterEach(() => vi.useRealTimers());
  afterAll(async () => {
    await browser?.close();
    await ground?.close();
  });

  it.each(['zh', 'en'] as const)('is said on every screen, in %s, until it goes on', async (locale) => {
    const context = await browser.newContext({ baseURL: url, locale: locale === 'zh' ? 'zh-CN' : 'en-US' });
    const page = await context.newPage();
    await enterAs(page, 'operator');
    await page.goto('/');
    const banner = page.locator('[data-standstill]');
    await page.locator('main h1').waitFor();
    expect(await banner.count()).toBe(0);

    vi.useFakeTimers({ toFake: ['Date'], now: Date.now() + 2 * HOUR * 1_000 });
    await banner.waitFor();
    expect((await banner.innerText()).trim()).toMatch(WORDS[locale]);
    await page.goto('/status'); // who comes later is told as well
    await banner.waitFor();
    expect(await banner.getAttribute('role')).toBe('status');

    vi.useRealTimers();
    await banner.waitFor({ state: 'detached' });
    await context.close();
  });
});
