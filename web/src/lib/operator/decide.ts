/** What the operator decides: done by its key in the demonstration, elsewhere shown to be signed by the people who are the operator. */
import type { Decision } from '#client/instructions/index.ts';
import type { PreparedInstruction } from '#web/api/schema.ts';
import { flows } from '#web/instructions/flow.svelte.ts';
import { titleOf } from '#web/instructions/words.ts';

/** Undefined: it is prepared, and its confirmation is open. */
export function doneOrToSign<T extends object>(
  answer: T | PreparedInstruction,
  decision: Decision,
  ondone?: () => void,
): T | undefined {
  if (!('digest' in answer && 'calls' in answer)) return answer as T;
  const prepared = answer as PreparedInstruction;
  const view = { title: titleOf(decision.type), ...(ondone === undefined ? {} : { ondone }) };
  flows.confirm([{ ...prepared, asked: { decision, prepared } }], view);
  return undefined;
}

/** What signs for a firm, as its people read it off their page "My account": `webauthn:` and 128 digits, one a line. */
export function signersIn(text: string): { type: 'webauthn'; x: string; y: string }[] | undefined {
  const lines = text.split(/\s+/).filter((line) => line !== '');
  const keys = lines.map((line) => /^webauthn:([0-9a-f]{64})([0-9a-f]{64})$/i.exec(line));
  return keys.every((key) => key !== null)
    ? keys.map((key) => ({ type: 'webauthn', x: `0x${key[1]}`, y: `0x${key[2]}` }))
    : undefined;
}
