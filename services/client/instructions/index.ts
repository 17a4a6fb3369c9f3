export { checkInstruction } from './check.ts';
export { instructionDigest } from './digest.ts';
export {
  digestOfBatch,
  digestOfInstruction,
  digestOfQuote,
  digestOfRecovery,
  type Party,
} from './prepared.ts';
export type { Pin } from './reader.ts';
export type { InstructionInput } from '../../domain/instructions/instructions.ts';
