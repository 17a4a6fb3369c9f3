/** A person before a browser of its own: enters as a member, goes to pages, signs, looks. */
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { chromium, type Browser, type Page } from 'playwright-core';
import { findBrowser } from '#scripts/browser.ts';

export type Locale = 'zh' | 'en';

const screenshots = join(import.meta.dirname, '../screenshots');
const quiet = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
  '--no-first-run',
];

export async function openBrowser(): Promise<Browser> {
  mkdirSync(screenshots, { recursive: true });
  const executablePath = findBrowser();
  if (executablePath === undefined) throw new Error('there is no Chromium: set CHROMIUM to one');
  return chromium.launch({ executablePath, headless: true, args: quiet });
}

export class Visitor {
  readonly page: Page;
  readonly #trouble: string[];

  private constructor(page: Page, trouble: string[]) {
    this.page = page;
    this.#trouble = trouble;
  }

  static async enter(
    browser: Browser,
    url: string,
    name: string,
    locale: Locale = 'zh',
    look: { width: number; height: number } = { width: 1440, height: 900 },
  ): Promise<Visitor> {
    const context = await browser.newContext({
      baseURL: url,
      locale: locale === 'zh' ? 'zh-CN' : 'en-US',
      viewport: look,
    });
    const page = await context.newPage();
    const trouble: string[] = [];
    page.on('pageerror', (error) => trouble.push(String(error)));
    page.on('console', (message) => {
      if (message.type() === 'error' && !message.text().includes('401')) trouble.push(message.text());
    });
    const visitor = new Visitor(page, trouble);
    await page.goto('/');
    await page.getByRole('button', { name }).click();
    await page.waitForURL((at) => !at.pathname.startsWith('/enter'));
    return visitor;
  }

  /** Errors of scripts and refused requests on any page so far. */
  get trouble(): readonly string[] {
    return this.#trouble;
  }

  async go(path: string): Promise<void> {
    await this.page.goto(path);
  }

  /** The sentence of the open confirmation. */
  meaning(): Promise<string> {
    return this.page.locator('dialog [data-meaning]').innerText();
  }

  /** Signs what is open and stays until the read model has it. */
  async sign(label: string): Promise<void> {
    await this.page.getByRole('button', { name: label }).click();
    await this.page.locator('dialog [data-steps=done]').waitFor({ timeout: 60_000 });
  }

  async close(label: string): Promise<void> {
    await this.page.getByRole('dialog').getByRole('button', { name: label, exact: true }).last().click();
    await this.page.getByRole('dialog').waitFor({ state: 'hidden' });
  }

  /** What the API answers to this member. */
  read<T>(path: string): Promise<T> {
    return this.page.evaluate(async (path) => (await fetch(path)).json() as Promise<T>, path);
  }

  async cash(): Promise<bigint> {
    const { balance } = await this.read<{ balance: { amount: string } }>('/api/cash');
    return BigInt(balance.amount.replace('.', ''));
  }

  async shot(name: string): Promise<void> {
    await this.page.screenshot({ path: join(screenshots, `${name}.png`), fullPage: true });
  }
}
