/** What pages need of the definitions: titles, and what is asked for. Made when the app is built (web/at-build.ts). */
import { ACT_TITLES as ofActs } from '#domain/acts/acts.ts';
import type { Asks } from '#domain/instructions/instruction.ts';
import { instructions, type InstructionName } from '#domain/instructions/instructions.ts';
import type { Text } from '#domain/problems.ts';

export const TITLES = Object.fromEntries(
  Object.entries(instructions).map(([name, { title }]) => [name, title]),
) as Readonly<Record<InstructionName, Text>>;
export const ASKS = Object.fromEntries(
  Object.entries(instructions).map(([name, { asks }]) => [name, asks]),
) as Readonly<Record<InstructionName, Asks>>;
export const ACT_TITLES = ofActs;
