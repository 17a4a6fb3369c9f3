/** A firm applies on a phone, its colleague joins by a link, two people of the platform verify and admit, and it comes in. */
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { newNumber, PDF } from '../api/applications/support.ts';
import { Person } from './support/person.ts';
import { startEmpty, type Product } from './support/product.ts';
import { openBrowser } from './support/visitor.ts';

const PHONE = { width: 390, height: 844 } as const;

describe('a firm that applies', () => {
  let product: Product;
  let browser: Browser;
  let boss: Person;
  let colleague: Person;
  let verifier: Person;
  let admitter: Person;
  const shot = ({ page }: Person, name: string) =>
    page.screenshot({ path: `${import.meta.dirname}/screenshots/${name}.png`, fullPage: true });

  beforeAll(async () => {
    [product, browser] = await Promise.all([startEmpty({ ACCOUNT_PROOF: 'sandbox' }), openBrowser()]);
    const person = (name: string, size: object = {}) => Person.withDevice(browser, product.url, name, size);
    verifier = await person('核实人');
    await verifier.join(product.output.find((line) => line.includes('/join#'))!.trim());
    await verifier.page.goto('/firm');
    await verifier.page.getByRole('button', { name: '邀请人员' }).click();
    for (const right of ['经办', '签名'])
      await verifier.page.getByRole('checkbox', { name: right }).last().check();
    await verifier.page.getByRole('button', { name: '生成链接' }).click();
    admitter = await person('准入人');
    await admitter.join(await verifier.page.locator('[data-secret] code').innerText());
    boss = await person('周老板', PHONE);
    colleague = await person('吴复核', PHONE);
  });
  afterAll(async () => {
    await browser?.close();
    await product?.close();
  });

  it('finds a platform where two have to sign', async () => {
    const { page } = verifier;
    const isOfPeople = () =>
      page.evaluate(async () => {
        const response = await fetch('/api/account/policy', { headers: { 'tallystick-member': 'operator' } });
        return response.ok;
      });
    await expect.poll(isOfPeople, { timeout: 60_000 }).toBe(true);
    await page.goto('/firm');
    await page.locator('[data-person=准入人]').getByRole('button', { name: '授予签名' }).click();
    const sheet = page.getByRole('dialog', { name: '授予签名' });
    await sheet.getByLabel('每项须几个签名').fill('2');
    await sheet.getByRole('button', { name: '授予签名' }).click();
    await page.getByRole('button', { name: '签名并提交' }).click();
    await page.locator('dialog [data-steps=done]').waitFor({ timeout: 60_000 });
    await shot(verifier, 'give-signature-zh');
  });

  it('fills in the form in steps, with a proved account and a colleague', async () => {
    const { page } = boss;
    await page.goto('/apply');
    await page.getByLabel('姓名').fill(boss.name);
    await page.getByRole('button', { name: '登记这台设备' }).click();
    await page.getByRole('button', { name: '开始申请' }).click();
    const next = () => page.getByRole('button', { name: '保存并继续' }).click();
    const number = newNumber();
    await page.getByLabel('号码').fill(`${number.slice(0, 17)}${number.endsWith('0') ? '1' : '0'}`);
    await page.getByLabel('中文名').fill('江北五金厂');
    await page.getByLabel('英文名').fill('Jiangbei Hardware');
    await page.getByLabel('法定代表人（经营者）').fill('周某');
    await page.getByLabel('地址', { exact: true }).fill('南京市某路 1 号');
    await page.getByLabel('证照有效期至').fill('2036-01-01');
    await next();
    await page.locator('[data-code=TAX_NUMBER_INVALID]').waitFor();
    await shot(boss, 'apply-firm-phone-zh');
    await page.getByLabel('号码').fill(number);
    await next();
    await page.getByLabel('联系人').fill('周某');
    await page.getByLabel('电话').fill('025-1234567');
    await page.getByLabel('电子邮箱').fill('zhou@example.com');
    await page.getByRole('checkbox', { name: '供应商' }).check();
    await next();
    await page.getByLabel('开户行').fill('江海商业银行');
    await page.getByLabel('账号').fill('6222 0000 0000 0007');
    await page.getByRole('button', { name: '打款验证' }).click();
    await page.locator('[data-amount]').waitFor();
    await verifier.page.goto('/applications');
    const amount = await verifier.page.locator('[data-sandbox] li span').last().innerText();
    await page.getByLabel('金额').fill(amount);
    await page.getByRole('button', { name: '确认金额' }).click();
    await page.getByText('账户已验证').waitFor();
    await next();
    for (const kind of ['licence', 'legal_person']) {
      await page.getByLabel('文件类别').selectOption(kind);
      await page
        .getByLabel('上传')
        .setInputFiles({ name: `${kind}.pdf`, mimeType: 'application/pdf', buffer: PDF });
      await page.locator(`[data-document=${kind}]`).waitFor();
    }
    await shot(boss, 'apply-documents-phone-zh');
    await next();
    await page.getByRole('button', { name: '生成链接' }).click();
    const link = await page.locator('[data-secret] code').innerText();
    await shot(boss, 'apply-people-phone-zh');
    await next();
    await colleague.page.goto(link.replace(/^https?:\/\/[^/]+/, ''));
    await colleague.page.getByText('江北五金厂').waitFor();
    await colleague.page.getByLabel('姓名').fill(colleague.name);
    await colleague.page.getByRole('button', { name: '登记这台设备' }).click();
    await colleague.page.getByRole('link', { name: '江北五金厂' }).click();
    await colleague.page.getByText('你参加了这份申请').waitFor();
    await page.reload();
    await page.getByRole('button', { name: '提交', exact: true }).click();
    await page.getByRole('button', { name: '提交申请' }).click();
    await page.getByText('申请已提交').waitFor();
  });

  it('is asked for more, reads why, is verified, and admitted by another person', async () => {
    const { page } = verifier;
    const take = async () => {
      await page.goto('/applications');
      await page.getByText('江北五金厂').click();
      await page.getByRole('button', { name: '开始核实' }).click();
    };
    await take();
    await page.getByLabel('理由').fill('请上传清晰的执照');
    await page.getByRole('button', { name: '要求补充' }).click();
    await page.locator('[data-reason]').waitFor();
    await boss.page.reload();
    await boss.page.getByText('请上传清晰的执照').waitFor();
    await shot(boss, 'apply-more-phone-zh');
    await boss.page.getByRole('button', { name: '提交', exact: true }).click();
    await boss.page.getByRole('button', { name: '提交申请' }).click();
    await boss.page.getByText('申请已提交').waitFor();
    await take();
    for (const check of ['名称与执照一致', '法定代表人证件已核']) await page.getByLabel(check).check();
    await shot(verifier, 'review-zh');
    await page.getByRole('button', { name: '核实通过' }).click();
    await page.getByText('由另一人准入').waitFor();
    await admitter.page.goto(new URL(page.url()).pathname);
    const review = new URL(page.url()).pathname;
    await admitter.page.getByRole('button', { name: '准入', exact: true }).click();
    await admitter.page.waitForURL(/\/instructions\//);
    const decision = new URL(admitter.page.url()).pathname;
    await admitter.page.getByText('江北五金厂').first().waitFor();
    await admitter.page.getByRole('button', { name: '签名并提交' }).click();
    await page.goto(decision);
    await page.getByText('江北五金厂').first().waitFor();
    await shot(verifier, 'check-decision-zh');
    await page.getByRole('button', { name: '签名并提交' }).click();
    await admitter.page.goto(review);
    await expect
      .poll(
        async () => {
          await admitter.page.reload();
          await admitter.page.locator('[data-step]').first().waitFor();
          return admitter.page.locator('[data-step=admitted]').count();
        },
        { timeout: 60_000 },
      )
      .toBe(1);
    await boss.page.reload();
    await boss.page.getByRole('button', { name: '进入' }).click();
    await boss.page.waitForURL((at) => at.pathname === '/');
    await boss.page.goto('/firm');
    await boss.page.locator('[data-person=吴复核]').waitFor();
    expect([...verifier.trouble, ...admitter.trouble, ...colleague.trouble]).toEqual([]);
  });
});
