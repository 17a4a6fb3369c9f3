/** What time it is for the bills: the machine's, or that of the chain's next block. */
import type { JsonRpcProvider } from 'ethers';
import { legalDateOf, type LegalDate } from '#domain/dates.ts';

export class Clock {
  readonly #kind: 'system' | 'chain';
  readonly #provider: JsonRpcProvider;
  #asking: Promise<number> | undefined;

  constructor(kind: 'system' | 'chain', provider: JsonRpcProvider) {
    this.#kind = kind;
    this.#provider = provider;
  }

  /** Seconds since 1970. Requests that ask at the same time are answered together. */
  now(): Promise<number> {
    if (this.#kind === 'system') return Promise.resolve(Math.floor(Date.now() / 1_000));
    this.#asking ??= this.#ask().finally(() => (this.#asking = undefined));
    return this.#asking;
  }

  async today(): Promise<LegalDate> {
    return legalDateOf(await this.now());
  }

  async #ask(): Promise<number> {
    const block = (await this.#provider.send('eth_getBlockByNumber', ['pending', false])) as {
      timestamp: string;
    } | null;
    if (block === null) throw new Error('the chain does not say what time it is');
    return Number(block.timestamp);
  }
}

export const isoOf = (seconds: number | bigint): string => new Date(Number(seconds) * 1_000).toISOString();
