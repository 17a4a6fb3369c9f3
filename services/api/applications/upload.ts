/** A form with a document becomes the body that its schema checks; the bytes stay beside it. */
import type { FastifyRequest } from 'fastify';
import { Problem } from '#domain/problems.ts';
import { refused } from '../problems/refused.ts';

export const MAX_BYTES = 10 * 1024 * 1024;

const LIMITS = { fileSize: MAX_BYTES, files: 1, fields: 5, parts: 6, fieldNameSize: 100, fieldSize: 1_000 };

/** Throws REQUEST_INVALID, FILE_TOO_LARGE. @param isNamed Whether the file's name is a part of the body. */
export async function readDocument(
  request: FastifyRequest,
  more: Partial<typeof LIMITS> = {},
  isNamed = true,
): Promise<void> {
  if (!request.isMultipart()) throw refused('FORM_UNREADABLE', { why: 'not multipart/form-data' });
  const body: Record<string, unknown> = {};
  try {
    for await (const part of request.parts({ limits: { ...LIMITS, ...more } })) {
      if (part.type === 'file') {
        request.upload = await part.toBuffer();
        if (isNamed) body['name'] ??= [...(part.filename || 'document')].slice(0, 200).join('');
      } else body[part.fieldname] = String(part.value);
    }
  } catch (error) {
    const { code, statusCode = 400, message } = error as Error & { code?: string; statusCode?: number };
    if (code === 'FST_REQ_FILE_TOO_LARGE') throw new Problem('FILE_TOO_LARGE');
    throw statusCode === 400 || statusCode >= 500 ? refused('FORM_UNREADABLE', { why: message }) : error;
  }
  if (request.upload === undefined) throw refused('FORM_UNREADABLE', { why: 'no file' });
  request.body = body;
}
