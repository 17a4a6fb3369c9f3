export { ApiProblem, Http, type Headers, type Query } from './http.ts';
export type { LiveEvent } from './events.ts';
export { Key } from './key.ts';
export {
  checkDecision,
  checkInstruction,
  type Decision,
  type Party,
  type Pin,
} from './instructions/index.ts';
export { idempotent, Member, pinOf } from './member.ts';
export { money } from './money.ts';
export { Operator } from './operator.ts';
export type { Address, Answer, BodyOf, Item, Method, QueryOf } from './routes.ts';
export { challengeOf, encodeWebAuthn, type Assertion } from './signers/webauthn.ts';
export { signDecision, signInstruction, signQuote, type SigningKey } from './sign.ts';
/** Everything that docs/openapi.json names. */
export type * as api from './generated/schema.ts';
