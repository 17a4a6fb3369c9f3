/** What may be found wrong with an export, and how it is said. */
import type { Text } from '../problems.ts';

type Say = (facts: { readonly place: string }) => Text;

const FINDINGS = {
  ARCHIVE_BROKEN: ({ place }) => ({
    zh: `压缩包不完整或已损坏${place && `：${place}`}`,
    en: `The archive is incomplete or damaged${place && `: ${place}`}`,
  }),
  FILE_MISSING: () => ({ zh: '清单中有此文件，压缩包中没有', en: 'The manifest names it; it is not there' }),
  FILE_UNKNOWN: () => ({ zh: '清单中没有此文件', en: 'The manifest does not name it' }),
  FILE_TWICE: () => ({ zh: '压缩包中有两个同名文件', en: 'Two files have this name' }),
  FILE_ALTERED: () => ({ zh: '内容与清单中的摘要不符', en: 'Its content is not the one of the manifest' }),
  FILE_UNREADABLE: ({ place }) => ({
    zh: `无法读取${place && `：${place}`}`,
    en: `It cannot be read${place && `: ${place}`}`,
  }),
  SIGNATURE_WRONG: () => ({
    zh: '签名不是对这份清单的签名',
    en: 'The signature is not one of this manifest',
  }),
  BLOCK_DIFFERS: ({ place }) => ({
    zh: `区块头与清单不符：${place}`,
    en: `The header is not that of the manifest’s block: ${place}`,
  }),
  NOT_PROVEN: ({ place }) => ({
    zh: `${place}：证明走不到区块头`,
    en: `${place}: the proof does not lead to the block`,
  }),
  WORD_DIFFERS: ({ place }) => ({
    zh: `${place}：与链上所存不同`,
    en: `${place}: the chain keeps something else`,
  }),
  ACT_DIFFERS: ({ place }) => ({
    zh: `${place}：所述与记载不同`,
    en: `${place}: what is told is not what was recorded`,
  }),
  TRAIL_DIFFERS: ({ place }) => ({
    zh: `${place}：之前的各笔记载推算不出此处的履历摘要`,
    en: `${place}: the acts up to here do not give this trail`,
  }),
  LINE_NOT_COVERED: ({ place }) => ({
    zh: `${place}：各子票未恰好拼成票面`,
    en: `${place}: the parcels do not cover the face exactly`,
  }),
  SUM_DIFFERS: ({ place }) => ({ zh: `${place}：合计不符`, en: `${place}: the sum is another one` }),
  LEDGER_HASH_DIFFERS: ({ place }) => ({
    zh: `${place}：台账摘要不符`,
    en: `${place}: the ledger hash is another one`,
  }),
  DOCUMENT_DIFFERS: () => ({
    zh: '不是签发时的文件：摘要与票据记载不同',
    en: 'It is not the document of the issue: its hash is not the one in the bill',
  }),
  ATTACHED_DIFFERS: () => ({
    zh: '不是上传的那份附件：密文的摘要不同',
    en: 'It is not the document that was attached: the hash of the ciphertext is another one',
  }),
  EXPORT_DIFFERS: ({ place }) => ({
    zh: `与清单不一致：${place}`,
    en: `It does not agree with the manifest: ${place}`,
  }),
  AUDIT_DIFFERS: ({ place }) => ({ zh: `操作记录：${place}`, en: `Audit trail: ${place}` }),
} as const satisfies Record<string, Say>;

export type FindingCode = keyof typeof FINDINGS;

/** Where in which file; places are names of fields and numbers of acts and parcels, which need no translation. */
export type Finding = { readonly code: FindingCode; readonly file: string; readonly place: string };

export const sayFinding = ({ code, place }: Finding): Text => (FINDINGS[code] as Say)({ place });
