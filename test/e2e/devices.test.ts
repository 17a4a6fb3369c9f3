/** Who signs for a firm: a policy changed by two and vetoed by one, a device lost and replaced, all lost and recovered, a session stolen. */
import { AxeBuilder } from '@axe-core/playwright';
import { Wallet } from 'ethers';
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { BRIDGE_URL } from '#client/signers/bridge.ts';
import { Sm2Key } from '#client/signers/sm2.ts';
import { addDays, legalDateOf } from '#domain/dates.ts';
import { startSoftBridge } from '../fixtures/ukey-bridge.ts';
import { SoftWallet } from '../fixtures/wallet.ts';
import { Person } from './support/person.ts';
import { startEmpty, type Product } from './support/product.ts';
import { openBrowser } from './support/visitor.ts';
import { installWallet } from './support/wallet.ts';

const PHONE = { width: 390, height: 844 } as const;
const STANDARDS = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa'];
const PATIENCE = { timeout: 60_000 };

describe('a firm and its devices', () => {
  let product: Product;
  let browser: Browser;
  let operator: Person;
  let boss: Person;
  let checker: Person;
  let newcomer: Person;
  let helper: Person;
  const today = legalDateOf(Math.floor(Date.now() / 1_000));

  const shot = async ({ page }: Person, name: string): Promise<void> => {
    await page.screenshot({ path: `${import.meta.dirname}/screenshots/${name}.png`, fullPage: true });
    const { violations } = await new AxeBuilder({ page }).withTags(STANDARDS).analyze();
    expect(violations.map(({ id, nodes }) => [id, nodes[0]?.html])).toEqual([]);
  };
  /** Signs what is open; others of the firm may have to sign it too. */
  const sign = async ({ page }: Person, end: 'done' | 'waits' = 'done'): Promise<void> => {
    const dialog = page.getByRole('dialog');
    await dialog.getByRole('button', { name: '签名并提交' }).click();
    const over =
      end === 'done' ? dialog.locator('[data-steps=done]') : dialog.getByText('已签名，等待其他人签名');
    await over.waitFor(PATIENCE);
    await dialog.getByRole('button', { name: '关闭', exact: true }).last().click();
    await dialog.waitFor({ state: 'hidden' });
  };
  /** What waits for this person's signature, opened from the activity. */
  const checks = async ({ page }: Person): Promise<void> => {
    await page.goto('/');
    await page.locator('[data-kind=sign_instruction]').first().click();
    await page.getByRole('button', { name: '签名并提交' }).click();
    await page.locator('[data-signing=enough]').waitFor(PATIENCE);
  };
  /** A seat that is taken away, and a recovery that is too early, are answered with 409. */
  const troubleOf = ({ trouble }: Person): string[] => trouble.filter((each) => !each.includes('409'));
  const person = (name: string, size: object = {}) => Person.withDevice(browser, product.url, name, size);
  /** The key of a device, as its owner reads it off the page of a recovery. */
  const keyOf = async ({ page }: Person): Promise<string> => {
    await page.goto('/lost/all');
    return (await page.locator('[data-own-key]').innerText()).trim();
  };
  const versionIs = async ({ page }: Person, version: number): Promise<void> => {
    await page.goto('/firm/policy');
    await page.locator(`[data-policy="${version}"]`).waitFor(PATIENCE);
  };
  const chooses = async ({ page }: Person, preset: string, more?: () => Promise<void>): Promise<void> => {
    await page.goto('/firm/policy');
    await page.getByRole('button', { name: '变更签署规则' }).click();
    await page.getByRole('radio', { name: preset }).check();
    await more?.();
    await page.locator('[data-preview]').waitFor();
  };
  const announces = ({ page }: Person) => page.getByRole('button', { name: '核对并签名' }).click();
  const admits = async (name: string, en: string, key: string): Promise<void> => {
    const { page } = operator;
    await page.goto('/operator');
    await page.getByRole('button', { name: '准入成员' }).click();
    const sheet = page.getByRole('dialog', { name: '准入成员' });
    await sheet.getByLabel('中文名称').fill(name);
    await sheet.getByLabel('英文名称').fill(en);
    await sheet.getByLabel('理由').fill('资料齐全');
    await sheet.locator('textarea').last().fill(key);
    await sheet.getByRole('button', { name: '准入成员' }).click();
    await page.locator('dialog [data-meaning]').waitFor();
    await sign(operator);
  };

  beforeAll(async () => {
    [product, browser] = await Promise.all([startEmpty(), openBrowser()]);
    operator = await person('沈一帆');
    await operator.join(product.output.find((line) => line.includes('/join#'))!.trim());
    [boss, helper, checker] = await Promise.all([person('周老板'), person('柳助'), person('吴复核', PHONE)]);
    await Promise.all([boss, helper].map((each) => each.join('/join')));
    const isOfPeople = () =>
      operator.page.evaluate(async () => {
        const response = await fetch('/api/account/policy', { headers: { 'tallystick-member': 'operator' } });
        return response.ok;
      });
    await vi.waitUntil(isOfPeople, PATIENCE);
    await admits('江北五金厂', 'Jiangbei Hardware', await keyOf(boss));
    await admits('柳河银行', 'Liuhe Bank', await keyOf(helper));
    for (const each of [boss, helper]) {
      await each.signIn();
      await each.page.goto('/firm');
      await each.page.locator('[data-person]').waitFor();
    }
  });
  afterAll(async () => {
    await browser?.close();
    await product?.close();
  });

  it('signs with a wallet, and with a UKey through the program on the same machine, each by itself; another site gets nothing of it', async () => {
    const { page } = helper;
    const token = 'a-token-that-the-program-has-shown-to-its-person';
    const paired = new URL(page.url()).origin;
    const key = Sm2Key.fromSeed('a UKey of the bank');
    const wallet = new SoftWallet(Wallet.createRandom() as unknown as Wallet, 1); // it stands on another chain
    const port = Number(new URL(BRIDGE_URL).port);
    const bridge = await startSoftBridge({
      token,
      origins: [paired],
      keys: [{ label: 'UKey 8842', key }],
      port,
    });
    try {
      await installWallet(page, '测试钱包', wallet);
      await page.goto('/me');
      await page.getByRole('button', { name: '添加钱包' }).click();
      wallet.manner = 'refuses';
      await page.getByRole('button', { name: '测试钱包' }).click();
      await page.getByText('你在钱包里取消了').waitFor();
      wallet.manner = 'signs';
      await page.getByRole('button', { name: '测试钱包' }).click();
      await page.locator('[data-own-signer]').filter({ hasText: '测试钱包' }).waitFor();

      await page.getByRole('button', { name: '添加 UKey' }).click();
      await page.getByLabel('配对码').fill('another token than was shown');
      await page.getByRole('button', { name: '查看已插入的 UKey' }).click();
      await page.getByText('UKey 程序不认识本网站').waitFor();
      await page.getByLabel('配对码').fill(token);
      await page.getByRole('button', { name: '查看已插入的 UKey' }).click();
      await shot(helper, 'ukey-choose-zh');
      await page.getByRole('button', { name: /^UKey 8842/ }).click();
      await page.locator('[data-own-signer]').filter({ hasText: 'UKey 8842' }).waitFor();
      await shot(helper, 'wallet-and-ukey-zh');

      // Each time the one signer names another: what is signed is done on the chain at once.
      const hands = async (from: string, to: string, version: number): Promise<void> => {
        await chooses(helper, '一人即可', async () => {
          const candidates = page.locator('[data-candidate]');
          await candidates.filter({ hasText: to }).getByRole('checkbox').first().check();
          await candidates.filter({ hasText: from }).getByRole('checkbox').first().uncheck();
        });
        await announces(helper);
        await page.locator('dialog [data-meaning]').waitFor();
        if (version === 3) await shot(helper, 'wallet-signs-zh');
        await sign(helper);
        await versionIs(helper, version);
      };
      const device = await page.evaluate(async () => {
        const response = await fetch('/api/devices', { headers: { 'tallystick-member': '2' } });
        return ((await response.json()) as { items: { name: string }[] }).items[0]!.name;
      });
      await hands(device, '测试钱包', 2);
      await hands('测试钱包', 'UKey 8842', 3);
      expect(bridge.asked).toBe(1); // to show that it is there
      await hands('UKey 8842', device, 4);
      expect(bridge.asked).toBe(2);

      const elsewhere = await browser.newPage();
      await elsewhere.goto(`${product.url}/favicon.svg`); // the same machine under another name is another site
      const stolen = await elsewhere.evaluate(
        ([url, token]) =>
          fetch(`${url}/v1/keys`, { headers: { authorization: `Bearer ${token}` } }).then(
            (response) => response.text(),
            () => 'nothing',
          ),
        [BRIDGE_URL, token] as const,
      );
      expect(stolen).toBe('nothing');
      await elsewhere.close();
    } finally {
      await bridge.close();
    }
  });

  it('lets its one signer name a second, at once, by a policy that nobody has to work out', async () => {
    const { page } = boss;
    await page.goto('/firm');
    await page.getByRole('button', { name: '邀请人员' }).click();
    for (const right of ['经办', '签名']) await page.getByRole('checkbox', { name: right }).last().check();
    await page.getByRole('button', { name: '生成链接' }).click();
    await checker.join(await page.locator('[data-secret] code').innerText());
    await chooses(boss, '两人共同', async () => {
      await page.locator('[data-candidate=周老板]').getByRole('checkbox').uncheck();
      expect(await page.locator('[data-fault]').innerText()).not.toBe('');
      await page.locator('[data-candidate=周老板]').getByRole('checkbox').check();
      await page.locator('[data-candidate=吴复核]').getByRole('checkbox').first().check();
    });
    expect(await page.locator('[data-preview]').innerText()).toContain('周老板、吴复核 共同');
    await shot(boss, 'policy-preview-zh');
    await announces(boss);
    await sign(boss);
    await versionIs(boss, 2);
    await shot(boss, 'policy-zh');
  });

  it('tells the others of a change that one has announced, on every page, and one of them vetoes it with a press', async () => {
    await chooses(boss, '一人即可');
    await announces(boss);
    await sign(boss);
    const { page } = checker;
    await page.goto('/');
    await page.locator('[data-policy-change]').getByRole('link', { name: '查看' }).click();
    await page.getByRole('button', { name: '否决' }).waitFor();
    expect(await page.locator('[data-change]').innerText()).toContain('周老板');
    await shot(checker, 'policy-veto-phone-zh');
    await page.getByRole('button', { name: '否决' }).click();
    await page.locator('[data-change]').waitFor({ state: 'detached', ...PATIENCE });
    await versionIs(checker, 2);
  });

  it('changes its policy by two, which is carried out by itself when its time has come', async () => {
    await chooses(boss, '两人共同', () => boss.page.getByRole('checkbox', { name: '剩下的一人' }).uncheck());
    await announces(boss);
    await sign(boss);
    await product.moveTo(addDays(today, 2));
    await versionIs(boss, 3);
    await chooses(boss, '两人共同');
    await announces(boss);
    await sign(boss, 'waits');
    const { page } = checker;
    await page.goto('/');
    await page.locator('[data-kind=sign_instruction]').first().click();
    await page.locator('[data-policy-lines]').waitFor();
    await shot(checker, 'policy-check-phone-zh');
    await page.getByRole('button', { name: '签名并提交' }).click();
    await page.locator('[data-signing=enough]').waitFor(PATIENCE);
    await page.goto('/firm/policy');
    await page.locator('[data-change]').waitFor(PATIENCE);
    await product.moveTo(addDays(today, 4));
    await versionIs(boss, 4);
  });

  it('replaces a lost device: it comes in no more, and another takes its place', async () => {
    const { page } = boss;
    await page.goto('/firm');
    await page.locator('[data-person=吴复核]').getByRole('button', { name: '设备丢失' }).click();
    await shot(boss, 'replace-zh');
    await page.getByRole('button', { name: '停用并生成新链接' }).click();
    const link = await page.locator('[data-secret] code').innerText();
    await checker.page.goto('/');
    await checker.page.waitForURL(/\/enter/);
    await checker.page.goto('/lost');
    await shot(checker, 'lost-phone-zh');
    newcomer = await person('吴复核', PHONE);
    await newcomer.join(link);
    await page.goto('/firm');
    await page.locator('[data-person=吴复核]').getByRole('button', { name: '授予签名' }).click();
    const sheet = page.getByRole('dialog', { name: '授予签名' });
    await sheet.getByLabel('取代').selectOption({ index: 2 });
    await sheet.getByRole('button', { name: '授予签名' }).click();
    await sign(boss);
    await product.moveTo(addDays(today, 6));
    await versionIs(boss, 5);
    expect(await page.locator('[data-signer=吴复核]').count()).toBe(1);
  });

  it('names while all is well who helps when all is lost, signed by both', async () => {
    const { page } = boss;
    await page.getByRole('button', { name: '指定协助人' }).click();
    const sheet = page.getByRole('dialog');
    await sheet.getByRole('combobox').fill('柳河');
    await sheet.getByRole('option', { name: /柳河银行/ }).click();
    await sheet.getByRole('button', { name: '核对并签名' }).click();
    await sign(boss, 'waits');
    await checks(newcomer);
    await page.goto('/firm/policy');
    await page.locator('[data-recovery-card]').getByText('柳河银行').waitFor(PATIENCE);
    await product.moveTo(addDays(today, 14));
  });

  it('comes back after all devices are lost, and stops it with one press as long as one is left', async () => {
    const lost = await person('周老板', PHONE);
    await lost.join('/join');
    const key = await keyOf(lost);
    await shot(lost, 'lost-all-phone-zh');
    const number = 1;
    const both = async (): Promise<string> => {
      const { page } = operator;
      await page.goto(`/members/${number}`);
      await page.getByRole('button', { name: '提议恢复账户' }).click();
      const sheet = page.getByRole('dialog', { name: '提议恢复账户' });
      await sheet.locator('textarea').first().fill(key);
      await sheet.getByLabel('理由').fill('当面核对');
      await sheet.getByRole('button', { name: '提议恢复账户' }).click();
      await page.locator('dialog [data-meaning]').waitFor();
      await sign(operator);
      await helper.page.goto(`/members/${number}`);
      await helper.page.getByRole('button', { name: '提议恢复账户' }).click();
      const account = await helper.page.getByRole('dialog').locator('input').inputValue();
      expect(account).toMatch(/^0x[0-9a-fA-F]{40}$/);
      await helper.page.getByRole('button', { name: '核对并签名' }).click();
      await sign(helper);
      return account;
    };
    await both();
    const { page } = newcomer;
    await page.goto('/');
    await page.locator(`[data-recovery="${number}"]`).waitFor(PATIENCE);
    await shot(newcomer, 'recovery-banner-phone-zh');
    await page.getByRole('button', { name: '立即制止' }).click();
    await page.locator(`[data-recovery="${number}"]`).waitFor({ state: 'detached', ...PATIENCE });
    const account = await both();
    await boss.page.goto('/');
    await boss.page.locator(`[data-recovery="${number}"]`).waitFor(PATIENCE);
    await lost.page.goto(`/lost/all?member=${number}&account=${account}`);
    await lost.page.getByRole('button', { name: '查看能否完成' }).click();
    await lost.page.locator('[data-code=RECOVERY_TOO_EARLY]').waitFor();
    await product.moveTo(addDays(today, 22));
    await lost.page.getByRole('button', { name: '查看能否完成' }).click();
    await lost.page.getByText('江北五金厂').or(lost.page.getByText(account)).first().waitFor();
    await shot(lost, 'lost-all-sign-phone-zh');
    await lost.page.getByRole('button', { name: '签名并提交' }).click();
    await lost.page.waitForURL((at) => at.pathname === '/', PATIENCE);
    await versionIs(lost, 1);
    await boss.page.goto('/');
    await boss.page.getByText('你还不属于任何单位').waitFor();

    // A browser that knew the firm before says what has happened, and signs once that was made sure of.
    await lost.page.evaluate((n) => localStorage.setItem(`tallystick account ${n}`, '"0x01"'), number);
    await lost.page.reload();
    await lost.page.locator('[data-made-for=true]').waitFor();
    await shot(lost, 'account-moved-phone-zh');
    await lost.page.getByRole('checkbox', { name: '我已向同事核实' }).check();
    await lost.page.getByRole('button', { name: '确认新账户' }).click();
    await lost.page.locator('[data-account-moved]').waitFor({ state: 'detached' });
    await lost.page.getByRole('button', { name: '取消协助人' }).click();
    await sign(lost);
    expect(troubleOf(lost)).toEqual([]);
  });

  it('closes a session that was stolen from the list of sessions, and all of them at once', async () => {
    const { page } = newcomer;
    const steals = async () => {
      const thief = await browser.newContext({ baseURL: product.url.replace('127.0.0.1', 'localhost') });
      await thief.addCookies(await page.context().cookies());
      const stolen = await thief.newPage();
      await stolen.goto('/me');
      await stolen.locator('[data-session]').first().waitFor();
      return stolen;
    };
    const stolen = await steals();
    await page.context().clearCookies();
    await newcomer.signIn();
    await page.goto('/me');
    await page.locator('[data-session]').nth(1).waitFor();
    await shot(newcomer, 'sessions-phone-zh');
    await page.locator('[data-session]').getByRole('button', { name: '退出' }).first().click();
    await expect.poll(() => page.locator('[data-session]').count()).toBe(1);
    await stolen.reload();
    await stolen.waitForURL(/\/enter/);
    const again = await steals();
    await page.getByRole('button', { name: '全部退出' }).click();
    await page.waitForURL(/\/enter/);
    await again.reload();
    await again.waitForURL(/\/enter/);
  });

  it('reads the same in English', async () => {
    const { page } = helper;
    await page
      .context()
      .addCookies([{ name: 'PARAGLIDE_LOCALE', value: 'en', domain: 'localhost', path: '/' }]);
    for (const [path, name, seen] of [
      ['/firm/policy', 'policy-en', '[data-policy]'],
      ['/lost', 'lost-en', 'main li'],
      ['/lost/all', 'lost-all-en', '[data-own-key]'],
    ] as const) {
      await page.goto(path);
      await page.locator(seen).first().waitFor();
      await shot(helper, name);
    }
    expect([boss, newcomer, checker, helper, operator].flatMap(troubleOf)).toEqual([]);
  });
});
