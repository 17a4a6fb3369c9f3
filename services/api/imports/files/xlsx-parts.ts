/** Parts of a workbook, each an XML of its own. No part has a document type, and names count without their prefix. */
import sax, { type Tag } from 'sax';
import { Problem } from '#domain/problems.ts';
import { LIMITS } from './limits.ts';
import { decodeXml } from './xml-encoding.ts';
import type { Packed } from './zip.ts';

export type Attributes = Readonly<Record<string, string>>;
type Open = (name: string, attributes: Attributes) => void;

const local = (name: string): string => name.slice(name.indexOf(':') + 1);

/** An attribute whatever its prefix: r:id. */
export const attributeOf = (attributes: Attributes, name: string): string | undefined =>
  Object.entries(attributes).find(([key]) => local(key) === name)?.[1];

/** Characters after which we look at what sax holds. */
const SLICE = 8 * 1024;

/** Reads a part piece by piece, and comes back after each. Throws FILE_BROKEN. */
async function* pieces(
  part: Packed,
  open: Open,
  close?: (name: string) => void,
  take?: (text: string) => void,
): AsyncGenerator<void> {
  const parser = sax.parser(true, { position: false });
  parser.onerror = (error) => {
    throw broken(part.name, error.message.split('\n')[0]!);
  };
  parser.ondoctype = () => {
    throw broken(part.name, 'DOCTYPE');
  };
  parser.onopentag = (tag) => open(local(tag.name), (tag as Tag).attributes);
  if (close !== undefined) parser.onclosetag = (name) => close(local(name));
  if (take !== undefined) {
    parser.ontext = take;
    parser.oncdata = take;
  }
  for await (const text of decodeXml(part.open())) {
    for (let at = 0; at < text.length; at += SLICE) {
      parser.write(text.slice(at, at + SLICE));
      const { attribList = [] } = parser as { attribList?: readonly unknown[] };
      if (attribList.length > LIMITS.attributes) throw broken(part.name, 'too many attributes');
      yield;
    }
  }
  parser.close();
}

export const readPart = Object.assign(
  async (...[part, open, close, take]: Parameters<typeof pieces>): Promise<void> => {
    for await (const _ of pieces(part, open, close, take));
  },
  { pieces },
);

/** Cells that are one over several rows, by the column that holds them; rows count from 1, columns from 0. */
export type Merge = { readonly column: number; readonly top: number; readonly bottom: number };

const MERGE = /<(?:\w+:)?mergeCell\s[^>]*?\bref\s*=\s*["']([A-Z]{1,3})(\d{1,7}):[A-Z]{1,3}(\d{1,7})["']/g;

/** Looks for them alone: they stand at the end of a sheet. */
export async function mergesOf(part: Packed): Promise<Merge[]> {
  const found: Merge[] = [];
  let rest = '';
  for await (const piece of decodeXml(part.open())) {
    const text = rest + piece;
    let end = 0;
    for (const match of text.matchAll(MERGE)) {
      const [, letters, top, bottom] = match as unknown as [string, string, string, string];
      end = match.index + match[0].length;
      if (top === bottom) continue;
      const column = [...letters].reduce((sum, letter) => sum * 26 + letter.charCodeAt(0) - 64, 0) - 1;
      found.push({ column, top: Number(top), bottom: Number(bottom) });
      if (found.length > LIMITS.rows) throw new Problem('FILE_TOO_MANY_CELLS');
    }
    rest = text.slice(Math.max(end, text.length - 200));
  }
  return found;
}

const broken = (part: string, why: string) =>
  new Problem('FILE_BROKEN', {
    zh: `工作簿已损坏，请用 Excel 打开后另存为 .xlsx 再导入（${part.slice(-100)}：${why}）`,
    en: `The workbook is damaged; open it in Excel, save it as .xlsx and import that (${part.slice(-100)}: ${why})`,
  });
