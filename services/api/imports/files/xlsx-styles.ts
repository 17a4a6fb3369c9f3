/** What the format of a cell makes of its number. */
import { formatValue, isDateFormat } from 'hucre';
import { readPart } from './xlsx-parts.ts';
import type { Packed } from './zip.ts';

export type Style = {
  readonly isDate: boolean;
  /** How the number is shown, by formats that say more than its digits: 00123456, $5.00, 5.80万元. */
  readonly show: ((value: number) => string | undefined) | undefined;
};

/** Built-in formats of dates, those of East Asia among them. */
const isBuiltInDate = (id: number): boolean =>
  (id >= 14 && id <= 22) || (id >= 27 && id <= 36) || (id >= 45 && id <= 47) || (id >= 50 && id <= 58);
const PERCENT: Readonly<Record<number, string>> = { 9: '0%', 10: '0.00%' };
const PLAIN: Style = { isDate: false, show: undefined };

export async function readStyles(part: Packed | undefined): Promise<Style[]> {
  const codes = new Map<number, string>();
  const styles: Style[] = [];
  if (part === undefined) return styles;
  const known = new Map<number, Style>();
  let isCells = false;
  await readPart(
    part,
    (name, attributes) => {
      const id = Number(attributes['numFmtId'] ?? 0);
      if (name === 'numFmt') codes.set(id, attributes['formatCode'] ?? '');
      if (name === 'cellXfs') isCells = true;
      if (name !== 'xf' || !isCells) return;
      const style = known.get(id) ?? styleOf(id, codes.get(id) ?? PERCENT[id]);
      known.set(id, style);
      styles.push(style);
    },
    (name) => {
      if (name === 'cellXfs') isCells = false;
    },
  );
  return styles;
}

function styleOf(id: number, code: string | undefined): Style {
  if (code === undefined) return isBuiltInDate(id) ? { ...PLAIN, isDate: true } : PLAIN;
  if (isDateFormat(code)) return { ...PLAIN, isDate: true };
  // [$€-407] shows the sign before the hyphen; colours, conditions and Chinese numerals change no value.
  const plain = code.replace(/\[\$([^\]-]*)(?:-[^\]]*)?\]/g, '"$1"').replace(/\[DBNum\d\]/gi, '');
  const bare = plain.replace(/\[[^\]]*\]|_.|\*.|""|\\[ ()-]/g, '');
  const says =
    /["\\!%$]|[^\x20-\x7e]/.test(bare) || bare.split(';').some((part) => /00/.test(part.split('.')[0]!));
  return { isDate: false, show: says ? (value) => shownBy(plain, value) : undefined };
}

function shownBy(code: string, value: number): string | undefined {
  try {
    return formatValue(value, code);
  } catch {
    return undefined;
  }
}
