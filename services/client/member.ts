import { ApiProblem, Http } from './http.ts';
import { Key } from './key.ts';
import {
  toSignOfBatch,
  toSignOfInstruction,
  toSignOfQuote,
  type InstructionInput,
  type Party,
  type Pin,
} from './instructions/index.ts';
import { signBy, type Device } from './sign.ts';
import type { PolicyInput } from '../domain/accounts/input.ts';
import type { ProblemCode } from '../domain/problems.ts';
import type {
  Instruction,
  FinancingRequestInput,
  PreparedInstruction,
  QuoteInput,
  SignatureInput,
} from './generated/schema.ts';
import type { Given } from './routes.ts';

/** Longest that one request waits for an instruction to be done (seconds). */
const WAIT = 25;

/** A write is made once, however often it is sent under the same key. */
export const idempotent = (key: string = crypto.randomUUID()) => ({ 'idempotency-key': key });

type Asked = InstructionInput;

/** Where the platform says that its contracts are, for a signer to keep. */
export async function pinOf(http: Http): Promise<Pin> {
  const { chainId, contracts } = await http.get('/api/status');
  return { chainId, contracts };
}

/** A firm's session: reads as that firm, and acts with that firm's key. */
export class Member {
  readonly number: number;
  readonly http: Http;
  readonly #key: Device;
  #pin: Pin | undefined;
  #account: string | undefined;
  /** What each prepared instruction was asked for: nothing else is signed under its name. */
  readonly #asked = new Map<string, Asked>();

  /** @param pin Where the contracts are, from the firm's own settings; without it, where the first answer says that they are. */
  constructor(number: number, http: Http, key: Device, pin?: Pin) {
    this.number = number;
    this.http = http;
    this.#key = key;
    this.#pin = pin;
  }

  /** Enters the demonstration. Without a key: the one that the demonstration keeps for the member. */
  static async enter(baseUrl: string, number: number, key?: Device, pin?: Pin): Promise<Member> {
    const { token } = await new Http(baseUrl).post('/api/session', { member: number });
    const http = new Http(baseUrl, token, number);
    return new Member(number, http, key ?? Key.fromHex((await http.get('/api/session/signer')).d), pin);
  }

  /** Prepares, signs, submits and follows an instruction to its end. Throws ApiProblem wherever it is refused. */
  async perform(asked: Asked, validFor?: number): Promise<Instruction> {
    const prepared = await this.prepare(asked, validFor);
    await this.submit(prepared);
    return this.follow(prepared.id);
  }

  /** `validFor`: seconds, of the clock that the bills live by; a day if left out. */
  async prepare(asked: Asked, validFor?: number): Promise<PreparedInstruction> {
    const body = { instruction: asked, ...(validFor === undefined ? {} : { validFor }) };
    const prepared = await this.http.post('/api/instructions/prepare', body);
    this.#asked.set(prepared.id, asked);
    return prepared;
  }

  /**
   * Signs what was asked for: throws INSTRUCTION_ALTERED where the platform has prepared something else.
   *
   * @param before The policy of the firm, as it knows it: for what opens a branch.
   */
  async submit(
    prepared: PreparedInstruction,
    asked = this.#asked.get(prepared.id),
    before?: PolicyInput,
  ): Promise<Instruction> {
    if (asked === undefined)
      throw new Error(`instruction ${prepared.id} was not asked for here: say what was`);
    const toSign = toSignOfInstruction(prepared, asked, { ...(await this.#party()), before });
    const done = this.#handIn(prepared, await signBy(this.#key, toSign, prepared.signers));
    this.#asked.delete(prepared.id);
    return done;
  }

  /** The same for an instruction of an import: bills that the platform read from this firm's file, and nothing else. */
  async submitBatch(prepared: PreparedInstruction): Promise<Instruction> {
    const toSign = toSignOfBatch(prepared, await this.#party());
    return this.#handIn(prepared, await signBy(this.#key, toSign, prepared.signers));
  }

  #handIn({ id, account }: PreparedInstruction, signatures: SignatureInput[]): Promise<Instruction> {
    this.#account ??= account;
    return this.http.post(`/api/instructions/${id}/submit`, { signatures }, idempotent());
  }

  async follow(id: string): Promise<Instruction> {
    for (;;) {
      const found = await this.http.get(`/api/instructions/${id}`, { wait: WAIT });
      if (found.state === 'done') return found;
      if (found.state === 'refused' || found.state === 'withdrawn')
        throw new ApiProblem(
          'INSTRUCTION_CLOSED',
          409,
          found.refusal?.reason ?? `instruction ${id} was taken back`,
        );
      if (found.state === 'expired')
        throw new ApiProblem('INSTRUCTION_EXPIRED', 409, `instruction ${id} has expired`);
      if (found.state === 'failed') {
        const code = (found.code ?? 'INTERNAL') as ProblemCode;
        throw new ApiProblem(code, 422, found.detail?.en ?? `instruction ${id} failed`);
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
    const toSign = toSignOfQuote(prepared, terms, await this.#party());
    const signatures = await signBy(this.#key, toSign, prepared.signers);
    this.#account ??= prepared.account;
    await this.http.post(`/api/quotes/${prepared.id}/submit`, { signatures }, idempotent());
    return prepared.id;
  }

  async #party(): Promise<Party> {
    this.#pin ??= await pinOf(this.http);
    return { member: this.number, pin: this.#pin, account: this.#account };
  }

  /** Anybody who may see the bill asks the platform to pay out what is owed. */
  async distribute(bill: string): Promise<Instruction> {
    const act = await this.http.post(`/api/bills/${bill}/distribute`, {}, idempotent());
    return this.follow(act.id);
  }
}
