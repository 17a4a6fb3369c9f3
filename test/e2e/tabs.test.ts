/** Two tabs of one browser share one session: neither shows or changes anything for a member who is no longer signed in. */
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startProduct, type Product } from './support/product.ts';
import { openBrowser, Visitor } from './support/visitor.ts';

const [FIRST, SECOND] = ['江海商业银行', '云岭银行'] as const;

describe('two tabs of one browser', () => {
  let product: Product;
  let browser: Browser;

  beforeAll(async () => {
    [product, browser] = await Promise.all([startProduct(), openBrowser()]);
  });
  afterAll(async () => {
    await browser?.close();
    await product?.close();
  });

  it('both show the member who signed in last, and neither changes anything for the other', async () => {
    const { page: first } = await Visitor.enter(browser, product.url, FIRST);
    const whoami = first.getByRole('complementary').locator('[data-whoami]');
    expect(await whoami.innerText()).toBe(FIRST);
    const asked = first.waitForRequest((request) => request.url().includes('/api/lines'));
    await first.goto('/lines');
    const named = (await asked).headers()['tallystick-member']!;

    const second = await first.context().newPage();
    await second.goto('/enter');
    await second.getByRole('button', { name: SECOND }).click();
    await second.getByRole('complementary').locator('[data-whoami]').waitFor();
    await whoami.filter({ hasText: SECOND }).waitFor();
    expect(new URL(first.url()).pathname).toBe('/');

    const refused = await first.evaluate(async (member) => {
      const response = await fetch('/api/acts/prepare', {
        method: 'POST',
        headers: { 'content-type': 'application/json', 'tallystick-member': member },
        body: JSON.stringify({ act: { type: 'setStanding', standing: true } }),
      });
      return ((await response.json()) as { code: string }).code;
    }, named);
    expect(refused).toBe('SESSION_CHANGED');

    await second.getByRole('complementary').getByRole('button', { name: '退出' }).click();
    await first.waitForURL(/\/enter/);
  });
});
