/** Instructions over HTTP: learn what to sign, hand in the signatures, follow. */
import { findInstruction, listInstructions } from '#db/instructions/own.ts';
import { Problem } from '#domain/problems.ts';
import { ownViewer } from '../access/person.ts';
import { memberOf } from '../access/rules.ts';
import { partyOf } from '../operator/party.ts';
import { originOf } from '../audit/origin.ts';
import { at } from '../access/at.ts';
import type { App } from '../app-types.ts';
import { filtersOf, pageOf } from '../lists/lists.ts';
import { follow } from './follow.ts';
import { prepare } from './prepare.ts';
import { submit } from './submit.ts';
import { registerChecking } from './checking.ts';
import { instructionViews, preparedView } from './view.ts';
import { listWaitingFor } from './waiting.ts';

export function registerInstructions(app: App): void {
  const { services } = app;
  const { db, deployment, clock } = services;

  app.route({
    ...at('prepareInstruction'),
    handler: async (request, reply) => {
      const { instruction: asked, validFor } = request.body;
      const { instruction, policy, documents } = await prepare(
        services,
        memberOf(request),
        asked,
        originOf(request),
        validFor,
      );
      return reply.status(201).send({
        ...preparedView(instruction, deployment, policy),
        ...(documents === undefined ? {} : { documents: [...documents] }),
      });
    },
  });

  app.route({
    ...at('submitInstruction'),
    handler: async (request, reply) => {
      const by = await partyOf(services, request);
      const submitted = await submit(services, by, request.params.id, request.body, originOf(request));
      const { instruction, signing } = submitted;
      const [view] = await instructionViews(services, [instruction]);
      return reply.status(202).send({ ...view!, signing });
    },
  });

  app.route({
    ...at('getInstruction'),
    handler: async (request) => {
      const by = await partyOf(services, request);
      const { id } = request.params;
      const find = () => findInstruction(db, ownViewer(by), id);
      const found = await follow(services, id, find, (request.query.wait ?? 0) * 1_000);
      if (found === undefined || by.viewer.member !== found.member) throw new Problem('NOT_FOUND');
      return (await instructionViews(services, [found]))[0]!;
    },
  });

  app.route({
    ...at('listInstructions'),
    handler: async (request) => {
      const by = await partyOf(services, request);
      const { query } = request;
      const { waiting, ...filter } = query;
      if (waiting !== undefined) return listWaitingFor(services, by, waiting, query);
      const isOfTime = filter.state === 'prepared' || filter.state === 'expired';
      const now = isOfTime ? await clock.now() : 0;
      return pageOf(
        query,
        ['instructions', by.number, filtersOf(query)],
        ['uuid'],
        (page) => listInstructions(db, ownViewer(by), { ...filter, now }, page),
        (rows) => instructionViews(services, rows),
      );
    },
  });

  registerChecking(app);
}
