/** What the page says. It stands in one file for good, so it has its words with it. */
import type { ExportReport } from '#domain/leaving/check.ts';

export type Language = 'zh' | 'en';

type Counts = ExportReport['counts'];

const zh = {
  title: '符契 导出核验',
  lead: '选入从平台带走的压缩包。核验只在本机进行：本页不联网，文件不会离开这台设备。',
  choose: '选择或拖入压缩包（.zip）',
  other: 'English',
  busy: '正在核验…',
  good: '核验通过：所查各项均相符',
  bad: (count: number) => `核验未通过：发现 ${count} 处不符`,
  broken: '压缩包不完整或已损坏，无法打开',
  of: (number: number, name: string) => `成员 ${number}（${name}）`,
  madeAt: '导出时间',
  holds: {
    files: (c: Counts) => `文件：${c.files} 个，与清单摘要一致`,
    signature: () => '签名：清单由下列地址签署',
    block: () => '区块：区块头推得清单所载摘要，台账账户与各存储项均可由其状态根证明',
    bills: (c: Counts) =>
      `票据：${c.bills} 张，${c.parcels} 个子票恰好拼成票面；${c.words} 项存储与链上一致；${c.acts} 笔记载推得履历摘要（其中 ${c.hiddenActs} 笔仅有摘要），台账摘要与收付合计一致`,
    documents: () => '文件与账目：签发文件即链上摘要所指；资金进出合计等于余额',
    audit: (c: Counts) => `操作记录：${c.entries} 条，环环相扣`,
  },
  found: '不符之处',
  outside: '请自行对照的两件事',
  outsideLead: '压缩包自身说明不了这两点；任一节点、每日存证或平台公布的信息均可用来对照。',
  blockHash: (chain: number, block: string) => `链 ${chain} 区块 ${block} 的摘要应为`,
  signer: '签名地址应为平台公布的导出地址',
  nobody: '无有效签名',
  attached: '附件',
  attachedLead: '压缩包中的附件是密文。输入本单位的附件恢复码，即在本机打开；恢复码不会离开这台设备。',
  code: '恢复码',
  openAll: '打开附件',
  closed: '无法打开：其密钥未授予本单位',
  trouble: {
    misread: '恢复码有误',
    other: '这不是压缩包中密钥的恢复码',
    none: '压缩包中没有可用恢复码打开的密钥',
  },
};

export type Words = typeof zh;

const en: Words = {
  title: 'Tallystick: verify an export',
  lead: 'Choose the archive that was taken from the platform. It is checked on this device alone: the page makes no connection, and the file goes nowhere.',
  choose: 'Choose or drop an archive (.zip)',
  other: '中文',
  busy: 'Checking…',
  good: 'It holds: all that was checked agrees',
  bad: (count) => `It does not hold: ${count} ${count === 1 ? 'difference' : 'differences'}`,
  broken: 'The archive is incomplete or damaged and cannot be opened',
  of: (number, name) => `Member ${number} (${name})`,
  madeAt: 'Made at',
  holds: {
    files: (c) => `Files: ${c.files}, each as the manifest names it`,
    signature: () => 'Signature: the manifest is signed by the address below',
    block: () =>
      'Block: the header gives the hash in the manifest; the ledger’s account and each word are proven from its state root',
    bills: (c) =>
      `Bills: ${c.bills}, whose ${c.parcels} parcels cover the face exactly; ${c.words} words as the chain keeps them; ${c.acts} acts give the trails (${c.hiddenActs} by their hash alone); ledger hashes and payments add up`,
    documents: () => 'Documents and cash: documents are those of the issue; what moved gives the balance',
    audit: (c) => `Audit trail: ${c.entries} entries in an unbroken chain`,
  },
  found: 'What differs',
  outside: 'Two things to compare yourself',
  outsideLead:
    'The archive cannot say these itself; any node, the daily anchor or what the platform has published can.',
  blockHash: (chain, block) => `On chain ${chain}, the hash of block ${block} should be`,
  signer: 'The platform’s published address for exports should be',
  nobody: 'no valid signature',
  attached: 'Attached documents',
  attachedLead:
    'They are in the archive as ciphertext. The firm’s recovery code for documents opens them here; the code does not leave this device.',
  code: 'Recovery code',
  openAll: 'Open the documents',
  closed: 'it does not open: its key was not given to the firm',
  trouble: {
    misread: 'The recovery code is mistyped',
    other: 'This is not the recovery code of the key in the archive',
    none: 'The archive has no key that a recovery code opens',
  },
};

export const WORDS: Readonly<Record<Language, Words>> = { zh, en };
