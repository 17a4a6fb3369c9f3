import { crc32 } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { xlsxOf, type Table } from '#domain/files/workbook.ts';

const cny = (amount: string) => ({ amount, currency: 'CNY' });
const table: Table = {
  header: ['承兑人', '金额', '天数'],
  rows: [
    ['=HYPERLINK("http://evil.example","看")', cny('-1234.50'), 90],
    ['甲, "乙"\n丙 <&>', cny('99999999999999999999.00'), null],
  ],
};

describe('a table as a workbook', () => {
  /** As any reader of archives does it: by the directory at the end. */
  const files = (bytes: Uint8Array): Record<string, string> => {
    const archive = Buffer.from(bytes);
    const end = archive.lastIndexOf(Buffer.from('PK\x05\x06'));
    let at = archive.readUInt32LE(end + 16);
    const found: Record<string, string> = {};
    for (let left = archive.readUInt16LE(end + 10); left > 0; left--) {
      const [crc, size] = [archive.readUInt32LE(at + 16), archive.readUInt32LE(at + 20)];
      const [length, local] = [archive.readUInt16LE(at + 28), archive.readUInt32LE(at + 42)];
      const name = archive.toString('utf8', at + 46, at + 46 + length);
      expect(archive.toString('latin1', local, local + 4)).toBe('PK\x03\x04');
      const content = archive.subarray(local + 30 + length, local + 30 + length + size);
      expect(crc32(content)).toBe(crc);
      found[name] = content.toString('utf8');
      at += 46 + length;
    }
    expect(at).toBe(end);
    return found;
  };

  it('is an archive that others can open, with amounts as numbers and text as text', () => {
    const book = files(xlsxOf('持有: 明细', table));
    expect(book['xl/workbook.xml']).toContain('name="持有  明细"');
    const sheet = book['xl/worksheets/sheet1.xml']!;
    expect(sheet).toContain('<c s="2"><v>-1234.50</v></c><c><v>90</v></c>');
    expect(sheet).toContain('>99999999999999999999.00</t>');
    expect(sheet).toContain('>甲, &quot;乙&quot;\n丙 &lt;&amp;&gt;</t>');
    expect(sheet).not.toContain('<f>');
    expect(sheet).toContain('t="inlineStr" s="0"><is><t xml:space="preserve">=HYPERLINK(');
  });

  it('leaves out what XML cannot hold', () => {
    const book = files(xlsxOf('x', { header: ['a\u0000b\uD800'], rows: [] }));
    expect(book['xl/worksheets/sheet1.xml']).toContain('>ab</t>');
  });
});
