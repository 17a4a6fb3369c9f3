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
export { completeRecovery, type Recovering } from './recovery.ts';
export type { Address, Answer, BodyOf, Item, Method, QueryOf } from './routes.ts';
export { BridgeProblem, deviceOf, LocalBridge, type BridgeKey, type SignerBridge } from './signers/bridge.ts';
export { Sm2Key } from './signers/sm2.ts';
export { challengeOf, encodeWebAuthn, type Assertion } from './signers/webauthn.ts';
export { accountsOf, WalletKey, WalletProblem, type Eip1193 } from './signers/wallet.ts';
export { signBy, signDecision, signInstruction, signQuote, type Device, type SigningKey } from './sign.ts';
/** Everything that docs/openapi.json names. */
export type * as api from './generated/schema.ts';
export { REPLAY_WINDOW, verifyWebhook, WebhookRefused, type Webhook } from './webhooks.ts';
