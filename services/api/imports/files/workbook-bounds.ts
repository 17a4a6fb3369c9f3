/**
 * Unpacks a workbook piece by piece, keeps nothing, and counts: its reader takes each part and each text of it as a whole,
 * so it is trusted with no more of them than a spreadsheet has.
 */
import { Problem } from '#domain/problems.ts';
import { LIMITS } from './limits.ts';
import type { Packed } from './zip.ts';

const [OPENS, CLOSES] = [0x3c, 0x3e];
/** Bytes of one text: a character may be written as a reference of eight. */
const TEXT = 8 * LIMITS.cell;
/** A cell is written with four tags, its text in the common table with four more. */
const TAGS = 8 * LIMITS.cells;

/** Throws FILE_BROKEN where it unpacks to something else than it says, and what its bounds are called. */
export async function checkWorkbook(files: readonly Packed[]): Promise<void> {
  const sheets = files.filter(({ name }) => /(^|[\\/])worksheets[\\/][^\\/]+\.xml$/i.test(name)).length;
  if (sheets > LIMITS.sheets) throw new Problem('ARCHIVE_TOO_MANY_FILES', tooManySheets);
  let tags = 0;
  for (const { name, open } of files) {
    const isXml = /\.(xml|rels|vml)$/i.test(name);
    let [isTag, length] = [false, 0];
    for await (const bytes of open()) {
      if (!isXml) continue;
      for (let at = 0; at < bytes.length; at += 1) {
        const byte = bytes[at];
        length += 1;
        if (byte === (isTag ? CLOSES : OPENS)) {
          if (isTag) tags += 1;
          isTag = !isTag;
          length = 0;
        } else if (length > (isTag ? LIMITS.piece : TEXT)) {
          throw new Problem('FILE_CELL_TOO_LONG', tooLong(name));
        }
      }
      if (tags > TAGS) throw new Problem('FILE_TOO_MANY_CELLS');
    }
  }
}

const tooManySheets = {
  zh: `工作簿超过 ${LIMITS.sheets} 张工作表，请只留下要导入的`,
  en: `The workbook has more than ${LIMITS.sheets} sheets; keep those that are to be imported`,
};

const tooLong = (name: string) => ({
  zh: `工作簿的“${name.slice(-100)}”里有一段文字超过 ${LIMITS.cell} 个字`,
  en: `A text in "${name.slice(-100)}" of the workbook is longer than ${LIMITS.cell} characters`,
});
