import type { FastifyRequest } from 'fastify';
import { createImport, findImport, listImportRows, listImports, rereadImport } from '#db/app/imports.ts';
import { recordAudit } from '#db/app/audit.ts';
import { newId } from '#db/app/ids.ts';
import { readTable } from '#domain/import/table.ts';
import { Problem } from '#domain/problems.ts';
import { memberOf } from '../access/rules.ts';
import type { App, MemberPerson } from '../app-types.ts';
import { prepareRows } from '../imports/prepare.ts';
import {
  LIMITS,
  readFile,
  type Given,
  type Reading,
  type StoredError,
  type StoredPayable,
} from '../imports/read.ts';
import { filtersOf, pageOf } from '../lists.ts';
import { preparedView } from '../views/acts.ts';
import { importRowView, importView } from '../views/imports.ts';
import { at } from './routes.ts';

/** Rows that come with the preview. */
const PREVIEW = 50;
/** A file in JSON takes more room than by itself. */
const BODY_LIMIT = 3 * LIMITS.bytes;

export function importRoutes(app: App): void {
  const { services } = app;
  const { db, names, clock, deployment } = services;
  const { currency } = deployment;

  const importOf = async (by: MemberPerson, id: string) => {
    const found = await findImport<Given, Reading>(db, by.viewer, id, await clock.now());
    if (found === undefined) throw new Problem('NOT_FOUND');
    return found;
  };
  type RowsQuery = { limit?: number; cursor?: string; state?: 'ok' | 'error' | 'prepared' | 'issued' };
  const rowsOf = async (by: MemberPerson, id: string, query: RowsQuery) => {
    const now = await clock.now();
    return pageOf(
      query,
      ['import rows', id, filtersOf(query)],
      ['int'],
      (page) => listImportRows<StoredPayable, StoredError>(db, by.viewer, id, query.state, now, page),
      async (rows) => {
        const ref = await names.of(rows.map(({ payable }) => payable?.supplier ?? null));
        return rows.map((row) => importRowView(row, ref, currency));
      },
    );
  };
  const preview = async (by: MemberPerson, id: string) => ({
    ...importView(await importOf(by, id), currency),
    rows: await rowsOf(by, id, { limit: PREVIEW }),
  });

  app.route({
    ...at('createImport'),
    bodyLimit: BODY_LIMIT,
    preValidation: readMultipart,
    handler: async (request, reply) => {
      const by = memberOf(request);
      const { name, text, mapping, formats } = request.body;
      const given: Given = { mapping, formats };
      const { reading, rows } = await readFile(services, by.number, text, given);
      const id = newId();
      await createImport(db, by.viewer, { id, name, text, given, reading }, rows);
      await recordAudit(db, { member: by.number, action: 'import', subject: id, requestId: request.id });
      return reply.status(201).send(await preview(by, id));
    },
  });

  app.route({
    ...at('listImports'),
    handler: async (request) => {
      const by = memberOf(request);
      const { query } = request;
      const now = await clock.now();
      return pageOf(
        query,
        ['imports', by.number],
        ['uuid'],
        (page) => listImports<Given, Reading>(db, by.viewer, now, page),
        (rows) => rows.map((row) => importView(row, currency)),
      );
    },
  });

  app.route({
    ...at('getImport'),
    handler: async (request) => importView(await importOf(memberOf(request), request.params.id), currency),
  });

  app.route({
    ...at('listImportRows'),
    handler: async (request) => {
      const by = memberOf(request);
      await importOf(by, request.params.id);
      return rowsOf(by, request.params.id, request.query);
    },
  });

  app.route({
    ...at('patchImport'),
    handler: async (request) => {
      const by = memberOf(request);
      const { id } = request.params;
      const { text, given: before } = await importOf(by, id);
      const given: Given = {
        mapping: { ...before.mapping, ...request.body.mapping },
        formats: { ...before.formats, ...request.body.formats },
      };
      const { reading, rows } = await readFile(services, by.number, text, given);
      await rereadImport(db, by.viewer, { id, given, reading }, rows, await clock.now());
      return preview(by, id);
    },
  });

  app.route({
    ...at('prepareImport'),
    handler: async (request, reply) => {
      const by = memberOf(request);
      await importOf(by, request.params.id);
      const prepared = await prepareRows(services, by, request.params.id, request.body);
      const acts = prepared.map(({ act, policy }) => preparedView(act, deployment.chainId, policy));
      return reply.status(201).send({ acts });
    },
  });
}

/** A form becomes the same body as JSON, so that one schema checks both. */
async function readMultipart(request: FastifyRequest): Promise<void> {
  if (!request.isMultipart()) return;
  const body: Record<string, unknown> = {};
  for await (const part of request.parts({ limits: { fileSize: LIMITS.bytes + 1, files: 1, fields: 10 } })) {
    if (part.type === 'file') {
      const bytes = await part.toBuffer();
      body['name'] ??= part.filename || 'import';
      body['text'] = textOf(bytes);
    } else {
      body[part.fieldname] =
        part.fieldname === 'name' ? part.value : parseField(part.fieldname, String(part.value));
    }
  }
  request.body = body;
}

/** Throws FileRefused, which says what kind of file it is, for anything but text in UTF-8. */
function textOf(bytes: Buffer): string {
  const isArchive = bytes[0] === 0x50 && bytes[1] === 0x4b;
  try {
    if (!isArchive) return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    // The reader below says why.
  }
  readTable(bytes, LIMITS);
  throw new Problem('REQUEST_INVALID');
}

function parseField(name: string, value: string): unknown {
  try {
    return JSON.parse(value);
  } catch {
    throw new Problem('REQUEST_INVALID', { zh: `“${name}”不是 JSON`, en: `"${name}" is not JSON` });
  }
}
