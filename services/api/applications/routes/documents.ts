/** Documents of an application: in, out and opened. Only its applicant and the platform do; each time it is noted. */
import type { FastifyReply } from 'fastify';
import { addDocument, findDocument, MAX_DOCUMENTS, removeDocument } from '#db/applications/documents.ts';
import { findApplication } from '#db/applications/own.ts';
import { recordAudit } from '#db/audit/write.ts';
import { newId } from '#db/wire/ids.ts';
import { documentTypeOf } from '#domain/applications/file-kinds.ts';
import { Problem } from '#domain/problems.ts';
import { at } from '../../access/at.ts';
import { originOf } from '../../audit/origin.ts';
import { personOf } from '../../access/rules.ts';
import type { App } from '../../app-types.ts';
import { Uploads } from '../../imports/uploads.ts';
import { refused } from '../../problems/refused.ts';
import { editDraft, ofApplicant } from '../mine.ts';
import { readDocument } from '../upload.ts';
import { documentView } from '../views.ts';

/** What strangers send takes no place from the imports of members. */
const BOUNDS = { places: 8, placesOfMember: 2, turns: 8 } as const;

export function registerApplicationDocuments(app: App): void {
  const { services } = app;
  const { db, sealed } = services;
  const uploads = new Uploads(BOUNDS);

  app.route({
    ...at('addApplicationDocument'),
    onRequest: (request, reply, next) => {
      const place = uploads.place(personOf(request).person);
      request.place = place;
      reply.raw.once('close', () => place[Symbol.dispose]());
      next();
    },
    preValidation: async (request) => {
      // Whose it is is asked before ten megabytes of it are taken in.
      const { id } = request.params as { id: string };
      const found = await findApplication(db, id);
      if (found?.applicant !== personOf(request).person) throw new Problem('NOT_FOUND');
      if (found.state !== 'draft') throw new Problem('APPLICATION_ELSEWHERE');
      await readDocument(request);
    },
    handler: async (request, reply) => {
      using _place = request.place!;
      const { params, body, upload } = request;
      const type = documentTypeOf(upload!);
      if (type === undefined) throw new Problem('FILE_KIND_REFUSED');
      const id = newId();
      const { kind, name } = body;
      const content = await sealed.seal(upload!, placeOfDocument(params.id, id));
      const size = upload!.length;
      await editDraft(services, request, params.id, async (trx) => {
        const added = await addDocument(trx, { id, application: params.id, kind, name, type, size, content });
        if (added === 'many') throw refused('DOCUMENTS_MANY', { count: MAX_DOCUMENTS });
        if (added === 'full') throw new Problem('UNAVAILABLE');
      });
      return reply
        .status(201)
        .send(documentView({ id, application: params.id, kind, name, type, size, createdAt: new Date() }));
    },
  });

  const open = async (reply: FastifyReply, application: string, id: string) => {
    const found = await findDocument(db, application, id);
    if (found === undefined) throw new Problem('NOT_FOUND');
    const bytes = await sealed.open(found.content, placeOfDocument(application, id));
    void reply
      .type(found.type)
      // What strangers have written is looked at, never run as a page of ours.
      .header('content-security-policy', "sandbox; default-src 'none'")
      .header('content-disposition', `attachment; filename*=UTF-8''${encodeURIComponent(found.name)}`)
      .serializer((body: unknown) => body as string);
    return bytes as never;
  };

  app.route({
    ...at('getApplicationDocument'),
    handler: async (request, reply) => {
      const { id, document } = request.params;
      await ofApplicant(services, request, id);
      const bytes = await open(reply, id, document);
      await recordAudit(db, {
        ...originOf(request),
        action: 'documentOpened',
        subject: `document:${document}`,
      });
      return reply.send(bytes);
    },
  });

  app.route({
    ...at('openApplicationDocument'),
    handler: async (request, reply) => {
      const { id, document } = request.params;
      const found = await findApplication(db, id);
      if (found?.filedAt == null) throw new Problem('NOT_FOUND');
      const bytes = await open(reply, id, document);
      await recordAudit(db, {
        ...originOf(request),
        action: 'documentOpened',
        subject: `document:${document}`,
      });
      return reply.send(bytes);
    },
  });

  app.route({
    ...at('removeApplicationDocument'),
    handler: async (request, reply) => {
      const { id, document } = request.params;
      await editDraft(services, request, id, async (trx) => {
        if (!(await removeDocument(trx, id, document))) throw new Problem('NOT_FOUND');
      });
      return reply.status(204).send(null);
    },
  });
}

const placeOfDocument = (application: string, id: string): string =>
  `application ${application} document ${id}`;
