/** All instructions. A capability adds its line here, and the compiler names what is then missing elsewhere. */
import { auditInstructions } from '../audit/instructions.ts';
import { accountInstructions } from '../accounts/instructions.ts';
import { billInstructions } from '../bills/instructions.ts';
import { branchInstructions } from '../branches/instructions.ts';
import { cashInstructions } from '../cash/instructions.ts';
import { lineInstructions } from '../lines/instructions.ts';
import { memberInstructions } from '../members/instructions.ts';
import { offerInstructions } from '../offers/instructions.ts';
import { operatorInstructions } from '../operator/instructions.ts';
import { peopleInstructions } from '../people/instructions.ts';
import { paymentInstructions } from '../payments/instructions.ts';
import { ruleInstructions } from '../rules/instructions.ts';
import { saleInstructions } from '../sales/instructions.ts';
import type { AskedOf } from './instruction.ts';

export const instructions = {
  ...billInstructions,
  ...offerInstructions,
  ...saleInstructions,
  ...paymentInstructions,
  ...lineInstructions,
  ...cashInstructions,
  ...memberInstructions,
  ...accountInstructions,
  ...branchInstructions,
  ...ruleInstructions,
  ...operatorInstructions,
  ...peopleInstructions,
  ...auditInstructions,
} as const;

type All = typeof instructions;
/** Every instruction, whoever gives it. */
export type InstructionName = keyof All;
/** Those that a member asks for and signs. */
export type MemberInstructionName = {
  [N in InstructionName]: All[N] extends { readonly by: infer By }
    ? 'member' extends By
      ? N
      : never
    : never;
}[InstructionName];

/** What is asked for under a name. */
export type AskedFor<N extends InstructionName> = AskedOf<All[N]['asks']>;
/** Any member's instruction as it is asked for: `{ type: 'withdraw', parcel: '…' }`. */
export type InstructionInput = {
  [N in MemberInstructionName]: { readonly type: N } & AskedFor<N>;
}[MemberInstructionName];

export type FactsFor<N extends InstructionName> = Parameters<All[N]['sentence']>[0];
/** An instruction with the names and amounts that its sentence needs. Amounts in minor units, rates in ppm a year. */
export type Meaning = {
  [N in InstructionName]: { readonly instruction: N } & FactsFor<N> & Backing;
}[InstructionName];
/** What no invoice backs of the face of the bills that it is about; left out where there is nothing to say. */
type Backing = { readonly unbacked?: { readonly amount: bigint; readonly face: bigint } };

export const isInstruction = (name: string): name is InstructionName => Object.hasOwn(instructions, name);

/** Those of a member, in the order of their capabilities. */
export const MEMBER_INSTRUCTIONS = Object.keys(instructions).filter(
  (name): name is MemberInstructionName => instructions[name as InstructionName].by === 'member',
);
