/** XML in whatever encoding it declares. */
import { TextDecoder } from 'node:util';
import { Problem } from '#domain/problems.ts';

const KNOWN = /^(utf-?8|utf-?16(le|be)?|gb18030|gbk|gb2312|us-ascii|iso-8859-(1|15)|windows-1252)$/i;

/** The text of a document in the encoding that it declares; UTF-8 if it declares none. Throws FILE_ENCODING. */
export async function* decodeXml(chunks: AsyncIterable<Uint8Array>): AsyncGenerator<string> {
  let decoder: TextDecoder | undefined;
  try {
    for await (const chunk of chunks) {
      decoder ??= new TextDecoder(encodingOf(chunk), { fatal: true });
      yield decoder.decode(chunk, { stream: true });
    }
    yield decoder?.decode() ?? '';
  } catch (error) {
    if (!(error instanceof TypeError)) throw error;
    throw unreadable(decoder?.encoding ?? 'utf-8');
  }
}

function encodingOf(start: Uint8Array): string {
  if (start[0] === 0xff && start[1] === 0xfe) return 'utf-16le';
  if (start[0] === 0xfe && start[1] === 0xff) return 'utf-16be';
  const head = Buffer.from(start.subarray(0, 200)).toString('latin1');
  const declared =
    /^(?:\u00ef\u00bb\u00bf)?<\?xml[^>]*?encoding\s*=\s*["']([^"']{1,40})["']/.exec(head)?.[1] ?? 'utf-8';
  if (!KNOWN.test(declared)) throw unreadable(declared);
  return declared;
}

const unreadable = (encoding: string) =>
  new Problem('FILE_ENCODING', {
    zh: `XML 不能按 ${encoding} 读出，请以 UTF-8 重新导出`,
    en: `The XML cannot be read as ${encoding}; export it again in UTF-8`,
  });
