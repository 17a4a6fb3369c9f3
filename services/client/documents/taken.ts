/** Opens the documents of an export by the firm's recovery code, without any server. Who wrapped a key is believed as the archive says. */
import type { Archive } from '../../domain/leaving/archive.ts';
import {
  FILES,
  readCanonical,
  type AttachedExport,
  type DocumentKeyExport,
  type Manifest,
} from '../../domain/leaving/format.ts';
import { attachmentTypeOf, savedName } from '../../domain/documents/kinds.ts';
import { openBillKey, type BillKey } from './bill-key.ts';
import { openDocument, openFacts } from './content.ts';
import { openFirmKey, sameBytes, type FirmKey } from './firm-key.ts';
import { pairOfRecoveryCode } from './recovery-code.ts';
import { bytesOf } from './stated-key.ts';
import { publicBytesOf, type Bytes } from './suite.ts';

/** Undefined `plain`: it does not open, or its key was not given to the firm. `name` ends as what is in it. */
export type OpenedDocument = {
  readonly billNo: string;
  readonly id: string;
  readonly name: string;
  readonly plain: Bytes | undefined;
};

/** misread: mistyped; other: not the code of the key in the archive; none: there is no key, or none for a code. */
export type CodeTrouble = 'misread' | 'other' | 'none';

const read = async <T>(archive: Archive, name: string): Promise<T> =>
  readCanonical<T>(await archive.text(name));

/** Whether there is anything that a code opens. */
export const hasAttached = (archive: Archive): boolean =>
  archive.has(FILES.documentKey) && archive.names.some((name) => name.endsWith('.sealed'));

/** The firm's key, or what is wrong with the code. */
export async function firmKeyOfExport(
  archive: Archive,
  { member }: Manifest,
  code: string,
): Promise<FirmKey | CodeTrouble> {
  const pair = await pairOfRecoveryCode(code);
  if (pair === undefined) return 'misread';
  if (!archive.has(FILES.documentKey)) return 'none';
  const { publicKey, recovery } = await read<DocumentKeyExport>(archive, FILES.documentKey);
  if (recovery === null) return 'none';
  if (!sameBytes(await publicBytesOf(pair), bytesOf(recovery.publicKey))) return 'other';
  return openFirmKey(member.number, bytesOf(recovery.wrapped), pair, bytesOf(publicKey));
}

/** One after the other; of bills and documents in the order of the archive. */
export async function* openAttached(
  archive: Archive,
  { chain, bills }: Manifest,
  firm: FirmKey,
): AsyncGenerator<OpenedDocument> {
  for (const billNo of bills) {
    // Names of files are made of it: an archive may say anything.
    if (!/^\d+$/.test(billNo) || !archive.has(FILES.attached(billNo))) continue;
    const { files, keys } = await read<AttachedExport>(archive, FILES.attached(billNo));
    const opened = new Map<string, BillKey>();
    for (const { id, commitment, wraps } of keys)
      for (const { wrapped, by, sender } of wraps) {
        const place = { chainId: chain.chainId, billNo, id, commitment: bytesOf(commitment) };
        const from = { member: by, publicKey: bytesOf(sender) };
        const key = await openBillKey(place, bytesOf(wrapped), firm, from).catch(() => undefined);
        if (key !== undefined) opened.set(id, key);
      }
    for (const { id, file, facts, billKey } of files) {
      if (file === null || !/^[0-9a-f-]{36}$/.test(id)) continue;
      const key = opened.get(billKey);
      const plain = key && (await openDocument(key, id, await archive.bytes(file)).catch(() => undefined));
      const told = key && facts && (await openFacts(key, id, bytesOf(facts)).catch(() => undefined));
      const type = plain && attachmentTypeOf(plain);
      yield {
        billNo,
        id,
        name: type ? savedName((told && told.name) ?? '', type) : id,
        plain: type && plain,
      };
    }
  }
}
