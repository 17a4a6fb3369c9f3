/** Firms that come in by themselves: each applies on screen with two people, and two people of the platform admit it. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Browser } from 'playwright-core';
import { GOVERNANCE_DELAY } from '#chain/governance.ts';
import { rpc } from '#embedded/rpc.ts';
import { readConfig } from '#scripts/config.ts';
import { govern } from '#scripts/governance/command.ts';
import { newNumber, PDF } from '../../api/applications/support.ts';
import { GOVERNORS, HANDS } from '../../fixtures/hands.ts';
import { Person } from './person.ts';
import type { Product } from './product.ts';

export type Platform = { readonly verifier: Person; readonly admitter: Person };

/** The first person by the printed link, a second one by hers; from then on two of them sign. */
export async function foundPlatform(browser: Browser, product: Product): Promise<Platform> {
  const verifier = await Person.withDevice(browser, product.url, '沈一帆');
  await verifier.join(product.output.find((line) => line.includes('/join#'))!.trim());
  const { page } = verifier;
  await page.goto('/firm');
  await page.getByRole('button', { name: '邀请人员' }).click();
  for (const right of ['经办', '签名']) await page.getByRole('checkbox', { name: right }).last().check();
  await page.getByRole('button', { name: '生成链接' }).click();
  const admitter = await Person.withDevice(browser, product.url, '顾二');
  await admitter.join(await page.locator('[data-secret] code').innerText());
  await page.waitForFunction(
    async () => (await fetch('/api/account/policy', { headers: { 'tallystick-member': 'operator' } })).ok,
  );
  await page.goto('/firm');
  await page.locator('[data-person=顾二]').getByRole('button', { name: '授予签名' }).click();
  await page.getByRole('dialog', { name: '授予签名' }).getByRole('button', { name: '授予签名' }).click();
  await verifier.sign();
  return { verifier, admitter };
}

export type Founding = {
  readonly zh: string;
  readonly en: string;
  /** As the form calls them. */
  readonly roles: readonly string[];
  readonly policy: '一人签名即可' | '须两人签名';
  /** The first signs; the second signs too where two are needed, else only prepares. */
  readonly people: readonly [checker: Person, maker: Person];
};

/** Fills in and files an application; leads to its address. */
export async function apply({ zh, en, roles, policy, people: [boss, colleague] }: Founding): Promise<string> {
  const { page } = boss;
  await page.goto('/apply');
  await page.getByLabel('姓名').fill(boss.name);
  await page.getByRole('button', { name: '登记这台设备' }).click();
  await page.getByRole('button', { name: '开始申请' }).click();
  const next = () => page.getByRole('button', { name: '保存并继续' }).click();
  await page.getByLabel('号码').fill(newNumber());
  await page.getByLabel('中文名').fill(zh);
  await page.getByLabel('英文名').fill(en);
  await page.getByLabel('法定代表人（经营者）').fill('周某');
  await page.getByLabel('地址', { exact: true }).fill('南京市某路 1 号');
  await page.getByLabel('证照有效期至').fill('2036-01-01');
  await next();
  await page.getByLabel('联系人').fill(boss.name);
  await page.getByLabel('电话').fill('025-1234567');
  await page.getByLabel('电子邮箱').fill('finance@example.com');
  for (const role of roles) await page.getByRole('checkbox', { name: role, exact: true }).check();
  await next();
  await page.getByLabel('开户行').fill('江海商业银行');
  await page.getByLabel('账号').fill(`6222${Date.now()}`);
  await next();
  for (const kind of ['licence', 'legal_person']) {
    await page.getByLabel('文件类别').selectOption(kind);
    await page
      .getByLabel('上传')
      .setInputFiles({ name: `${kind}.pdf`, mimeType: 'application/pdf', buffer: PDF });
    await page.locator(`[data-document=${kind}]`).waitFor();
  }
  await next();
  await page.getByLabel('签名规则').selectOption({ label: policy });
  if (policy === '一人签名即可') {
    await page.getByRole('checkbox', { name: '签名' }).uncheck();
    await page.getByLabel('签名级别').last().selectOption('none');
  }
  await page.getByRole('button', { name: '生成链接' }).click();
  const link = await page.locator('[data-secret] code').innerText();
  await next();
  await colleague.join(link);
  await page.reload();
  await page.getByRole('button', { name: '提交', exact: true }).click();
  await page.getByRole('button', { name: '提交申请' }).click();
  await page.getByText('申请已提交').waitFor();
  return new URL(page.url()).pathname;
}

/** One verifies, the other admits, both sign; then the firm's people come in. */
export async function admit({ verifier, admitter }: Platform, firm: Founding): Promise<void> {
  const { page } = verifier;
  await page.goto('/applications');
  await page.getByText(firm.zh).click();
  await page.getByRole('button', { name: '开始核实' }).click();
  for (const check of ['名称与执照一致', '法定代表人证件已核', '账户户名一致'])
    await page.getByLabel(check).check();
  await page.getByRole('button', { name: '核实通过' }).click();
  await page.getByText('由另一人准入').waitFor();
  await admitter.page.goto(new URL(page.url()).pathname);
  await admitter.page.getByRole('button', { name: '准入', exact: true }).click();
  await admitter.page.waitForURL(/\/instructions\//);
  await admitter.page.getByText(firm.zh).first().waitFor();
  await admitter.page.getByRole('button', { name: '签名并提交' }).click();
  await page.goto(new URL(admitter.page.url()).pathname);
  await page.getByText(firm.zh).first().waitFor();
  await page.getByRole('button', { name: '签名并提交' }).click();
  for (const person of firm.people) {
    await person.page.goto('/apply');
    await person.page.getByText(firm.zh).click();
    await person.page.getByRole('button', { name: '进入' }).click();
    await person.page.waitForURL((at) => at.pathname === '/');
  }
}

/** Governance decides: announced, and made so when its delay is over, by files as the guide has them. The clock of the chain moves. */
export async function decide(product: Product, ...decisions: string[][]): Promise<void> {
  const config = readConfig({ DATA_DIR: product.dataDir, DEMO: 'off', ...HANDS });
  const file = (name: string): string => join(product.dataDir, name);
  const keys = GOVERNORS.DESKS.slice(0, 2).map((key, n) => {
    writeFileSync(file(`desks ${n}`), key);
    return file(`desks ${n}`);
  });
  const stage = async (name: 'announce' | 'perform', decision: string[]): Promise<void> => {
    const path = file(`${name} ${decision.join(' ').replaceAll(/\W/g, '-')}.json`);
    await govern(config, product.rpcUrl, [name, path, ...decision]);
    for (const key of keys) await govern(config, product.rpcUrl, ['sign', path, key]);
    await govern(config, product.rpcUrl, ['send', path]);
  };
  for (const decision of decisions) await stage('announce', decision);
  await rpc(product.rpcUrl, 'evm_increaseTime', GOVERNANCE_DELAY + 1);
  await rpc(product.rpcUrl, 'evm_mine');
  for (const decision of decisions) await stage('perform', decision);
}
