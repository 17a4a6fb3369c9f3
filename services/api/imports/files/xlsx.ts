/**
 * Workbooks (.xlsx), read row by row as Excel shows them: numbers by their formats, rows that are hidden, cells that are one
 * over several rows. sax reads the parts, yauzl unpacks them; hucre knows the formats of numbers.
 */
import { serialToDate } from 'hucre';
import { tidy, type TableRow } from '#domain/imports/table.ts';
import { Problem } from '#domain/problems.ts';
import { LIMITS } from './limits.ts';
import { readStyles, type Style } from './xlsx-styles.ts';
import { attributeOf, mergesOf, readPart, type Merge } from './xlsx-parts.ts';
import type { Packed } from './zip.ts';

export type Workbook = {
  /** Visible sheets that have something in them. */
  readonly sheets: readonly string[];
  readonly rows: (sheet: string) => AsyncGenerator<TableRow>;
};

const ROOT = 'xl/workbook.xml';
const RELATIONS = 'xl/_rels/workbook.xml.rels';

/** Whether an archive is one; the binary kind, .xlsb, shows by a name. */
export const isWorkbook = (files: readonly Packed[]): boolean =>
  files.some(({ name }) => /^xl\/workbook\.(xml|bin)$/i.test(name));

/** Throws FILE_BROKEN, FILE_KIND_UNKNOWN. */
export async function openWorkbook(files: readonly Packed[]): Promise<Workbook> {
  const parts = new Map(files.map((file) => [file.name.toLowerCase(), file]));
  const root = parts.get(ROOT);
  if (root === undefined) throw new Problem('FILE_KIND_UNKNOWN', binary);
  const relations = await relationsOf(parts.get(RELATIONS));
  const typed = (type: string) => [...relations.values()].find((relation) => relation.type === type)?.target;
  const part = (path: string | undefined) => (path === undefined ? undefined : parts.get(path.toLowerCase()));
  const found: { name: string; part: Packed }[] = [];
  let is1904 = false;
  await readPart(root, (name, attributes) => {
    if (name === 'workbookPr') is1904 = /^(1|true)$/.test(attributes['date1904'] ?? '');
    if (name !== 'sheet' || /hidden/i.test(attributes['state'] ?? '')) return;
    const at = part(relations.get(attributeOf(attributes, 'id') ?? '')?.target);
    if (at !== undefined) found.push({ name: attributes['name'] ?? '', part: at });
  });
  const styles = await readStyles(part(typed('styles')) ?? parts.get('xl/styles.xml'));
  const strings = await readStrings(part(typed('sharedStrings')) ?? parts.get('xl/sharedstrings.xml'));
  const sheets = new Map(found.map(({ name, part }) => [name, new Sheet(part, { strings, styles, is1904 })]));
  const filled: string[] = [];
  for (const [name, sheet] of sheets) if (await sheet.isFilled()) filled.push(name);
  return {
    sheets: filled,
    rows: async function* (name) {
      yield* sheets.get(name)?.rows() ?? [];
    },
  };
}

async function relationsOf(part: Packed | undefined): Promise<Map<string, { type: string; target: string }>> {
  const found = new Map<string, { type: string; target: string }>();
  if (part === undefined) return found;
  await readPart(part, (name, { Id = '', Type = '', Target = '' }) => {
    if (name !== 'Relationship') return;
    const path = Target.replaceAll('\\', '/');
    const target = path.startsWith('/') ? path.slice(1) : new URL(path, 'file:///xl/').pathname.slice(1);
    found.set(Id, { type: Type.split('/').at(-1)!, target });
  });
  return found;
}

/** Texts of cells that many share. `rPh` says how one is spoken, which is none of it. */
async function readStrings(part: Packed | undefined): Promise<string[]> {
  const strings: string[] = [];
  if (part === undefined) return strings;
  const text = new Text();
  await readPart(
    part,
    (name) => {
      if (name === 'si') text.clear();
      else text.open(name);
    },
    (name) => {
      if (name === 'si') strings.push(text.toString());
      else text.close(name);
    },
    (piece) => text.take(piece),
  );
  return strings;
}

/** The text of `si` or `is`: all `t` in it but those that are spoken. */
class Text {
  #parts = '';
  #isText = false;
  #isSpoken = false;

  clear(): void {
    [this.#parts, this.#isText, this.#isSpoken] = ['', false, false];
  }

  open(name: string): void {
    if (name === 't') this.#isText = true;
    if (name === 'rPh') this.#isSpoken = true;
  }

  close(name: string): void {
    if (name === 't') this.#isText = false;
    if (name === 'rPh') this.#isSpoken = false;
  }

  take(piece: string): void {
    if (this.#isText && !this.#isSpoken && this.#parts.length < LIMITS.cell) this.#parts += piece;
  }

  toString(): string {
    return unescaped(this.#parts);
  }
}

/** What XML cannot hold is written as _x000D_. */
const unescaped = (text: string): string =>
  text.includes('_x')
    ? text.replace(/_x([0-9a-f]{4})_/gi, (_, code: string) => String.fromCharCode(parseInt(code, 16)))
    : text;

type Shared = {
  readonly strings: readonly string[];
  readonly styles: readonly Style[];
  readonly is1904: boolean;
};
/** A cell as it is kept: its text, whether it is a number or a date, and how its format shows it. */
type Cell = { readonly text: string; readonly isTyped?: boolean; readonly shown?: string | undefined };

class Sheet {
  readonly #part: Packed;
  readonly #shared: Shared;
  #merges: readonly Merge[] | undefined;

  constructor(part: Packed, shared: Shared) {
    this.#part = part;
    this.#shared = shared;
  }

  async isFilled(): Promise<boolean> {
    for await (const { cells } of this.rows()) if (cells.some((cell) => cell !== '')) return true;
    return false;
  }

  /** A merged cell's value stands in each of its rows, because people see it there. */
  async *rows(): AsyncGenerator<TableRow> {
    // They stand behind the rows that they are about.
    this.#merges ??= await mergesOf(this.#part);
    const starts = Map.groupBy(this.#merges, ({ top }) => top);
    let open: { merge: Merge; cell: Cell }[] = [];
    for await (const { row, cells, hidden } of this.#plainRows()) {
      open = open.filter(({ merge }) => merge.bottom >= row);
      for (const { merge, cell } of open) if (!cells.has(merge.column)) cells.set(merge.column, cell);
      const merged = new Set(open.map(({ merge }) => merge.column));
      for (const merge of starts.get(row) ?? []) {
        const cell = cells.get(merge.column);
        merged.add(merge.column);
        if (cell !== undefined && cell.text !== '') open.push({ merge, cell });
      }
      yield tableRow(row, cells, merged, hidden);
    }
  }

  async *#plainRows(): AsyncGenerator<{ row: number; cells: Map<number, Cell>; hidden: boolean }> {
    let [row, column, hidden] = [0, -1, false];
    let cells = new Map<number, Cell>();
    let cell: Readonly<Record<string, string>> | undefined;
    let [value, isValue] = ['', false];
    const text = new Text();
    const ready: { row: number; cells: Map<number, Cell>; hidden: boolean }[] = [];
    const open = (name: string, attributes: Readonly<Record<string, string>>) => {
      if (name === 'row') {
        row = attributes['r'] === undefined ? row + 1 : Number(attributes['r']);
        hidden = /^(1|true)$/.test(attributes['hidden'] ?? '') || Number(attributes['ht'] ?? '1') === 0;
        [column, cells] = [-1, new Map()];
      } else if (name === 'c') {
        cell = attributes;
        column = attributes['r'] === undefined ? column + 1 : columnOf(attributes['r']);
        value = '';
        text.clear();
      } else if (cell !== undefined) {
        if (name === 'v') isValue = true;
        else text.open(name);
      }
    };
    const close = (name: string) => {
      if (name === 'v') isValue = false;
      else if (name === 'c') {
        const read = this.#cellOf(cell!, value, text);
        if (read.text !== '') cells.set(column, read);
        cell = undefined;
      } else if (name === 'row') ready.push({ row, cells, hidden });
      else if (cell !== undefined) text.close(name);
    };
    const take = (piece: string) => {
      if (isValue) value += piece;
      else if (cell !== undefined) text.take(piece);
    };
    for await (const _ of readPart.pieces(this.#part, open, close, take)) yield* ready.splice(0);
    yield* ready.splice(0);
  }

  #cellOf({ t: type = 'n', s: style }: Readonly<Record<string, string>>, value: string, text: Text): Cell {
    if (type === 's') return { text: tidy(this.#shared.strings[Number(value)] ?? '') };
    if (type === 'inlineStr') return { text: tidy(text.toString()) };
    if (type === 'str' || type === 'e') return { text: tidy(unescaped(value)) };
    if (type === 'b') return { text: value === '1' ? 'TRUE' : 'FALSE' };
    if (type === 'd') return { text: value.slice(0, 10), isTyped: true };
    if (value.trim() === '') return { text: '' };
    const number = Number(value);
    if (Number.isNaN(number)) return { text: tidy(value) };
    const { isDate, show } = this.#shared.styles[Number(style ?? 0)] ?? { isDate: false, show: undefined };
    if (isDate && number >= 1) {
      const date = serialToDate(Math.floor(number), this.#shared.is1904);
      if (!Number.isNaN(date.getTime())) return { text: date.toISOString().slice(0, 10), isTyped: true };
    }
    return { text: numberText(number), isTyped: true, shown: show?.(number) };
  }
}

function tableRow(
  row: number,
  cells: ReadonlyMap<number, Cell>,
  merged: ReadonlySet<number>,
  hidden: boolean,
): TableRow {
  const texts = Array.from({ length: Math.max(-1, ...cells.keys()) + 1 }, () => '');
  const typed = new Set<number>();
  const shown = new Map<number, string>();
  for (const [column, cell] of cells) {
    texts[column] = cell.text;
    if (cell.isTyped === true) typed.add(column);
    if (cell.shown !== undefined) shown.set(column, tidy(cell.shown));
  }
  return { row, cells: texts, typed, shown, merged, hidden };
}

function columnOf(reference: string): number {
  const letters = /^[A-Z]{1,3}/i.exec(reference)?.[0].toUpperCase() ?? 'A';
  const column = [...letters].reduce((sum, letter) => sum * 26 + letter.charCodeAt(0) - 64, 0);
  if (column > LIMITS.cellsOfRow) throw new Problem('FILE_BROKEN');
  return column - 1;
}

/** The digits that a spreadsheet keeps of a number, and the size from which they no longer reach its hundredths. */
const DIGITS = 15;
const NO_CENTS = 10 ** (DIGITS - 2);

/**
 * 0.1 + 0.2 is kept as 0.30000000000000004 and shown as 0.3: as the spreadsheet shows it, it was meant. Of an amount so large
 * that its cents would be rounded away, all digits count.
 */
export function numberText(value: number): string {
  const size = Math.abs(value);
  if (size >= 10 ** DIGITS) return value.toExponential();
  if (size >= NO_CENTS) return String(value);
  const text = String(Number(value.toPrecision(DIGITS)));
  return /e/i.test(text) ? value.toFixed(DIGITS).replace(/\.?0+$/, '') : text;
}

const binary = {
  zh: '这是二进制工作簿 .xlsb，请在 Excel 中另存为 .xlsx 再导入',
  en: 'This is a binary workbook, .xlsb; save it as .xlsx in Excel and import that',
};
