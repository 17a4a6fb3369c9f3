/** The encoding of a text that does not name it. */
import { isUtf8 } from 'node:buffer';
import { TextDecoder } from 'node:util';
import { fieldOfHeader } from '#domain/imports/columns.ts';
import { tidy } from '#domain/imports/table.ts';
import { Problem } from '#domain/problems.ts';

export const ENCODINGS = ['utf-8', 'utf-16le', 'utf-16be', 'gb18030', 'windows-1252'] as const;
export type Encoding = (typeof ENCODINGS)[number];

const BOMS = [
  ['utf-8', [0xef, 0xbb, 0xbf]],
  ['utf-16le', [0xff, 0xfe]],
  ['utf-16be', [0xfe, 0xff]],
] as const;

/**
 * How a text is encoded, or between which encodings only its reader can tell:
 *
 * 1) It says so itself by a byte order mark.
 * 2) Every second byte of its beginning is zero: UTF-16 without one.
 * 3) It is valid UTF-8, which text in another encoding hardly ever is by accident.
 * 4) Read as UTF-8 or as GB18030 it has a header whose Chinese names we know. A character cut in half, as programs leave it
 *    that count bytes, does not change that: its row is named when it is read.
 * 5) Else it may be GB18030 or Western European: asked.
 */
export function detectEncoding(bytes: Uint8Array): Encoding | readonly Encoding[] {
  const marked = BOMS.find(([, bom]) => bom.every((byte, i) => bytes[i] === byte));
  if (marked !== undefined) return marked[0];
  const zeros = zerosOf(bytes);
  if (zeros !== undefined) return zeros;
  if (isUtf8(bytes)) return 'utf-8';
  const known = (['utf-8', 'gb18030'] as const).find((encoding) => hasChineseHeader(bytes, encoding));
  return known ?? ['gb18030', 'windows-1252'];
}

/** UTF-16 by its zeros; throws FILE_KIND_UNKNOWN when there are some, but not where it would have them. */
function zerosOf(bytes: Uint8Array): Encoding | undefined {
  const start = bytes.subarray(0, 4096);
  let [even, odd] = [0, 0];
  start.forEach((byte, i) => byte === 0 && (i % 2 === 0 ? (even += 1) : (odd += 1)));
  if (even + odd === 0) return undefined;
  if (odd > start.length / 8 && even === 0) return 'utf-16le';
  if (even > start.length / 8 && odd === 0) return 'utf-16be';
  throw new Problem('FILE_KIND_UNKNOWN', {
    zh: '这不是文本、Excel、XML 或 ZIP 文件',
    en: 'This is no text, Excel, XML or ZIP file',
  });
}

function hasChineseHeader(bytes: Uint8Array, encoding: Encoding): boolean {
  const start = new TextDecoder(encoding).decode(bytes.subarray(0, 8192));
  const cells = start.split(/[\r\n,;|\t"]+/, 400).map(tidy);
  return (
    cells.filter((cell) => /\p{Script=Han}/u.test(cell) && fieldOfHeader(cell) !== undefined).length >= 2
  );
}

/** Characters on either side of the first that is not ASCII. */
const AROUND = 12;

/** How the first line that is not plain reads in each of several encodings. */
export function readingsOf(bytes: Uint8Array, encodings: readonly Encoding[]): Record<string, string> {
  const at = bytes.findIndex((byte) => byte > 0x7f);
  const piece = bytes.subarray(Math.max(0, at - AROUND), at + AROUND);
  return Object.fromEntries(
    encodings.map((encoding) => [
      encoding,
      tidy(new TextDecoder(encoding).decode(piece)).replaceAll('\ufffd', ''),
    ]),
  );
}

const CHUNK = 64 * 1024;

/**
 * The text piece by piece; a broken character comes as U+FFFD. Throws FILE_ENCODING where more of what is not ASCII is broken
 * than not: the bytes are of another encoding.
 */
export function* decode(bytes: Uint8Array, encoding: Encoding): Generator<string> {
  const decoder = new TextDecoder(encoding);
  let [broken, whole, line] = [0, 0, 1];
  let firstAt: number | undefined;
  const count = (text: string): string => {
    for (const [sign] of text.matchAll(/[^\t\r -~]/g)) {
      if (sign === '\n') line += 1;
      else if (sign !== '\ufffd') whole += 1;
      else {
        broken += 1;
        firstAt ??= line;
      }
    }
    return text;
  };
  for (let at = 0; at < bytes.length; at += CHUNK) {
    const text = count(decoder.decode(bytes.subarray(at, at + CHUNK), { stream: true }));
    if (text !== '') yield text;
  }
  const rest = count(decoder.decode());
  if (broken > whole) {
    throw new Problem('FILE_ENCODING', {
      zh: `文件不能按 ${encoding} 读出（第 ${firstAt} 行起），请换一种编码，或另存为“CSV UTF-8”再导入`,
      en: `The file cannot be read as ${encoding} (from line ${firstAt} on); choose another encoding, or save it as "CSV UTF-8" and import that`,
    });
  }
  if (rest !== '') yield rest;
}
