/** What is different since an instruction was prepared: whether the chain would refuse it now, and what it would say now. */
import type { Static } from 'typebox';
import type { InstructionRow } from '#db/instructions/own.ts';
import type { Meaning } from '#domain/instructions/instructions.ts';
import { nameIn, type Name } from '#domain/instructions/phrases.ts';
import { ahead } from '#domain/instructions/sentences.ts';
import { formatMoney, formatPercent, type Currency } from '#domain/money.ts';
import { Problem, problems, type Text } from '#domain/problems.ts';
import type { MemberPerson } from '../app-types.ts';
import type { Services } from '../services.ts';
import { draftAgain } from '../operator/again.ts';
import { meaningsOf } from './draft.ts';
import type { StoredInput } from './prepare.ts';
import type { InstructionSheet } from './schema.ts';
import { rehearse } from './rehearse.ts';

type Changes = Static<typeof InstructionSheet>['changes'];

export async function changesSince(
  services: Services,
  by: MemberPerson,
  act: InstructionRow,
): Promise<Changes> {
  const [objection, does] = await Promise.all([
    rehearse(services, by.account, act.calls),
    meaningsNow(services, by, act),
  ]);
  const problem =
    objection === undefined
      ? does instanceof Problem
        ? { code: does.code, detail: does.detail ?? null }
        : { code: null, detail: null }
      : { code: objection.code, detail: objection.detail ?? problems[objection.code] };
  if (does === undefined || does instanceof Problem) return { ...problem, meaning: null, facts: [] };
  const now = ahead({ ...act.facts, does });
  const before = ahead(act.facts);
  return {
    ...problem,
    meaning: now.zh === before.zh && now.en === before.en ? null : now,
    facts: factsChanged(act.facts.does, does),
  };
}

/**
 * Undefined where drafting anew says nothing new: bills are issued as they are asked for, and each draft of one takes a number
 * that is given once.
 */
async function meaningsNow(
  services: Services,
  by: MemberPerson,
  { type, input }: InstructionRow,
): Promise<Meaning[] | Problem | undefined> {
  if (type === 'issue') return undefined;
  const asked = input as StoredInput;
  if (asked.type === 'admit' && 'application' in asked) return undefined;
  try {
    return await meaningsOf(asked.type, await draftAgain(services, by, asked));
  } catch (error) {
    if (error instanceof Problem) return error;
    throw error;
  }
}

type Plain = Readonly<Record<string, unknown>>;

function factsChanged(before: readonly Meaning[], now: readonly Meaning[]): Changes['facts'] {
  return before.flatMap((meaning, n) => {
    const [old, fresh] = [meaning as unknown as Plain, (now[n] ?? {}) as unknown as Plain];
    const names = [...new Set([...Object.keys(old), ...Object.keys(fresh)])];
    return names.flatMap((fact) => {
      const [was, is] = [sayIn(old, fact), sayIn(fresh, fact)];
      return was.zh === is.zh && was.en === is.en ? [] : [{ fact, before: was, after: is }];
    });
  });
}

/** Rates, in ppm a year; every other bigint is an amount. */
const RATES: ReadonlySet<string> = new Set(['rate', 'yearlyCost365', 'yearlyCost360']);
const NOTHING: Text = { zh: '无', en: 'none' };

function sayIn(facts: Plain, fact: string): Text {
  const value = facts[fact];
  if (value === undefined || value === null) return NOTHING;
  if (typeof value === 'bigint') {
    if (RATES.has(fact)) return both(formatPercent(value));
    const currency = facts['currency'] as Currency;
    return { zh: formatMoney(value, currency, 'zh-CN'), en: formatMoney(value, currency, 'en') };
  }
  if (typeof value === 'object' && 'zh' in value && 'en' in value)
    return { zh: nameIn('zh', value as Name), en: nameIn('en', value as Name) };
  return both(
    JSON.stringify(value, (_, inner: unknown) => (typeof inner === 'bigint' ? String(inner) : inner)),
  );
}

const both = (text: string): Text => ({ zh: text, en: text });
