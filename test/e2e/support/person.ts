/** A person with a device of her own: a browser whose authenticator is in software, and asks nobody for a finger. */
import { type Browser, type CDPSession, type Page } from 'playwright-core';
import { isForGuide, takePicture } from './picture.ts';
import type { Locale } from './visitor.ts';

const INTERNAL = {
  protocol: 'ctap2',
  transport: 'internal',
  hasResidentKey: true,
  hasUserVerification: true,
  isUserVerified: true,
  automaticPresenceSimulation: true,
} as const;

export class Person {
  readonly page: Page;
  readonly name: string;
  readonly trouble: string[];
  readonly #devices: CDPSession;
  #device: string;

  private constructor(page: Page, name: string, devices: CDPSession, device: string, trouble: string[]) {
    this.page = page;
    this.name = name;
    this.#devices = devices;
    this.#device = device;
    this.trouble = trouble;
  }

  /** @param url Of the product; passkeys want a name and not a number. `prf`: the device works out secrets of its own. */
  static async withDevice(
    browser: Browser,
    url: string,
    name: string,
    {
      locale = 'zh',
      width = 1440,
      height = 900,
      prf = false,
    }: { locale?: Locale; width?: number; height?: number; prf?: boolean } = {},
  ): Promise<Person> {
    const context = await browser.newContext({
      baseURL: url.replace('127.0.0.1', 'localhost'),
      locale: locale === 'zh' ? 'zh-CN' : 'en-US',
      viewport: { width, height },
    });
    const page = await context.newPage();
    page.setDefaultTimeout(120_000); // as long as a machine that is busy may take
    const trouble: string[] = [];
    page.on('pageerror', (error) => trouble.push(String(error)));
    page.on('console', (message) => {
      if (message.type() === 'error' && !message.text().includes('401'))
        trouble.push(`${message.text()} ${message.location().url}`);
    });
    const devices = await context.newCDPSession(page);
    await devices.send('WebAuthn.enable');
    const { authenticatorId } = await devices.send('WebAuthn.addVirtualAuthenticator', {
      options: prf ? { ...INTERNAL, ctap2Version: 'ctap2_1', hasPrf: true } : INTERNAL,
    });
    return new Person(page, name, devices, authenticatorId, trouble);
  }

  /** Opens a link and registers this device there. */
  async join(link: string): Promise<void> {
    await this.page.goto(link.replace(/^https?:\/\/[^/]+/, ''));
    await this.page.getByLabel('姓名').fill(this.name);
    await this.page.getByRole('button', { name: '登记这台设备' }).click();
    await this.page.waitForURL((at) => !at.pathname.startsWith('/join'));
  }

  async signIn(): Promise<void> {
    await this.page.goto('/enter');
    await this.page.getByRole('button', { name: '用设备登录' }).click();
    await this.page.waitForURL((at) => !at.pathname.startsWith('/enter'));
  }

  /** Signs what is open and stays until the read model has it. */
  async sign(): Promise<void> {
    await this.page.getByRole('button', { name: '签名并提交' }).click();
    await this.page.locator('dialog [data-steps=done]').waitFor({ timeout: 60_000 });
  }

  /** Closes the sheet that is open. */
  async close(): Promise<void> {
    const dialog = this.page.getByRole('dialog');
    await dialog.getByRole('button', { name: '关闭', exact: true }).last().click();
    await dialog.waitFor({ state: 'hidden' });
  }

  /** What the API answers to who sits here. */
  read<T>(path: string): Promise<T> {
    return this.page.evaluate(async (path) => (await fetch(path)).json() as Promise<T>, path);
  }

  async cash(): Promise<bigint> {
    const { balance } = await this.read<{ balance: { amount: string } }>('/api/cash');
    return BigInt(balance.amount.replace('.', ''));
  }

  async shot(name: string): Promise<void> {
    await this.page.screenshot({ path: `${import.meta.dirname}/../screenshots/${name}.png`, fullPage: true });
  }

  /** The passkeys of the device, and how often each has signed. */
  async credentials(): Promise<readonly { readonly signCount: number }[]> {
    const asked = { authenticatorId: this.#device };
    return (await this.#devices.send('WebAuthn.getCredentials', asked)).credentials;
  }

  /** For the guide, in both languages; the page is loaded anew. Nothing in other runs. */
  async picture(name: string): Promise<void> {
    if (!isForGuide) return;
    const { page } = this;
    for (const locale of ['en', 'zh'] as const) {
      await page.context().addCookies([{ name: 'locale', value: locale, url: page.url() }]);
      await page.reload();
      await page.locator('main h1').first().waitFor();
      await page.locator('main [role=status] .animate-pulse').first().waitFor({ state: 'detached' });
      await takePicture(page, locale, name);
    }
  }

  /** What the device would lose if it were thrown away. */
  async loseDevice(): Promise<void> {
    await this.#devices.send('WebAuthn.disable');
    await this.#devices.send('WebAuthn.enable');
    const added = await this.#devices.send('WebAuthn.addVirtualAuthenticator', { options: INTERNAL });
    this.#device = added.authenticatorId;
  }
}
