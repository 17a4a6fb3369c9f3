/** Titles of instructions and of acts, from their definitions. Made when the app is built (web/at-build.ts). */
import { ACT_TITLES as ofActs } from '#domain/acts/acts.ts';
import { instructions, type InstructionName } from '#domain/instructions/instructions.ts';
import type { Text } from '#domain/problems.ts';

export const TITLES = Object.fromEntries(
  Object.entries(instructions).map(([name, { title }]) => [name, title]),
) as Readonly<Record<InstructionName, Text>>;
export const ACT_TITLES = ofActs;
