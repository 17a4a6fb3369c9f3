/** What goes out: answers written by their schemas, and as bytes. */
import fastJson, { type Schema } from 'fast-json-stringify';
import type { FastifySerializerCompiler } from 'fastify';
import type { Static, TSchema } from 'typebox';

/** Writes answers by their schemas: what is not in the schema never leaves. */
export const serializerCompiler: FastifySerializerCompiler<TSchema> = ({ schema }) => {
  const write = writerOf(schema);
  // Fastify sends bytes as it sends texts; its types know of texts only.
  return (answer) => bytesOf(write(answer)) as string;
};

export const writerOf = <T extends TSchema>(schema: T): ((value: Static<T>) => string) =>
  fastJson(plain(schema) as Schema);

/** Above this it costs more to measure a text and have it encoded on its way out than to encode it here, once. */
const LARGE = 4_096;
const scratch = Buffer.allocUnsafeSlow(1024 * 1024);

/** A unit of a text becomes three bytes at most. */
const isRoom = (text: string): boolean => text.length * 3 <= scratch.length;

/** A long text as UTF-8. */
const bytesOf = (text: string): string | Buffer =>
  text.length < LARGE || !isRoom(text) ? text : Buffer.from(scratch.subarray(0, scratch.write(text)));

/** A text as UTF-8, each byte a character: what is kept long and put together often is smallest and quickest like this. */
export const bytesAsText = (text: string): string =>
  isRoom(text) ? scratch.toString('latin1', 0, scratch.write(text)) : Buffer.from(text).toString('latin1');

/** Each schema once, so that what many use becomes one function. */
const known = new WeakMap<object, unknown>();

/**
 * The same schema as the serialiser writes it fastest: `nullable` for a choice between something and null, which it would
 * otherwise validate each value for, and a type for each list of texts or numbers.
 */
function plain(schema: unknown): unknown {
  if (typeof schema !== 'object' || schema === null) return schema;
  const before = known.get(schema);
  if (before !== undefined) return before;
  const result = Array.isArray(schema) ? schema.map(plain) : plainObject(schema as Record<string, unknown>);
  known.set(schema, result);
  return result;
}

function plainObject(schema: Record<string, unknown>): unknown {
  const { anyOf, enum: values, ...rest } = schema as { anyOf?: { type?: string }[]; enum?: unknown[] };
  const [choice, nothing, more] = (anyOf ?? []).map(plain) as { type?: string }[];
  if (choice?.type !== undefined && nothing?.type === 'null' && more === undefined) {
    return { ...choice, nullable: true };
  }
  const inner = Object.entries(rest).map(([key, value]) => [key, plain(value)]);
  const isText = values?.every((value) => typeof value === 'string') === true;
  return {
    ...(isText && { type: 'string' }),
    ...Object.fromEntries(inner),
    ...(values && { enum: values }),
    ...(anyOf && { anyOf: plain(anyOf) }),
  };
}
