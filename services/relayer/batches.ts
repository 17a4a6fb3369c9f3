import { dataLength, hexlify } from 'ethers';
import { interfaces } from '#chain/contracts.ts';
import { toHex } from '#db/wire/bytes.ts';
import type { Batch, QueuedInstruction, Step } from '#db/instructions/queue.ts';

/** The contract that carries several acts, and the most gas that a transaction of its may ask for. */
export type Relay = { readonly address: string; readonly gas: bigint };

/** Bytes of acts in one transaction; nodes take no transaction of more than 128 KiB. */
const SIZE = 100_000;
/** What a batch costs beside its acts, and beside each. */
const BASE = 60_000n;
const EACH = 30_000n;
/** A byte costs at most so much (EIP-7623). */
const BYTE = 40n;
/** Bytes of an act beside its execution. */
const FRAME = 160;

/**
 * What has to be sent for acts, in their order: neighbours that firms have signed go together, as many as fit; what has no
 * neighbour goes as it is. Without a relay each goes by itself.
 */
export function batchesOf(acts: readonly QueuedInstruction[], relay: Relay | undefined): Batch[] {
  const loads: Batch[] = [];
  let open: Step[] = [];
  const close = (): void => {
    if (open.length > 0) loads.push(open.length === 1 ? alone(open[0]!) : together(open, relay!.address));
    open = [];
  };
  for (const act of acts) {
    const steps = stepsOf(act);
    if (relay === undefined || act.signed_by !== 'firm' || act.alone) {
      close();
      loads.push(...steps.map(alone));
      continue;
    }
    if (!fits([...open, ...steps], relay.gas)) close();
    open.push(...steps);
  }
  close();
  return loads;
}

const alone = (step: Step): Batch => ({ ...step, steps: [step] });

const together = (steps: readonly Step[], relay: string): Batch => ({
  target: relay,
  data: interfaces.relay.encodeFunctionData('relay', [
    steps.map(({ target, data, gasLimit }) => [target, gasLimit, argumentsIn(data)]),
  ]),
  gasLimit: gasOf(steps),
  steps,
});

const fits = (steps: readonly Step[], gas: bigint): boolean => gasOf(steps) <= gas && sizeOf(steps) <= SIZE;

/** Enough for each act to be given all of its own gas, whatever the ones before it have used. */
const gasOf = (steps: readonly Step[]): bigint =>
  steps.reduce(
    (sum, { gasLimit }) => sum + gasLimit + gasLimit / 63n + EACH,
    BASE + BYTE * BigInt(sizeOf(steps)),
  );

const sizeOf = (steps: readonly Step[]): number =>
  steps.reduce((sum, { data }) => sum + FRAME + dataLength(data), 0);

/** Of a call without its selector. */
export const argumentsIn = (data: string): string => `0x${data.slice(10)}`;

/** What has to be sent for an act: a firm's batch under its signature, or each call of ours by itself. */
function stepsOf(act: QueuedInstruction): Step[] {
  const common = { act: act.id, gasLimit: act.gas_limit };
  if (act.signed_by !== 'firm') {
    return act.calls.map(({ target, data }, step) => ({ ...common, step, target, data }));
  }
  const { account, nonce, valid_until: validUntil, signature } = act;
  if (account === null || nonce === null || validUntil === null || signature === null) {
    throw new Error(`act ${act.id} is in the queue without its signature`);
  }
  const data = interfaces.orgAccount.encodeFunctionData('execute', [
    act.calls.map(({ target, data: calldata }) => ({ target, data: calldata })),
    nonce,
    validUntil,
    hexlify(signature),
  ]);
  return [{ ...common, step: 0, target: toHex(account), data }];
}
