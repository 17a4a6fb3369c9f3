/** Every error leaves as application/problem+json with a code, and with nothing of how we work inside. */
import type { FastifyError, FastifyReply, FastifyRequest } from 'fastify';
import { NoAnswer } from '#chain/post-json.ts';
import { isProblemCode, Problem, problems, type ProblemCode, type Text } from '#domain/problems.ts';
import type { App } from '../../app-types.ts';

type FieldError = { readonly path: string; readonly message: string };
type Answer = {
  readonly code: ProblemCode;
  readonly status: number;
  readonly detail?: Text | string | undefined;
  readonly errors?: readonly FieldError[];
};

export function registerProblems(app: App): void {
  app.setErrorHandler((error: FastifyError, request, reply) => {
    const answer = answerOf(error);
    if (answer.status >= 500) request.log.error({ err: error, code: answer.code }, 'a request failed');
    return send(request, reply, answer);
  });
}

export const notFound = (request: FastifyRequest, reply: FastifyReply) =>
  send(request, reply, { code: 'NOT_FOUND', status: 404 });

/** What no route is asked about: an address that cannot be read, or with a part that is too long. No hook has run. */
export function notUnderstood(error: FastifyError, request: FastifyRequest, reply: FastifyReply): void {
  const status = error.statusCode ?? 400;
  void reply.header('x-request-id', request.id);
  request.log.info({ method: request.method, status, code: error.code }, 'not understood');
  void send(request, reply, { code: 'REQUEST_INVALID', status });
}

function answerOf(error: FastifyError): Answer {
  if (error instanceof Problem) return { code: error.code, status: error.status, detail: error.detail };
  if (error.validation !== undefined) {
    return { code: 'REQUEST_INVALID', status: 400, errors: fieldErrorsOf(error) };
  }
  if (error.statusCode === 429) return { code: 'RATE_LIMITED', status: 429 };
  if (error.statusCode !== undefined && error.statusCode >= 400 && error.statusCode < 500) {
    return { code: 'REQUEST_INVALID', status: error.statusCode, detail: error.message };
  }
  const code = isOutage(error) ? 'UNAVAILABLE' : 'INTERNAL';
  return { code, status: problems[code].status };
}

/** Of several ways in which a part of a union fails, the deepest say most. */
function fieldErrorsOf({ validation = [], validationContext }: FastifyError): FieldError[] {
  const found = validation
    .filter(
      ({ keyword }) =>
        !['oneOf', 'anyOf', 'discriminator', 'if'].includes(keyword) || validation.length === 1,
    )
    .map(({ instancePath, keyword, params, message = 'is not valid' }) => {
      const { additionalProperty, missingProperty, allowedValues } = params as Record<string, unknown>;
      const name = additionalProperty ?? missingProperty;
      const path = `${instancePath}${typeof name === 'string' ? `/${name}` : ''}`;
      if (keyword === 'additionalProperties') return { path, message: 'is not known here' };
      if (keyword === 'required') return { path, message: 'is missing' };
      if (keyword === 'enum')
        return { path, message: `must be one of ${(allowedValues as unknown[]).join(', ')}` };
      return { path, message };
    });
  const prefix = validationContext === 'body' ? '' : `/${validationContext}`;
  const unique = new Map(found.map((each) => [`${each.path} ${each.message}`, each]));
  return [...unique.values()]
    .slice(0, 50)
    .map(({ path, message }) => ({ path: `${prefix}${path}` || '/', message }));
}

/** Database or chain do not answer; what was asked may well be possible later. */
const isOutage = (error: Error & { code?: string }): boolean =>
  error instanceof NoAnswer ||
  /^(ECONN|EPIPE|ETIMEDOUT|ENOTFOUND|EHOSTUNREACH|57P0|08|53)/.test(error.code ?? '') ||
  /Connection terminated|timeout exceeded when trying to connect/.test(error.message);

function send(request: FastifyRequest, reply: FastifyReply, { code, status, detail, errors }: Answer) {
  const language = languageOf(request);
  const { zh, en } = problems[code];
  const text = typeof detail === 'object' ? detail : undefined;
  void reply.status(status).type('application/problem+json; charset=utf-8');
  return reply.send({
    type: `urn:tallystick:problem:${code}`,
    title: language === 'zh' ? zh : en,
    status,
    code,
    ...(detail === undefined ? {} : { detail: typeof detail === 'string' ? detail : detail[language] }),
    text: text ?? { zh, en },
    instance: request.url.split('?')[0] ?? '/',
    requestId: request.id,
    ...(errors === undefined ? {} : { errors }),
  });
}

const languageOf = ({ headers }: FastifyRequest): 'zh' | 'en' =>
  /(^|[\s,])zh\b/i.test((headers['accept-language'] ?? '').split(/,\s*en\b/i)[0] ?? '') ? 'zh' : 'en';

export { isProblemCode };
