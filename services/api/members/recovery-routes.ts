/** Recoveries over HTTP: who sees which, the operator's half, and their end. */
import { originOf } from '../audit/origin.ts';
import { findHelpers, findRecovery, listRecoveries } from '#db/members/recoveries.ts';
import { Problem } from '#domain/problems.ts';
import { at } from '../access/at.ts';
import { memberOf } from '../access/rules.ts';
import type { App, Person } from '../app-types.ts';
import { instructionViews, toBeSigned } from '../instructions/view.ts';
import { decide } from '../operator/decide.ts';
import { pageOf } from '../lists/lists.ts';
import { complete, helperView, membersOf, prepareCompletion, recoveryView } from './recoveries.ts';
import { stopRecovery } from './stop-recovery.ts';

/** In whose name is asked; undefined: all are seen. */
const concerned = (person: Person): number | undefined =>
  person.kind === 'member' && !person.viewer.seesAll ? person.number : undefined;

export function registerRecoveries(app: App): void {
  const { services } = app;
  const { db, clock, names } = services;

  const viewOf = async (number: number) => {
    const row = await findRecovery(db, number);
    if (row === undefined) return null;
    return recoveryView(row, await names.of(membersOf(row)), await clock.now());
  };

  app.route({
    ...at('listRecoveries'),
    handler: async ({ query, person }) => {
      const member = concerned(person);
      const now = await clock.now();
      return pageOf(
        query,
        ['recoveries', member ?? 'all'],
        ['int'],
        (page) => listRecoveries(db, member, page),
        async (rows) => {
          const ref = await names.of(rows.flatMap(membersOf));
          return rows.map((row) => recoveryView(row, ref, now));
        },
      );
    },
  });

  app.route({
    ...at('getRecovery'),
    handler: async ({ params: { number }, person }) => {
      const helpers = await findHelpers(db, number);
      if (helpers === undefined) throw new Problem('MEMBER_UNKNOWN');
      const member = concerned(person);
      const maySee = member === undefined || [number, helpers.helper, helpers.next_helper].includes(member);
      const ref = await names.of([helpers.helper, helpers.next_helper]);
      return {
        helper: maySee ? helperView(helpers, ref, await clock.now()) : null,
        recovery: await viewOf(number),
      };
    },
  });

  app.route({
    ...at('proposeRecoveryAsOperator'),
    handler: async (request, reply) => {
      const { number } = request.params;
      const asked = { type: 'proposeRecoveryAsOperator', member: number, ...request.body } as const;
      const decided = await decide(services, request, asked);
      if ('prepared' in decided) return reply.status(202).send(toBeSigned(services, decided.prepared));
      const view = await viewOf(number);
      if (view === null) throw new Problem('RECOVERY_NONE'); // stopped in the same moment
      return view;
    },
  });

  app.route({
    ...at('withdrawRecoveryAsOperator'),
    handler: async (request, reply) => {
      const { number } = request.params;
      const asked = { type: 'withdrawRecoveryAsOperator', member: number } as const;
      const decided = await decide(services, request, asked);
      if ('prepared' in decided) return reply.status(202).send(toBeSigned(services, decided.prepared));
      return { recovery: await viewOf(number) };
    },
  });

  app.route({
    ...at('stopRecovery'),
    handler: async (request, reply) => {
      const act = await stopRecovery(services, memberOf(request), request.body, originOf(request));
      return reply.status(202).send((await instructionViews(services, [act]))[0]!);
    },
  });

  app.route({
    ...at('prepareRecovery'),
    handler: ({ params: { number }, body }) => prepareCompletion(services, number, body.account),
  });

  app.route({
    ...at('completeRecovery'),
    handler: async (request) => {
      const act = await complete(services, request.params.number, request.body, originOf(request));
      return (await instructionViews(services, [act]))[0]!;
    },
  });
}
