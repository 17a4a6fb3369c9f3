/**
 * Invoices in XML. sax knows the five entities of XML itself and no others, fetches nothing, and reads piece by piece; a
 * document type, the one place where entities are declared, is refused before anything in it counts.
 */
import sax, { type QualifiedTag } from 'sax';
import { isInvoice } from '#domain/imports/documents/read.ts';
import type { Element } from '#domain/imports/documents/element.ts';
import { tidy } from '#domain/imports/table.ts';
import { Problem } from '#domain/problems.ts';
import { decodeXml } from './xml-encoding.ts';
import { inMegabytes, LIMITS } from './limits.ts';

type Open = { -readonly [Key in keyof Element]: Element[Key] } & {
  children: Open[];
  parts: string[];
  size: number;
};

/** Each invoice as soon as it is read, wherever in the document it stands. Throws what FILE_PROBLEMS names. */
export async function* readInvoices(chunks: AsyncIterable<Uint8Array>): AsyncGenerator<Element> {
  const reader = new InvoiceXml();
  for await (const text of decodeXml(bounded(chunks))) {
    for (let at = 0; at < text.length; at += SLICE) yield* reader.write(text.slice(at, at + SLICE));
  }
  yield* reader.close();
}

/** Characters after which sax and we look at what it holds: a comment, a name or a value must end before it is too long. */
const SLICE = 8 * 1024;

async function* bounded(chunks: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  let size = 0;
  for await (const chunk of chunks) {
    size += chunk.length;
    if (size > LIMITS.document) throw tooLarge();
    yield chunk;
  }
}

class InvoiceXml {
  readonly #parser = sax.parser(true, { xmlns: true, position: true });
  readonly #stack: Open[] = [];
  #finished: Element[] = [];
  #root = '';
  #depth = 0;
  #all = 0;
  #elements = 0;
  #count = 0;

  constructor() {
    const parser = this.#parser;
    parser.onerror = (error) => {
      // Within a document type, whatever else is wrong with it.
      const isDoctype = Boolean((parser as { doctype?: unknown }).doctype);
      throw isDoctype ? dtd() : this.#broken(error.message.split('\n')[0]!);
    };
    parser.ondoctype = () => {
      throw dtd();
    };
    parser.onopentag = (tag) => this.#open(tag as QualifiedTag);
    parser.onclosetag = () => this.#close();
    parser.ontext = (text) => this.#text(text);
    parser.oncdata = (text) => this.#text(text);
  }

  write(text: string): Element[] {
    this.#parser.write(text);
    // Each one more is compared with all before it.
    const { attribList = [] } = this.#parser as { attribList?: readonly unknown[] };
    if (attribList.length > LIMITS.attributes) throw this.#manyAttributes();
    return this.#finished.splice(0);
  }

  close(): Element[] {
    this.#parser.close();
    if (this.#count === 0) {
      throw new Problem('XML_NOT_AN_INVOICE', {
        zh: `根元素是 ${this.#root}，不是 UBL、CII 或数电票`,
        en: `Its root is ${this.#root}, which is no UBL, CII or Chinese e-invoice`,
      });
    }
    return this.#finished.splice(0);
  }

  #open({ local, uri, attributes }: QualifiedTag): void {
    this.#root ||= local;
    this.#all += 1;
    if (this.#all > LIMITS.elements) throw this.#broken(`more than ${LIMITS.elements} elements`);
    if (Object.keys(attributes).length > LIMITS.attributes) throw this.#manyAttributes();
    this.#depth += 1;
    if (this.#depth > LIMITS.depth) throw this.#broken(`deeper than ${LIMITS.depth} elements`);
    const parent = this.#stack.at(-1);
    if (parent === undefined && !isInvoice({ name: local, space: uri })) return;
    if (parent === undefined) this.#elements = 0;
    this.#elements += 1;
    if (this.#elements > LIMITS.elementsOfInvoice)
      throw this.#broken(`an invoice of more than ${LIMITS.elementsOfInvoice} elements`);
    const values = Object.values(attributes).map(({ name, value }) => [name, tidy(value)] as const);
    const opened: Open = {
      name: local,
      space: uri,
      attributes: Object.fromEntries(values),
      children: [],
      text: '',
      parts: [],
      size: 0,
    };
    parent?.children.push(opened);
    this.#stack.push(opened);
  }

  #close(): void {
    this.#depth -= 1;
    const closed = this.#stack.pop();
    if (closed === undefined) return;
    closed.text = tidy(closed.parts.join(''));
    closed.parts = [];
    if (this.#stack.length > 0) return;
    this.#count += 1;
    this.#finished.push(closed);
  }

  /** Pictures may be embedded in an invoice: of a text no more is kept than any field of ours can hold. */
  #text(text: string): void {
    const at = this.#stack.at(-1);
    if (at === undefined || at.size > LIMITS.text) return;
    at.size += text.length;
    at.parts.push(text.slice(0, LIMITS.text));
  }

  #manyAttributes(): Problem {
    return this.#broken(`an element with more than ${LIMITS.attributes} attributes`);
  }

  #broken(why: string): Problem {
    const line = (this.#parser.line ?? 0) + 1;
    return new Problem('XML_BROKEN', {
      zh: `第 ${line} 行：XML 不完整，请重新导出（${why}）`,
      en: `Line ${line}: the XML is not well-formed; export it again (${why})`,
    });
  }
}

const dtd = () =>
  new Problem('XML_DTD', {
    zh: 'XML 带有文档类型声明（DOCTYPE），发票不需要它，不予读取',
    en: 'The XML declares a document type (DOCTYPE); no invoice needs one, and it is not read',
  });

const tooLarge = () =>
  new Problem('FILE_TOO_LARGE', {
    zh: `一份 XML 超过 ${inMegabytes(LIMITS.document)}`,
    en: `A document in XML is larger than ${inMegabytes(LIMITS.document)}`,
  });
