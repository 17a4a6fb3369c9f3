/** A firm opens a branch: an account of its own people that signs for the firm, within a limit a day. */
import type { Policy } from '../accounts/policy.ts';
import { policyWords } from '../accounts/words.ts';
import { instruction } from '../instructions/instruction.ts';
import { cash, yuan } from '../instructions/phrases.ts';
import type { Currency } from '../money.ts';

type Opened = {
  /** Its name. */
  readonly branch: string;
  /** Where its account is. */
  readonly account: string;
  /** Its first policy. */
  readonly people: Policy;
  /** Minor units. */
  readonly dayLimit: bigint;
  /** The firm's own, from then on. */
  readonly policy: Policy;
  readonly currency: Currency;
};

export const branchInstructions = {
  openBranch: instruction<Opened>()({
    by: 'member',
    title: { zh: '开设分支机构', en: 'Open a branch' },
    asks: { branch: 'words', people: 'policy', dayLimit: 'money', salt: 'change' },
    gas: 'policy',
    sentence: ({ branch, account, people, dayLimit, policy, currency }, tense) => {
      const [own, all] = [policyWords(people, currency), policyWords(policy, currency)];
      const limit = { amount: dayLimit, currency };
      return {
        zh:
          `开设分支机构“${branch}”（账户 ${account}），可单独为本企业办理日常业务，每日不超过 ${yuan(limit)}；` +
          `其签署规则：${own.zh}；公示期内其他签名人可以否决，期满后本企业签署规则为：${all.zh}`,
        en:
          `${tense('open', 'opened')} the branch “${branch}” (account ${account}), which does the firm’s ordinary business alone for up to ${cash(limit)} a day; ` +
          `for it sign: ${own.en}; the firm’s other signers can stop that until its time has come, and then for the firm sign: ${all.en}`,
      };
    },
  }),
};
