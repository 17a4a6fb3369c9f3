/**
 * Whether the calls of a prepared instruction are what was asked for, and its sentence says no other. The platform prepares
 * instructions; it is not believed: every call is read, every argument that the request names is compared, and what the platform
 * chooses by itself (what is on offer, a price, a serial) has to be what the sentence says, or the hash of what is shown. One call
 * too many is refused.
 */
import type {
  InstructionInput,
  InstructionName,
  MemberInstructionName,
  Meaning,
} from '../../domain/instructions/instructions.ts';
import { ahead } from '../../domain/instructions/sentences.ts';
import type { Text } from '../../domain/problems.ts';
import { accountChecks } from './accounts.ts';
import { billChecks, issuesOf, type Issued } from './bills.ts';
import { branchChecks } from './branches.ts';
import { cashChecks } from './cash.ts';
import { lineChecks } from './lines.ts';
import { memberChecks } from './members.ts';
import { offerChecks } from './offers.ts';
import { paymentChecks } from './payments.ts';
import { DATE, NAME, Reader, refused, type Check, type Shown, type Signing } from './reader.ts';
import { saleChecks } from './sales.ts';

/** A capability adds its line here; the compiler names what is missing. */
const CHECKS: { readonly [N in MemberInstructionName]: Check<N> } = {
  ...billChecks,
  ...offerChecks,
  ...saleChecks,
  ...paymentChecks,
  ...lineChecks,
  ...cashChecks,
  ...memberChecks,
  ...accountChecks,
  ...branchChecks,
};

/** Throws INSTRUCTION_ALTERED, with what is different, unless the calls and the sentence are what was asked for. */
export function checkInstruction(asked: InstructionInput, shown: Shown, signing: Signing): void {
  const calls = new Reader(shown.calls, signing.pin);
  const check = CHECKS[asked.type] as Check<MemberInstructionName>;
  const facts = check(asked as never, calls, signing, shown);
  calls.end();
  checkSentence(asked.type, facts, shown.meaning, signing);
}

/** Bills that the platform read from a file: nothing but issues, and together what the sentence says. */
export function checkBatch(
  shown: Shown,
  signing: Signing,
): { bills: number; amount: bigint; each: readonly Issued[] } {
  const { facts, ...batch } = issuesOf(new Reader(shown.calls, signing.pin), shown.calls.length);
  checkSentence('issue', [facts], shown.meaning, signing);
  return batch;
}

/** @param parts For each thing that is done, what may be told of it. */
export function checkSentence(
  name: InstructionName,
  parts: readonly (readonly object[])[],
  shown: Text,
  { name: signer = { zh: NAME, en: NAME } }: Pick<Signing, 'name'>,
): void {
  for (const [language, between] of [
    ['zh', '；'],
    ['en', '; '],
  ] as const) {
    const sentences = (facts: object) =>
      ahead({ by: signer, does: [{ instruction: name, ...facts } as Meaning] })[language];
    const patterns = parts.map((ways) => `(?:${ways.map((facts) => patternOf(sentences(facts))).join('|')})`);
    if (!new RegExp(`^${patterns.join(between)}$`, 'u').test(shown[language]))
      refused(`说明与内容不符（“${shown.zh}”）`, `the sentence says something else ("${shown.en}")`);
  }
}

/** Where the signer knows better nothing may differ; where it cannot know, one name, date or amount stands. */
const patternOf = (text: string): string =>
  text
    .replace(/[\\^$.*+?()[\]{}|]/g, '\\$&')
    .replace(/987,654,321,098,765\\\.4[34]/g, '[\\d,]+\\.\\d\\d')
    .replaceAll('98765\\.4321%', '[\\d.]+%')
    .replaceAll(NAME, '[^；;¥]{1,200}?')
    .replaceAll(DATE, '\\d{4}-\\d\\d-\\d\\d');
