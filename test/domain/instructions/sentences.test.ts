import { describe, expect, it } from 'vitest';
import { instantOf, parseLegalDate } from '#domain/dates.ts';
import { instructions, type Meaning } from '#domain/instructions/instructions.ts';
import { limitsOfAll } from '#domain/instructions/phrases.ts';
import { ahead, done } from '#domain/instructions/sentences.ts';
import { quoteSentence } from '#domain/sales/instructions.ts';

const hongda = { zh: '宏达五金', en: 'Hongda Hardware' };
const carMaker = { zh: '远山汽车', en: 'Yuanshan Motors' };
const signer = { zh: '云岭银行', en: 'Yunling Bank' };
const bank = { zh: '江城银行', en: 'Jiangcheng Bank' };
const due = parseLegalDate('2027-05-20');
const paper = { amount: 100_000n, currency: 'CNY', due } as const;
const NAMED = { restrictions: ['not_to_be_financed', 'named_members_only'], named: [4, 9] } as const;
const FREE = { restrictions: [], named: [] } as const;
const many = { bills: 1_000, suppliers: 100, firstDue: parseLegalDate('2027-04-01'), lastDue: due };

const ACCOUNT = `0x${'11'.repeat(20)}`;

const stories: [Meaning, string, string][] = [
  [
    { instruction: 'nameHelper', helper: hongda },
    '云岭银行将指定 宏达五金 为恢复协助人，7 天后生效；密钥全部遗失时，它与平台运营方可共同提议把本企业移到新账户，公示 7 天，期间本企业任一密钥均可制止',
    'Yunling Bank will name Hongda Hardware as its recovery helper, from 7 days later on: if all keys are lost, it and the operator together can propose to move this firm to a new account, after a notice of 7 days in which any key of this firm can stop it',
  ],
  [
    { instruction: 'nameHelper' },
    '云岭银行将取消恢复协助人，7 天后生效',
    'Yunling Bank will have no recovery helper any more, from 7 days later on',
  ],
  [
    { instruction: 'proposeRecovery', member: hongda, account: ACCOUNT },
    `云岭银行将提议把 宏达五金 的成员身份、票据和存款移到账户 ${ACCOUNT}；协助人与运营方提议一致后公示 7 天，期间该企业任一密钥均可制止`,
    `Yunling Bank will propose to move the membership, bills and deposits of Hongda Hardware to the account ${ACCOUNT}; once helper and operator propose the same, a notice of 7 days runs in which any key of that firm can stop it`,
  ],
  [
    { instruction: 'withdrawRecovery', member: hongda },
    '云岭银行将撤回恢复 宏达五金 账户的提议',
    'Yunling Bank will withdraw its proposal to recover the account of Hongda Hardware',
  ],
  [
    { instruction: 'stopRecovery' },
    '云岭银行将制止对本企业账户的恢复；协助人与运营方的提议均作废',
    'Yunling Bank will stop the recovery of its account; the proposals of helper and operator are void',
  ],
  [
    { instruction: 'offer', to: hongda, takesAtOnce: false, ...paper },
    '云岭银行将向 宏达五金 转让 ¥1,000.00，2027-05-20 到期',
    'Yunling Bank will pass on ¥1,000.00, due 2027-05-20, to Hongda Hardware',
  ],
  [
    { instruction: 'offer', to: hongda, takesAtOnce: false, until: parseLegalDate('2027-01-31'), ...paper },
    '云岭银行将向 宏达五金 转让 ¥1,000.00，2027-05-20 到期；对方须在 2027-01-31 或之前签收',
    'Yunling Bank will pass on ¥1,000.00, due 2027-05-20, to Hongda Hardware, who can take it until 2027-01-31',
  ],
  [
    { instruction: 'issue', to: hongda, restrictions: ['not_to_be_financed'], ...paper },
    '云岭银行将向 宏达五金 签发 ¥1,000.00，2027-05-20 到期，并于到期日足额付款；不得融资',
    'Yunling Bank will issue ¥1,000.00, due 2027-05-20, to Hongda Hardware and pay it in full on that day; not to be financed',
  ],
  [
    { instruction: 'issue', ...many, amount: 123_456_789n, currency: 'CNY' },
    '云岭银行将向 100 家供应商签发 1000 张票据，共 ¥1,234,567.89，2027-04-01 至 2027-05-20 到期',
    'Yunling Bank will issue 1000 bills of ¥1,234,567.89 in all to 100 suppliers, due 2027-04-01 to 2027-05-20',
  ],
  [
    {
      instruction: 'issue',
      ...many,
      amount: 1n,
      currency: 'CNY',
      ...limitsOfAll([NAMED, NAMED]),
    },
    '云岭银行将向 100 家供应商签发 1000 张票据，共 ¥0.01，2027-04-01 至 2027-05-20 到期；不得融资；仅限指定成员（成员 4、9）',
    'Yunling Bank will issue 1000 bills of ¥0.01 in all to 100 suppliers, due 2027-04-01 to 2027-05-20; not to be financed; for named members only (members 4, 9)',
  ],
  [
    { instruction: 'issue', ...many, amount: 1n, currency: 'CNY', ...limitsOfAll([NAMED, FREE]) },
    '云岭银行将向 100 家供应商签发 1000 张票据，共 ¥0.01，2027-04-01 至 2027-05-20 到期；各票据的限制不同',
    'Yunling Bank will issue 1000 bills of ¥0.01 in all to 100 suppliers, due 2027-04-01 to 2027-05-20; their restrictions differ',
  ],
  [
    {
      instruction: 'issue',
      bills: 1,
      suppliers: 1,
      firstDue: due,
      lastDue: due,
      amount: 1n,
      currency: 'CNY',
    },
    '云岭银行将向 1 家供应商签发 1 张票据，共 ¥0.01，2027-05-20 到期',
    'Yunling Bank will issue 1 bill of ¥0.01 in all to 1 supplier, due 2027-05-20',
  ],
  [
    { instruction: 'take', from: carMaker, isIssue: true, ...paper },
    '云岭银行将签收 远山汽车 签发的 ¥1,000.00，2027-05-20 到期，并同意以此代替现金付款',
    'Yunling Bank will take ¥1,000.00, due 2027-05-20, issued by Yuanshan Motors, and accept it in place of cash',
  ],
  [
    { instruction: 'issue', to: hongda, unbacked: { amount: 100_000n, face: 100_000n }, ...paper },
    '云岭银行将向 宏达五金 签发 ¥1,000.00，2027-05-20 到期，并于到期日足额付款；没有发票支撑',
    'Yunling Bank will issue ¥1,000.00, due 2027-05-20, to Hongda Hardware and pay it in full on that day; no invoice is behind it',
  ],
  [
    { instruction: 'issue', to: hongda, unbacked: { amount: 0n, face: 100_000n }, ...paper },
    '云岭银行将向 宏达五金 签发 ¥1,000.00，2027-05-20 到期，并于到期日足额付款',
    'Yunling Bank will issue ¥1,000.00, due 2027-05-20, to Hongda Hardware and pay it in full on that day',
  ],
  [
    {
      instruction: 'take',
      from: carMaker,
      isIssue: false,
      unbacked: { amount: 1n, face: 500_000n },
      ...paper,
    },
    '云岭银行将签收 远山汽车 转让的 ¥1,000.00，2027-05-20 到期，并同意以此代替现金付款；票面 ¥5,000.00 中有 ¥0.01 没有发票支撑',
    'Yunling Bank will take ¥1,000.00, due 2027-05-20, passed on by Yuanshan Motors, and accept it in place of cash; of the face of ¥5,000.00, ¥0.01 has no invoice behind it',
  ],
  [
    { instruction: 'refuse', from: carMaker, to: hongda, isIssue: true, ...paper },
    '云岭银行将拒收 远山汽车 签发的 ¥1,000.00，2027-05-20 到期；该票据随即作废',
    'Yunling Bank will refuse ¥1,000.00, due 2027-05-20, issued by Yuanshan Motors; the bill is cancelled',
  ],
  [
    { instruction: 'withdraw', from: carMaker, to: hongda, isIssue: false, ...paper },
    '云岭银行将撤回向 宏达五金 转让的 ¥1,000.00，2027-05-20 到期',
    'Yunling Bank will withdraw ¥1,000.00, due 2027-05-20, from Hongda Hardware',
  ],
  [
    { instruction: 'extend', to: hongda, until: parseLegalDate('2027-04-30'), ...paper },
    '云岭银行将把向 宏达五金 提示的 ¥1,000.00 的签收期限延至 2027-04-30',
    'Yunling Bank will extend its offer of ¥1,000.00, due 2027-05-20, to Hongda Hardware until 2027-04-30',
  ],
  [
    { instruction: 'expire', from: carMaker, to: hongda, isIssue: true, ...paper },
    '云岭银行将注销 远山汽车 向 宏达五金 提示而逾期未签收的 ¥1,000.00，2027-05-20 到期；该票据随即作废',
    'Yunling Bank will clear the expired offer of ¥1,000.00, due 2027-05-20, by Yuanshan Motors to Hongda Hardware; the bill is cancelled',
  ],
  [
    { instruction: 'sell', bank, interest: 500n, fee: 100n, net: 99_400n, yearlyCost365: 24_480n, ...paper },
    '云岭银行将把 ¥1,000.00（2027-05-20 到期）卖给 江城银行：利息 ¥5.00，费用 ¥1.00，到手至少 ¥994.00，综合年化成本 2.448%',
    'Yunling Bank will sell ¥1,000.00, due 2027-05-20, to Jiangcheng Bank: interest ¥5.00, fee ¥1.00, for ¥994.00 or more, an all-in cost of 2.448% a year',
  ],
  [
    { instruction: 'cancelQuote', number: '7', obligor: carMaker, amount: 100_000n, currency: 'CNY' },
    '云岭银行将撤销第 7 号报价（远山汽车 的票据，最多 ¥1,000.00）',
    'Yunling Bank will cancel its quote 7 (up to ¥1,000.00 of paper of Yuanshan Motors)',
  ],
  [
    { instruction: 'fund', bill: '3-0017-5', distribute: false, ...paper },
    '云岭银行将为票据 3-0017-5（2027-05-20 到期）付入 ¥1,000.00；付入后不能取回',
    'Yunling Bank will pay in ¥1,000.00 for the bill 3-0017-5, due 2027-05-20; it cannot be taken back',
  ],
  [
    { instruction: 'distribute', acceptor: carMaker, bill: '3-0017-5', due },
    '云岭银行将把 远山汽车 为票据 3-0017-5（2027-05-20 到期）付入而尚未付出的款项按份额付给各持有人',
    'Yunling Bank will pay out to the holders, by their shares, what is paid in and not yet paid out for the bill 3-0017-5 of Yuanshan Motors, due 2027-05-20',
  ],
  [
    { instruction: 'anchor', link: '17' },
    '云岭银行将把审计流水第 17 环的摘要写到链上',
    'Yunling Bank will write the hash of link 17 of the audit trail on the chain',
  ],
  [
    { instruction: 'setLine', obligor: carMaker, group: 0, amount: 100_000n, currency: 'CNY' },
    '云岭银行将把对 远山汽车 的授信额度设为 ¥1,000.00，不归入集团',
    'Yunling Bank will set its credit line on Yuanshan Motors to ¥1,000.00, in no group',
  ],
  [
    { instruction: 'setGroupLine', group: 7, amount: 100_000n, currency: 'CNY' },
    '云岭银行将把对集团 7 的授信额度设为 ¥1,000.00',
    'Yunling Bank will set its credit line on the group 7 to ¥1,000.00',
  ],
  [
    { instruction: 'setStanding', standing: true },
    '云岭银行将预先同意签收：今后转让给它的票据无需再确认，立即归它',
    'Yunling Bank will accept in advance: what is passed on to it from now on is its own at once, without being asked again',
  ],
  [
    { instruction: 'setStanding', standing: false },
    '云岭银行将取消预先同意：今后转让给它的票据须由它签收',
    'Yunling Bank will end its standing acceptance: what is passed on to it waits until it takes it',
  ],
  [
    { instruction: 'approveCash', currency: 'CNY' },
    '云岭银行将允许融资柜台按它签名的报价买入并从它的存款中付款，不限金额',
    'Yunling Bank will let the financing desk buy under quotes that it signed, paid from its deposits, without limit',
  ],
  [
    { instruction: 'deposit', to: 'ACME', reference: 'D-17', amount: 100_000n, currency: 'CNY' },
    '云岭银行将为 ACME 记入存款 ¥1,000.00，记账编号 D-17',
    'Yunling Bank will credit ACME with deposits of ¥1,000.00, booking D-17',
  ],
  [
    { instruction: 'redeem', bank: '华澄', amount: 100_000n, currency: 'CNY' },
    '云岭银行将请 华澄 支取存款 ¥1,000.00 至其银行账户；在该行答复之前，这笔存款被锁定',
    'Yunling Bank will ask 华澄 to pay out deposits of ¥1,000.00 to its bank account; they are locked until it has answered',
  ],
  [
    {
      instruction: 'confirmRedemption',
      member: 'ACME',
      number: '7',
      reference: 'P-9',
      amount: 100n,
      currency: 'CNY',
    },
    '云岭银行将确认已向 ACME 付出 ¥1.00（支取申请 7，付款编号 P-9），这笔存款随即注销',
    'Yunling Bank will confirm that it paid ¥1.00 to ACME (redemption 7, payment P-9); these deposits then cease to exist',
  ],
  [
    {
      instruction: 'refuseRedemption',
      member: 'ACME',
      number: '7',
      reason: '户名不符',
      amount: 100n,
      currency: 'CNY',
    },
    '云岭银行将拒绝 ACME 支取 ¥1.00（支取申请 7）：户名不符；这笔存款退回对方',
    'Yunling Bank will refuse to pay out ¥1.00 to ACME (redemption 7): 户名不符; the deposits go back',
  ],
  [
    { instruction: 'payFor', acceptor: '衡川', bill: '4294967297', amount: 100n, currency: 'CNY' },
    '云岭银行将代 衡川 为其票据 4294967297 付入 ¥1.00；付入后不能取回，也不因此取得任何权利',
    'Yunling Bank will pay in ¥1.00 for 衡川, for its bill 4294967297; it cannot be taken back, and it gets nothing for it',
  ],
  [
    {
      instruction: 'setStanding',
      standing: true,
      acceptor: '衡川',
      least: 100_000n,
      currency: 'CNY',
      until: parseLegalDate('2026-12-31'),
    },
    '云岭银行将预先同意签收：今后转让给它的票据无需再确认，立即归它；仅限 衡川 承兑的票据；每笔不少于 ¥1,000.00；到 2026-12-31 为止',
    'Yunling Bank will accept in advance: what is passed on to it from now on is its own at once, without being asked again; only paper of 衡川; only ¥1,000.00 or more at a time; until 2026-12-31',
  ],
  [
    {
      instruction: 'changePolicy',
      currency: 'CNY',
      policy: {
        signers: [
          { key: '0x01', weight: 1, level: 1, validUntil: 0, dayLimit: 100_000n },
          { key: '0x02', weight: 2, level: 4, validUntil: 1_798_761_600, dayLimit: 0n },
          { key: '0x03', weight: 1, level: 0, validUntil: 0, dayLimit: 0n },
        ],
        rules: [
          { kinds: 0b10011, from: 5_000_000n, threshold: 3, levels: 0b1001 },
          { kinds: 512, from: 0n, threshold: 2, levels: 0 },
        ],
        threshold: 1,
        adminThreshold: 2,
        changeDelay: 86_400,
      },
    },
    '云岭银行将公布本企业签署规则的变更，公示期内其他签名人可以否决，期满后规则为：签名人 0x01（权重 1，经办，每日 ¥1,000.00）、0x02（权重 2，第 4 级，至 2027-01-01T00:00:00.000Z）、0x03（权重 1），一般须权重 1，账户事务须权重 2，变更公示 24 小时，签发、转让、付款 ¥50,000.00 起须权重 3并有经办、第 4 级，其他须权重 2',
    'Yunling Bank will announce another signing policy, which its other signers can stop until its time has come: signers 0x01 (weight 1, maker, ¥1,000.00 a day), 0x02 (weight 2, level 4, until 2027-01-01T00:00:00.000Z), 0x03 (weight 1), a weight of 1 in general and 2 for the account’s own affairs, changes wait for 24 hours, issuing, passing on, paying of ¥50,000.00 or more a weight of 3 with maker, level 4, whatever else a weight of 2',
  ],
  [
    {
      instruction: 'openBranch',
      branch: '滨海分行',
      account: '0xBrAnCh',
      dayLimit: 50_000n,
      currency: 'CNY',
      people: {
        signers: [{ key: '0x01', weight: 1, level: 0, validUntil: 0, dayLimit: 0n }],
        rules: [],
        threshold: 1,
        adminThreshold: 1,
        changeDelay: 86_400,
      },
      policy: {
        signers: [
          { key: '0x02', weight: 2, level: 8, validUntil: 0, dayLimit: 0n },
          { key: '0xbranch', weight: 1, level: 0, validUntil: 0, dayLimit: 50_000n },
        ],
        rules: [{ kinds: 16, from: 0n, threshold: 1, levels: 0 }],
        threshold: 2,
        adminThreshold: 2,
        changeDelay: 86_400,
      },
    },
    '云岭银行将开设分支机构“滨海分行”（账户 0xBrAnCh），可单独为本企业办理日常业务，每日不超过 ¥500.00；其签署规则：签名人 0x01（权重 1），一般须权重 1，账户事务须权重 1，变更公示 24 小时；公示期内其他签名人可以否决，期满后本企业签署规则为：签名人 0x02（权重 2，第 8 级）、0xbranch（权重 1，每日 ¥500.00），一般须权重 2，账户事务须权重 2，变更公示 24 小时，付款须权重 1',
    'Yunling Bank will open the branch “滨海分行” (account 0xBrAnCh), which does the firm’s ordinary business alone for up to ¥500.00 a day; for it sign: signers 0x01 (weight 1), a weight of 1 in general and 1 for the account’s own affairs, changes wait for 24 hours; the firm’s other signers can stop that until its time has come, and then for the firm sign: signers 0x02 (weight 2, level 8), 0xbranch (weight 1, ¥500.00 a day), a weight of 2 in general and 2 for the account’s own affairs, changes wait for 24 hours, paying a weight of 1',
  ],
  [
    { instruction: 'callOffChange', change: '0xabc' },
    '云岭银行将撤回已公布的签署规则变更 0xabc',
    'Yunling Bank will call off the announced change 0xabc of its signing policy',
  ],
  [
    { instruction: 'vetoChange', change: '0xabc' },
    '云岭银行将由一名签名人否决已公布的签署规则变更 0xabc',
    'Yunling Bank will stop the announced change 0xabc of its signing policy, by the veto of one signer',
  ],
  [
    { instruction: 'carryOutChange', change: '0xabc' },
    '云岭银行将使公示期满的签署规则变更 0xabc 生效',
    'Yunling Bank will carry out the change 0xabc of the signing policy, whose time has come',
  ],
];

describe('what an instruction will do', () => {
  it.each(stories)('is said to who signs it (%#)', (meaning, zh, en) => {
    expect(ahead({ by: signer, does: [meaning] })).toEqual({ zh, en });
  });

  it('is said of every instruction of a member', () => {
    const said = new Set(stories.map(([{ instruction }]) => instruction));
    const members = Object.entries(instructions).filter(([, { by }]) => by === 'member');
    expect(members.map(([name]) => name).filter((name) => !said.has(name as Meaning['instruction']))).toEqual(
      ['moveAccount'],
    );
  });

  it('is one sentence for several', () => {
    const [one, other] = [stories[0]![0], stories[1]![0]];
    expect(ahead({ by: signer, does: [one, other] }).en).toBe(
      `${ahead({ by: signer, does: [one] }).en}; ${ahead({ by: signer, does: [other] }).en}`,
    );
  });

  it('is said of a quote', () => {
    const quote = {
      seller: hongda,
      obligor: carMaker,
      rate: 28_000n,
      fee: 0n,
      recourse: 'without',
      validUntil: instantOf(due) + 63_000,
      amount: 100_000n,
      currency: 'CNY',
    } as const;
    expect(quoteSentence(signer, quote)).toEqual({
      zh: '云岭银行将向 宏达五金 报价：按年利率 2.8%、费用 ¥0.00 买入 远山汽车 承兑的票据，最多 ¥1,000.00，无追索权，2027-05-20 17:30 前有效',
      en: 'Yunling Bank will quote to Hongda Hardware: buy up to ¥1,000.00 of paper of Yuanshan Motors at 2.8% a year and a fee of ¥0.00, without recourse, valid until 2027-05-20 17:30',
    });
  });
});

describe('what an instruction has done', () => {
  it.each<[Meaning, string, string]>([
    [
      { instruction: 'issue', to: hongda, restrictions: ['not_to_be_financed'], ...paper },
      '云岭银行已向 宏达五金 签发 ¥1,000.00，2027-05-20 到期，承诺于到期日足额付款；不得融资',
      'Yunling Bank issued ¥1,000.00, due 2027-05-20, to Hongda Hardware, to be paid in full on that day; not to be financed',
    ],
    [
      { instruction: 'take', from: carMaker, isIssue: true, ...paper },
      '云岭银行已签收 远山汽车 签发的 ¥1,000.00，2027-05-20 到期，并同意以此代替现金付款',
      'Yunling Bank took ¥1,000.00, due 2027-05-20, issued by Yuanshan Motors, and accepted it in place of cash',
    ],
    [
      { instruction: 'offer', to: hongda, takesAtOnce: false, until: parseLegalDate('2027-01-31'), ...paper },
      '云岭银行已向 宏达五金 转让 ¥1,000.00，2027-05-20 到期；对方须在 2027-01-31 或之前签收',
      'Yunling Bank passed on ¥1,000.00, due 2027-05-20, to Hongda Hardware, who could take it until 2027-01-31',
    ],
    [
      { instruction: 'setStanding', standing: false },
      '云岭银行已取消预先同意：今后转让给它的票据须由它签收',
      'Yunling Bank ended its standing acceptance: what is passed on to it waits until it takes it',
    ],
    [
      { instruction: 'redeem', bank, amount: 100_000n, currency: 'CNY' },
      '云岭银行已请 江城银行 支取存款 ¥1,000.00 至其银行账户；在该行答复之前，这笔存款被锁定',
      'Yunling Bank asked Jiangcheng Bank to pay out deposits of ¥1,000.00 to its bank account; locked until it answers',
    ],
  ])('is told in the past tense (%#)', (meaning, zh, en) => {
    expect(done({ by: signer, does: [meaning] })).toEqual({ zh, en });
  });

  it('is never something that somebody will do', () => {
    for (const [meaning] of stories) {
      const { zh, en } = done({ by: signer, does: [meaning] });
      expect([zh, en].join(), meaning.instruction).not.toMatch(/银行将| will /);
      expect(en, meaning.instruction).not.toBe(ahead({ by: signer, does: [meaning] }).en);
    }
  });
});
