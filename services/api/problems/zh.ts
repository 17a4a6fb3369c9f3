/** Why the API refuses, in Chinese. */
import type { Missing } from '#domain/applications/form.ts';
import type { Catalogue } from './en.ts';

const of = ({ path, number }: { path: string; number: string }, why: string) =>
  `${path}，发票 ${number}：${why}`;

const MISSING_NAMES: Readonly<Record<Missing, string>> = {
  entity: '企业类型',
  number: '统一社会信用代码或 LEI',
  name: '名称',
  contact: '联系人',
  legalPerson: '法定代表人（经营者）',
  address: '地址',
  roles: '申请的资格',
  rolesOfSoleTrader: '个体工商户只能申请供应商资格',
  account: '银行账户',
  accountProof: '银行账户的小额验证',
  policy: '签名规则',
  credentialExpiry: '证照有效期',
  licence: '营业执照',
  legalPersonDocument: '法定代表人证件',
  signers: '签名人（人数不足）',
  administrator: '管理员',
};

export const zh: Catalogue = {
  JSON_NOT_UTF8: () => 'JSON 不是 UTF-8 编码',
  CHARACTER_IMPOSSIBLE: () => '含有无法保存的字符',
  NESTED_TOO_DEEP: ({ depth }) => `请求内容嵌套超过 ${depth} 层`,
  TOO_MANY_VALUES: ({ values }) => `请求内容超过 ${values} 个值`,
  HOST_TWICE: () => 'Host 标头不止一个',
  CURSOR_FOREIGN: () => '翻页标记不属于这个列表，请从第一页开始',
  CURRENCY_FOREIGN: ({ ledger, given }) => `本账本只记 ${ledger}，不记 ${given}`,
  BLOCK_TO_COME: ({ newest }) => `账本目前到第 ${newest} 块`,
  NO_BILL_DUE: () => '今天以后没有要到期的票据',
  CHECK_DIGIT_WRONG: ({ text }) => `票据编号 ${text} 的校验位不符，有一位写错或听错了，请核对`,
  REQUEST_CLOSED: () => '该融资申请已结束',
  INVOICE_SELLER_UNREADABLE: (invoice) => of(invoice, '销售方须写税号，只含字母与数字'),
  INVOICE_NUMBER_UNREADABLE: (invoice) =>
    of(invoice, '号码只能含数字、字母 A–Z、汉字与常用符号，不收形似的其他文字'),
  INVOICE_CODE_MISSING: (invoice) => of(invoice, '八位号码须同时写明发票代码'),
  INVOICE_CODE_INVALID: (invoice) => of(invoice, '发票代码应为 10 位或 12 位数字，且与号码一致'),
  PAYEE_WITHOUT_TAX_NUMBER: (invoice) =>
    of(invoice, `收款方（成员 ${invoice.payee}）没有登记税号，无法核对发票的销售方，请先由平台补登`),
  SELLER_NOT_PAYEE: (invoice) =>
    of(invoice, `销售方 ${invoice.seller} 不是收款方（税号 ${invoice.taxNumber}）`),
  FORM_UNREADABLE: ({ why }) => `表单无法读取（${why}）`,
  PART_NOT_JSON: ({ name }) => `“${name}”不是 JSON`,
  UPLOADS_OF_MEMBER: ({ count }) => `您已有 ${count} 个文件正在导入，请等其中一个完成后再试`,
  UPLOADS_OF_ALL: () => '正在导入的文件过多，请稍后再试',
  COLUMN_NOT_READ: ({ field }) => `没有读取“${field.zh}”的列，无法更正这一格`,
  ROWS_GONE_ON: ({ rows }) => `第 ${rows.join('、')} 行已签发、正在签发或不存在，不能更正`,
  INSTRUCTION_GOES_ON: () => '指令仍在等待签名或正在办理；请先撤回',
  INSTRUCTION_OF_IMPORT: () => '请从导入文件的行重新准备',
  ROWS_NOT_FREE: ({ rows }) => `第 ${rows.join('、')} 行有错或已签发，不能再签发`,
  IMPORT_HAS_BILLS: ({ rows }) => `其中 ${rows} 行已签发或正在上链：这些记录说明票据从何而来，不能删除`,
  IMPORT_WAITS: ({ rows }) => `其中 ${rows} 行已准备、等待签名；请先放弃，再删除`,
  IMPORT_COUNTS: ({ credits }) => `其中 ${credits} 张红字（贷项）已计入；请先撤回，再删除`,
  // Applications
  APPLICATIONS_MANY: () => '你或你所在的网络地址已有足够多的申请在办，请先办完',
  APPLICATION_MISSING: ({ missing }) => `尚缺：${missing.map((each) => MISSING_NAMES[each]).join('、')}`,
  NO_DATE: ({ text }) => `${text} 不是日期`,
  DOCUMENTS_MANY: ({ count }) => `每份申请最多 ${count} 个文件`,
  PEOPLE_MANY: ({ count }) => `每份申请最多 ${count} 人（含未使用的链接）`,
  NO_BANK_CONNECTED: () => '尚未接入银行：账户凭书面材料核实',
  CREDITS_MANY: ({ count }) => `不能再次打款：每份申请最多 ${count} 次，同一账户每日亦有上限`,
  TRIES_OVER: ({ count }) => `已试 ${count} 次，请重新打款`,
  CHECKS_MISSING: () => '须核对的事项未全部勾选',
  INVITATIONS_MANY: ({ count }) => `同时最多 ${count} 份未使用的邀请`,
  NOBODY_TO_INVITE: () => '此文件没有未知供应商，或均已邀请',
  APPEAL_TODAY: () => '一天内已提交过申诉，请明天再提交',
  EXPORT_UNDER_WAY: () => '贵单位的导出正在进行，或同时导出的单位过多，请稍后再试',
  NOT_SUSPENDED: () => '该成员未被暂停',
  DATABASE_SILENT: () => '数据库没有应答',
  NODE_SILENT: () => '区块链节点没有应答',
  INDEXER_NOT_BEGUN: () => '索引服务尚未开始',
  INDEXER_STOPPED: () => '索引服务已停止，原因见其日志',
  READ_MODEL_BEHIND: ({ blocks }) => `账目落后 ${blocks} 个区块`,
  CHAIN_STANDS_STILL: ({ since }) => `区块链自 ${since} 起没有新区块`,
};
