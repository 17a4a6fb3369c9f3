/** Files made to do harm: each is refused with a code of its own, before it costs more than its bounds. */
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { LIMITS } from '#api/imports/files/limits.ts';
import { readInvoices } from '#api/imports/files/xml.ts';
import type { Element } from '#domain/imports/documents/element.ts';
import { zipOf, type Packed } from '../../fixtures/archive.ts';
import { bytesOf, errorsOf, readAll, refusalOf } from './support.ts';

const invoice = readFileSync(new URL('../../fixtures/imports/ubl-invoice.xml', import.meta.url), 'utf8');
const MB = 1024 * 1024;

describe('archives', () => {
  it('that unpack to too much are refused, whatever they say of their size', async () => {
    const zeros = '<a>'.padEnd(15 * MB, ' ');
    const many = Array.from({ length: 20 }, (_, n) => ({ name: `${n}.xml`, content: zeros }));
    expect(zipOf(many).length).toBeLessThan(MB);
    expect(await refusalOf(zipOf(many))).toBe('ARCHIVE_INFLATES');
    const liar = { name: 'a.xml', content: zeros, claimed: 10 };
    expect(errorsOf(await readAll(zipOf([liar])))).toEqual([[[undefined, 'FILE_BROKEN']]]);
  });

  it('whose one document is too large are read without it', async () => {
    const huge = { name: 'huge.xml', content: '<a>'.padEnd(LIMITS.document + 1, ' ') };
    expect(errorsOf(await readAll(zipOf([huge])))).toEqual([[[undefined, 'FILE_TOO_LARGE']]]);
  });

  it('that pose as workbooks are refused for what they unpack to', async () => {
    const book = [
      { name: '[Content_Types].xml', content: '<Types/>' },
      { name: 'xl/workbook.xml', content: '<workbook/>' },
      ...Array.from({ length: 5 }, (_, n) => ({
        name: `xl/media/${n}.bin`,
        content: new Uint8Array(60 * MB),
      })),
    ];
    expect(await refusalOf(zipOf(book))).toBe('ARCHIVE_INFLATES');
  });

  it.each(['../../etc/passwd.xml', '/etc/passwd.xml', 'C:\\windows\\a.xml', 'a/../../b.xml', 'a\u0000.xml'])(
    'with the name %j are refused',
    async (name) => {
      expect(await refusalOf(zipOf([{ name, content: invoice }]))).toBe('ARCHIVE_PATH_UNSAFE');
    },
  );

  it('with a password, or cut short, or of too many files are refused', async () => {
    expect(await refusalOf(zipOf([{ name: 'a.xml', content: invoice, flags: 0x801 }]))).toBe(
      'FILE_ENCRYPTED',
    );
    const whole = zipOf([{ name: 'a.xml', content: invoice }]);
    expect(await refusalOf(whole.subarray(0, whole.length - 30))).toBe('FILE_BROKEN');
    const many = Array.from({ length: LIMITS.files + 1 }, (_, n) => ({ name: `${n}.xml`, content: '' }));
    expect(await refusalOf(zipOf(many))).toBe('ARCHIVE_TOO_MANY_FILES');
  });

  it('within archives stay closed', async () => {
    const inner = zipOf([{ name: 'a.xml', content: invoice }]);
    expect(errorsOf(await readAll(zipOf([{ name: 'inner.zip', content: inner }])))).toEqual([
      [[undefined, 'FILE_KIND_UNKNOWN']],
    ]);
  });
});

describe('documents', () => {
  const lol = Array.from({ length: 9 }, (_, n) => `<!ENTITY l${n + 1} "${`&l${n};`.repeat(10)}">`).join('');

  it.each([
    [
      'a billion laughs',
      `<?xml version="1.0"?><!DOCTYPE a [<!ENTITY l0 "lol">${lol}]><Invoice>&l9;</Invoice>`,
    ],
    ['an external entity', '<!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/passwd">]><Invoice>&x;</Invoice>'],
    ['an external document type', '<!DOCTYPE a SYSTEM "http://127.0.0.1:9/a.dtd"><Invoice/>'],
    ['a parameter entity', '<!DOCTYPE a [<!ENTITY % x SYSTEM "http://127.0.0.1:9/a.dtd"> %x;]><Invoice/>'],
  ])('with %s are refused', async (_, xml) => {
    expect(await refusalOf(xml)).toBe('XML_DTD');
  });

  it('with a document type that is longer than any buffer are refused', async () => {
    const xml = `<!DOCTYPE ${'a'.repeat(200_000)}><Invoice/>`;
    expect(await refusalOf(xml)).toBe('XML_DTD');
    const piecemeal = zipOf([{ name: 'a.xml', content: xml }]);
    expect(errorsOf(await readAll(piecemeal))).toEqual([[[undefined, 'XML_DTD']]]);
  });

  it('with entities that nobody declared, or deeper than any invoice, are refused', async () => {
    expect(await refusalOf(invoice.replace('March', '&l9;'))).toBe('XML_BROKEN');
    const deep = (levels: number): string =>
      invoice.replace('<cbc:ID>', `${'<x>'.repeat(levels)}${'</x>'.repeat(levels)}<cbc:ID>`);
    expect(await refusalOf(deep(LIMITS.depth - 1))).toBe('none');
    expect(await refusalOf(deep(LIMITS.depth))).toBe('XML_BROKEN');
    const wide = invoice.replace('<cbc:ID>', `${'<x/>'.repeat(LIMITS.elements)}<cbc:ID>`);
    expect(await refusalOf(wide)).toBe('XML_BROKEN');
  });

  it('keep no more of a text than a field can hold', async () => {
    const picture = `<cbc:EmbeddedDocumentBinaryObject>${'QUJD'.repeat(2 * MB)}</cbc:EmbeddedDocumentBinaryObject>`;
    const long = invoice.replace('<cbc:Note>', `${picture}<cbc:Note>${'long '.repeat(10_000)}`);
    const file = await readAll(long);
    const notes = file.rows.map((row) => ('values' in row ? row.values.note?.length : row));
    expect(notes).toEqual([500]);
    const longest = ({ text, children }: Element): number => Math.max(text.length, ...children.map(longest));
    const whole = async function* () {
      yield bytesOf(long);
    };
    for await (const root of readInvoices(whole())) expect(longest(root)).toBeLessThan(2 * LIMITS.text);
  });
});

describe('workbooks', () => {
  it('with a cell at the far corner cost no more than their rows', async () => {
    const sheet =
      '<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData><row r="1"><c r="XFD1" t="inlineStr"><is><t>x</t></is></c></row></sheetData></worksheet>';
    expect(await refusalOf(bookOf(sheet))).toBe('FILE_TOO_MANY_COLUMNS');
    const last = sheet.replace('row r="1"', 'row r="1048576"').replace('XFD1', 'A1048576');
    expect(await refusalOf(bookOf(last))).toBe('FILE_TOO_MANY_ROWS');
  });

  it('that lie about what they unpack to are refused before they are read', async () => {
    const rows = '<row r="1"><c r="A1" t="inlineStr"><is><t>x</t></is></c></row>';
    // What its reader does not look at may be no lie either.
    const picture = { name: 'xl/media/1.bin', content: new Uint8Array(MB) };
    const sheet = `<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>${rows}</sheetData></worksheet>`;
    expect(await refusalOf(bookOf(sheet, picture))).toBe('none');
    expect(await refusalOf(bookOf(sheet, { ...picture, claimed: 10 }))).toBe('FILE_BROKEN');
  });

  it('that are broken inside are refused as such', async () => {
    expect(await refusalOf(bookOf('<worksheet><sheetData><row'))).toMatch(/^(FILE_BROKEN|FILE_EMPTY)$/);
  });
});

const bookOf = (sheet: string, ...more: readonly Packed[]): Uint8Array =>
  zipOf([
    {
      name: '[Content_Types].xml',
      content:
        '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"><Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/><Override PartName="/xl/workbook.xml" ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"/><Override PartName="/xl/worksheets/sheet1.xml" ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.worksheet+xml"/></Types>',
    },
    {
      name: '_rels/.rels',
      content:
        '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="rId1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument" Target="xl/workbook.xml"/></Relationships>',
    },
    {
      name: 'xl/workbook.xml',
      content:
        '<workbook xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main" xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"><sheets><sheet name="a" sheetId="1" r:id="rId1"/></sheets></workbook>',
    },
    {
      name: 'xl/_rels/workbook.xml.rels',
      content:
        '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="rId1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/worksheet" Target="worksheets/sheet1.xml"/></Relationships>',
    },
    { name: 'xl/worksheets/sheet1.xml', content: sheet },
    ...more,
  ]);
