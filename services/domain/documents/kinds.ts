/** What may be attached to a bill: what a document is to people, and of which type its bytes are, whatever it calls itself. */
import type { Text } from '../problems.ts';

export const ATTACHMENT_KINDS = ['contract', 'invoice', 'delivery', 'other'] as const;
export type AttachmentKind = (typeof ATTACHMENT_KINDS)[number];

export const ATTACHMENT_TITLES: Readonly<Record<AttachmentKind, Text>> = {
  contract: { zh: '合同', en: 'Contract' },
  invoice: { zh: '发票', en: 'Invoice' },
  delivery: { zh: '送货单', en: 'Delivery note' },
  other: { zh: '其他', en: 'Other' },
};

export const ATTACHMENT_TYPES = [
  'application/pdf',
  'application/ofd',
  'image/jpeg',
  'image/png',
  'application/xml',
] as const;
export type AttachmentType = (typeof ATTACHMENT_TYPES)[number];

/** Bytes: a document is encrypted, sent and opened as a whole, in memory. */
export const MAX_ATTACHMENT_BYTES = 10 * 1024 * 1024;
/** What encryption adds. */
export const SEAL_BYTES = 28;

const BEGINNINGS: readonly (readonly [AttachmentType, readonly number[]])[] = [
  ['application/pdf', [0x25, 0x50, 0x44, 0x46, 0x2d]],
  ['image/jpeg', [0xff, 0xd8, 0xff]],
  ['image/png', [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]],
];
const ZIP = [0x50, 0x4b, 0x03, 0x04];
/** The part that every OFD has at its root. */
const OFD_ROOT = 'OFD.xml';

const begins = (bytes: Uint8Array, beginning: readonly number[]): boolean =>
  beginning.every((byte, n) => bytes[n] === byte);

/** Undefined for every other type, an HTML page or a script that calls itself XML too. */
export function attachmentTypeOf(bytes: Uint8Array): AttachmentType | undefined {
  const found = BEGINNINGS.find(([, beginning]) => begins(bytes, beginning))?.[0];
  if (found !== undefined) return found;
  if (begins(bytes, ZIP))
    return new TextDecoder('latin1').decode(bytes).includes(OFD_ROOT) ? 'application/ofd' : undefined;
  const text = new TextDecoder().decode(bytes.slice(0, 200)).replace(/^\uFEFF/, '');
  return /^\s*<\?xml\s/.test(text) ? 'application/xml' : undefined;
}

const EXTENSIONS: Readonly<Record<AttachmentType, string>> = {
  'application/pdf': 'pdf',
  'application/ofd': 'ofd',
  'image/jpeg': 'jpg',
  'image/png': 'png',
  'application/xml': 'xml',
};

/** A name to save it under that ends as its type does: what its uploader called it decides nothing. */
export function savedName(name: string, type: AttachmentType): string {
  const plain = name.replace(/[\\/:*?"<>|\p{C}]/gu, '_').replace(/\.[^.]*$/, '');
  return `${plain === '' ? 'document' : plain}.${EXTENSIONS[type]}`;
}
