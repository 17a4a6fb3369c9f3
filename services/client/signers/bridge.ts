/**
 * UKeys: a page has no way to such a device but through a program of its maker on the same machine. This is what we ask of that program,
 * the bridge; docs/ukey-bridge.md is for who builds one. The key never leaves the device, whose PIN is asked for by the bridge.
 */
import { isSm2Signature } from '../../chain/sm2.ts';

/** A key in a device. Coordinates as 32 bytes of hex. */
export type BridgeKey = {
  readonly type: 'sm2';
  readonly x: string;
  readonly y: string;
  /** What is printed on the device, or how its maker calls it. */
  readonly label: string;
};

/** A way to devices of this machine. */
export type SignerBridge = {
  list(): Promise<readonly BridgeKey[]>;
  /** r ‖ s over the digest as a message of 32 bytes. */
  sign(key: BridgeKey, digest: string): Promise<string>;
};

/**
 * `absent`: nothing answers there. `unpaired`: it does not know the token, or this page. `refused`: by the person at the device.
 * `locked`: after wrong PINs. `gone`: the device was pulled out. `answer`: it says what is not in the protocol, or not right.
 */
export type BridgeFault = 'absent' | 'unpaired' | 'refused' | 'locked' | 'gone' | 'answer';

export class BridgeProblem extends Error {
  readonly fault: BridgeFault;

  constructor(fault: BridgeFault, message: string, cause?: unknown) {
    super(message, { cause });
    this.name = 'BridgeProblem';
    this.fault = fault;
  }
}

/** Where bridges listen; the page's security policy lets nothing else on this machine be asked. */
export const BRIDGE_URL = 'http://127.0.0.1:17913';

const FAULTS: Readonly<Record<number, BridgeFault>> = {
  401: 'unpaired',
  403: 'unpaired',
  404: 'gone',
  409: 'refused',
  423: 'locked',
};
/** A person looks for a device and types a PIN (ms). */
const PATIENCE_MS = 120_000;

export class LocalBridge implements SignerBridge {
  readonly #url: string;
  readonly #token: string;

  /** @param token What the bridge showed when this page was paired. @param url On this machine; a RangeError elsewhere. */
  constructor(token: string, url: string = BRIDGE_URL) {
    const { protocol, hostname, origin } = new URL(url);
    if (protocol !== 'http:' || !['127.0.0.1', '[::1]'].includes(hostname))
      throw new RangeError('a bridge is asked on this machine alone');
    this.#url = origin;
    this.#token = token;
  }

  async list(): Promise<readonly BridgeKey[]> {
    const { keys } = (await this.#ask('/v1/keys')) as { keys?: unknown };
    if (!Array.isArray(keys)) throw new BridgeProblem('answer', 'the bridge lists no keys');
    return keys.map(keyOf);
  }

  /** Throws a {@link BridgeProblem}, also when the signature is not right: it is checked here first. */
  async sign({ type, x, y }: BridgeKey, digest: string): Promise<string> {
    const { signature } = (await this.#ask('/v1/sign', { type, x, y, digest })) as { signature?: unknown };
    const isRight =
      typeof signature === 'string' &&
      /^0x[0-9a-f]{128}$/.test(signature) &&
      isSm2Signature(bytesOf(digest), { x: BigInt(x), y: BigInt(y) }, bytesOf(signature));
    if (!isRight) throw new BridgeProblem('answer', 'the bridge answers with a signature that is not right');
    return signature;
  }

  async #ask(path: string, body?: object): Promise<object> {
    const response = await fetch(this.#url + path, {
      method: body === undefined ? 'GET' : 'POST',
      headers: {
        authorization: `Bearer ${this.#token}`,
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      cache: 'no-store',
      credentials: 'omit',
      redirect: 'error',
      signal: AbortSignal.timeout(PATIENCE_MS),
    }).catch((error: unknown) => {
      throw new BridgeProblem('absent', 'no bridge answers on this machine', error);
    });
    if (!response.ok)
      throw new BridgeProblem(
        FAULTS[response.status] ?? 'answer',
        `the bridge answers with ${response.status}`,
      );
    const answer: unknown = await response.json().catch(() => undefined);
    if (typeof answer !== 'object' || answer === null)
      throw new BridgeProblem('answer', 'the bridge answers with what is no JSON');
    return answer;
  }
}

/** A key of a bridge as a signer of instructions (`Device`). */
export const deviceOf = (bridge: SignerBridge, key: BridgeKey) => ({
  is: (signer: string): boolean => signer.toLowerCase().endsWith(key.x.slice(2) + key.y.slice(2)),
  sign: (digest: string): Promise<string> => bridge.sign(key, digest),
});

function keyOf(given: unknown): BridgeKey {
  const { type, x, y, label } = (given ?? {}) as Record<string, unknown>;
  const isWord = (value: unknown): value is string =>
    typeof value === 'string' && /^0x[0-9a-f]{64}$/.test(value);
  if (type !== 'sm2' || !isWord(x) || !isWord(y) || typeof label !== 'string')
    throw new BridgeProblem('answer', 'the bridge lists something that is no key');
  return { type, x, y, label };
}

const bytesOf = (hex: string): Uint8Array =>
  Uint8Array.from(hex.slice(2).match(/../g) ?? [], (byte) => Number.parseInt(byte, 16));
