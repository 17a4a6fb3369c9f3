/** The inbox. */
import { switchesOf } from '#db/notices/preferences.ts';
import { countUnread, findNotice, listNotices, markRead } from '#db/notices/read.ts';
import { Problem } from '#domain/problems.ts';
import { at } from '../../access/at.ts';
import type { App } from '../../app-types.ts';
import { pageOf } from '../../lists/lists.ts';
import { readerOf } from '../reader.ts';
import { noticeViews } from '../views.ts';

export function registerInbox(app: App): void {
  const { services } = app;
  const { db } = services;

  app.route({
    ...at('listNotices'),
    handler: async (request) => {
      const reader = readerOf(request);
      const { unread = false } = request.query;
      const switches = await switchesOf(db, reader.person, reader.place);
      return pageOf(
        request.query,
        ['notices', reader.person, reader.place ?? null, unread],
        ['uuid'],
        (page) => listNotices(db, reader, switches, { unread }, page),
        (rows) => noticeViews(services, rows),
      );
    },
  });

  app.route({
    ...at('countNotices'),
    handler: async (request) => {
      const reader = readerOf(request);
      const switches = await switchesOf(db, reader.person, reader.place);
      return { unread: await countUnread(db, reader, switches) };
    },
  });

  app.route({
    ...at('getNotice'),
    handler: async (request) => {
      const row = await findNotice(db, readerOf(request), request.params.id);
      if (row === undefined) throw new Problem('NOT_FOUND');
      return (await noticeViews(services, [row]))[0]!;
    },
  });

  app.route({
    ...at('readNotices'),
    handler: async (request, reply) => {
      const reader = readerOf(request);
      const switches = await switchesOf(db, reader.person, reader.place);
      await markRead(db, reader, switches, request.body.ids);
      return reply.status(204).send(null);
    },
  });
}
