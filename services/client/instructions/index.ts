export { checkInstruction } from './check.ts';
export { instructionDigest } from './digest.ts';
export { checkDecision, type Decision } from './operator.ts';
export {
  digestOfBatch,
  digestOfDecision,
  digestOfInstruction,
  digestOfQuote,
  type Party,
} from './prepared.ts';
export type { Pin } from './reader.ts';
export type { InstructionInput } from '../../domain/instructions/instructions.ts';
