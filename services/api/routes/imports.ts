import type { Multipart } from '@fastify/multipart';
import type { FastifyRequest } from 'fastify';
import {
  createImport,
  findContent,
  findImport,
  listImportRows,
  listImports,
  rereadImport,
  type ImportWriter,
  type RowState,
} from '#db/app/imports.ts';
import { listOpenActs, refuseRows, releaseOpenActs } from '#db/app/import-issue.ts';
import { recordAudit } from '#db/app/audit.ts';
import { newId } from '#db/app/ids.ts';
import { parseLegalDate } from '#domain/dates.ts';
import { errorAt, type Refusal } from '#domain/import/errors.ts';
import { Problem } from '#domain/problems.ts';
import { policyOf } from '../acts/signers.ts';
import { memberOf } from '../access/rules.ts';
import type { App, MemberPerson } from '../app-types.ts';
import { changeCredits } from '../imports/credits.ts';
import { LIMITS } from '../imports/files/limits.ts';
import { outline, PORTION, preparePortion } from '../imports/prepare.ts';
import type { Given, Reading, StoredCredit, StoredError, StoredPayable } from '../imports/read.ts';
import { fillImport } from '../imports/store.ts';
import type { Place } from '../imports/uploads.ts';
import { filtersOf, pageOf } from '../lists.ts';
import { requireText } from '../plugins/app/validation.ts';
import { preparedView } from '../views/acts.ts';
import { importRowView, importView } from '../views/imports.ts';
import { money } from '../views/money.ts';
import { at } from './routes.ts';

/** Rows that come with the preview. */
const PREVIEW = 50;
/** JSON is understood as a whole, while everybody waits; larger files come as a form. */
const BODY_LIMIT = 2 * 1024 * 1024;

const RELEASED = { zh: '未签名，已放弃', en: 'Given up before it was signed' };

declare module 'fastify' {
  interface FastifyRequest {
    /** The file of a form. */
    upload?: Buffer;
    /** Where the file lies until it is read; given back when the request is over. */
    place?: Place;
  }
}

export function importRoutes(app: App): void {
  const { services } = app;
  const { db, names, clock, deployment } = services;
  const { currency } = deployment;

  const importOf = async (by: MemberPerson, id: string) => {
    const found = await findImport<Given, Reading>(db, by.viewer, id, await clock.now());
    if (found === undefined) throw new Problem('NOT_FOUND');
    return found;
  };
  type RowsQuery = { limit?: number; cursor?: string; state?: RowState };
  const rowsOf = async (by: MemberPerson, id: string, query: RowsQuery) => {
    const now = await clock.now();
    return pageOf(
      query,
      ['import rows', id, filtersOf(query)],
      ['int'],
      (page) =>
        listImportRows<StoredPayable, StoredError, StoredCredit>(db, by.viewer, id, query.state, now, page),
      async (rows) => {
        const ref = await names.of(
          rows.map(({ payable, credit }) => payable?.supplier ?? credit?.supplier ?? null),
        );
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
    onRequest: (request, reply, next) => {
      const place = services.uploads.place(memberOf(request).number);
      request.place = place;
      // Whoever goes away before the handler has begun gives it back.
      reply.raw.once('close', () => request.place?.[Symbol.dispose]());
      next();
    },
    preValidation: readMultipart,
    handler: async (request, reply) => {
      const by = memberOf(request);
      using place = request.place!;
      delete request.place;
      await place.turn();
      const { name, text, ...stated } = request.body;
      const given = givenOf(stated);
      const content = request.upload ?? Buffer.from(text, 'utf8');
      const id = newId();
      await createImport(db, by.viewer, {
        id,
        name,
        content,
        given,
        fill: (writer) => fillImport(services, content, given, writer),
      });
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
      using place = services.uploads.place(by.number);
      await place.turn();
      const { given: before } = await importOf(by, id);
      const content = await findContent(db, by.viewer, id);
      if (content === undefined) throw new Problem('NOT_FOUND');
      const stated = givenOf(request.body);
      const given: Given = {
        ...before,
        ...stated,
        mapping: { ...before.mapping, ...stated.mapping },
        formats: { ...before.formats, ...stated.formats },
      };
      const fill = (writer: ImportWriter) => fillImport(services, content, given, writer);
      await rereadImport(db, by.viewer, { id, given, fill, now: await clock.now() });
      return preview(by, id);
    },
  });

  app.route({
    ...at('changeImportCredits'),
    handler: async (request) => {
      const by = memberOf(request);
      const { id } = request.params;
      using place = services.uploads.place(by.number);
      await place.turn();
      const { given } = await importOf(by, id);
      const content = await findContent(db, by.viewer, id);
      if (content === undefined) throw new Problem('NOT_FOUND');
      let refused = new Map<number, Refusal>();
      await rereadImport(db, by.viewer, {
        id,
        given,
        now: await clock.now(),
        before: async (trx) => {
          refused = await changeCredits(trx, { id, member: by.number, currency }, request.body);
        },
        fill: (writer: ImportWriter) => fillImport(services, content, given, writer),
      });
      await refuseRows(
        db,
        by.viewer,
        id,
        [...refused].map(([row, refusal]) => {
          const { column, code, message, value } = errorAt(refusal, row, undefined, '');
          return { row, error: { column, code, message, value } };
        }),
      );
      const action = request.body.count ? 'confirm credits' : 'take credits back';
      await recordAudit(db, { member: by.number, action, subject: id, requestId: request.id });
      return preview(by, id);
    },
  });

  app.route({
    ...at('prepareImport'),
    handler: async (request, reply) => {
      const by = memberOf(request);
      const { id } = request.params;
      await importOf(by, id);
      const { acts, next } = await preparePortion(services, by, id, request.body);
      const whole =
        request.body.after === undefined ? await outline(services, by, id, request.body) : undefined;
      return reply.status(201).send({
        acts: acts.map(({ act, policy }) => preparedView(act, deployment.chainId, policy)),
        next,
        whole: whole === undefined ? null : { ...whole, amount: money(whole.amount, currency) },
      });
    },
  });

  app.route({
    ...at('listImportBatches'),
    handler: async (request) => {
      const by = memberOf(request);
      await importOf(by, request.params.id);
      const [policy, acts] = await Promise.all([
        policyOf(services, by.account),
        listOpenActs(db, by.viewer, request.params.id, await clock.now(), PORTION),
      ]);
      return { acts: acts.map((act) => preparedView(act, deployment.chainId, policy)) };
    },
  });

  app.route({
    ...at('releaseImport'),
    handler: async (request) => {
      const by = memberOf(request);
      const { id } = request.params;
      await importOf(by, id);
      const released = await releaseOpenActs(db, by.viewer, id, await clock.now(), RELEASED);
      if (released > 0) {
        await recordAudit(db, {
          member: by.number,
          action: 'release import',
          subject: id,
          requestId: request.id,
        });
      }
      return importView(await importOf(by, id), currency);
    },
  });
}

/** Throws REQUEST_INVALID for a day that the calendar does not have. */
function givenOf({
  terms,
  ...stated
}: Omit<Given, 'terms'> & { terms?: { days: number } | { date: string } }): Given {
  if (terms === undefined) return stated;
  return { ...stated, terms: 'date' in terms ? { date: parseLegalDate(terms.date) } : terms };
}

/** A form becomes the same body as JSON, so that one schema checks both; its file goes beside it, as it is. */
async function readMultipart(request: FastifyRequest): Promise<void> {
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

const notReadable = (why: string): Problem =>
  new Problem('REQUEST_INVALID', { zh: `表单无法读取（${why}）`, en: `The form cannot be read (${why})` });

function tooLarge(error: unknown): never {
  const { code } = error as { code?: string };
  throw code === 'FST_REQ_FILE_TOO_LARGE' ? new Problem('FILE_TOO_LARGE') : error;
}

function parseField(name: string, value: string): unknown {
  try {
    return JSON.parse(value);
  } catch {
    throw new Problem('REQUEST_INVALID', { zh: `“${name}”不是 JSON`, en: `"${name}" is not JSON` });
  }
}
