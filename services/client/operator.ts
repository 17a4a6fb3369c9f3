import type {
  Admission,
  Instruction,
  PreparedInstruction,
  Recovery,
  RecoveryInput,
  Renewal,
  RulePack,
  RulePackInput,
} from './generated/schema.ts';
import { ApiProblem, Http } from './http.ts';
import type { Decision, Pin } from './instructions/index.ts';
import { idempotent, pinOf } from './member.ts';
import type { Given } from './routes.ts';
import { signDecision, type SigningKey } from './sign.ts';
import type { ProblemCode } from '../domain/problems.ts';

/** Longest that one request waits for an instruction to be done (seconds). */
const WAIT = 25;

/**
 * The platform's session: admits, suspends and restores members, publishes rule packs; sees no bills. In the demonstration the
 * platform's own key does it; elsewhere people are the operator, and each decision is prepared for them to sign.
 */
export class Operator {
  readonly http: Http;
  readonly #key: SigningKey | undefined;
  #pin: Pin | undefined;

  /** @param key Of somebody who is the operator with others. @param pin Where the contracts are, from settings of one's own. */
  constructor(http: Http, key?: SigningKey, pin?: Pin) {
    this.http = http;
    this.#key = key;
    this.#pin = pin;
  }

  /** Enters the demonstration. */
  static async enter(baseUrl: string): Promise<Operator> {
    const { token } = await new Http(baseUrl).post('/api/session', { operator: true });
    return new Operator(new Http(baseUrl, token, 'operator'));
  }

  /** Returns the member's number. Without `signers` the demonstration makes a key and keeps it. */
  async admit(member: Given<Admission>): Promise<number> {
    const answer = await this.http.post('/api/operator/members', member, idempotent());
    if ('number' in answer) return answer.number;
    await this.#perform(answer, { type: 'admit', ...member });
    const found = await this.http.list('/api/operator/members', { q: member.name.en });
    return Math.max(...found.filter(({ name }) => name.zh === member.name.zh).map(({ number }) => number));
  }

  async suspend(member: number, reason: string): Promise<void> {
    const answer = await this.http.post(`/api/operator/members/${member}/suspend`, { reason }, idempotent());
    if ('digest' in answer) await this.#perform(answer, { type: 'suspend', member, reason });
  }

  async restore(member: number, reason: string): Promise<void> {
    const answer = await this.http.post(`/api/operator/members/${member}/restore`, { reason }, idempotent());
    if ('digest' in answer) await this.#perform(answer, { type: 'restore', member, reason });
  }

  /** Sets the roles that the operator gives, and the expiry of the credential; null: none. */
  async renew(member: number, renewal: Given<Renewal>): Promise<void> {
    const answer = await this.http.post(`/api/operator/members/${member}/renew`, renewal, idempotent());
    if ('digest' in answer) await this.#perform(answer, { type: 'renew', member, ...renewal });
  }

  /** Blots out for good who is behind a suspended member. */
  eraseIdentity(member: number, reason: string): Promise<void> {
    return this.http.delete(`/api/operator/members/${member}/identity`, {}, { reason });
  }

  /** The operator's half of a recovery; the account is made where its signers are given. */
  async proposeRecovery(member: number, recovery: Given<RecoveryInput>): Promise<Recovery> {
    const answer = await this.http.post(`/api/operator/members/${member}/recovery`, recovery, idempotent());
    if ('byOperator' in answer) return answer;
    await this.#perform(answer, { type: 'proposeRecoveryAsOperator', member, ...recovery });
    const found = (await this.http.list('/api/recoveries')).find((each) => each.member.number === member);
    if (found === undefined) throw new ApiProblem('RECOVERY_NONE', 409, 'it was stopped in the same moment');
    return found;
  }

  async withdrawRecovery(member: number): Promise<void> {
    const answer = await this.http.post(
      `/api/operator/members/${member}/recovery/withdraw`,
      {},
      idempotent(),
    );
    if ('digest' in answer) await this.#perform(answer, { type: 'withdrawRecoveryAsOperator', member });
  }

  async publish(pack: Given<RulePackInput>): Promise<RulePack> {
    const answer = await this.http.post('/api/operator/rule-packs', pack, idempotent());
    if (!('digest' in answer)) return answer;
    await this.#perform(answer, { type: 'publish', ...pack });
    const { items } = await this.http.get('/api/rule-packs');
    return items.find(({ kind }) => kind === pack.kind)!;
  }

  /** Signs what was asked for here, and nothing else. */
  async #perform(prepared: PreparedInstruction, asked: Decision): Promise<Instruction> {
    if (this.#key === undefined) throw new Error('the operator is people here: say whose key signs');
    this.#pin ??= await pinOf(this.http);
    const signatures = signDecision(prepared, asked, { pin: this.#pin }, this.#key);
    await this.http.post(`/api/instructions/${prepared.id}/submit`, { signatures }, idempotent());
    for (;;) {
      const found = await this.http.get(`/api/instructions/${prepared.id}`, { wait: WAIT });
      if (found.state === 'done') return found;
      if (found.state === 'failed') {
        const code = (found.code ?? 'INTERNAL') as ProblemCode;
        throw new ApiProblem(code, 422, found.detail?.en ?? `instruction ${prepared.id} failed`);
      }
    }
  }
}
