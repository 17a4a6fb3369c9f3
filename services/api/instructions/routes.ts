/** Instructions over HTTP: learn what to sign, hand in the signatures, follow. */
import { findInstruction, listInstructions } from '#db/instructions/own.ts';
import { Problem } from '#domain/problems.ts';
import { memberOf } from '../access/rules.ts';
import { partyOf } from '../operator/party.ts';
import { originOf } from '../audit/origin.ts';
import { at } from '../access/at.ts';
import type { App } from '../app-types.ts';
import { filtersOf, pageOf } from '../lists/lists.ts';
import { follow } from './follow.ts';
import { prepare } from './prepare.ts';
import { submit } from './submit.ts';
import { instructionView, preparedView } from './view.ts';

export function registerInstructions(app: App): void {
  const { services } = app;
  const { db, deployment } = services;

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
        ...preparedView(instruction, deployment.chainId, policy),
        ...(documents === undefined ? {} : { documents: [...documents] }),
      });
    },
  });

  app.route({
    ...at('submitInstruction'),
    handler: async (request, reply) => {
      const { params, body } = request;
      const by = await partyOf(services, request);
      const instruction = await submit(services, by, params.id, body, originOf(request));
      return reply.status(202).send(instructionView(instruction));
    },
  });

  app.route({
    ...at('getInstruction'),
    handler: async (request) => {
      const { viewer, number } = await partyOf(services, request);
      const own = { member: number, seesAll: false };
      const { id } = request.params;
      const find = () => findInstruction(db, own, id);
      const found = await follow(services, id, find, (request.query.wait ?? 0) * 1_000);
      if (found === undefined || viewer.member !== found.member) throw new Problem('NOT_FOUND');
      return instructionView(found);
    },
  });

  app.route({
    ...at('listInstructions'),
    handler: async (request) => {
      const { number } = await partyOf(services, request);
      const { query } = request;
      return pageOf(
        query,
        ['instructions', number, filtersOf(query)],
        ['uuid'],
        (page) => listInstructions(db, { member: number, seesAll: false }, query, page),
        (rows) => rows.map(instructionView),
      );
    },
  });
}
