import { randomUUID } from 'node:crypto';
import { getBytes } from 'ethers';
import { executeDigest } from '#chain/typed-data.ts';
import { ApiProblem, Http } from './http.ts';
import { Key } from './key.ts';
import type { Act, ActState, PreparedAct, QuoteTerms, RequestTerms } from './types.ts';

/** Longest that one request waits for an act to be done (seconds). */
const WAIT = 25;

type SignerSignature = { signer: string; signature: string };

/** A firm's session: reads as that firm, and acts with that firm's key. */
export class Member {
  readonly number: number;
  readonly http: Http;
  readonly #key: Key;

  private constructor(number: number, http: Http, key: Key) {
    this.number = number;
    this.http = http;
    this.#key = key;
  }

  /** Without a key: the one that the demonstration keeps for the member. */
  static async enter(baseUrl: string, number: number, key?: Key): Promise<Member> {
    const { token } = await new Http(baseUrl).post<{ token: string }>('/api/session', { member: number });
    const http = new Http(baseUrl, token);
    return new Member(number, http, key ?? (await demoKey(http)));
  }

  /** Prepares, signs, submits and follows an act to its end. Throws ApiProblem wherever it is refused. */
  async perform(act: Act, validFor?: number): Promise<ActState> {
    const prepared = await this.prepare(act, validFor);
    await this.submit(prepared);
    return this.follow(prepared.id);
  }

  /** `validFor`: seconds, of the clock that the bills live by; a day if left out. */
  prepare(act: Act, validFor?: number): Promise<PreparedAct> {
    return this.http.post('/api/acts/prepare', { act, ...(validFor === undefined ? {} : { validFor }) });
  }

  /** Signs what the calls really are, not a digest that somebody hands over. */
  submit(prepared: PreparedAct): Promise<ActState> {
    const { account, calls, nonce, validUntil, typedData } = prepared;
    const instruction = { account, calls, nonce: BigInt(nonce), validUntil: Date.parse(validUntil) / 1_000 };
    const digest = executeDigest(Number(typedData.domain.chainId), instruction);
    if (digest !== prepared.digest) throw new Error(`act ${prepared.id} is not what its digest says`);
    return this.http.post(
      `/api/acts/${prepared.id}/submit`,
      { signatures: this.#sign(digest, prepared.signers) },
      { 'idempotency-key': randomUUID() },
    );
  }

  async follow(id: string): Promise<ActState> {
    for (;;) {
      const act = await this.http.get<ActState>(`/api/acts/${id}`, { wait: WAIT });
      if (act.state === 'done') return act;
      if (act.state === 'failed') {
        throw new ApiProblem(act.code ?? 'INTERNAL', 422, act.detail?.en ?? `act ${id} failed`);
      }
    }
  }

  /** As a holder: invites banks to quote. Returns the request's id. */
  async ask(terms: RequestTerms): Promise<string> {
    const { id } = await this.http.post<{ id: string }>('/api/financing-requests', terms);
    return id;
  }

  /** As a bank: quotes for a request. Returns the quote's id. */
  async quote(terms: QuoteTerms): Promise<string> {
    type PreparedQuote = Pick<PreparedAct, 'id' | 'digest' | 'signers'>;
    const prepared = await this.http.post<PreparedQuote>('/api/quotes/prepare', terms);
    const signatures = this.#sign(prepared.digest, prepared.signers);
    const headers = { 'idempotency-key': randomUUID() };
    await this.http.post(`/api/quotes/${prepared.id}/submit`, { signatures }, headers);
    return prepared.id;
  }

  /** Anybody who may see the bill asks the platform to pay out what is owed. */
  async distribute(bill: string): Promise<ActState> {
    const headers = { 'idempotency-key': randomUUID() };
    const act = await this.http.post<ActState>(`/api/bills/${bill}/distribute`, {}, headers);
    return this.follow(act.id);
  }

  #sign(digest: string, signers: readonly { readonly id: string }[]): SignerSignature[] {
    const signer = signers.find(({ id }) => this.#key.is(id));
    if (signer === undefined) throw new Error(`member ${this.number} does not act with this key`);
    return [{ signer: signer.id, signature: this.#key.sign(digest) }];
  }
}

async function demoKey(http: Http): Promise<Key> {
  const { d } = await http.get<{ d: string }>('/api/session/signer');
  return new Key(getBytes(d.startsWith('0x') ? d : `0x${d}`));
}
