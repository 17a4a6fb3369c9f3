/** From an empty deployment to the first bill, paid to the cent: three firms that never met an engineer, each with two people. */
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { parseLegalDate } from '#domain/dates.ts';
import { admit, apply, decide, foundPlatform, type Founding, type Platform } from './support/firm.ts';
import { Person } from './support/person.ts';
import { startEmpty, type Product } from './support/product.ts';
import { openBrowser } from './support/visitor.ts';

const PHONE = { width: 390, height: 844 } as const;

describe('the first bill', () => {
  let product: Product;
  let browser: Browser;
  let platform: Platform;
  /** One prepares and cannot sign, the other signs alone. */
  let core: Founding;
  /** Two sign. */
  let supplier: Founding;
  let bank: Founding;
  let due: string;
  const everybody: Person[] = [];

  const person = async (name: string, size: object = {}): Promise<Person> => {
    const made = await Person.withDevice(browser, product.url, name, size);
    everybody.push(made);
    return made;
  };
  /** What waits for somebody's signature, opened from the home page; its sentence. */
  const openToSign = async ({ page }: Person): Promise<string> => {
    await page.goto('/');
    await page.locator('[data-kind=sign_instruction]').click();
    return page.locator('main [data-meaning]').innerText();
  };
  const check = async (checker: Person, sentence: string): Promise<void> => {
    expect(await openToSign(checker)).toBe(sentence);
    await checker.page.getByRole('button', { name: '签名并提交' }).click();
    await checker.page.getByText('已完成', { exact: true }).waitFor();
  };
  const sentenceOf = ({ page }: Person): Promise<string> => page.locator('dialog [data-meaning]').innerText();
  /** What the maker has before him he signs first, then the checker what he finds in his inbox: the same sentence. */
  const bothSign = async ({ people: [checker, maker] }: Founding): Promise<string> => {
    const sentence = await sentenceOf(maker);
    await maker.page.getByRole('button', { name: '签名并提交' }).click();
    await maker.page.locator('dialog [data-signing=waiting]').waitFor();
    await maker.close();
    await check(checker, sentence);
    return sentence;
  };

  beforeAll(async () => {
    [product, browser] = await Promise.all([startEmpty(), openBrowser()]);
  });
  afterAll(async () => {
    await browser?.close();
    await product?.close();
  });

  it('begins with a printed link and two people of the platform', async () => {
    platform = await foundPlatform(browser, product);
    everybody.push(platform.verifier, platform.admitter);
  });

  it('has firms that apply, are admitted by two people, and a bank by governance', async () => {
    core = {
      zh: '临江重工',
      en: 'Linjiang Heavy Industries',
      roles: ['核心企业'],
      policy: '一人签名即可',
      people: [await person('钱复核', PHONE), await person('赵经办')],
    };
    supplier = {
      zh: '江北五金厂',
      en: 'Jiangbei Hardware',
      roles: ['供应商'],
      policy: '须两人签名',
      people: [await person('孙老板', PHONE), await person('李会计')],
    };
    bank = {
      zh: '江海商业银行',
      en: 'Jianghai Commercial Bank',
      roles: ['银行', '结算银行'],
      policy: '须两人签名',
      people: [await person('吴审批', PHONE), await person('郑客户经理')],
    };
    const firms = [core, supplier, bank];
    await Promise.all(firms.map(apply));
    await core.people[1].page.goto('/');
    await core.people[1].page.getByRole('link', { name: core.zh }).waitFor();
    await core.people[1].shot('seatless-applied-zh');
    for (const firm of firms) await admit(platform, firm);
    const { member } = await bank.people[0].read<{ member: { number: number } }>('/api/session');
    const number = String(member.number);
    await decide(product, ['privileges', number, 'bank,settlement_bank'], ['cap', number, '5000000.00']);
  });

  it('has a bank whose two people issue deposits, let quotes be paid, and set a line', async () => {
    const maker = bank.people[1];
    const { page } = maker;
    const dialog = page.getByRole('dialog');
    const pick = async (label: string, name: string): Promise<void> => {
      await dialog.getByRole('combobox', { name: label }).pressSequentially(name);
      await page.getByRole('option', { name }).click();
    };
    for (const [firm, amount] of [
      [core, '200000'],
      [bank, '500000'],
    ] as const) {
      await page.goto('/cash');
      await page.getByRole('button', { name: '记入存款' }).click();
      await pick('成员', firm.zh);
      await dialog.getByLabel('银行记账编号').fill(`BK-${amount}`);
      await dialog.getByLabel('金额').fill(amount);
      await dialog.getByRole('button', { name: '核对并签名' }).click();
      await bothSign(bank);
    }
    await page.getByRole('button', { name: '授权报价付款' }).click();
    await bothSign(bank);
    await page.goto('/lines');
    await page.getByRole('button', { name: '设定额度' }).first().click();
    await pick('承兑人', core.zh);
    await dialog.getByLabel('额度').fill('1000000');
    await dialog.getByRole('button', { name: '核对并签名' }).click();
    await bothSign(bank);
    expect(await maker.cash()).toBe(50_000_000n);
  });

  it('is prepared from a file by somebody who cannot sign, and issued by a colleague on a phone', async () => {
    const [checker, maker] = core.people;
    const { page } = maker;
    const { clock } = await maker.read<{ clock: string }>('/api/status');
    due = `${Number(clock.slice(0, 4)) + (clock.slice(5, 7) > '08' ? 1 : 0)}-${clock.slice(5, 7) > '08' ? '03' : '11'}-05`;
    const csv = ['供应商,发票号码,到期日,金额', `${supplier.zh},A-0001,${due},"100,000.00"`].join('\n');
    await page.goto('/');
    await page.getByRole('link', { name: '导入应付款' }).first().click();
    await page
      .locator('input[type=file]')
      .setInputFiles({ name: '应付款.csv', mimeType: 'text/csv', buffer: Buffer.from(csv) });
    const issue = page.getByRole('button', { name: '签发 1 张票据' });
    await issue.click();
    expect(await sentenceOf(maker)).toContain(supplier.zh);
    // Looked at and given up: nobody else has to do with it, and the row can go again.
    await page.getByRole('dialog').getByRole('button', { name: '取消' }).click();
    await issue.click();
    const sentence = await sentenceOf(maker);
    await page.getByRole('button', { name: '交同事签名' }).click();
    await page.locator('dialog [data-steps=waiting]').getByText(checker.name).waitFor();
    await maker.shot('handed-on-zh');
    await maker.close();
    await openToSign(checker);
    await checker.shot('check-phone-zh');
    await check(checker, sentence);
    await page
      .getByRole('link', { name: /^票据 / })
      .first()
      .waitFor();
  });

  it('waits for nobody when its confirmation was closed, and is taken by two people', async () => {
    const [checker, maker] = supplier.people;
    const { page } = maker;
    await page.goto('/');
    await page.locator('[data-kind=sign_for_bill]').click();
    const take = page
      .getByRole('row')
      .filter({ hasText: '¥100,000.00' })
      .getByRole('button', { name: '签收' });
    await take.click();
    await page.locator('dialog [data-meaning]').waitFor();
    const given = page.waitForResponse((answer) => answer.url().endsWith('/withdraw') && answer.ok());
    await page.getByRole('dialog').getByRole('button', { name: '取消' }).click();
    await given;
    expect((await checker.read<{ toSign: unknown[] }>('/api/inbox')).toSign).toEqual([]);
    await take.click();
    expect(await bothSign(supplier)).toContain(`${supplier.zh}将签收 ${core.zh} 签发的 ¥100,000.00`);
  });

  it('is offered to the bank, whose two people quote, and sold to it', async () => {
    const [checker, maker] = bank.people;
    const seller = supplier.people[1];
    await seller.page.goto('/holdings');
    await seller.page
      .getByRole('row')
      .filter({ hasText: '¥100,000.00' })
      .getByRole('button', { name: '融资' })
      .click();
    const ask = seller.page.getByRole('dialog');
    await ask.getByLabel('金额').fill('60000');
    await ask.getByLabel(bank.zh).check();
    await ask.getByRole('button', { name: '邀请报价' }).click();
    await seller.page.waitForURL(/\/financing\/./);

    await maker.page.goto('/');
    await maker.page.locator('[data-kind=quote_request]').click();
    await maker.page.getByRole('button', { name: '报价', exact: true }).click();
    const form = maker.page.getByRole('dialog');
    await form.getByLabel('年利率').fill('3');
    await form.getByRole('button', { name: '核对并签名' }).click();
    const sentence = await sentenceOf(maker);
    await maker.page.getByRole('button', { name: '签名并提交' }).click();
    await maker.page.locator('dialog [data-signing=waiting]').waitFor();
    await maker.close();
    await maker.page.getByText('报价等待签名').waitFor();
    expect(await openToSign(checker)).toBe(sentence);
    await checker.page.getByText('已签 1 人，待签名').waitFor();
    await checker.shot('check-quote-phone-zh');
    await checker.page.getByRole('button', { name: '签名并提交' }).click();
    await checker.page.locator('main [data-signing=enough]').waitFor();

    await seller.page.goto('/');
    await seller.page.locator('[data-kind=choose_quote]').click();
    await seller.page.locator('[data-rank="1"]').getByRole('button', { name: '接受' }).click();
    await bothSign(supplier);
  });

  it('is paid at maturity, to the cent, and everybody’s page says so', async () => {
    const [checker, maker] = core.people;
    const [supplierBefore, bankBefore, coreBefore] = await Promise.all(
      [supplier, bank, core].map(({ people }) => people[0].cash()),
    );
    await product.moveTo(parseLegalDate(due));
    const { page } = maker;
    await page.goto('/');
    await page.locator('[data-kind=payment_due]').click();
    await page.waitForURL(/\/bills\//);
    const address = new URL(page.url()).pathname;
    await page.getByRole('button', { name: '付款', exact: true }).click();
    await page.getByRole('button', { name: '核对并签名' }).click();
    const sentence = await sentenceOf(maker);
    await page.getByRole('button', { name: '交同事签名' }).click();
    await page.locator('dialog [data-signing=waiting]').waitFor();
    await maker.close();
    await check(checker, sentence);
    const after = () => Promise.all([supplier, bank, core].map(({ people }) => people[0].cash()));
    await expect
      .poll(after, { timeout: 60_000 })
      .toEqual([supplierBefore! + 4_000_000n, bankBefore! + 6_000_000n, coreBefore! - 10_000_000n]);
    // 60,000.00 at 3 % a year, actual days of 360.
    const days = await supplier.people[1].read<{ items: { days: number; interest: { amount: string } }[] }>(
      '/api/deals?side=sold',
    );
    const [deal] = days.items;
    expect(Number(deal!.interest.amount)).toBeCloseTo((60_000 * 0.03 * deal!.days) / 360, 2);
    for (const { people } of [core, supplier, bank])
      for (const each of people) {
        await each.page.goto(address);
        await each.page.getByText('已结清').filter({ visible: true }).first().waitFor();
      }
    await checker.shot('first-bill-settled-phone-zh');
    await maker.page.getByRole('button', { name: 'English' }).first().click();
    await maker.page.getByText('Settled').first().waitFor();
    await maker.shot('first-bill-settled-en');
    expect(everybody.flatMap(({ trouble }) => trouble)).toEqual([]);
  });
});
