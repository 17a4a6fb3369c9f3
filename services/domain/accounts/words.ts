/** A policy in words. */
import { cash, yuan } from '../instructions/phrases.ts';
import type { Currency } from '../money.ts';
import type { Text } from '../problems.ts';
import { kindsOf, levelsOf, type Kind, type Policy, type PolicyRule, type PolicySigner } from './policy.ts';

export const KIND_TITLES: Readonly<Record<Kind, Text>> = {
  issue: { zh: '签发', en: 'issuing' },
  transfer: { zh: '转让', en: 'passing on' },
  receive: { zh: '签收', en: 'taking' },
  finance: { zh: '融资', en: 'financing' },
  pay: { zh: '付款', en: 'paying' },
  cash: { zh: '存款与兑付', en: 'deposits and redemption' },
  lines: { zh: '授信额度', en: 'credit lines' },
  membership: { zh: '成员事务', en: 'membership' },
  own: { zh: '账户事务', en: 'the account’s own affairs' },
  other: { zh: '其他', en: 'whatever else' },
};

const LEVELS: readonly Text[] = [
  { zh: '经办', en: 'maker' },
  { zh: '复核', en: 'checker' },
  { zh: '授权', en: 'authoriser' },
];

/** 经办, 复核, 授权, 第 4 级, …. */
export const levelTitle = (level: number): Text =>
  LEVELS[level - 1] ?? { zh: `第 ${level} 级`, en: `level ${level}` };

/** All of a policy: who signs, for what, when, and how much. Instants as they are written everywhere, in UTC. */
export function policyWords(policy: Policy, currency: Currency): Text {
  const { signers, rules, threshold, adminThreshold, changeDelay } = policy;
  const people = signers.map((signer) => signerWords(signer, currency));
  const bounds = rules.map((rule) => ruleWords(rule, currency));
  const join = (texts: readonly Text[], locale: 'zh' | 'en', between: string) =>
    texts.map((text) => text[locale]).join(between);
  return {
    zh:
      `签名人 ${join(people, 'zh', '、')}，一般须权重 ${threshold}，账户事务须权重 ${adminThreshold}，` +
      `变更公示 ${hours(changeDelay)} 小时${bounds.map((each) => `，${each.zh}`).join('')}`,
    en:
      `signers ${join(people, 'en', ', ')}, a weight of ${threshold} in general and ${adminThreshold} for the account’s own affairs, ` +
      `changes wait for ${hours(changeDelay)} hours${bounds.map((each) => `, ${each.en}`).join('')}`,
  };
}

/** To the second. */
const hours = (seconds: number): string => String(Math.round((seconds / 3_600) * 1e6) / 1e6);

function signerWords({ key, weight, level, validUntil, dayLimit }: PolicySigner, currency: Currency): Text {
  const end = new Date(validUntil * 1_000).toISOString();
  const money = { amount: dayLimit, currency };
  const zh = [`权重 ${weight}`];
  const en = [`weight ${weight}`];
  if (level !== 0) {
    zh.push(levelTitle(level).zh);
    en.push(levelTitle(level).en);
  }
  if (validUntil !== 0) {
    zh.push(`至 ${end}`);
    en.push(`until ${end}`);
  }
  if (dayLimit !== 0n) {
    zh.push(`每日 ${yuan(money)}`);
    en.push(`${cash(money)} a day`);
  }
  const name = nameOfSigner(key);
  return { zh: `${name}（${zh.join('，')}）`, en: `${name} (${en.join(', ')})` };
}

/** A signer as people compare it: an address, or the two ends of a public key behind its verifier. */
export const nameOfSigner = (key: string): string =>
  key.length > ADDRESS ? `${key.slice(ADDRESS, ADDRESS + 8)}…${key.slice(-8)}`.toLowerCase() : key;
/** Letters of an address. */
const ADDRESS = 42;

function ruleWords({ kinds, from, threshold, levels }: PolicyRule, currency: Currency): Text {
  const money = { amount: from, currency };
  const titles = kindsOf(kinds).map((kind) => KIND_TITLES[kind]);
  const needed = levelsOf(levels).map(levelTitle);
  const each = (locale: 'zh' | 'en', texts: readonly Text[], between: string) =>
    texts.map((text) => text[locale]).join(between);
  return {
    zh:
      `${each('zh', titles, '、')}${from === 0n ? '' : ` ${yuan(money)} 起`}须权重 ${threshold}` +
      (needed.length === 0 ? '' : `并有${each('zh', needed, '、')}`),
    en:
      `${each('en', titles, ', ')}${from === 0n ? '' : ` of ${cash(money)} or more`} a weight of ${threshold}` +
      (needed.length === 0 ? '' : ` with ${each('en', needed, ', ')}`),
  };
}
