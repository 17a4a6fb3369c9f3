import { ApiProblem, Http } from './http.ts';
import { Key } from './key.ts';
import { signAct, signQuote, type SigningKey } from './sign.ts';
import type { ProblemCode } from '../domain/problems.ts';
import type { Act, ActInput, FinancingRequestInput, PreparedAct, QuoteInput } from './generated/schema.ts';
import type { Given } from './routes.ts';

/** Longest that one request waits for an act to be done (seconds). */
const WAIT = 25;

/** A write is made once, however often it is sent under the same key. */
export const idempotent = (key: string = crypto.randomUUID()) => ({ 'idempotency-key': key });

/** A firm's session: reads as that firm, and acts with that firm's key. */
export class Member {
  readonly number: number;
  readonly http: Http;
  readonly #key: SigningKey;

  constructor(number: number, http: Http, key: SigningKey) {
    this.number = number;
    this.http = http;
    this.#key = key;
  }

  /** Enters the demonstration. Without a key: the one that the demonstration keeps for the member. */
  static async enter(baseUrl: string, number: number, key?: SigningKey): Promise<Member> {
    const { token } = await new Http(baseUrl).post('/api/session', { member: number });
    const http = new Http(baseUrl, token, number);
    return new Member(number, http, key ?? Key.fromHex((await http.get('/api/session/signer')).d));
  }

  /** Prepares, signs, submits and follows an act to its end. Throws ApiProblem wherever it is refused. */
  async perform(act: Given<ActInput>, validFor?: number): Promise<Act> {
    const prepared = await this.prepare(act, validFor);
    await this.submit(prepared);
    return this.follow(prepared.id);
  }

  /** `validFor`: seconds, of the clock that the bills live by; a day if left out. */
  prepare(act: Given<ActInput>, validFor?: number): Promise<PreparedAct> {
    return this.http.post('/api/acts/prepare', { act, ...(validFor === undefined ? {} : { validFor }) });
  }

  /** Signs what the calls really are, not a digest that somebody hands over. */
  submit(prepared: PreparedAct): Promise<Act> {
    const signatures = signAct(prepared, this.#key);
    return this.http.post(`/api/acts/${prepared.id}/submit`, { signatures }, idempotent());
  }

  async follow(id: string): Promise<Act> {
    for (;;) {
      const act = await this.http.get(`/api/acts/${id}`, { wait: WAIT });
      if (act.state === 'done') return act;
      if (act.state === 'failed') {
        const code = (act.code ?? 'INTERNAL') as ProblemCode;
        throw new ApiProblem(code, 422, act.detail?.en ?? `act ${id} failed`);
      }
    }
  }

  /** As a holder: invites banks to quote. Returns the request's id. */
  async ask(terms: Given<FinancingRequestInput>): Promise<string> {
    return (await this.http.post('/api/financing-requests', terms)).id;
  }

  /** As a bank: quotes for a request. Returns the quote's id. */
  async quote(terms: Given<QuoteInput>): Promise<string> {
    const prepared = await this.http.post('/api/quotes/prepare', terms);
    const signatures = signQuote(prepared, terms, this.#key);
    await this.http.post(`/api/quotes/${prepared.id}/submit`, { signatures }, idempotent());
    return prepared.id;
  }

  /** Anybody who may see the bill asks the platform to pay out what is owed. */
  async distribute(bill: string): Promise<Act> {
    const act = await this.http.post(`/api/bills/${bill}/distribute`, {}, idempotent());
    return this.follow(act.id);
  }
}
