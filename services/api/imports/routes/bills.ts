/** From rows of an import to bills that are to be signed, and back. */
import { listOpenInstructions, releaseOpenActs } from '#db/imports/issue.ts';
import { at } from '../../access/at.ts';
import { memberOf } from '../../access/rules.ts';
import type { App } from '../../app-types.ts';
import { originOf } from '../../audit/origin.ts';
import { atItsBranch, policyFor, policyOf } from '../../instructions/signers.ts';
import { preparedView } from '../../instructions/view.ts';
import { money } from '../../schemas/money.ts';
import { auditImport, importOf } from '../own.ts';
import { outline, PORTION, preparePortion } from '../prepare.ts';
import { importView } from '../views.ts';

export function registerBatches(app: App): void {
  const { services } = app;
  const { db, clock, deployment } = services;
  const { currency } = deployment;

  app.route({
    ...at('prepareImport'),
    handler: async (request, reply) => {
      const by = memberOf(request);
      const { id } = request.params;
      await importOf(services, by, id);
      const { instructions, next } = await preparePortion(services, by, id, request.body, originOf(request));
      const whole =
        request.body.after === undefined ? await outline(services, by, id, request.body) : undefined;
      return reply.status(201).send({
        instructions: instructions.map(({ instruction, policy }) =>
          preparedView(instruction, deployment, policy),
        ),
        next,
        whole: whole === undefined ? null : { ...whole, amount: money(whole.amount, currency) },
      });
    },
  });

  app.route({
    ...at('listImportBatches'),
    handler: async (request) => {
      const by = memberOf(request);
      await importOf(services, by, request.params.id);
      const [policy, open] = await Promise.all([
        policyOf(services, by.account),
        listOpenInstructions(db, by.viewer, request.params.id, await clock.now(), PORTION),
      ]);
      const policies = await Promise.all(
        open.map(({ calls }) => policyFor(services, by.account, calls, policy)),
      );
      return {
        instructions: open.map((each, n) => preparedView(each, deployment, atItsBranch(policies[n]!, each))),
      };
    },
  });

  app.route({
    ...at('releaseImport'),
    handler: async (request) => {
      const by = memberOf(request);
      const { id } = request.params;
      await importOf(services, by, id);
      await releaseOpenActs(db, by.viewer, id, await clock.now(), by.person ?? null, (count) => ({
        ...auditImport(request, 'givenUp'),
        facts: { instructions: String(count) },
      }));
      return importView(await importOf(services, by, id), currency);
    },
  });
}
