/** The bank account of an application, proved by a small credit. */
import {
  addProof,
  countTry,
  dropProof,
  MAX_CREDITS,
  mayCredit,
  noteProved,
  noteReference,
  proofsOf,
  sandboxStatement,
  TRIES,
} from '#db/applications/account-proofs.ts';
import { findApplication } from '#db/applications/own.ts';
import { Problem } from '#domain/problems.ts';
import { at } from '../../access/at.ts';
import { personOf } from '../../access/rules.ts';
import type { App } from '../../app-types.ts';
import { refused } from '../../problems/refused.ts';
import { money, readMoney } from '../../schemas/money.ts';
import { editDraft, ofApplicant } from '../mine.ts';
import { applicationView, isOfAccount } from '../views.ts';

export function registerAccount(app: App): void {
  const { services } = app;
  const { db, deployment, accountProof } = services;
  const { currency } = deployment;

  const view = async (id: string, person: string) =>
    applicationView(services, (await findApplication(db, id))!, person);

  app.route({
    ...at('beginAccountProof'),
    handler: async (request) => {
      const { id } = request.params;
      // The place is taken first, so that of two at once only one is credited too many; the bank is asked without a lock.
      const { proof, account } = await editDraft(services, request, id, async (trx, { form }) => {
        if (accountProof === undefined) throw refused('NO_BANK_CONNECTED');
        const stated = form.account;
        if (stated === undefined) throw refused('APPLICATION_MISSING', { missing: ['account'] });
        if ((await proofsOf(trx, id)).length >= MAX_CREDITS || !(await mayCredit(trx, stated)))
          throw refused('CREDITS_MANY', { count: MAX_CREDITS });
        return { proof: await addProof(trx, id, stated), account: stated };
      });
      try {
        await noteReference(db, proof, await accountProof!.begin(account));
      } catch (error) {
        await dropProof(db, proof);
        throw error;
      }
      return view(id, personOf(request).person);
    },
  });

  app.route({
    ...at('proveAccount'),
    handler: async (request) => {
      const { id } = request.params;
      const { form, state } = await ofApplicant(services, request, id);
      const last = (await proofsOf(db, id)).at(-1);
      if (state !== 'draft') throw new Problem('APPLICATION_ELSEWHERE');
      if (
        accountProof === undefined ||
        last === undefined ||
        last.reference === null ||
        form.account === undefined
      )
        throw new Problem('NOT_FOUND');
      if (!isOfAccount(last, form.account)) throw new Problem('NOT_FOUND');
      if (last.provedAt !== null) throw new Problem('ALREADY_DONE');
      const amount = readMoney(request.body.amount, currency);
      if (!(await countTry(db, last.id))) throw refused('TRIES_OVER', { count: TRIES });
      if (!(await accountProof.wasAmount(last.reference, amount))) throw new Problem('AMOUNT_WRONG');
      await noteProved(db, last.id);
      return view(id, personOf(request).person);
    },
  });

  app.route({
    ...at('readSandboxStatement'),
    handler: async () => {
      const credits = services.isSandboxBank ? await sandboxStatement(db) : [];
      return {
        items: credits.map(({ bank, number, amount, at: when }) => ({
          bank,
          number,
          amount: money(amount, currency),
          at: when.toISOString(),
        })),
      };
    },
  });
}
