/** How the API shows a policy. */
import type { Static } from 'typebox';
import { partsOfSigner, vetoDigest, vetoTypedData } from '#chain/typed-data.ts';
import type { AccountPolicy, PendingChange } from '#db/accounts/read.ts';
import { kindsOf, levelsOf, type Policy } from '#domain/accounts/policy.ts';
import { policyWords } from '#domain/accounts/words.ts';
import { isoOf } from '../clock.ts';
import { typedDataView } from '../instructions/view.ts';
import { money } from '../schemas/money.ts';
import type { Services } from '../services.ts';
import type { accountRoutes } from './schema.ts';

type View = Static<(typeof accountRoutes.getPolicy.schema.response)[200]>;
type Deployed = Pick<Services, 'deployment'>['deployment'];

export const policyPageView = (
  deployment: Deployed,
  account: string,
  policy: AccountPolicy,
  now: number,
): View => ({
  account,
  version: policy.version,
  ...policyView(deployment, policy),
  words: policyWords(policy, deployment.currency),
  changes: policy.changes.map((change) => changeView(deployment, account, change, now)),
});

const policyView = ({ addresses, currency }: Deployed, policy: Policy) => ({
  signers: policy.signers.map(({ key, weight, level, validUntil, dayLimit }) => ({
    key,
    type: partsOfSigner(addresses, key)?.type ?? ('other' as const),
    weight,
    level: level === 0 ? null : level,
    validUntil: validUntil === 0 ? null : isoOf(validUntil),
    dayLimit: dayLimit === 0n ? null : money(dayLimit, currency),
  })),
  rules: policy.rules.map(({ kinds, from, threshold, levels }) => ({
    kinds: kindsOf(kinds),
    from: money(from, currency),
    threshold,
    levels: levelsOf(levels),
  })),
  threshold: policy.threshold,
  adminThreshold: policy.adminThreshold,
  changeDelay: policy.changeDelay,
});

const changeView = (deployment: Deployed, account: string, each: PendingChange, now: number) => ({
  change: each.change,
  number: each.number,
  policy: policyView(deployment, each.policy),
  words: policyWords(each.policy, deployment.currency),
  announcedBy: [...each.announcedBy],
  announcedAt: each.announcedAt.toISOString(),
  readyAt: isoOf(each.readyAt),
  isReady: each.readyAt <= now,
  veto: {
    digest: vetoDigest(deployment.chainId, account, each.change),
    typedData: typedDataView(vetoTypedData(deployment.chainId, account, each.change)),
  },
});
