/** Files of payables that a member uploads, lists, looks into and deletes. */
import { createImport, deleteImport, listImports, type RowState } from '#db/imports/own.ts';
import { newId } from '#db/wire/ids.ts';
import type { Problem } from '#domain/problems.ts';
import { at } from '../../access/at.ts';
import { memberOf } from '../../access/rules.ts';
import type { App } from '../../app-types.ts';
import { originOf } from '../../audit/origin.ts';
import { pageOf } from '../../lists/lists.ts';
import { refused } from '../../problems/refused.ts';
import { givenOf } from '../answers.ts';
import { readForm } from '../form.ts';
import { auditImport, importOf, previewOf, readInto, rowsOf } from '../own.ts';
import type { Given, Reading } from '../read.ts';
import type { Place } from '../uploads.ts';
import { importView } from '../views.ts';

/** JSON is understood as a whole, while everybody waits; larger files come as a form. */
const BODY_LIMIT = 2 * 1024 * 1024;

declare module 'fastify' {
  interface FastifyRequest {
    /** Where the file lies until it is read; given back when the request is over. */
    place?: Place;
  }
}

export function registerFiles(app: App): void {
  const { services } = app;
  const { db, clock, deployment } = services;
  const { currency } = deployment;

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
    preValidation: readForm,
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
        fill: (writer) => readInto(services, writer, content, given, given),
        audited: { ...originOf(request), action: 'imported', subject: `import:${id}`, facts: { name } },
      });
      return reply.status(201).send(await previewOf(services, by, id));
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
    handler: async (request) =>
      importView(await importOf(services, memberOf(request), request.params.id), currency),
  });

  app.route({
    ...at('listImportRows'),
    handler: async (request) => {
      const by = memberOf(request);
      const { given } = await importOf(services, by, request.params.id);
      return rowsOf(services, by, request.params.id, request.query, given);
    },
  });

  app.route({
    ...at('deleteImport'),
    handler: async (request, reply) => {
      const by = memberOf(request);
      const { id } = request.params;
      const { counts } = await importOf(services, by, id);
      const audited = auditImport(request, 'importDeleted');
      if (!(await deleteImport(db, by.viewer, id, await clock.now(), audited))) throw kept(counts);
      return reply.status(204).send(null);
    },
  });
}

/** Why an import stays. */
function kept({ issued, sent, prepared, credited }: Record<RowState, number>): Problem {
  if (issued + sent > 0) return refused('IMPORT_HAS_BILLS', { rows: issued + sent });
  if (prepared > 0) return refused('IMPORT_WAITS', { rows: prepared });
  return refused('IMPORT_COUNTS', { credits: credited });
}
