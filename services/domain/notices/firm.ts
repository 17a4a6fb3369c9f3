/** Notices of what concerns a firm as such, its signatures, and one person. */
import { kind, text } from './kind.ts';

/** `words`: what the instruction says it does, in both languages, as its facts give it. */
type OfInstruction = { readonly instruction: string; readonly type: string };
type Because = { readonly reason: string };
type OfDevice = { readonly device: string };

const signing = { group: 'signing', right: 'sign' } as const;
const firm = { group: 'firm', right: 'administer' } as const;
const security = { group: 'security' } as const;
const instructionPath = ({ instruction }: OfInstruction): string => `/instructions/${instruction}`;
const because = ({ reason }: Because) => (reason === '' ? text('', '') : text(`：${reason}`, `: ${reason}`));
const minePath = (): string => '/me';
/** Its hash. */
type OfChange = { readonly change: string };
const policyPath = (): string => '/firm/policy';

export const firmKinds = {
  signature_wanted: kind<OfInstruction>()({
    ...signing,
    title: { zh: '有指令待签署', en: 'An instruction waits for a signature' },
    sentence: () =>
      text('一条已准备好的指令在等待签名', 'An instruction that was prepared waits to be signed'),
    path: instructionPath,
  }),
  signature_ending: kind<OfInstruction & { readonly until: string }>()({
    ...signing,
    title: { zh: '待签署的指令即将失效', en: 'An instruction to sign is about to end' },
    sentence: ({ until }) =>
      text(`一条待签署的指令在 ${until} 后失效`, `An instruction that waits to be signed ends at ${until}`),
    path: instructionPath,
  }),
  instruction_refused: kind<OfInstruction & Because & { readonly by: string }>()({
    group: 'signing',
    right: 'prepare',
    title: { zh: '指令被复核人退回', en: 'A checker refused an instruction' },
    sentence: (f) =>
      text(`${f.by} 退回了一条指令${because(f).zh}`, `${f.by} refused an instruction${because(f).en}`),
    path: instructionPath,
  }),

  suspended: kind<Because>()({
    ...firm,
    right: 'see',
    title: { zh: '成员资格被暂停', en: 'Your membership is suspended' },
    sentence: (f) =>
      text(`平台暂停了本单位${because(f).zh}`, `The platform suspended your firm${because(f).en}`),
    path: () => '/members',
  }),
  restored: kind<Because>()({
    ...firm,
    right: 'see',
    title: { zh: '成员资格已恢复', en: 'Your membership is restored' },
    sentence: (f) =>
      text(`平台恢复了本单位${because(f).zh}`, `The platform restored your firm${because(f).en}`),
    path: () => '/members',
  }),
  admitted: kind<object>()({
    ...firm,
    right: 'see',
    title: { zh: '已准入为成员', en: 'Your firm was admitted' },
    sentence: () => text('本单位已成为平台成员', 'Your firm is a member now'),
    path: () => '/',
  }),
  credential_ending: kind<{ readonly until: string; readonly days: number }>()({
    ...firm,
    title: { zh: '资格证明即将到期', en: "Your firm's credential is about to expire" },
    sentence: ({ until, days }) =>
      text(
        `资格证明有效至 ${until}，还有 ${days} 天；请办理续期`,
        `It is good until ${until}, ${days} more day${days === 1 ? '' : 's'}; have it renewed`,
      ),
    path: () => '/members',
  }),
  recovery_proposed: kind<{ readonly account: string; readonly until: string }>()({
    ...firm,
    right: 'see',
    title: { zh: '有人提议恢复本单位账户', en: "A recovery of your firm's account is proposed" },
    sentence: ({ account, until }) =>
      until === ''
        ? text(
            `提议把账户移到 ${account}，协助人和平台须提议同一账户；任何一把旧钥匙都可以制止`,
            `It is proposed to move the account to ${account}; helper and platform have to propose the same, and any old key can stop it`,
          )
        : text(
            `账户自 ${until} 起可移到 ${account}；任何一把旧钥匙都可以制止`,
            `From ${until} on the account can move to ${account}; any old key can stop it`,
          ),
    path: policyPath,
  }),
  policy_announced: kind<OfChange & { readonly until: string }>()({
    ...firm,
    right: 'see',
    title: { zh: '签署规则将变更', en: 'Your signing policy is about to change' },
    sentence: ({ until }) =>
      text(
        `新的签署规则自 ${until} 起生效；在此之前其他签名人可以否决`,
        `Another signing policy holds from ${until} on; until then other signers can veto it`,
      ),
    path: policyPath,
  }),
  policy_vetoed: kind<OfChange>()({
    ...firm,
    right: 'see',
    title: { zh: '签署规则的变更被否决', en: 'A change of your signing policy was vetoed' },
    sentence: () =>
      text('一名签名人否决了变更，规则不变', 'A signer stopped the change; the policy stays as it is'),
    path: policyPath,
  }),
  policy_changed: kind<OfChange>()({
    ...firm,
    right: 'see',
    title: { zh: '签署规则已变更', en: 'Your signing policy has changed' },
    sentence: () => text('新的签署规则已生效', 'The new signing policy holds now'),
    path: policyPath,
  }),
  application_state: kind<{ readonly application: string; readonly state: string } & Because>()({
    group: 'firm',
    title: { zh: '入会申请有进展', en: 'Your application has moved on' },
    sentence: (f) =>
      text(`申请状态：${f.state}${because(f).zh}`, `State of the application: ${f.state}${because(f).en}`),
    path: ({ application }) => `/apply/${application}`,
  }),
  api_key_made: kind<{ readonly name: string; readonly by: string }>()({
    ...firm,
    title: { zh: '新建了系统密钥', en: 'A key for a system was made' },
    sentence: ({ name, by }) =>
      text(
        `${by || '有人'} 新建了系统密钥“${name}”`,
        `${by || 'Somebody'} made the key "${name}" for a system`,
      ),
    path: () => '/firm',
  }),
  webhook_disabled: kind<{ readonly host: string; readonly why: string }>()({
    ...firm,
    title: { zh: '一个推送地址已停用', en: 'A webhook was switched off' },
    sentence: ({ host, why }) =>
      text(
        why === 'gone' ? `${host} 答复不再接收` : `${host} 三天未能送达`,
        why === 'gone' ? `${host} says that it takes no more` : `${host} could not be reached for three days`,
      ),
    path: () => '/webhooks',
  }),
  webhook_test: kind<object>()({
    ...firm,
    title: { zh: '推送测试', en: 'A test of a webhook' },
    sentence: () => text('这是一条测试推送', 'This is a test'),
    path: () => '/webhooks',
    isOnlySent: true,
  }),
  retracted: kind<{ readonly notice: string; readonly of: string }>()({
    group: 'trade',
    right: 'see',
    title: { zh: '先前的一条通知作废', en: 'An earlier notice does not hold' },
    sentence: () =>
      text(
        '链重组后，先前通知的事项不在账本中；如再次发生会另行通知',
        'The chain was reorganised, and what an earlier notice said is not in the ledger; if it happens again you are told again',
      ),
    path: ({ notice }) => `/notices?open=${notice}`,
  }),

  device_added: kind<OfDevice>()({
    ...security,
    title: { zh: '你的账户添加了设备', en: 'A device was added to you' },
    sentence: ({ device }) =>
      text(
        `新设备“${device}”可以替你登录和签署；若不是你本人，请立即停用`,
        `"${device}" can sign in and sign for you now; if that was not you, revoke it at once`,
      ),
    path: minePath,
  }),
  signed_in: kind<OfDevice & { readonly address: string }>()({
    ...security,
    title: { zh: '首次从这台设备登录', en: 'A first sign-in from a device' },
    sentence: ({ device, address }) =>
      text(
        `“${device}”首次登录，来自 ${address}`,
        `"${device}" signed in for the first time, from ${address}`,
      ),
    path: minePath,
  }),
  email_changed: kind<{ readonly address: string }>()({
    ...security,
    title: { zh: '你的邮箱已更换', en: 'Your e-mail address was changed' },
    sentence: () =>
      text(
        '通知不再发往此邮箱；若不是你本人，请立即登录检查设备',
        'Notices no longer go to this address; if that was not you, sign in and look at your devices',
      ),
    path: minePath,
  }),
  email_check: kind<{ readonly address: string }>()({
    ...security,
    title: { zh: '请确认邮箱', en: 'Confirm your e-mail address' },
    sentence: () =>
      text('打开链接后，通知将发到此邮箱', 'Once the link is opened, notices go to this address'),
    path: minePath,
    isOnlySent: true,
  }),
};
