/** Credit lines. */
import { listLines } from '#db/lines/read.ts';
import { at } from '../access/at.ts';
import { memberOf } from '../access/rules.ts';
import type { App } from '../app-types.ts';
import { filtersOf, pageOf } from '../lists/lists.ts';
import { lineView } from './views.ts';

export function registerLines(app: App): void {
  const { db, names, clock, deployment } = app.services;

  app.route({
    ...at('listLines'),
    handler: async (request) => {
      const { viewer } = memberOf(request);
      const { query } = request;
      const now = await clock.now();
      return pageOf(
        query,
        ['lines', viewer.member, filtersOf(query)],
        ['int', 'int'],
        (page) => listLines(db, viewer, query, now, page),
        async (rows) => {
          const ref = await names.of(rows.flatMap(({ bank, obligor }) => [bank, obligor]));
          return rows.map((line) => lineView(line, ref, deployment.currency));
        },
      );
    },
  });
}
