import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { parseLegalDate } from '#domain/dates.ts';
import type { ImportContext } from '#domain/imports/context.ts';
import { zipOf, type Packed } from '../../fixtures/archive.ts';
import { errorsOf, readAll, refusalOf } from './support.ts';

const fixture = (name: string): string =>
  readFileSync(new URL(`../../fixtures/imports/${name}.xml`, import.meta.url), 'utf8');
const invoice = fixture('ubl-invoice');
const credit = fixture('ubl-credit-note');

const suppliers: Record<string, number[]> = { 'TAX-1': [1], Hongda: [1], 宏达五金: [1], 'TAX-2': [2] };
const known: Partial<ImportContext> = {
  resolveSupplier: (text) => suppliers[text] ?? [],
  buyerIs: (text) => (text === '远山汽车' ? 'us' : text === '别家' ? 'other' : 'unknown'),
};
const read = (content: string | Uint8Array, given = {}) => readAll(content, given, known);
const changed = (...changes: [string | RegExp, string][]): string =>
  changes.reduce((text, [from, to]) => text.replace(from, to), invoice);

describe('electronic invoices', () => {
  it('of UBL are read to payables', async () => {
    const file = await read(invoice);
    expect(file).toMatchObject({ kind: 'xml', questions: [], columns: [] });
    expect(file.rows).toEqual([
      {
        row: 1,
        source: undefined,
        values: {
          supplier: 1,
          supplierText: 'Hongda',
          invoiceNumber: 'UBL-1',
          invoiceKey: 'UBL-1',
          invoiceDate: '2026-02-02',
          dueDate: '2026-05-04',
          amount: 100_000n,
          invoiceTotal: 113_000n,
          credited: 0n,
          currency: 'CNY',
          buyer: '远山汽车',
          note: 'March & April',
        },
      },
    ]);
  });

  it('of CII (Factur-X, ZUGFeRD) are read to payables', async () => {
    expect((await read(fixture('cii-invoice'))).rows).toMatchObject([
      {
        values: {
          supplier: 1,
          invoiceNumber: 'CII-1',
          invoiceDate: '2026-02-02',
          dueDate: '2026-05-04',
          amount: 33_900n,
        },
      },
    ]);
  });

  it('of China (数电票) are read once it is said when they are due', async () => {
    const blue = fixture('fapiao-blue');
    const open = await read(blue);
    expect(open.questions).toMatchObject([{ kind: 'terms' }]);
    expect(errorsOf(open)).toEqual([[['EInvoice', 'DUE_DATE_MISSING']]]);
    const file = await read(blue, { terms: { days: 60 } });
    expect(file.questions).toEqual([]);
    expect(file.rows).toMatchObject([
      {
        values: {
          invoiceNumber: '26322000000012345678',
          dueDate: '2026-04-03',
          amount: 113_000n,
          note: '合同 HT-2026-01',
        },
      },
    ]);
    const dated = await read(blue, { terms: { date: parseLegalDate('2026-06-01') } });
    expect(dated.rows).toMatchObject([{ values: { dueDate: '2026-06-01' } }]);
  });

  it('that correct another are credits: a credit note, a red invoice, a negative one', async () => {
    expect((await read(credit)).rows).toMatchObject([
      { credit: { supplier: 1, number: 'CN-1', corrects: 'UBL-1', amount: 25_000n } },
    ]);
    expect((await read(fixture('fapiao-red'))).rows).toMatchObject([
      { credit: { number: '26322000000099999999', corrects: '26322000000012345678', amount: 11_300n } },
    ]);
    const negative = changed(
      [
        /(<cbc:(?:TaxAmount|LineExtensionAmount|TaxExclusiveAmount|TaxInclusiveAmount|PayableAmount|PrepaidAmount|AllowanceTotalAmount) currencyID="CNY">)(-?)/g,
        '$1~$2',
      ],
      [/~-/g, ''],
      [/~/g, '-'],
      [
        '<cac:AccountingSupplierParty>',
        '<cac:BillingReference><cac:InvoiceDocumentReference><cbc:ID>UBL-0</cbc:ID></cac:InvoiceDocumentReference></cac:BillingReference><cac:AccountingSupplierParty>',
      ],
    );
    expect((await read(negative)).rows).toMatchObject([
      { credit: { number: 'UBL-1', corrects: 'UBL-0', amount: 113_000n } },
    ]);
  });

  it.each([
    [
      'PayableAmount currencyID="CNY">1000',
      'PayableAmount currencyID="CNY">1001',
      'LegalMonetaryTotal/PayableAmount',
      'TOTALS_DISAGREE',
    ],
    [
      'TaxAmount currencyID="CNY">130',
      'TaxAmount currencyID="CNY">131',
      'LegalMonetaryTotal/TaxInclusiveAmount',
      'TOTALS_DISAGREE',
    ],
    ['>1250.00', '>1250.01', 'LegalMonetaryTotal/LineExtensionAmount', 'TOTALS_DISAGREE'],
    ['>50.00', '>49.00', 'LegalMonetaryTotal/TaxExclusiveAmount', 'TOTALS_DISAGREE'],
    ['DocumentCurrencyCode>CNY', 'DocumentCurrencyCode>XXQ', 'DocumentCurrencyCode', 'CURRENCY_UNKNOWN'],
    ['2026-05-04', '2026-03-03', 'DueDate', 'DUE_DATE_PAST'],
    ['2026-05-04', '2027-05-04', 'DueDate', 'TENOR_TOO_LONG'],
    ['2026-05-04', '2026-02-30', 'DueDate', 'DATE_NOT_IN_CALENDAR'],
    [
      '<cbc:DueDate>2026-05-04</cbc:DueDate>',
      '<cbc:DueDate>2026-05-04</cbc:DueDate><cbc:DueDate>2026-06-04</cbc:DueDate>',
      'DueDate',
      'DUE_DATE_SEVERAL',
    ],
    [/(Hongda|TAX-1)/g, 'Nobody', 'AccountingSupplierParty/Party/PartyName/Name', 'SUPPLIER_UNKNOWN'],
    ['>Hongda', '>TAX-2', 'AccountingSupplierParty/Party/PartyTaxScheme/CompanyID', 'SUPPLIER_AMBIGUOUS'],
    ['远山汽车', '别家', 'AccountingCustomerParty/Party/PartyLegalEntity/RegistrationName', 'BUYER_OTHER'],
    [
      '远山汽车',
      '无人知晓',
      'AccountingCustomerParty/Party/PartyLegalEntity/RegistrationName',
      'BUYER_UNKNOWN',
    ],
    ['TypeCode>380', 'TypeCode>384', 'InvoiceTypeCode', 'DOCUMENT_KIND'],
    ['<cbc:ID>UBL-1</cbc:ID>', '', 'ID', 'VALUE_MISSING'],
    [
      '</cac:AccountingCustomerParty>',
      '</cac:AccountingCustomerParty><cac:PayeeParty><cac:PartyName><cbc:Name>Factor Ltd</cbc:Name></cac:PartyName></cac:PayeeParty>',
      'PayeeParty/PartyName/Name',
      'PAYEE_OTHER',
    ],
  ])('are refused for %s made %s', async (from, to, place, code) => {
    expect(errorsOf(await read(changed([from, to])))).toContainEqual([[place, code]]);
  });

  it('are refused when a credit note names no invoice, or nothing is owed any more', async () => {
    const unnamed = credit.replace(/<cac:BillingReference>[\s\S]*<\/cac:BillingReference>/, '');
    expect(errorsOf(await read(unnamed))).toEqual([[[undefined, 'CREDIT_NAMES_NO_INVOICE']]]);
    const paid = changed(
      ['PrepaidAmount currencyID="CNY">130', 'PrepaidAmount currencyID="CNY">1130'],
      ['PayableAmount currencyID="CNY">1000', 'PayableAmount currencyID="CNY">0'],
    );
    expect(errorsOf(await read(paid))).toEqual([
      [['LegalMonetaryTotal/PayableAmount', 'AMOUNT_NOT_POSITIVE']],
    ]);
  });

  it('are read in the encoding that they declare', async () => {
    const utf16 = Buffer.from(`\ufeff${invoice.replace('UTF-8', 'UTF-16')}`, 'utf16le');
    expect((await read(utf16)).rows).toMatchObject([{ values: { buyer: '远山汽车' } }]);
    const unknown = invoice.replace('encoding="UTF-8"', 'encoding="KOI8-R"');
    expect(await refusalOf(unknown)).toBe('FILE_ENCODING');
  });
});

describe('many invoices', () => {
  const packed = (...files: [string, string | Uint8Array][]) =>
    zipOf(files.map(([name, content]): Packed => ({ name, content })));

  it('are read from an archive, each with its name; bad ones stand beside the good ones', async () => {
    const file = await read(
      packed(
        ['三月/a.xml', invoice],
        ['三月/a.pdf', '%PDF-1.7'],
        ['三月/b.xml', credit],
        ['三月/c.xml', fixture('cii-invoice')],
        ['三月/again.xml', invoice],
        ['broken.xml', '<Invoice'],
        ['other.xml', '<order/>'],
        ['list.csv', 'a,b'],
        ['__MACOSX/._a.xml', 'x'],
        ['.DS_Store', 'x'],
      ),
    );
    expect(file.kind).toBe('zip');
    expect(file.rows.map(({ row, source }) => [row, source])).toEqual([
      [1, '三月/a.xml'],
      [2, '三月/b.xml'],
      [3, '三月/c.xml'],
      [4, '三月/again.xml'],
      [5, 'broken.xml'],
      [6, 'other.xml'],
      [7, 'list.csv'],
    ]);
    expect(errorsOf(file)).toEqual([
      [],
      [],
      [],
      [['ID', 'INVOICE_DUPLICATE']],
      [[undefined, 'XML_BROKEN']],
      [[undefined, 'XML_NOT_AN_INVOICE']],
      [[undefined, 'FILE_KIND_UNKNOWN']],
    ]);
  });

  it('are read from one document that wraps them', async () => {
    const body = (text: string) => text.replace(/<\?xml.*?\?>/, '');
    const file = await read(`<batch>${body(invoice)}${body(fixture('cii-invoice'))}${body(credit)}</batch>`);
    expect(file.rows.map((row) => ('values' in row ? row.values.invoiceNumber : 'credit'))).toEqual([
      'UBL-1',
      'CII-1',
      'credit',
    ]);
  });

  it('are named as Chinese Windows names them', async () => {
    const name = Buffer.from('b7a2c6b12e786d6c', 'hex'); // 发票.xml in GB18030, without the mark of UTF-8
    expect((await read(zipOf([{ name, content: invoice, flags: 0 }]))).rows).toMatchObject([
      { source: '发票.xml' },
    ]);
  });
});

const shared = new URL('../../../../shared/data/', import.meta.url);

describe.runIf(existsSync(shared))('the real files', () => {
  const peppol = existsSync(shared) ? readdirSync(new URL('peppol/', shared)).sort() : [];
  const file = (name: string) => readFileSync(new URL(name, shared));
  const europe: Partial<ImportContext> = {
    currency: 'EUR',
    today: parseLegalDate('2017-11-20'),
    tenorMonths: 48,
    resolveSupplier: (text) =>
      text === 'SupplierOfficialName Ltd' ? [1] : text === 'The Sellercompany Incorporated' ? [2] : [],
    buyerIs: (text) => (/^(Buyer Official Name|The Buyercompany)$/.test(text) ? 'us' : 'unknown'),
  };

  it('of Peppol all come in or say why not', async () => {
    const one = async (name: string) => {
      const [row] = (await readAll(file(`peppol/${name}`), {}, europe)).rows;
      if (row === undefined) return 'nothing';
      if ('values' in row) return row.values.amount;
      return 'credit' in row
        ? `credit of ${row.credit.amount} on ${row.credit.corrects}`
        : row.errors.map(({ column, code }) => `${column} ${code}`);
    };
    const read = Object.fromEntries(await Promise.all(peppol.map(async (name) => [name, await one(name)])));
    const inPounds = ['DocumentCurrencyCode CURRENCY_OTHER', 'DueDate DUE_DATE_MISSING'];
    expect(read).toEqual({
      'Allowance-example.xml': 612_500n,
      'GR-base-example-correct.xml': 165_625n,
      'Vat-category-S.xml': 855_000n,
      'base-creditnote-correction.xml': 'credit of 165625 on Snippet1',
      'base-example.xml': 165_625n,
      'base-negative-inv-correction.xml': 'credit of 165625 on Snippet1',
      'sales-order-example.xml': 165_625n,
      'vat-category-E.xml': expect.arrayContaining(inPounds),
      'vat-category-Z.xml': expect.arrayContaining(inPounds),
    });
  });

  it('of Peppol in one archive: the same number is taken once', async () => {
    const archive = zipOf(peppol.map((name) => ({ name, content: file(`peppol/${name}`) })));
    const { rows } = await readAll(archive, {}, europe);
    const codes = rows.map((row) => ('errors' in row ? row.errors.map(({ code }) => code).join() : 'good'));
    expect(codes.filter((code) => code === 'INVOICE_DUPLICATE')).toHaveLength(3);
    expect(codes.filter((code) => code === 'good')).toHaveLength(4);
  });

  it('of the ledger of late payments are read in full once supplier and buyer are named', async () => {
    const numbers = new Map<string, number>();
    const numberOf = (text: string): number => numbers.get(text) ?? numbers.set(text, numbers.size + 1).size;
    const { rows, formats, questions } = await readAll(
      file('accounts-receivable.csv'),
      { mapping: { supplier: 'customerID', buyer: 'countryCode' } },
      { today: parseLegalDate('2012-01-01'), tenorMonths: 36, resolveSupplier: (text) => [numberOf(text)] },
    );
    expect(questions).toEqual([]);
    expect(formats).toEqual({ invoiceDate: ['MM/DD/YYYY'], dueDate: ['MM/DD/YYYY'], amount: ['1234.56'] });
    expect([rows.length, numbers.size]).toEqual([2_466, 100]);
    expect(rows.reduce((total, row) => total + ('values' in row ? row.values.amount : 0n), 0n)).toBe(
      14_770_318n,
    );
  });
});
