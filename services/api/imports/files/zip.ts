/** Archives. What is in them is never written to a disk; every name and size is checked before it is believed. */
import type { Readable } from 'node:stream';
import yauzl, { type Entry, type ZipFile } from 'yauzl';
import { Problem } from '#domain/problems.ts';
import { inMegabytes, LIMITS } from './limits.ts';

export type Packed = {
  readonly name: string;
  /** Unpacks piece by piece; throws FILE_BROKEN where it comes to something else than the archive says. */
  readonly open: () => AsyncGenerator<Uint8Array>;
};

/** The files of an archive, without folders and what an operating system leaves there. Throws what FILE_PROBLEMS names. */
export async function readArchive(bytes: Uint8Array): Promise<Packed[]> {
  const zip = await orBroken(openBuffer(bytes));
  if (zip.entryCount > LIMITS.files) throw new Problem('ARCHIVE_TOO_MANY_FILES', tooMany());
  const entries = await orBroken(entriesOf(zip));
  // What it says of itself; that none comes to more than it says, yauzl sees to while it unpacks.
  const inflated = entries.reduce((sum, { uncompressedSize }) => sum + uncompressedSize, 0);
  if (inflated > LIMITS.inflated) throw new Problem('ARCHIVE_INFLATES', tooMuch());
  return entries.flatMap((entry) => {
    const name = nameOf(entry);
    if (/(^|\/)(__MACOSX\/|\.|Thumbs\.db$|desktop\.ini$)|\/$/i.test(name)) return [];
    if (entry.isEncrypted()) throw new Problem('FILE_ENCRYPTED', locked(name));
    return [{ name, open: () => unpack(zip, entry) }];
  });
}

const openBuffer = (bytes: Uint8Array): Promise<ZipFile> =>
  new Promise((resolve, reject) =>
    yauzl.fromBuffer(
      Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength),
      { lazyEntries: true, decodeStrings: false, validateEntrySizes: true },
      (error, zip) => (error ? reject(error) : resolve(zip)),
    ),
  );

const entriesOf = (zip: ZipFile): Promise<Entry[]> =>
  new Promise((resolve, reject) => {
    const entries: Entry[] = [];
    zip.on('entry', (entry: Entry) => {
      entries.push(entry);
      zip.readEntry();
    });
    zip.on('end', () => resolve(entries));
    zip.on('error', reject);
    zip.readEntry();
  });

const UTF8_NAME = 0x800;

/** Names without the mark for UTF-8 come from Chinese Windows as GB18030 more often than from DOS. */
function nameOf({ fileNameRaw, generalPurposeBitFlag }: Entry): string {
  const isUtf8 = (generalPurposeBitFlag & UTF8_NAME) !== 0;
  const written =
    decodeName(fileNameRaw, 'utf-8') ?? (isUtf8 ? undefined : decodeName(fileNameRaw, 'gb18030'));
  if (written === undefined) throw new Problem('FILE_BROKEN');
  // Some programs for Windows part folders by it.
  const name = written.replaceAll('\\', '/');
  const isUnsafe = yauzl.validateFileName(name) !== null || /[\p{Cc}:]/u.test(name);
  if (!isUnsafe) return name;
  throw new Problem('ARCHIVE_PATH_UNSAFE', {
    zh: `压缩包里的文件名“${name}”不安全，整个压缩包不予读取`,
    en: `The name "${name}" in the archive is not safe; nothing of the archive is read`,
  });
}

function decodeName(raw: Uint8Array, encoding: string): string | undefined {
  try {
    return new TextDecoder(encoding, { fatal: true }).decode(raw);
  } catch {
    return undefined;
  }
}

async function* unpack(zip: ZipFile, entry: Entry): AsyncGenerator<Uint8Array> {
  const stream = await orBroken(
    new Promise<Readable>((resolve, reject) =>
      zip.openReadStream(entry, (error, opened) => (error ? reject(error) : resolve(opened))),
    ),
  );
  const chunks = stream[Symbol.asyncIterator]() as AsyncIterator<Buffer>;
  try {
    for (;;) {
      const { done, value } = await orBroken(chunks.next());
      if (done === true) return;
      yield value;
    }
  } finally {
    stream.destroy();
  }
}

async function orBroken<T>(reading: Promise<T>): Promise<T> {
  try {
    return await reading;
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    throw new Problem('FILE_BROKEN', {
      zh: `压缩包已损坏，请重新打包后再导入（${why}）`,
      en: `The archive is damaged; pack it again and import that (${why})`,
    });
  }
}

const tooMuch = () => ({
  zh: `解压后超过 ${inMegabytes(LIMITS.inflated)}，不予读取；如确系发票，请分成几个文件`,
  en: `It unpacks to more than ${inMegabytes(LIMITS.inflated)} and is not read; if these are invoices, split them up`,
});

const tooMany = () => ({
  zh: `压缩包里超过 ${LIMITS.files} 个文件，请分成几个`,
  en: `The archive holds more than ${LIMITS.files} files; split it up`,
});

const locked = (name: string) => ({
  zh: `“${name}”有密码，请去掉密码后再导入`,
  en: `"${name}" is locked by a password; take it off and import again`,
});
