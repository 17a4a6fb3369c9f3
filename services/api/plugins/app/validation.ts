/** What comes in: bodies taken strictly, texts of addresses read as what they should be, hostile JSON refused. */
import { isUtf8 } from 'node:buffer';
import AjvCompiler from '@fastify/ajv-compiler';
import type { FastifyInstance, FastifyRequest, FastifySchemaCompiler } from 'fastify';
import type { TSchema } from 'typebox';
import { Problem } from '#domain/problems.ts';
import { refused } from '../../problems/refused.ts';

const common = { removeAdditional: false, allErrors: true, useDefaults: true, discriminator: true } as const;

/** A text of 400 digits is read as Infinity, which is to be found too large like any other number. */
const numbers = { coerceTypes: true, strictNumbers: false } as const;

/** Bodies are taken as they are; addresses, queries and headers are text, and read as what they should be. */
export function validatorCompiler(): FastifySchemaCompiler<TSchema> {
  const build = AjvCompiler();
  const strict = build({}, { customOptions: { ...common, coerceTypes: false } });
  const reading = build({}, { customOptions: { ...common, ...numbers } });
  return (route) =>
    (route.httpPart === 'body' ? strict : reading)(route as never) as ReturnType<
      FastifySchemaCompiler<TSchema>
    >;
}

/**
 * Throws REQUEST_INVALID for what no database keeps as text (U+0000, half a surrogate pair), for more or deeper values than any
 * route needs, and for a form without its parts.
 */
export function requireText({ body, query, params, headers }: FastifyRequest): void {
  const isForm = /^multipart\//i.test(headers['content-type'] ?? '');
  if (isForm && !/;\s*boundary=\S/i.test(headers['content-type']!)) throw new Problem('REQUEST_INVALID');
  requireTexts([params, query, body]);
}

/** JSON is UTF-8 (RFC 8259, 8.1): other bytes would be kept as characters that nobody wrote. Throws REQUEST_INVALID. */
export function registerJson(app: FastifyInstance): void {
  const parse = app.getDefaultJsonParser('error', 'error');
  app.removeContentTypeParser('application/json');
  app.addContentTypeParser('application/json', { parseAs: 'buffer' }, (request, body: Buffer, done) => {
    if (isUtf8(body)) return parse(request, body.toString(), done);
    done(refused('JSON_NOT_UTF8'));
  });
}

/** Level by level, because a body may go deeper than calls can. */
function requireTexts(values: readonly unknown[]): void {
  let level = values;
  let count = 0;
  for (let depth = 0; level.length > 0; depth += 1) {
    if (depth > MAX.depth) throw refused('NESTED_TOO_DEEP', MAX);
    const next: unknown[] = [];
    for (const value of level) {
      if (typeof value === 'string' && !isText(value)) throw refused('CHARACTER_IMPOSSIBLE');
      if (Buffer.isBuffer(value) || typeof value !== 'object' || value === null) continue;
      for (const [key, inner] of Object.entries(value)) {
        if ((count += 1) > MAX.values) throw refused('TOO_MANY_VALUES', MAX);
        if (!Array.isArray(value) && !isText(key)) throw refused('CHARACTER_IMPOSSIBLE');
        if (typeof inner === 'string' || typeof inner === 'object') next.push(inner);
      }
    }
    level = next;
  }
}

const isText = (text: string): boolean => text.isWellFormed() && !text.includes('\0');

/** What no route needs: a body that goes deeper, or has more values. */
const MAX = { depth: 32, values: 50_000 } as const;
