import type {
  Admission,
  Recovery,
  RecoveryInput,
  Renewal,
  RulePack,
  RulePackInput,
} from './generated/schema.ts';
import { Http } from './http.ts';
import { idempotent } from './member.ts';
import type { Given } from './routes.ts';

/** The platform's session: admits, suspends and restores members, publishes rule packs; sees no bills. */
export class Operator {
  readonly http: Http;

  constructor(http: Http) {
    this.http = http;
  }

  /** Enters the demonstration. */
  static async enter(baseUrl: string): Promise<Operator> {
    const { token } = await new Http(baseUrl).post('/api/session', { operator: true });
    return new Operator(new Http(baseUrl, token, 'operator'));
  }

  /** Returns the member's number. Without `signers` the demonstration makes a key and keeps it. */
  async admit(member: Given<Admission>): Promise<number> {
    return (await this.http.post('/api/operator/members', member, idempotent())).number;
  }

  suspend(member: number, reason: string): Promise<unknown> {
    return this.http.post(`/api/operator/members/${member}/suspend`, { reason }, idempotent());
  }

  restore(member: number, reason: string): Promise<unknown> {
    return this.http.post(`/api/operator/members/${member}/restore`, { reason }, idempotent());
  }

  /** Sets the roles that the operator gives, and the expiry of the credential; null: none. */
  renew(member: number, renewal: Given<Renewal>): Promise<unknown> {
    return this.http.post(`/api/operator/members/${member}/renew`, renewal, idempotent());
  }

  /** Blots out for good who is behind a suspended member. */
  eraseIdentity(member: number, reason: string): Promise<void> {
    return this.http.delete(`/api/operator/members/${member}/identity`, {}, { reason });
  }

  /** The operator's half of a recovery; the account is made where its signers are given. */
  proposeRecovery(member: number, recovery: Given<RecoveryInput>): Promise<Recovery> {
    return this.http.post(`/api/operator/members/${member}/recovery`, recovery, idempotent());
  }

  withdrawRecovery(member: number): Promise<unknown> {
    return this.http.post(`/api/operator/members/${member}/recovery/withdraw`, {}, idempotent());
  }

  publish(pack: Given<RulePackInput>): Promise<RulePack> {
    return this.http.post('/api/operator/rule-packs', pack, idempotent());
  }
}
