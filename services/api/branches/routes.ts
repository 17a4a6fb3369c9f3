/** The branches of a firm. One is opened by an instruction (drafts.ts), and closed by a policy that does not name it. */
import { findPolicy, type AccountPolicy } from '#db/accounts/read.ts';
import { openedBranches, type OpenedBranch } from '#db/branches/read.ts';
import { toBytes } from '#db/wire/bytes.ts';
import { LARGEST, needOf, KIND_BITS } from '#domain/accounts/policy.ts';
import { policyWords } from '#domain/accounts/words.ts';
import { at } from '../access/at.ts';
import type { App } from '../app-types.ts';
import { holdersIn } from '../instructions/holders.ts';
import { foreignAccount } from '../instructions/refusal.ts';
import { partyOf } from '../operator/party.ts';
import { money } from '../schemas/money.ts';

export function registerBranches(app: App): void {
  const { services } = app;
  const { db, deployment } = services;

  app.route({
    ...at('listBranches'),
    handler: async (request) => {
      const by = await partyOf(services, request);
      const [own, opened] = await Promise.all([
        findPolicy(db, toBytes(by.account)),
        openedBranches(db, { member: by.number }),
      ]);
      if (own === undefined) throw foreignAccount();
      const shown = opened.filter(
        ({ account }) => by.branch === undefined || account.toLowerCase() === by.branch,
      );
      return { items: await Promise.all(shown.map((branch) => view(by.number, own, branch))) };
    },
  });

  const view = async (member: number, own: AccountPolicy, { account, name, openedAt }: OpenedBranch) => {
    const people = await findPolicy(db, toBytes(account));
    const key = account.toLowerCase();
    const named = (policy: Pick<AccountPolicy, 'signers'>) =>
      policy.signers.find((signer) => signer.key.toLowerCase() === key);
    const signer =
      named(own) ?? own.changes.map(({ policy }) => named(policy)).find((each) => each !== undefined);
    const signers = people?.signers ?? [];
    const holders = await holdersIn(
      services,
      member,
      signers.map((each) => each.key),
    );
    return {
      ...{ account, name, openedAt: openedAt.toISOString() },
      state:
        named(own) !== undefined
          ? ('open' as const)
          : signer === undefined
            ? ('closed' as const)
            : ('announced' as const),
      dayLimit: signer === undefined ? null : money(signer.dayLimit, deployment.currency),
      threshold:
        people === undefined ? 0 : needOf(people, { kinds: KIND_BITS.finance, amount: LARGEST }).weight,
      signers: signers.map(({ key: id, weight }) => {
        const holder = holders.get(id);
        return {
          ...{ key: id, weight },
          person: holder === undefined ? null : { id: holder.person, name: holder.name },
          device: holder?.device ?? null,
        };
      }),
      words: people === undefined ? { zh: '', en: '' } : policyWords(people, deployment.currency),
    };
  };
}
