import type { Multipart } from '@fastify/multipart';
import type { FastifyRequest } from 'fastify';
import {
  createImport,
  deleteImport,
  findContent,
  findImport,
  listImportRows,
  listImports,
  listUnknownSuppliers,
  rereadImport,
  rowsNotOpen,
  type ImportWriter,
  type RowState,
} from '#db/imports/own.ts';
import { forgetAlias, listAliases } from '#db/imports/memory.ts';
import { listOpenActs, refuseRows, releaseOpenActs } from '#db/imports/issue.ts';
import { recordAudit } from '#db/requests/audit.ts';
import { newId } from '#db/wire/ids.ts';
import { parseLegalDate } from '#domain/dates.ts';
import { FIELD_TITLES, type Field } from '#domain/imports/columns.ts';
import { mergeCorrections, OF_DOCUMENTS } from '#domain/imports/corrections.ts';
import { errorAt, type Refusal } from '#domain/imports/errors.ts';
import { Problem } from '#domain/problems.ts';
import type { Trx } from '#db/access/access.ts';
import { policyOf } from '../instructions/signers.ts';
import { memberOf } from '../access/rules.ts';
import type { App, MemberPerson } from '../app-types.ts';
import { changeCredits } from './credits.ts';
import { LIMITS } from './files/limits.ts';
import { outline, PORTION, preparePortion } from './prepare.ts';
import { keyOf } from './directory.ts';
import { learn, mostAlike, nameSuppliers, type Choice } from './memory.ts';
import type { Given, Reading, StoredAsRead, StoredCredit, StoredError, StoredPayable } from './read.ts';
import { fillImport } from './store.ts';
import type { Place } from './uploads.ts';
import { filtersOf, pageOf } from '../lists/lists.ts';
import { requireText } from '../plugins/app/validation.ts';
import { preparedView } from '../instructions/view.ts';
import { aliasView, importRowView, importView, unknownSupplierView } from './views.ts';
import { money } from '../schemas/money.ts';
import { at } from '../access/at.ts';

/** Rows that come with the preview. */
const PREVIEW = 50;
/** JSON is understood as a whole, while everybody waits; larger files come as a form. */
const BODY_LIMIT = 2 * 1024 * 1024;

/** Names that are shown to be answered. */
const NAMES = 100;

const RELEASED = { zh: '未签名，已放弃', en: 'Given up before it was signed' };

declare module 'fastify' {
  interface FastifyRequest {
    /** The file of a form. */
    upload?: Buffer;
    /** Where the file lies until it is read; given back when the request is over. */
    place?: Place;
  }
}

export function registerImports(app: App): void {
  const { services } = app;
  const { db, names, clock, deployment } = services;
  const { currency } = deployment;

  const importOf = async (by: MemberPerson, id: string) => {
    const found = await findImport<Given, Reading>(db, by.viewer, id, await clock.now());
    if (found === undefined) throw new Problem('NOT_FOUND');
    return found;
  };
  const audit = (request: FastifyRequest<{ Params: { id: string } }>, action: string) =>
    recordAudit(db, {
      member: memberOf(request).number,
      action,
      subject: request.params.id,
      requestId: request.id,
    });
  type RowsQuery = { limit?: number; cursor?: string; state?: RowState };
  const rowsOf = async (by: MemberPerson, id: string, query: RowsQuery, { corrections = {} }: Given) => {
    const now = await clock.now();
    return pageOf(
      query,
      ['import rows', id, filtersOf(query)],
      ['int'],
      (page) =>
        listImportRows<StoredPayable, StoredError, StoredCredit, StoredAsRead>(
          ...([db, by.viewer, id, query.state, now, page] as const),
        ),
      async (rows) => {
        const ref = await names.of(
          rows.map(({ payable, credit }) => payable?.supplier ?? credit?.supplier ?? null),
        );
        return rows.map((row) => importRowView(row, ref, currency, corrections[row.row]));
      },
    );
  };
  const preview = async (by: MemberPerson, id: string) => {
    const found = await importOf(by, id);
    return {
      ...importView(found, currency),
      rows: await rowsOf(by, id, { limit: PREVIEW }, found.given),
    };
  };
  /** Reads it again, as it is described now. */
  const reread = async (
    by: MemberPerson,
    id: string,
    given: Given,
    { before, stated }: { before?: (trx: Trx) => Promise<void>; stated?: Given },
  ) => {
    const content = await findContent(db, by.viewer, id);
    if (content === undefined) throw new Problem('NOT_FOUND');
    await rereadImport(db, by.viewer, {
      id,
      given,
      now: await clock.now(),
      ...(before === undefined ? {} : { before }),
      fill: (writer) => readInto(writer, content, given, stated),
    });
  };
  const readInto = async (writer: ImportWriter, content: Uint8Array, given: Given, stated: Given = {}) => {
    const reading = await fillImport(services, content, given, writer);
    await learn(writer, reading, stated);
    return reading;
  };
  /** Throws REQUEST_INVALID for what the file has no place for, ALREADY_DONE for rows that went on. */
  const checkCorrections = async (
    by: MemberPerson,
    id: string,
    { reading }: { reading: Reading },
    changes: Changes,
  ) => {
    const isTable = reading.columns.length > 0;
    const can = (field: Field) =>
      isTable ? reading.mapping[field] !== undefined : OF_DOCUMENTS.includes(field);
    const odd = changes.find(({ field }) => !can(field));
    if (odd !== undefined) throw new Problem('REQUEST_INVALID', notThere(odd.field));
    const rows = [...new Set(changes.map(({ row }) => row))];
    const gone = await rowsNotOpen(db, by.viewer, id, rows, await clock.now());
    if (gone.length > 0) throw new Problem('ALREADY_DONE', goneOn(gone));
  };

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
        fill: (writer) => readInto(writer, content, given, given),
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
      const { given } = await importOf(by, request.params.id);
      return rowsOf(by, request.params.id, request.query, given);
    },
  });

  app.route({
    ...at('patchImport'),
    handler: async (request) => {
      const by = memberOf(request);
      const { id } = request.params;
      using place = services.uploads.place(by.number);
      await place.turn();
      const found = await importOf(by, id);
      const { corrections = [], ...body } = request.body;
      await checkCorrections(by, id, found, corrections);
      const { given: before } = found;
      const stated = givenOf(body);
      const isOtherTable = stated.sheet !== undefined && stated.sheet !== found.reading.sheet;
      const given: Given = {
        ...before,
        ...stated,
        mapping: { ...before.mapping, ...stated.mapping },
        formats: { ...before.formats, ...stated.formats },
        // Rows of another sheet are others.
        corrections: isOtherTable ? {} : mergeCorrections(before.corrections, corrections),
      };
      await reread(by, id, given, { stated });
      if (corrections.length > 0) await audit(request, 'correct import');
      return preview(by, id);
    },
  });

  app.route({
    ...at('deleteImport'),
    handler: async (request, reply) => {
      const by = memberOf(request);
      const { id } = request.params;
      const { counts } = await importOf(by, id);
      if (!(await deleteImport(db, by.viewer, id, await clock.now())))
        throw new Problem('ALREADY_DONE', whyKept(counts));
      await audit(request, 'delete import');
      return reply.status(204).send(null);
    },
  });

  app.route({
    ...at('listImportSuppliers'),
    handler: async (request) => {
      const by = memberOf(request);
      const { id } = request.params;
      await importOf(by, id);
      const found = await listUnknownSuppliers(db, by.viewer, id, NAMES + 1);
      const unknown = found.slice(0, NAMES);
      const alike = await mostAlike(services, by.number, unknown);
      const ref = await names.of(alike.flat());
      return {
        items: unknown.map((each, n) => unknownSupplierView(each, alike[n]!.map(ref), currency)),
        more: found.length > NAMES,
      };
    },
  });

  app.route({
    ...at('nameImportSuppliers'),
    handler: async (request) => {
      const by = memberOf(request);
      const { id } = request.params;
      using place = services.uploads.place(by.number);
      await place.turn();
      const { given } = await importOf(by, id);
      const choices: readonly Choice[] = request.body.suppliers;
      const before = (trx: Trx) => nameSuppliers(services, { trx, member: by.number }, choices);
      await reread(by, id, given, { before });
      await audit(request, 'name suppliers');
      return preview(by, id);
    },
  });

  app.route({
    ...at('listSupplierAliases'),
    handler: async (request) => {
      const aliases = await listAliases(db, memberOf(request).viewer);
      const ref = await names.of(aliases.map(({ supplier }) => supplier));
      return { items: aliases.map((alias) => aliasView(alias, ref)) };
    },
  });

  app.route({
    ...at('forgetSupplierAlias'),
    handler: async (request, reply) => {
      const { viewer } = memberOf(request);
      if (!(await forgetAlias(db, viewer, keyOf(request.query.name)))) throw new Problem('NOT_FOUND');
      return reply.status(204).send(null);
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
      let refused = new Map<number, Refusal>();
      await reread(by, id, given, {
        before: async (trx) => {
          refused = await changeCredits(trx, { id, member: by.number, currency }, request.body);
        },
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
      await audit(request, action);
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

const notThere = (field: Field) => ({
  zh: `没有读取“${FIELD_TITLES[field].zh}”的列，无法更正这一格`,
  en: `No column is read as the ${FIELD_TITLES[field].en}: there is nothing to correct`,
});
const goneOn = (rows: readonly number[]) => ({
  zh: `第 ${rows.slice(0, 10).join('、')} 行已签发、正在签发或不存在，不能更正`,
  en: `Rows ${rows.slice(0, 10).join(', ')} are issued, on their way or not there, and cannot be corrected`,
});

/** Why an import stays. */
function whyKept({ issued, sent, prepared, credited }: Record<RowState, number>) {
  if (issued + sent > 0)
    return {
      zh: `其中 ${issued + sent} 行已签发或正在上链：这些记录说明票据从何而来，不能删除`,
      en: `${issued + sent} of its rows are issued or on their way: they say where those bills come from, so it stays`,
    };
  return prepared > 0
    ? {
        zh: `其中 ${prepared} 行已准备、等待签名；请先放弃，再删除`,
        en: `${prepared} of its rows wait for a signature: give these up first`,
      }
    : {
        zh: `其中 ${credited} 张红字（贷项）已计入；请先撤回，再删除`,
        en: `${credited} of its credit notes count: take these back first`,
      };
}

type Changes = readonly { readonly row: number; readonly field: Field; readonly value: string | null }[];

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
