/** From an empty deployment: who comes in by which link, with which device, and what that gives. */
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Person } from './support/person.ts';
import { startEmpty, type Product } from './support/product.ts';
import { openBrowser } from './support/visitor.ts';

describe('an empty deployment', () => {
  let product: Product;
  let browser: Browser;
  let first: Person;
  let second: Person;
  const shot = async ({ page }: Person, name: string): Promise<void> => {
    await page.screenshot({ path: `${import.meta.dirname}/screenshots/${name}.png`, fullPage: true });
  };

  beforeAll(async () => {
    [product, browser] = await Promise.all([startEmpty(), openBrowser()]);
  });
  afterAll(async () => {
    await browser?.close();
    await product?.close();
  });

  it('prints a link by which the first person comes in', async () => {
    const link = product.output.find((line) => line.includes('/join#'))!.trim();
    expect(link).toMatch(/^http:\/\/localhost:\d+\/join#[\w-]{43}$/);
    first = await Person.withDevice(browser, product.url, '沈一帆');
    await first.page.goto(new URL(link).pathname + new URL(link).hash);
    await first.page.getByText('平台 邀请你').waitFor();
    expect(new URL(first.page.url()).hash).toBe('');
    await shot(first, 'join-operator-zh');
    await first.page.getByLabel('姓名').fill(first.name);
    await first.page.getByRole('button', { name: '登记这台设备' }).click();
    await first.page.waitForURL((at) => at.pathname === '/');
    await first.page.getByRole('complementary').getByText('沈一帆').waitFor();
    const thief = await Person.withDevice(browser, product.url, '贼');
    await thief.page.goto(new URL(link).pathname + new URL(link).hash);
    await thief.page.locator('[data-code=LINK_OVER]').waitFor();
  });

  it('hands the platform to her device, with which she signs what it decides', async () => {
    const { page } = first;
    const isHers = () =>
      page.evaluate(async () => {
        const response = await fetch('/api/account/policy', { headers: { 'tallystick-member': 'operator' } });
        return response.ok;
      });
    await expect.poll(isHers, { timeout: 60_000 }).toBe(true);
    await page.goto('/rules');
    await page.getByRole('button', { name: '发布规则包' }).click();
    const sheet = page.getByRole('dialog', { name: '发布规则包' });
    await sheet.getByLabel('生效日').fill('2030-01-01');
    await sheet.getByLabel('最长期限（月）').fill('3');
    await sheet.getByLabel('依据（中文）').fill('某号文');
    await sheet.getByLabel('依据（英文）').fill('Some notice');
    await sheet.getByRole('button', { name: '发布规则包' }).click();
    await page.locator('dialog [data-meaning]').getByText('2030-01-01').waitFor();
    await shot(first, 'decision-zh');
    await page.getByRole('button', { name: '签名并提交' }).click();
    await page.locator('dialog [data-steps=done]').waitFor({ timeout: 60_000 });
    await page.goto('/rules');
    await page.getByRole('row', { name: /№2.*未生效.*2030-01-01.*3 个月/ }).waitFor();
  });

  it('lets her invite a second one, who sees what she was given', async () => {
    const { page } = first;
    await page.getByRole('complementary').getByRole('link', { name: '本单位人员' }).click();
    await page.getByRole('button', { name: '邀请人员' }).click();
    await page.getByLabel('给谁').fill('复核');
    await page.getByRole('checkbox', { name: '签名' }).last().check();
    await page.getByRole('button', { name: '生成链接' }).click();
    const url = await page.locator('[data-secret] code').innerText();
    await shot(first, 'invite-zh');
    second = await Person.withDevice(browser, product.url, '顾二', { width: 390, height: 844 });
    await second.join(url);
    await second.page.goto('/firm');
    await second.page.locator('[data-person=沈一帆]').waitFor();
    expect(await second.page.getByRole('button', { name: '邀请人员' }).count()).toBe(0);
    await shot(second, 'firm-phone-zh');
  });

  it('signs a person in with her device, shows her sessions, and closes a stolen one', async () => {
    const { page } = second;
    const cookies = await page.context().cookies();
    const thief = await browser.newContext({ baseURL: product.url.replace('127.0.0.1', 'localhost') });
    await thief.addCookies(cookies);
    const stolen = await thief.newPage();
    await stolen.goto('/me');
    await stolen.locator('[data-session]').first().waitFor();
    await second.signIn(); // a session of her own; the stolen one is replaced
    await stolen.reload();
    await stolen.waitForURL(/\/enter/);
    await page.goto('/me');
    await page.locator('[data-session]').first().waitFor();
    await shot(second, 'me-phone-zh');
    await page.getByRole('button', { name: '全部退出' }).click();
    await page.waitForURL(/\/enter/);
    await shot(second, 'sign-in-phone-zh');
    expect([...first.trouble, ...second.trouble]).toEqual([]);
  });

  it('shows somebody without a seat where to apply', async () => {
    const stranger = await Person.withDevice(browser, product.url, '来客');
    await stranger.join('/join');
    await stranger.page.getByText('你还不属于任何单位').waitFor();
    await shot(stranger, 'no-seat-zh');
    expect(await stranger.page.getByRole('link', { name: '为企业申请加入' }).getAttribute('href')).toBe(
      '/apply',
    );
  });
});
