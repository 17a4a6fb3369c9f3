import AjvCompiler from '@fastify/ajv-compiler';
import type { FastifyRequest, FastifySchemaCompiler } from 'fastify';
import type { TSchema } from 'typebox';
import { Problem } from '#domain/problems.ts';

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

/** Throws REQUEST_INVALID for what no database keeps as text (U+0000, half a surrogate pair), and for a form without its parts. */
export function requireText({ body, query, params, headers }: FastifyRequest): void {
  const isForm = /^multipart\//i.test(headers['content-type'] ?? '');
  if (isForm && !/;\s*boundary=\S/i.test(headers['content-type']!)) throw new Problem('REQUEST_INVALID');
  if (isText(params) && isText(query) && isText(body)) return;
  throw new Problem('REQUEST_INVALID', {
    zh: '含有无法保存的字符',
    en: 'There is a character that no text has',
  });
}

function isText(value: unknown): boolean {
  if (typeof value === 'string') return value.isWellFormed() && !value.includes('\0');
  if (Buffer.isBuffer(value) || typeof value !== 'object' || value === null) return true;
  return Object.entries(value).every(([key, inner]) => isText(key) && isText(inner));
}
