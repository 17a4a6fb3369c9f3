/** A form with a file becomes the body that JSON would have; the bytes of the file stay beside it. */
import type { Multipart } from '@fastify/multipart';
import type { FastifyRequest } from 'fastify';
import { Problem } from '#domain/problems.ts';
import { requireText } from '../plugins/app/validation.ts';
import { LIMITS } from './files/limits.ts';
import { refused } from '../problems/refused.ts';

declare module 'fastify' {
  interface FastifyRequest {
    /** The file of a form. */
    upload?: Buffer;
  }
}

/** Makes the body of a form, so that one schema checks forms and JSON. Throws REQUEST_INVALID, FILE_TOO_LARGE. */
export async function readForm(request: FastifyRequest): Promise<void> {
  if (!request.isMultipart()) return;
  const body: Record<string, unknown> = {};
  for await (const part of partsOf(request)) {
    if (part.type === 'file') {
      const bytes = await orNotReadable(() => part.toBuffer().catch(tooLarge));
      body['name'] ??= part.filename || 'import';
      body['text'] = '';
      request.upload = bytes;
    } else {
      const isText = ['name', 'encoding', 'sheet'].includes(part.fieldname);
      const value = String(part.value);
      if (value.includes('\ufffd')) throw notReadable('not in UTF-8');
      body[part.fieldname] = isText ? value : parseField(part.fieldname, value);
    }
  }
  request.body = body;
  requireText(request);
}

/** The parts of a form; whatever stands in the way of reading one is wrong with the request. */
async function* partsOf(request: FastifyRequest): AsyncGenerator<Multipart> {
  const limits = {
    fileSize: LIMITS.bytes + 1,
    files: 1,
    fields: 10,
    parts: 11,
    fieldNameSize: 100,
    fieldSize: 100_000,
  };
  const iterator = await orNotReadable(() => request.parts({ limits })[Symbol.asyncIterator]());
  for (;;) {
    const { done, value } = await orNotReadable(() => iterator.next());
    if (done === true) return;
    yield value;
  }
}

async function orNotReadable<T>(read: () => T | Promise<T>): Promise<T> {
  try {
    return await read();
  } catch (error) {
    const { statusCode = 400, message } = error as Error & { statusCode?: number };
    throw statusCode === 400 || statusCode >= 500 ? notReadable(message) : error;
  }
}

const notReadable = (why: string): Problem => refused('FORM_UNREADABLE', { why });

function tooLarge(error: unknown): never {
  const { code } = error as { code?: string };
  throw code === 'FST_REQ_FILE_TOO_LARGE' ? new Problem('FILE_TOO_LARGE') : error;
}

function parseField(name: string, value: string): unknown {
  try {
    return JSON.parse(value);
  } catch {
    throw refused('PART_NOT_JSON', { name });
  }
}
