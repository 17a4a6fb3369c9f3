import AjvCompiler from '@fastify/ajv-compiler';
import type { FastifySchemaCompiler } from 'fastify';
import type { TSchema } from 'typebox';

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
