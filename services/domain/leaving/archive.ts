/** Reads the archive of an export, in a page as on the command line: one file at a time, whatever its size. */
import { BlobReader, configure, ZipReader, type FileEntry } from '@zip.js/zip.js/lib/zip-core-native.js';
import { sha256 } from '@noble/hashes/sha2.js';
import { bytesToHex } from '@noble/hashes/utils.js';
import type { FileFacts } from './format.ts';

configure({ useWebWorkers: false });

/** A file that is taken into memory is no larger (bytes). */
const LARGEST = 400_000_000;

export class Archive {
  readonly #entries: ReadonlyMap<string, FileEntry>;
  /** Names that several files have. */
  readonly twice: readonly string[];

  private constructor(entries: readonly FileEntry[]) {
    this.#entries = new Map(entries.map((entry) => [entry.filename, entry]));
    const byName = Map.groupBy(entries, ({ filename }) => filename);
    this.twice = [...byName].flatMap(([name, of]) => (of.length > 1 ? [name] : []));
  }

  /** Throws where there is no archive, or its end is missing. */
  static async open(file: Blob): Promise<Archive> {
    const entries = await new ZipReader(new BlobReader(file), { checkSignature: true }).getEntries();
    return new Archive(entries.filter((entry) => !entry.directory));
  }

  get names(): readonly string[] {
    return [...this.#entries.keys()];
  }

  has(name: string): boolean {
    return this.#entries.has(name);
  }

  /** Throws where it is not there or damaged. */
  async each(name: string, take: (chunk: Uint8Array) => void): Promise<void> {
    const entry = this.#entries.get(name);
    if (entry === undefined) throw new Error(`there is no ${name}`);
    await entry.getData(new WritableStream({ write: (chunk: Uint8Array) => take(chunk) }));
  }

  async facts(name: string): Promise<FileFacts> {
    const hash = sha256.create();
    let size = 0;
    await this.each(name, (chunk) => {
      hash.update(chunk);
      size += chunk.length;
    });
    return { sha256: bytesToHex(hash.digest()), size };
  }

  async bytes(name: string): Promise<Uint8Array<ArrayBuffer>> {
    const chunks: Uint8Array<ArrayBuffer>[] = [];
    let size = 0;
    await this.each(name, (chunk) => {
      size += chunk.length;
      if (size > LARGEST) throw new Error('it is too large');
      chunks.push(chunk as Uint8Array<ArrayBuffer>);
    });
    return new Uint8Array(await new Blob(chunks).arrayBuffer());
  }

  /** Throws where it is no UTF-8. */
  async text(name: string): Promise<string> {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(await this.bytes(name));
  }

  async lines(name: string, take: (line: string) => void): Promise<void> {
    const decoder = new TextDecoder('utf-8', { fatal: true });
    let rest = '';
    await this.each(name, (chunk) => {
      const lines = (rest + decoder.decode(chunk, { stream: true })).split('\n');
      rest = lines.pop()!;
      for (const line of lines) take(line);
    });
    if (rest !== '') take(rest);
  }
}
