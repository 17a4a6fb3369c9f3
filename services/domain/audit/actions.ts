/** What the audit trail tells of, by name: past tense, because what stands there is over. */
import type { Text } from '../problems.ts';

type Action = {
  readonly title: Text;
  /** Whether the operator reads it, for running the platform: never what is in a bill, a request, a file. */
  readonly forOperator?: true;
};

const action = (zh: string, en: string, more: Pick<Action, 'forOperator'> = {}): Action => ({
  title: { zh, en },
  ...more,
});
const running = { forOperator: true } as const;

export const AUDIT_ACTIONS = {
  // Who comes in, with what
  signedIn: action('登录', 'Signed in', running),
  signInFailed: action('登录失败', 'Sign-in failed', running),
  signedOut: action('退出', 'Signed out', running),
  seatChosen: action('选择席位', 'Seat chosen', running),
  sessionRevoked: action('撤销登录', 'Session revoked', running),
  personInvited: action('邀请人员', 'Person invited', running),
  invitationWithdrawn: action('撤回邀请', 'Invitation withdrawn', running),
  personRegistered: action('人员注册', 'Person registered', running),
  personJoined: action('人员加入', 'Person joined', running),
  personRemoved: action('移除人员', 'Person removed', running),
  rightsChanged: action('变更权限', 'Rights changed', running),
  deviceLinked: action('邀请添加设备', 'Link for a device made', running),
  deviceAdded: action('添加设备', 'Device added', running),
  deviceRevoked: action('停用设备', 'Device revoked', running),
  apiKeyMade: action('新建接口密钥', 'API key made', running),
  apiKeyRevoked: action('停用接口密钥', 'API key revoked', running),
  emailProven: action('确认邮箱', 'E-mail address confirmed', running),
  webhookMade: action('新建推送地址', 'Webhook made', running),
  webhookChanged: action('修改推送地址', 'Webhook changed', running),
  webhookDeleted: action('删除推送地址', 'Webhook deleted', running),
  recoveryProposed: action('申请恢复账户', 'Recovery proposed', running),
  recoveryWithdrawn: action('撤回恢复申请', 'Recovery withdrawn', running),
  recoveryStopped: action('中止恢复账户', 'Recovery stopped', running),
  recovered: action('恢复账户', 'Account recovered', running),

  // Looks
  looked: action('查看', 'Looked'),
  documentOpened: action('打开文件', 'Document opened'),
  denied: action('越权被拒', 'Denied', running),
  exported: action('导出', 'Exported'),

  // Instructions of firms
  prepared: action('经办', 'Prepared'),
  signed: action('签署', 'Signed'),
  refused: action('退回', 'Refused'),
  givenUp: action('放弃', 'Given up'),
  policyChangeVetoed: action('否决变更', 'Change vetoed', running),
  commented: action('留言', 'Commented'),
  policyChanged: action('变更签署规则', 'Signing policy changed', running),
  distributed: action('要求兑付', 'Payout asked for'),

  // Requests and quotes
  requested: action('询价', 'Asked for financing'),
  requestCancelled: action('撤销询价', 'Request cancelled'),
  requestDeclined: action('不报价', 'Request declined'),
  quotePrepared: action('拟定报价', 'Quote prepared'),
  quoteSigned: action('签署报价', 'Quote signed'),
  quoteWithdrawn: action('撤回报价', 'Quote withdrawn'),

  // Files
  imported: action('导入文件', 'File imported'),
  importChanged: action('修改导入', 'Import changed'),
  importDeleted: action('删除导入', 'Import deleted'),

  // Documents of bills
  documentKeyMade: action('建立附件密钥', 'Key for documents made', running),
  documentKeyAskedFor: action('请求附件密钥', 'Key for documents asked for', running),
  documentKeyGiven: action('授予附件密钥', 'Key for documents given to a device', running),
  documentKeyTaken: action('移除附件密钥', 'Key for documents taken from a device', running),
  documentAttached: action('上传附件', 'Document attached'),
  documentRemoved: action('删除附件', 'Document removed'),
  billKeysWrapped: action('授予附件阅读', 'Keys of a bill wrapped'),
  sightPrepared: action('拟定查看授权', 'Sight of documents prepared'),
  sightSigned: action('签署查看授权', 'Sight of documents signed'),
  sightEnded: action('收回查看授权', 'Sight of documents taken back'),

  // The platform
  applied: action('申请加入', 'Applied', running),
  applicationDecided: action('审核申请', 'Application decided', running),
  admitted: action('准入成员', 'Member admitted', running),
  privilegesSet: action('授予资格', 'Roles given', running),
  suspended: action('暂停成员', 'Member suspended', running),
  restored: action('恢复成员', 'Member restored', running),
  appealed: action('申诉', 'Appealed', running),
  renewed: action('更新资格', 'Credential renewed', running),
  identityErased: action('清除身份资料', 'Identity erased', running),
  rulesPublished: action('发布规则包', 'Rule pack published', running),
  clockMoved: action('推进日期', 'Clock moved', running),
  anchored: action('存证', 'Trail anchored', running),
} as const satisfies Record<string, Action>;

export type AuditAction = keyof typeof AUDIT_ACTIONS;
export const auditActions = Object.keys(AUDIT_ACTIONS) as readonly AuditAction[];

export const isForOperator = (name: AuditAction): boolean =>
  (AUDIT_ACTIONS[name] as Action).forOperator === true;

/** What an entry is about: its kind and its number, id or hash. */
export type AuditSubject =
  `${'bill' | 'document' | 'member' | 'instruction' | 'request' | 'quote' | 'import' | 'invoice' | 'person' | 'session' | 'device' | 'key' | 'application' | 'link' | 'rules' | 'webhook' | 'sight'}:${string}`;
