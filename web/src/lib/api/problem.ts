/** What the API refuses, as RFC 9457 says it, in the words of the page's language. */
import { isProblemCode, Problem, problems, type ProblemCode, type Text } from '#domain/problems.ts';
import { text } from '#web/format.ts';
import { m } from '#web/paraglide/messages.js';

type ProblemBody = {
  code?: string;
  detail?: string;
  text?: Text;
};

export class ApiProblem extends Error {
  readonly status: number;
  readonly code: ProblemCode | 'OFFLINE';
  readonly detail: string | undefined;

  constructor(status: number, body: ProblemBody) {
    const code = body.code !== undefined && isProblemCode(body.code) ? body.code : 'INTERNAL';
    super(body.code ?? String(status));
    this.status = status;
    this.code = status === 0 ? 'OFFLINE' : code;
    const detail = body.text ? text(body.text) : body.detail;
    this.detail = detail === this.title ? undefined : detail;
  }

  /** One plain sentence. */
  get title(): string {
    return this.code === 'OFFLINE' ? m.offline() : text(problems[this.code]);
  }
}

/** Every failure as an ApiProblem: also a part of the app that could not be fetched, and a fault of our own. */
export function asProblem(error: unknown): ApiProblem {
  if (error instanceof ApiProblem) return error;
  if (error instanceof Problem)
    return new ApiProblem(error.status, {
      code: error.code,
      ...(error.detail ? { text: error.detail } : {}),
    });
  console.error(error);
  return new ApiProblem(isOffline(error) ? 0 : 500, {});
}

/** What browsers say when a request does not come about, each in its own words. */
const isOffline = (error: unknown): boolean =>
  error instanceof TypeError && /fetch|network|load|import/i.test(error.message);
