/** Archives taken apart and put together again, as somebody would who has something to hide. */
import { createHash } from 'node:crypto';
import {
  BlobReader,
  BlobWriter,
  Uint8ArrayReader,
  Uint8ArrayWriter,
  ZipReader,
  ZipWriter,
} from '@zip.js/zip.js';
import { Wallet } from 'ethers';
import { Archive } from '#domain/leaving/archive.ts';
import { canonicalJson } from '#domain/canonical-json.ts';
import { checkExport, type ExportReport } from '#domain/leaving/check.ts';
import { FILES, messageFor, type Manifest } from '#domain/leaving/format.ts';

export type Files = Map<string, Uint8Array>;

export async function unpacked(archive: Blob): Promise<Files> {
  const files: Files = new Map();
  for (const entry of await new ZipReader(new BlobReader(archive)).getEntries())
    if (!entry.directory) files.set(entry.filename, await entry.getData(new Uint8ArrayWriter()));
  return files;
}

export async function packed(files: Iterable<readonly [string, Uint8Array]>): Promise<Blob> {
  const writer = new ZipWriter(new BlobWriter());
  for (const [name, content] of files) await writer.add(name, new Uint8ArrayReader(content), { level: 0 });
  return writer.close();
}

export const check = async (archive: Blob): Promise<ExportReport> => checkExport(await Archive.open(archive));

export const textOf = (files: Files, name: string): string => new TextDecoder().decode(files.get(name)!);
export const jsonOf = <T>(files: Files, name: string): T => JSON.parse(textOf(files, name)) as T;

/** The same with one file changed as JSON. */
export function changed<T>(files: Files, name: string, change: (value: T) => unknown): Files {
  const value = jsonOf<T>(files, name);
  const other = change(value);
  return new Map(files).set(name, Buffer.from(canonicalJson(other === undefined ? value : other)));
}

/** With a manifest that fits, signed by somebody else: what a forger can do. */
export async function forged(files: Files, key: string): Promise<Files> {
  const manifest = jsonOf<Manifest>(files, FILES.manifest);
  const rest = [...files].filter(([name]) => name !== FILES.manifest && name !== FILES.signature);
  const facts = rest.map(
    ([name, content]) =>
      [name, { sha256: createHash('sha256').update(content).digest('hex'), size: content.length }] as const,
  );
  const text = canonicalJson({ ...manifest, files: Object.fromEntries(facts) });
  const wallet = new Wallet(key);
  const message = messageFor(createHash('sha256').update(text).digest('hex'));
  const signature = { signer: wallet.address, message, signature: await wallet.signMessage(message) };
  return new Map([
    ...rest,
    [FILES.manifest, Buffer.from(text)],
    [FILES.signature, Buffer.from(canonicalJson(signature))],
  ]);
}
