import { findAct, listActs } from '#db/instructions/own.ts';
import { Problem } from '#domain/problems.ts';
import { memberOf } from '../access/rules.ts';
import { prepareAct } from './prepare.ts';
import { submit } from './submit.ts';
import { followAct } from './follow.ts';
import type { App } from '../app-types.ts';
import { filtersOf, pageOf } from '../lists/lists.ts';
import { actView, preparedView } from './view.ts';
import { at } from '../access/at.ts';

export function actRoutes(app: App): void {
  const { services } = app;
  const { db, deployment } = services;

  app.route({
    ...at('prepareAct'),
    handler: async (request, reply) => {
      const { act: input, validFor } = request.body;
      const { act, policy, documents } = await prepareAct(services, memberOf(request), input, validFor);
      return reply.status(201).send({
        ...preparedView(act, deployment.chainId, policy),
        ...(documents === undefined ? {} : { documents: [...documents] }),
      });
    },
  });

  app.route({
    ...at('submitAct'),
    handler: async (request, reply) => {
      const { params, body } = request;
      const act = await submit(services, memberOf(request), params.id, body, request.id);
      return reply.status(202).send(actView(act));
    },
  });

  app.route({
    ...at('getAct'),
    handler: async (request) => {
      const { viewer, number } = memberOf(request);
      const own = { member: number, seesAll: false };
      const { id } = request.params;
      const find = () => findAct(db, own, id);
      const act = await followAct(services, id, find, (request.query.wait ?? 0) * 1_000);
      if (act === undefined || viewer.member !== act.member) throw new Problem('NOT_FOUND');
      return actView(act);
    },
  });

  app.route({
    ...at('listActs'),
    handler: async (request) => {
      const { number } = memberOf(request);
      const { query } = request;
      return pageOf(
        query,
        ['acts', number, filtersOf(query)],
        ['uuid'],
        (page) => listActs(db, { member: number, seesAll: false }, query, page),
        (rows) => rows.map(actView),
      );
    },
  });
}
