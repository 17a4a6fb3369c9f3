/**
 * With what a browser signs in the demonstration, and what it does not believe: that its other tab still belongs to the same member, and
 * that a platform prepared what was asked for.
 */
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { callsOf } from '../fixtures/calls.ts';
import type { Deployment } from '#chain/deployment.ts';
import { executeDigest } from '#chain/typed-data.ts';
import type { Instruction, Policy, PreparedInstruction, Status } from '#client/generated/schema.ts';
import { Person } from './support/person.ts';
import { startProduct, type Product } from './support/product.ts';
import { openBrowser, Visitor } from './support/visitor.ts';

const [FIRST, SECOND] = ['江海商业银行', '云岭银行'] as const;

describe('the tabs of browsers', () => {
  let product: Product;
  let browser: Browser;

  beforeAll(async () => {
    [product, browser] = await Promise.all([startProduct(), openBrowser()]);
  });
  afterAll(async () => {
    await browser?.close();
    await product?.close();
  });

  it('sign with a passkey that the page has made; another browser at the firm goes on with the demonstration’s key', async () => {
    const signed = async ({ page, read }: Pick<Visitor, 'page'> & { read: Visitor['read'] }) => {
      await page.goto('/lines');
      await page.getByRole('button', { name: '调整' }).first().click();
      const dialog = page.getByRole('dialog');
      await dialog.getByRole('textbox').fill(String(80_000_000 + ++amounts));
      await dialog.getByRole('button', { name: '核对并签名' }).click();
      const submitted = page.waitForResponse((response) => response.url().endsWith('/submit'));
      await page.getByRole('button', { name: '签名并提交' }).click();
      const { signing } = (await (await submitted).json()) as Instruction;
      await page.locator('dialog [data-steps=done]').waitFor({ timeout: 60_000 });
      const { signers } = await read<Policy>('/api/account/policy');
      const [signature] = signing!.signatures;
      return { by: signers.find(({ key }) => key === signature!.signer)?.type, signers };
    };
    let amounts = 0;
    // A page under the number of a machine has no device to ask.
    const first = await Visitor.enter(browser, product.url, FIRST);
    const here = await signed({ page: first.page, read: (path) => first.read(path) });
    expect(here.by).toBe('webauthn');
    expect(here.signers.map(({ type }) => type)).toEqual(['p256', 'webauthn']);
    await first.page.goto('/firm/policy');
    await first.page.getByText('本浏览器的通行密钥').first().waitFor();
    await first.shot('demo-passkey-policy-zh');

    const second = await Visitor.enter(browser, product.url, FIRST);
    const elsewhere = await signed({ page: second.page, read: (path) => second.read(path) });
    expect(elsewhere).toEqual({ by: 'p256', signers: here.signers });
    expect([...first.trouble, ...second.trouble]).toEqual([]);

    const device = await Person.withDevice(browser, product.url, '');
    await device.page.goto('/enter');
    await device.page.getByRole('button', { name: SECOND }).click();
    await device.page.waitForURL((at) => !at.pathname.startsWith('/enter'));
    const [credential, ...others] = await device.credentials();
    expect(others).toEqual([]);
    expect(await signed({ page: device.page, read: (path) => device.read(path) })).toMatchObject({
      by: 'webauthn',
    });
    expect((await device.credentials())[0]!.signCount).toBeGreaterThan(credential!.signCount);
    expect(device.trouble).toEqual([]);
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
