import { randomUUID } from 'node:crypto';
import { Http } from './http.ts';
import type { NewMember } from './types.ts';

/** The platform's session: admits, suspends and restores members; sees no bills. */
export class Operator {
  readonly http: Http;

  private constructor(http: Http) {
    this.http = http;
  }

  static async enter(baseUrl: string): Promise<Operator> {
    const { token } = await new Http(baseUrl).post<{ token: string }>('/api/session', { operator: true });
    return new Operator(new Http(baseUrl, token));
  }

  /** Returns the member's number. */
  async admit(member: NewMember): Promise<number> {
    const { number } = await this.#post<{ number: number }>('/api/operator/members', member);
    return number;
  }

  suspend(member: number, reason: string): Promise<unknown> {
    return this.#post(`/api/operator/members/${member}/suspend`, { reason });
  }

  restore(member: number, reason: string): Promise<unknown> {
    return this.#post(`/api/operator/members/${member}/restore`, { reason });
  }

  #post<T>(path: string, body: unknown): Promise<T> {
    return this.http.post(path, body, { 'idempotency-key': randomUUID() });
  }
}
