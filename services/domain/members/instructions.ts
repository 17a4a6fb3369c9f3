/** What a member asks for itself, and what the operator decides about members. */
import { instruction, optional, type Tense } from '../instructions/instruction.ts';
import { en, zh, type Name } from '../instructions/phrases.ts';

/** By reasoned order. */
type Order = { readonly member: Name; readonly reason: string };

/** A member that has lost its keys, and the account that it would move to. */
type Recovered = { readonly member: Name; readonly account: string };

const recoverySentence = (f: Recovered, tense: Tense) => ({
  zh: `提议把 ${zh(f.member)} 的成员身份、票据和存款移到账户 ${f.account}；协助人与运营方提议一致后公示 7 天，期间该企业任一密钥均可制止`,
  en: `${tense('propose', 'proposed')} to move the membership, bills and deposits of ${en(f.member)} to the account ${f.account}; once helper and operator propose the same, a notice of 7 days runs in which any key of that firm can stop it`,
});

const withdrawalSentence = (f: { readonly member: Name }, tense: Tense) => ({
  zh: `撤回恢复 ${zh(f.member)} 账户的提议`,
  en: `${tense('withdraw', 'withdrew')} its proposal to recover the account of ${en(f.member)}`,
});

export const memberInstructions = {
  moveAccount: instruction<{ readonly account: string }>()({
    by: 'member',
    title: { zh: '更换账户', en: 'Move to another account' },
    asks: { account: 'account' },
    gas: 'simple',
    sentence: (f, tense) => ({
      zh: `把本企业的成员身份、票据和存款移到账户 ${f.account}；该账户同意后生效`,
      en: `${tense('move', 'moved')} its membership, bills and deposits to the account ${f.account}, once that account agrees`,
    }),
  }),

  /** Without a helper: nobody helps any more. */
  nameHelper: instruction<{ readonly helper?: Name }>()({
    by: 'member',
    title: { zh: '指定恢复协助人', en: 'Name a recovery helper' },
    asks: { helper: optional('member', 'Left out: nobody') },
    gas: 'simple',
    sentence: ({ helper }, tense) =>
      helper === undefined
        ? {
            zh: '取消恢复协助人，7 天后生效',
            en: `${tense('have', 'took back its recovery helper; it has')} no recovery helper any more, from 7 days later on`,
          }
        : {
            zh: `指定 ${zh(helper)} 为恢复协助人，7 天后生效；密钥全部遗失时，它与平台运营方可共同提议把本企业移到新账户，公示 7 天，期间本企业任一密钥均可制止`,
            en: `${tense('name', 'named')} ${en(helper)} as its recovery helper, from 7 days later on: if all keys are lost, it and the operator together can propose to move this firm to a new account, after a notice of 7 days in which any key of this firm can stop it`,
          },
  }),

  proposeRecovery: instruction<Recovered>()({
    by: 'member',
    title: { zh: '提议恢复账户', en: 'Propose a recovery' },
    asks: { member: 'member', account: 'account' },
    gas: 'simple',
    sentence: recoverySentence,
  }),

  withdrawRecovery: instruction<{ readonly member: Name }>()({
    by: 'member',
    title: { zh: '撤回恢复提议', en: 'Withdraw a recovery' },
    asks: { member: 'member' },
    gas: 'simple',
    sentence: withdrawalSentence,
  }),

  stopRecovery: instruction<{ readonly member?: undefined }>()({
    by: 'member',
    title: { zh: '制止账户恢复', en: 'Stop the recovery' },
    asks: {},
    gas: 'simple',
    sentence: (_, tense) => ({
      zh: '制止对本企业账户的恢复；协助人与运营方的提议均作废',
      en: `${tense('stop', 'stopped')} the recovery of its account; the proposals of helper and operator are void`,
    }),
  }),

  completeRecovery: instruction<Recovered>()({
    by: 'new account',
    title: { zh: '完成账户恢复', en: 'Complete a recovery' },
    asks: {},
    gas: 'simple',
    sentence: (f, tense) => ({
      zh: `把 ${zh(f.member)} 的成员身份、票据和存款移到账户 ${f.account}`,
      en: `${tense('move', 'moved')} the membership, bills and deposits of ${en(f.member)} to the account ${f.account}`,
    }),
  }),

  proposeRecoveryAsOperator: instruction<Recovered & Order>()({
    by: 'operator',
    title: { zh: '提议恢复账户', en: 'Propose a recovery' },
    asks: { member: 'member', account: 'account', reason: 'words' },
    gas: 'simple',
    sentence: (f, tense) => {
      const said = recoverySentence(f, tense);
      return { zh: `${said.zh}：${f.reason}`, en: `${said.en}: ${f.reason}` };
    },
  }),

  withdrawRecoveryAsOperator: instruction<{ readonly member: Name }>()({
    by: 'operator',
    title: { zh: '撤回恢复提议', en: 'Withdraw a recovery' },
    asks: { member: 'member' },
    gas: 'simple',
    sentence: withdrawalSentence,
  }),

  renew: instruction<Order & { readonly until?: string }>()({
    by: 'operator',
    title: { zh: '更新资质', en: 'Renew the credential' },
    asks: {},
    gas: 'simple',
    sentence: ({ member, until, reason }, tense) => ({
      zh: `更新 ${zh(member)} 的资格，${until === undefined ? '长期有效' : `有效期至 ${until} 前`}：${reason}`,
      en: `${tense('renew', 'renewed')} the roles and credential of ${en(member)}, ${until === undefined ? 'without an end' : `valid before ${until}`}: ${reason}`,
    }),
  }),

  admit: instruction<{ readonly member: Name; readonly taxNumber?: string }>()({
    by: 'operator',
    title: { zh: '准入成员', en: 'Admit a member' },
    asks: {},
    gas: 'simple',
    sentence: ({ member, taxNumber }, tense) => ({
      zh: `接纳 ${zh(member)}${taxNumber === undefined ? '' : `（税号 ${taxNumber}）`} 为成员`,
      en: `${tense('admit', 'admitted')} ${en(member)}${taxNumber === undefined ? '' : ` (tax number ${taxNumber})`} as a member`,
    }),
  }),

  setPrivileges: instruction<{ readonly member: Name }>()({
    by: 'operator',
    title: { zh: '授予资格', en: 'Give roles' },
    asks: {},
    gas: 'simple',
    sentence: (f, tense) => ({
      zh: `授予 ${zh(f.member)} 银行、监管或清算银行资格`,
      en: `${tense('give', 'gave')} ${en(f.member)} the roles of a bank, regulator or settlement bank`,
    }),
  }),

  suspend: instruction<Order>()({
    by: 'operator',
    title: { zh: '暂停', en: 'Suspend' },
    asks: { member: 'member', reason: 'words' },
    gas: 'simple',
    sentence: (f, tense) => ({
      zh: `暂停成员 ${zh(f.member)}：${f.reason}`,
      en: `${tense('suspend', 'suspended')} member ${en(f.member)}: ${f.reason}`,
    }),
  }),

  restore: instruction<Order>()({
    by: 'operator',
    title: { zh: '恢复', en: 'Restore' },
    asks: { member: 'member', reason: 'words' },
    gas: 'simple',
    sentence: (f, tense) => ({
      zh: `恢复成员 ${zh(f.member)}：${f.reason}`,
      en: `${tense('restore', 'restored')} member ${en(f.member)}: ${f.reason}`,
    }),
  }),
};
