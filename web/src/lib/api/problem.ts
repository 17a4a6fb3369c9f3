/** What the API refuses, as RFC 9457 says it, in the words of the page's language. */
import { isProblemCode, problems, type ProblemCode, type Text } from '#domain/problems.ts';
import { text } from '#web/format.ts';
import { m } from '#web/paraglide/messages.js';

type ProblemBody = {
  code?: string;
  detail?: string;
  text?: Text;
  errors?: { path: string; message: string }[];
};

export class ApiProblem extends Error {
  readonly status: number;
  readonly code: ProblemCode | 'OFFLINE';
  readonly detail: string | undefined;
  readonly errors: { path: string; message: string }[];

  constructor(status: number, body: ProblemBody) {
    const code = body.code !== undefined && isProblemCode(body.code) ? body.code : 'INTERNAL';
    super(body.code ?? String(status));
    this.status = status;
    this.code = status === 0 ? 'OFFLINE' : code;
    this.detail = body.text ? text(body.text) : body.detail;
    this.errors = body.errors ?? [];
  }

  /** One plain sentence; the code stays beside it for whoever helps. */
  get title(): string {
    return this.code === 'OFFLINE' ? m.offline() : text(problems[this.code]);
  }
}

/** Every failure as an ApiProblem: also a connection that did not come about. */
export const asProblem = (error: unknown): ApiProblem =>
  error instanceof ApiProblem ? error : new ApiProblem(0, { detail: String(error) });
