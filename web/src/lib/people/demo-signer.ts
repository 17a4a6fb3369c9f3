/**
 * Whoever enters the demonstration as a firm signs for it with a passkey of this browser. The firm's first key, which the
 * demonstration made, names it beside itself: that takes effect at once, because no other signer could object. Where another browser
 * was first, a further signer would take the account's delay: the demonstration's key then signs here. Loaded when somebody enters.
 */
import { inputOf } from '#domain/accounts/input.ts';
import { api, type InstructionInput } from '#web/api/client.ts';
import type { Policy } from '#web/api/schema.ts';
import { makeOwnPasskey } from '#web/instructions/demo-passkey.ts';
import { demoKeys } from '#web/instructions/keys.ts';
import { isSigner } from '#web/instructions/signs-here.ts';
import { signAsked } from '#web/instructions/sign.ts';
import { signerOf } from '#web/policy/whose.ts';
import { session } from '#web/state/session.svelte.ts';

const AGAIN_MS = 200;
/** A chain that stands still keeps nobody out (ms). */
const PATIENCE_MS = 15_000;
const pause = (): Promise<void> => new Promise((done) => setTimeout(done, AGAIN_MS));

/** Returns when the passkey signs, or is not going to. */
export async function signWithOwnPasskey(): Promise<void> {
  const { party, status } = session;
  const verifier = status?.contracts.webAuthnVerifier;
  if (party === null || verifier === undefined || !session.may('sign')) return;
  const own = await makeOwnPasskey();
  const isIn = ({ signers }: Pick<Policy, 'signers'>): boolean =>
    signers.some(({ key }) => isSigner(key, own));
  const before = await api.policy();
  if (isIn(before) || before.signers.length > 1) return;
  if (before.changes.length === 0) {
    const policy = inputOf(before);
    const signers = [...policy.signers, { key: signerOf(verifier, own) }];
    const instruction = { type: 'changePolicy', policy: { ...policy, signers } } as InstructionInput;
    const prepared = await api.prepare(instruction);
    const signature = await signAsked({ instruction, prepared }, party, status!, await demoKeys());
    await api.submit(prepared.id, [signature], `passkey-${prepared.id}`);
  }
  const until = Date.now() + PATIENCE_MS;
  while (!isIn(await api.policy()) && Date.now() < until) await pause();
}
