export { checkInstruction } from './check.ts';
export { accountOf, changeHash, checksummed } from './accounts.ts';
export { instructionDigest, stopRecoveryDigest, vetoDigest } from './digest.ts';
export { checkDecision, type Decision } from './operator.ts';
export {
  formFor,
  toSignOfBatch,
  toSignOfDecision,
  toSignOfInstruction,
  toSignOfQuote,
  toSignOfRecovery,
  type Party,
  type ToSign,
} from './prepared.ts';
export type { TypedData } from './typed-data.ts';
export type { Pin } from './reader.ts';
export type { InstructionInput } from '../../domain/instructions/instructions.ts';
