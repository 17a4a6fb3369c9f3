/** What a member asks for itself, and what the operator decides about members. */
import { instruction } from '../instructions/instruction.ts';
import { en, zh, type Name } from '../instructions/phrases.ts';

/** By reasoned order. */
type Order = { readonly member: Name; readonly reason: string };

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
