/** A sentence for people, in both languages of the product. */
export type Text = { readonly zh: string; readonly en: string };

type ProblemKind = Text & { readonly status: number };

/**
 * Why an act fails, in the order in which the codes win when several fit (shared/scenarios/README.md).
 * The order of the keys is the rule, not a matter of taste.
 */
const ACT_PROBLEMS = {
  REQUEST_INVALID: { status: 400, zh: '请求内容有误', en: 'The request is not valid' },
  MEMBER_UNKNOWN: { status: 404, zh: '没有这个成员', en: 'There is no such member' },
  MEMBER_NOT_ACTIVE: { status: 403, zh: '该成员已被暂停', en: 'The member is not active' },
  ROLE_REQUIRED: {
    status: 403,
    zh: '该成员没有办理此事的资格',
    en: 'The member does not hold the role for this',
  },
  NOT_HOLDER: { status: 403, zh: '你不是该子票的持有人', en: 'You do not hold this parcel' },
  NOT_OFFERED_TO_YOU: { status: 403, zh: '没有向你提示签收', en: 'The parcel is not on offer to you' },
  OFFER_CHANGED: {
    status: 409,
    zh: '提示签收的内容已变更，请重新查看',
    en: 'What is on offer has changed; look at it again',
  },
  OFFER_EXPIRED: { status: 409, zh: '提示签收已过期', en: 'The offer has expired' },
  BILL_NOT_ACTIVE: { status: 409, zh: '票据尚未生效或已作废', en: 'The bill is not in force' },
  BILL_MATURED: { status: 409, zh: '票据已到期', en: 'The bill has matured' },
  NOT_DUE: { status: 409, zh: '尚未到期', en: 'It is not due yet' },
  PARCEL_LOCKED: {
    status: 409,
    zh: '子票已提示、质押或冻结',
    en: 'The parcel is offered, pledged or on hold',
  },
  RESTRICTED: { status: 403, zh: '票据的限制不允许', en: 'A restriction of the bill forbids it' },
  AMOUNT_INVALID: { status: 422, zh: '金额不成立', en: 'The amount is not possible' },
  AMOUNT_EXCEEDS_PARCEL: { status: 422, zh: '金额超过子票金额', en: 'The amount exceeds the parcel' },
  DUE_DATE_INVALID: { status: 422, zh: '到期日不成立', en: 'The due date is not possible' },
  TENOR_TOO_LONG: { status: 422, zh: '期限超过上限', en: 'The term is longer than the rules allow' },
  INVOICE_OCCUPIED: { status: 409, zh: '发票余额已被占用', en: 'The invoice already backs another bill' },
  DESK_NOT_ALLOWED: {
    status: 409,
    zh: '该银行尚未授权此融资合约',
    en: 'The bank has not let this desk act for it',
  },
  QUOTE_EXPIRED: { status: 409, zh: '报价已失效', en: 'The quote is no longer valid' },
  QUOTE_EXCEEDED: { status: 409, zh: '超过报价金额', en: 'The amount exceeds the quote' },
  PRICE_CHANGED: {
    status: 409,
    zh: '成交价低于你签名的价格',
    en: 'The price is below the one you signed for',
  },
  REDEMPTION_EXCEEDED: {
    status: 409,
    zh: '超过该行已发行且未申请支取的存款',
    en: 'More than this bank has issued and was not asked for yet',
  },
  CAP_EXCEEDED: { status: 409, zh: '超过该行的发行上限', en: 'More than the bank may issue' },
  LINE_EXCEEDED: { status: 409, zh: '超过授信额度', en: 'The credit line is exceeded' },
  OVERPAID: { status: 409, zh: '付款超过票面余额', en: 'More than the bill still needs' },
  INSUFFICIENT_CASH: { status: 409, zh: '存款余额不足', en: 'There is not enough cash' },
} as const satisfies Record<string, ProblemKind>;

/** Why the API refuses before or beside an act. */
const API_PROBLEMS = {
  NOT_FOUND: {
    status: 404,
    zh: '没有找到，或者你无权查看',
    en: 'There is nothing here, or you are not entitled to see it',
  },
  UNAUTHENTICATED: { status: 401, zh: '请先登录', en: 'Sign in first' },
  FORBIDDEN: { status: 403, zh: '无权访问', en: 'You are not entitled to this' },
  RIGHT_REQUIRED: {
    status: 403,
    zh: '你在本单位没有办理此事的权限',
    en: 'Your seat in this firm does not have the right for this',
  },
  SIGN_IN_AGAIN: {
    status: 403,
    zh: '请再次用设备登录，以确认是你本人',
    en: 'Sign in with your device again, to show that it is you',
  },
  ADDRESS_NOT_ALLOWED: {
    status: 403,
    zh: '此密钥不允许从该地址使用',
    en: 'This key may not be used from this address',
  },
  SIGN_IN_REFUSED: {
    status: 401,
    zh: '登录未成功：设备未知、已停用，或时间已过',
    en: 'Signing in failed: the device is not known, was revoked, or the time is over',
  },
  DEVICE_UNSUITABLE: {
    status: 422,
    zh: '该设备不能用于签名：须支持 P-256 并验证本人',
    en: 'This device cannot sign: it has to use P-256 and verify its user',
  },
  DEVICE_OF_NOBODY: {
    status: 403,
    zh: '该设备已停用，或其持有人在本单位无权签名',
    en: 'The device was revoked, or its person may not sign for this firm',
  },
  LINK_OVER: {
    status: 404,
    zh: '链接已使用、已过期或不存在',
    en: 'The link was used, is over, or never was',
  },
  LAST_OF_ITS_KIND: {
    status: 409,
    zh: '至少须留下一个：最后一名管理员或最后一台设备不能移除',
    en: 'One has to stay: the last administrator or the last device is not removed',
  },
  INVOICE_CODE_MISSING: {
    status: 422,
    zh: '八位发票号码须写明发票代码',
    en: 'An invoice number of eight digits needs its code (发票代码)',
  },
  IDEMPOTENCY_CONFLICT: {
    status: 409,
    zh: '同一幂等键对应了不同的请求',
    en: 'The same idempotency key came with another request',
  },
  SIGNATURE_INVALID: { status: 422, zh: '签名无效', en: 'The signature is not valid' },
  SIGNATURE_FORM: {
    status: 422,
    zh: '账户不接受这种形式的签名',
    en: 'The account does not take a signature in this form',
  },
  DAY_LIMIT_EXCEEDED: {
    status: 409,
    zh: '超过签名人当日限额',
    en: 'More than the signer may sign for on one day',
  },
  CHANGE_NOT_WAITING: {
    status: 409,
    zh: '该项变更不在公示中：已停止、已生效或已失效',
    en: 'The change does not wait: it was stopped, carried out, or is void',
  },
  CHANGE_NOT_READY: {
    status: 409,
    zh: '公示期未满',
    en: 'The time in which it can be stopped is not over',
  },
  VETO_DOES_NOT_COUNT: {
    status: 409,
    zh: '该否决不成立：签名人已签署该变更，或除其一人外均已同意',
    en: 'The veto does not count: the signer announced the change, or is the only one against it',
  },
  MEMBER_NOT_NAMED: {
    status: 400,
    zh: '请求未写明代表哪位成员',
    en: 'The request does not name the member that it is for',
  },
  SESSION_CHANGED: {
    status: 409,
    zh: '已换成另一位成员登录，未办理任何事项',
    en: 'Another member has signed in meanwhile; nothing was done',
  },
  INSTRUCTION_EXPIRED: {
    status: 409,
    zh: '指令已过期，请重新准备',
    en: 'The instruction has expired; prepare it again',
  },
  INSTRUCTION_CLOSED: {
    status: 409,
    zh: '指令已被退回或撤回，请重新准备',
    en: 'The instruction was refused or taken back; prepare it again',
  },
  INSTRUCTION_ALTERED: {
    status: 409,
    zh: '指令与准备时不同',
    en: 'The instruction differs from what was prepared',
  },
  RECOVERY_NONE: {
    status: 409,
    zh: '没有可撤回或可制止的账户恢复提议',
    en: 'There is no proposal of a recovery to withdraw or to stop',
  },
  RECOVERY_NOT_AGREED: {
    status: 409,
    zh: '协助人与运营方尚未就同一账户达成一致，或提议已失效',
    en: 'Helper and operator do not both propose this account, or their proposals count no longer',
  },
  RECOVERY_TOO_EARLY: {
    status: 409,
    zh: '公示期未满，账户恢复尚不能完成',
    en: 'The notice of the recovery is not over yet',
  },
  TAX_NUMBER_INVALID: { status: 422, zh: '税号有误', en: 'The tax number is not valid' },
  TAX_NUMBER_TAKEN: {
    status: 409,
    zh: '已有成员使用这个税号',
    en: 'Another member has this tax number already',
  },
  LEI_INVALID: { status: 422, zh: 'LEI 有误', en: 'The LEI is not valid' },
  APPLICATION_INCOMPLETE: {
    status: 422,
    zh: '申请尚缺内容',
    en: 'Something is missing in the application',
  },
  APPLICATION_ELSEWHERE: {
    status: 409,
    zh: '申请目前的状态不能这样办理',
    en: 'The application is in a state in which this is not done',
  },
  SAME_PERSON: {
    status: 409,
    zh: '须由另一人办理：申请人、核实人与准入人互不相同',
    en: 'Somebody else has to do this: who applies, who verifies and who admits are different people',
  },
  AMOUNT_WRONG: { status: 422, zh: '金额不符', en: 'This is not the amount' },
  FILE_KIND_REFUSED: {
    status: 422,
    zh: '只接受 PDF、JPEG、PNG 文件（按内容判断）',
    en: 'Documents are PDF, JPEG or PNG, told by what is in them',
  },
  DOCUMENT_KEY_NONE: {
    status: 409,
    zh: '本单位尚未建立附件密钥',
    en: 'The firm has no key for documents yet',
  },
  DOCUMENT_KEY_ELSEWHERE: {
    status: 409,
    zh: '这台设备尚未取得附件密钥',
    en: 'This device does not have the firm’s key for documents',
  },
  DOCUMENT_KEY_CHANGED: {
    status: 409,
    zh: '附件密钥已更换，或不是该成员签署的',
    en: 'The key for documents is another one now, or was not signed by its member',
  },
  DOCUMENT_REMOVED: {
    status: 410,
    zh: '该附件已由上传者删除',
    en: 'It was removed by who attached it',
  },
  DOCUMENT_UNREADABLE: {
    status: 422,
    zh: '无法打开：文件或密钥已被改动，或尚未授予本单位',
    en: 'It cannot be opened: it was altered, or its key has not been given to this firm yet',
  },
  DOCUMENTS_FULL: { status: 409, zh: '附件数量或容量已达上限', en: 'There is no room for more documents' },
  ALREADY_DONE: { status: 409, zh: '已经办理过', en: 'This has been done already' },
  RATE_LIMITED: { status: 429, zh: '请求过于频繁', en: 'Too many requests' },
  UNAVAILABLE: {
    status: 503,
    zh: '服务暂不可用，请稍后再试',
    en: 'The service is not available now; try again later',
  },
  INTERNAL: { status: 500, zh: '系统内部错误', en: 'Something went wrong on our side' },
} as const satisfies Record<string, ProblemKind>;

/** Why a file as a whole is not read. The detail names the place and what to do; a bad row is refused by itself instead. */
const FILE_PROBLEMS = {
  FILE_EMPTY: { status: 422, zh: '文件里没有内容', en: 'There is nothing in the file' },
  FILE_TOO_LARGE: { status: 413, zh: '文件过大', en: 'The file is too large' },
  FILE_TOO_MANY_ROWS: { status: 422, zh: '文件行数过多', en: 'The file has too many rows' },
  FILE_TOO_MANY_COLUMNS: { status: 422, zh: '文件列数过多', en: 'The file has too many columns' },
  FILE_TOO_MANY_CELLS: { status: 422, zh: '文件单元格过多', en: 'The file has too many cells' },
  FILE_TOO_MANY_INVOICES: { status: 422, zh: '文件里发票过多', en: 'The file holds too many invoices' },
  FILE_CELL_TOO_LONG: { status: 422, zh: '单元格内容过长', en: 'A cell is too long' },
  FILE_QUOTES: { status: 422, zh: '引号没有成对', en: 'A quotation mark is never closed' },
  FILE_ENCODING: { status: 422, zh: '文字编码不符', en: 'The text is not in this encoding' },
  FILE_KIND_UNKNOWN: { status: 422, zh: '不能识别的文件', en: 'This kind of file is not known' },
  FILE_ENCRYPTED: { status: 422, zh: '文件有密码', en: 'The file is locked by a password' },
  FILE_NOT_READ: {
    status: 422,
    zh: '读取文件所需的时间或内存超过上限',
    en: 'Reading the file takes more time or memory than a file may',
  },
  FILE_BROKEN: { status: 422, zh: '文件已损坏', en: 'The file is damaged' },
  ARCHIVE_INFLATES: {
    status: 422,
    zh: '解压后过大，可能是压缩炸弹',
    en: 'It unpacks to too much: this may be a zip bomb',
  },
  ARCHIVE_PATH_UNSAFE: {
    status: 422,
    zh: '压缩包里有越出目录的文件名',
    en: 'A name in the archive leads out of it',
  },
  ARCHIVE_TOO_MANY_FILES: { status: 422, zh: '压缩包里文件过多', en: 'The archive holds too many files' },
  XML_BROKEN: { status: 422, zh: 'XML 格式不完整', en: 'The XML is not well-formed' },
  XML_DTD: {
    status: 422,
    zh: 'XML 带有文档类型声明（DTD），可能夹带实体攻击',
    en: 'The XML declares a document type (DTD), which may carry an attack by entities',
  },
  XML_NOT_AN_INVOICE: { status: 422, zh: 'XML 里没有发票', en: 'There is no invoice in the XML' },
} as const satisfies Record<string, ProblemKind>;

export type ActProblemCode = keyof typeof ACT_PROBLEMS;
export type FileProblemCode = keyof typeof FILE_PROBLEMS;
export type ProblemCode = ActProblemCode | FileProblemCode | keyof typeof API_PROBLEMS;

export const problems: Readonly<Record<ProblemCode, ProblemKind>> = {
  ...ACT_PROBLEMS,
  ...API_PROBLEMS,
  ...FILE_PROBLEMS,
};

/** The codes of acts in the order in which they win. */
export const ACT_PROBLEM_CODES = Object.keys(ACT_PROBLEMS) as readonly ActProblemCode[];
export const PROBLEM_CODES = Object.keys(problems) as readonly ProblemCode[];

export const isFileProblem = (code: string): code is FileProblemCode => Object.hasOwn(FILE_PROBLEMS, code);
export const isProblemCode = (code: string): code is ProblemCode => Object.hasOwn(problems, code);

/** The error that crosses module borders when an act or a request is refused: a code, never a text to be parsed. */
export class Problem extends Error {
  readonly code: ProblemCode;
  readonly detail: Text | undefined;

  constructor(code: ProblemCode, detail?: Text) {
    super(`${code}: ${detail?.en ?? problems[code].en}`);
    this.name = 'Problem';
    this.code = code;
    this.detail = detail;
  }

  get status(): number {
    return problems[this.code].status;
  }

  get title(): Text {
    return problems[this.code];
  }
}

/** Throws the problem that wins among those that fit; does nothing when none does. */
export function refuseIf(fits: Partial<Record<ActProblemCode, boolean>>): void {
  const code = ACT_PROBLEM_CODES.find((candidate) => fits[candidate] === true);
  if (code !== undefined) throw new Problem(code);
}
