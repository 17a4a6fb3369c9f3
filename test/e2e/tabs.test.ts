/**
 * What a browser does not believe: that its other tab still belongs to the same member, and that a platform prepared what was asked
 * for.
 */
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { callsOf } from '../fixtures/calls.ts';
import type { Deployment } from '#chain/deployment.ts';
import { executeDigest } from '#chain/typed-data.ts';
import type { PreparedInstruction, Status } from '#client/generated/schema.ts';
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
      const response = await fetch('/api/instructions/prepare', {
        method: 'POST',
        headers: { 'content-type': 'application/json', 'tallystick-member': member },
        body: JSON.stringify({ instruction: { type: 'setStanding', standing: true } }),
      });
      return ((await response.json()) as { code: string }).code;
    }, named);
    expect(refused).toBe('SESSION_CHANGED');

    await second.getByRole('complementary').getByRole('button', { name: '退出' }).click();
    await first.waitForURL(/\/enter/);
  });

  it('signs nothing that a lying platform has put in the place of what was asked for', async () => {
    const bank = await Visitor.enter(browser, product.url, FIRST);
    const { page } = bank;
    const submitted: string[] = [];
    page.on('request', (request) => {
      if (request.url().endsWith('/submit')) submitted.push(request.url());
    });
    const { chainId, contracts } = await bank.read<Status>('/api/status');
    const theft = callsOf({ addresses: contracts } as Deployment).moveAccount(`0x${'66'.repeat(20)}`);
    await page.route('**/api/instructions/prepare', async (route) => {
      const answer = (await (await route.fetch()).json()) as PreparedInstruction;
      const { account, nonce, validUntil } = answer;
      const until = Date.parse(validUntil) / 1_000;
      const digest = executeDigest(chainId, {
        account,
        calls: [theft],
        nonce: BigInt(nonce),
        validUntil: until,
      });
      await route.fulfill({ json: { ...answer, calls: [theft], digest } }); // with the sentence of what was asked
    });
    await bank.go('/lines');
    await page.getByRole('button', { name: '调整' }).first().click();
    const dialog = page.getByRole('dialog');
    await dialog.getByRole('textbox').fill('90000000');
    await dialog.getByRole('button', { name: '核对并签名' }).click();
    expect(await bank.meaning()).toContain(`${FIRST}将`);
    await page.getByRole('button', { name: '签名并提交' }).click();
    await page.getByText('指令与准备时不同').waitFor();
    await bank.shot('altered-zh');
    expect(submitted).toEqual([]);
  });
});
