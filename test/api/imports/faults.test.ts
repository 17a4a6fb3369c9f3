/** Files as people keep them, each with what is right to make of it. The inputs of ../shared/faults run along where they are. */
import { existsSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { parseLegalDate } from '#domain/dates.ts';
import type { ImportContext } from '#domain/imports/context.ts';
import type { ImportedRow } from '#domain/imports/payables.ts';
import { Problem } from '#domain/problems.ts';
import type { Given } from '#api/imports/read.ts';
import { zipOf } from '../../fixtures/archive.ts';
import { readAll } from './support.ts';

const SUPPLIER = '91330782MA0000023F';
const members: Record<string, number[]> = { [SUPPLIER]: [2], 远山紧固件: [2], 别家: [3] };
const context: Partial<ImportContext> = {
  today: parseLegalDate('2026-11-10'),
  resolveSupplier: (text) => members[text] ?? [],
  buyerIs: (text) => (['91420100MA0000015F', '江城汽车'].includes(text) ? 'us' : 'unknown'),
};
const DAYS: Given = { terms: { days: 90 } };

/** What a row comes to: "BI-1 5800.00 2027-03-01", "credit BI-C1 on BI-33 5800.00", "发票号码 INVOICE_DUPLICATE". */
function told(row: ImportedRow): string {
  const money = (minor: bigint) => `${minor / 100n}.${String(minor % 100n).padStart(2, '0')}`;
  if ('values' in row) return `${row.values.invoiceNumber} ${money(row.values.amount)} ${row.values.dueDate}`;
  if ('credit' in row)
    return `credit ${row.credit.number} on ${row.credit.corrects} ${money(row.credit.amount)}`;
  return row.errors.map(({ column, code }) => [column, code].filter(Boolean).join(' ')).join(', ');
}

/** Its rows, or what is asked, or why it is refused. */
async function read(content: string | Uint8Array, given: Given = {}): Promise<string[]> {
  try {
    const file = await readAll(content, given, context);
    const asked = file.questions.map(
      ({ kind, field, choices }) => `${kind} ${field}? ${choices.join(' | ')}`,
    );
    return [...asked, ...file.rows.map(told)];
  } catch (error) {
    if (error instanceof Problem) return [`${error.code}: ${error.detail?.en ?? ''}`];
    throw error;
  }
}

const HEADER = '供应商税号,发票号码,发票金额,到期日';
const ONE = `${SUPPLIER},BI-1,5.80,2027-03-01`;
const GOOD = 'BI-1 5.80 2027-03-01';
const SCALED = '发票金额 AMOUNT_IN_THOUSANDS';
const lines = (...rows: string[]) => rows.join('\n');

describe('a table that states its unit', () => {
  it.each([
    ['above it', lines('应付账款明细表,,,', '单位：万元,,,', HEADER, ONE), [SCALED]],
    ['in its title', lines('应付账款明细表（千元）,,,', HEADER, ONE), [SCALED]],
    ['among other words', lines('编制单位：江城汽车 金额单位：人民币万元,,,', HEADER, ONE), [SCALED]],
    ['in English', lines('Payables (in thousands of CNY),,,', HEADER, ONE), [SCALED]],
    ['in a line below the header', lines(HEADER, ',,万元,', ONE), [SCALED]],
    ['behind the last row', lines(HEADER, ONE, '注：单位为万元,,,'), [SCALED]],
    ['as fen', lines('单位：分,,,', HEADER, ONE), [SCALED]],
    ['as single yuan', lines('单位：元,,,', HEADER, ONE), [GOOD]],
    ['as single yuan below the header', lines(HEADER, '文本,文本,元,日期', ONE), [GOOD]],
    ['as a currency of others', lines('币种：美元,,,', HEADER, ONE), ['发票金额 CURRENCY_OTHER']],
    ['as our currency', lines('Currency: CNY,,,', HEADER, ONE), [GOOD]],
    ['not at all, though a firm is called 万', lines('编制单位：万达集团,,,', HEADER, ONE), [GOOD]],
    [
      'for all and in the header otherwise',
      lines('单位：万元,,,', '供应商税号,发票号码,发票金额（元）,到期日', ONE),
      [GOOD],
    ],
  ])('%s', async (_, content, rows) => expect(await read(content)).toEqual(rows));

  it.each([
    ['Amount (USD)', ['Amount (USD) CURRENCY_OTHER']],
    ['Amount in USD', ['Amount in USD CURRENCY_OTHER']],
    ['金额（美元）', ['金额(美元) CURRENCY_OTHER']],
    ['EUR Amount', ['EUR Amount CURRENCY_OTHER']],
    ['Amount (CNY)', [GOOD]],
    ['金额（元）', [GOOD]],
    ...['Amount (mln)', 'Amount (in 000s)', '金额（万元）', '金额 万元', 'Amount T€', 'Amount, k CNY'].map(
      (header) => [header, [expect.stringMatching(/^column amount\?/)]] as const,
    ),
  ] as const)('in the header %s', async (header, rows) => {
    const content = lines(`supplier,invoice no,"${header}",due date`, ONE);
    expect(await read(content)).toEqual(rows);
    if (rows.length === 1 && typeof rows[0] !== 'string') {
      const name = header.normalize('NFKC');
      const forced = await read(content, { mapping: { amount: name } });
      expect(forced).toEqual([`${name} AMOUNT_IN_THOUSANDS`]);
    }
  });

  it.each(['$5.80', '5.80 USD', '5.80美元', '€ 5.80', 'HK$5.80', '5.80 eur'])(
    'in the cell %s',
    async (amount) =>
      expect(await read(lines(HEADER, `${SUPPLIER},BI-1,${amount},2027-03-01`))).toEqual([
        '发票金额 CURRENCY_OTHER',
      ]),
  );
});

describe('rows that are no payable by their own words', () => {
  const status = (header: string, value: string, amount = '5.80') =>
    read(lines(`${HEADER},${header}`, `${SUPPLIER},BI-1,${amount},2027-03-01,${value}`));

  it.each([
    ['发票状态', '作废'],
    ['发票状态', '已红冲-全额'],
    ['发票状态', '已红冲-部分'],
    ['状态', '失控'],
    ['status', 'Cancelled'],
    ['status', 'reversed'],
    ['发票状态', '已付款'],
    ['是否作废', '是'],
    ['作废标志', 'Y'],
    ['是否正数发票', '否'],
    ['备注', '作废'],
    ['随便', '(已作废)'],
  ])('%s: %s', async (header, value) =>
    expect(await status(header, value)).toEqual([`${header} INVOICE_NOT_OWED`]),
  );

  it.each([
    ['发票状态', '正常'],
    ['发票状态', '未红冲'],
    ['发票状态', ''],
    ['status', 'unpaid'],
    ['是否作废', '否'],
    ['作废标志', 'N'],
    ['是否正数发票', '是'],
    ['备注', '作废旧合同后重签'],
  ])('but not %s: %s', async (header, value) => expect(await status(header, value)).toEqual([GOOD]));

  it('a red invoice is a credit although it is called red', async () => {
    const row = `${SUPPLIER},BI-2,-5.80,,BI-1,红冲`;
    expect(await read(lines(`${HEADER},原发票号码,发票状态`, row))).toEqual(['credit BI-2 on BI-1 5.80']);
  });

  it('count in a total or not, as its maker likes', async () => {
    const rows = [`${ONE},正常`, `${SUPPLIER},BI-2,7.00,2027-03-01,作废`];
    for (const [total, more] of [
      ['5.80', []],
      ['12.80', []],
      ['7.00', ['发票金额 TOTAL_ROW_DISAGREES']],
    ] as const) {
      const content = lines(`${HEADER},发票状态`, ...rows, `合计,,${total},,`);
      expect(await read(content)).toEqual([GOOD, '发票状态 INVOICE_NOT_OWED', ...more]);
    }
  });
});

describe('an invoice in several rows', () => {
  const SEVERAL = '发票号码 INVOICE_SEVERAL_ROWS';
  const rows = (...amounts: string[]) => amounts.map((amount) => `${SUPPLIER},BI-1,${amount},2027-03-01`);

  it('goes in none of them where they are its lines', async () => {
    expect(await read(lines(HEADER, ...rows('1000', '2500', '300')))).toEqual([SEVERAL, SEVERAL, SEVERAL]);
    const items = rows('1000', '1000').map((row, n) => `${row},第${n}项`);
    expect(await read(lines(`${HEADER},品名`, ...items))).toEqual([SEVERAL, SEVERAL]);
  });

  it('goes once where the rows say the same', async () => {
    const again = `${SUPPLIER},'bi-1,5.80,2027-03-01`;
    expect(await read(lines(HEADER, ONE, again))).toEqual([GOOD, '发票号码 INVOICE_DUPLICATE']);
  });

  it('is found over many rows between', async () => {
    const between = Array.from({ length: 1500 }, (_, n) => `${SUPPLIER},N-${n},1.00,2027-03-01`);
    const found = await read(lines(HEADER, ...rows('1.00'), ...between, ...rows('2.00')));
    expect([found[0], found.at(-1)]).toEqual([SEVERAL, SEVERAL]);
  });
});

describe('the number of an invoice', () => {
  const number = (text: string) => read(lines(HEADER, `${SUPPLIER},"${text}",5.80,2027-03-01`));

  it.each(['2.6332E+19', '2,6332E+19', '2,63320000001E+19', '2.6332E19', '2.6332 E+19', '2.6332×10^19'])(
    'rounded to %s is refused',
    async (text) => expect(await number(text)).toEqual(['发票号码 INVOICE_NUMBER_ROUNDED']),
  );

  it.each(["'26332000000100000501", "'26332000000100000501'", '’26332000000100000501'])(
    'is the same as %s',
    async (text) => expect(await number(text)).toEqual(['26332000000100000501 5.80 2027-03-01']),
  );

  it('is one of its code, in the old kinds', async () => {
    const header = '供应商税号,发票代码,发票号码,发票金额,到期日';
    const row = (code: string, no: string) => `${SUPPLIER},${code},${no},5.80,2027-03-01`;
    expect(
      await read(lines(header, row('033002300111', '00123456'), row('033002300112', '00123456'))),
    ).toEqual(['033002300111-00123456 5.80 2027-03-01', '033002300112-00123456 5.80 2027-03-01']);
    // A spreadsheet took the zeros in front away.
    expect(await read(lines(header, row('33002300111', '123456')))).toEqual([
      '033002300111-00123456 5.80 2027-03-01',
    ]);
    expect(await read(lines(header, row('033002300111', '00123456'), row('33002300111', '123456')))).toEqual([
      '033002300111-00123456 5.80 2027-03-01',
      '发票号码 INVOICE_DUPLICATE',
    ]);
  });

  it('is the digital one, where a list has both', async () => {
    const header =
      '发票代码,发票号码,数电发票号码,销方识别号,销方名称,购方识别号,购买方名称,开票日期,金额,税额,价税合计,发票状态,是否正数发票,备注';
    const row = (no: string, digital: string, date: string) =>
      `,${no},${digital},${SUPPLIER},远山紧固件,91420100MA0000015F,江城汽车,${date},5132.74,667.26,5800.00,正常,是,`;
    const content = lines(
      header,
      row('', '26332000000100000601', '2026-11-02 10:21:33'),
      row('BI-2', '', '2026-11-02'),
    );
    expect(await read(content, DAYS)).toEqual([
      '26332000000100000601 5800.00 2027-01-31',
      'BI-2 5800.00 2027-01-31',
    ]);
    expect(await read(content.replaceAll('远山紧固件', '别家'), DAYS)).toEqual([
      '销方识别号 SUPPLIER_AMBIGUOUS',
      '销方识别号 SUPPLIER_AMBIGUOUS',
    ]);
  });

  it('that a note names with its code is the corrected one', async () => {
    const header = '销方名称,发票号码,价税合计,备注';
    const row = '远山紧固件,BI-9,-5.80,对应正数发票代码:3300164130号码:00123456';
    expect(await read(lines(header, row), DAYS)).toEqual(['credit BI-9 on 3300164130-00123456 5.80']);
  });
});

describe('text', () => {
  it.each([
    ['|', lines(HEADER, ONE).replaceAll(',', '|')],
    ['blanks around quotes', lines(HEADER, `"${SUPPLIER}" , "BI-1" ,"5.80" , "2027-03-01"`)],
    ['a tab and blank cells', lines(`${HEADER},备注`, `${ONE},`).replaceAll(',', '\t')],
    ['what Excel says first', lines('sep=;', HEADER, ONE).replaceAll(',', ';')],
  ])('with %s is read', async (_, content) => expect(await read(content)).toEqual([GOOD]));

  const gbk = (hex: string) => Buffer.from(hex, 'hex');
  /** 供应商税号,发票号码,发票金额,到期日,备注 in GBK. */
  const header = 'b9a9d3a6c9ccCBB0bac52cb7a2c6b1bac5c2eb2cb7a2c6b1bdf0b6ee2cb5bdc6dac8d52cb1b8d7a20a';
  const row = (n: number) => Buffer.from(`${SUPPLIER},BI-${n},5.80,2027-03-01,`).toString('hex');

  it('with half a character of GBK names its row', async () => {
    const bytes = gbk(`${header}${row(1)}bbf5bf0a${row(2)}bbf5bfee0a`);
    expect(await read(bytes)).toEqual(['备注 CHARACTER_BROKEN', 'BI-2 5.80 2027-03-01']);
    expect(await read(bytes, { encoding: 'gb18030' })).toEqual([
      '备注 CHARACTER_BROKEN',
      'BI-2 5.80 2027-03-01',
    ]);
    expect(await read(bytes, { encoding: 'utf-8' })).toEqual([
      expect.stringMatching(/^FILE_ENCODING: .*line 1 /),
    ]);
  });

  it('with a character of UTF-8 that was cut off names its row', async () => {
    const whole = Buffer.from(lines(`${HEADER},备注`, `${ONE},货款`));
    const cut = Buffer.concat([
      whole.subarray(0, -1),
      Buffer.from(`\n${SUPPLIER},BI-2,5.80,2027-03-01,货款`),
    ]);
    expect(await read(cut)).toEqual(['备注 CHARACTER_BROKEN', 'BI-2 5.80 2027-03-01']);
  });
});

const element = (name: string, content = '', attributes = '') => `<${name}${attributes}>${content}</${name}>`;
const money = (name: string, amount: string, currency = 'CNY') =>
  element(name, amount, currency && ` currencyID="${currency}"`);

/** An invoice of UBL over 5,800.00, due on 1 March 2027. */
function ubl({
  code = 'CNY',
  attribute = 'CNY',
  payable = money('PayableAmount', '5800.00', attribute),
  more = '',
  due = element('DueDate', '2027-03-01'),
} = {}) {
  const party = (name: string, id: string) =>
    element(name, element('Party', element('PartyTaxScheme', element('CompanyID', id))));
  return `<Invoice xmlns="urn:oasis:names:specification:ubl:schema:xsd:Invoice-2">${[
    element('ID', 'U-1'),
    element('IssueDate', '2026-11-20'),
    due,
    code && element('DocumentCurrencyCode', code),
    more,
    party('AccountingSupplierParty', SUPPLIER),
    party('AccountingCustomerParty', '91420100MA0000015F'),
    element('TaxTotal', money('TaxAmount', '667.26', attribute)),
    element(
      'LegalMonetaryTotal',
      [
        money('LineExtensionAmount', '5132.74', attribute),
        money('TaxExclusiveAmount', '5132.74', attribute),
        money('TaxInclusiveAmount', '5800.00', attribute),
        payable,
      ].join(''),
    ),
    element('InvoiceLine', money('LineExtensionAmount', '5132.74', attribute)),
  ].join('')}</Invoice>`;
}

/** The same in CII. */
function cii({
  context = '',
  terms = term(day('20270301')),
  lines = '',
  sums = '',
  owed = '5800.00',
  code = 'CNY',
} = {}) {
  const root = 'urn:un:unece:uncefact:data:standard:CrossIndustryInvoice:100';
  const settled = [
    code && element('InvoiceCurrencyCode', code),
    terms,
    element(
      'SpecifiedTradeSettlementHeaderMonetarySummation',
      [
        lines && element('LineTotalAmount', '5132.74'),
        element('TaxBasisTotalAmount', '5132.74'),
        money('TaxTotalAmount', '667.26'),
        element('GrandTotalAmount', '5800.00'),
        sums,
        element('DuePayableAmount', owed),
      ].join(''),
    ),
  ].join('');
  const seller = element('SpecifiedTaxRegistration', element('ID', SUPPLIER));
  const trade = [
    lines,
    element(
      'ApplicableHeaderTradeAgreement',
      element('SellerTradeParty', seller) + element('BuyerTradeParty', element('Name', '江城汽车')),
    ),
    element('ApplicableHeaderTradeSettlement', settled),
  ].join('');
  return `<r:CrossIndustryInvoice xmlns:r="${root}">${[
    element('ExchangedDocumentContext', context),
    element('ExchangedDocument', element('ID', 'C-1') + element('TypeCode', '380')),
    element('SupplyChainTradeTransaction', trade),
  ].join('')}</r:CrossIndustryInvoice>`;
}
const day = (text: string) => element('DueDateDateTime', element('DateTimeString', text, ' format="102"'));
const term = (...content: string[]) => element('SpecifiedTradePaymentTerms', content.join(''));
const discount = element('ApplicableTradePaymentDiscountTerms', element('CalculationPercent', '3.0'));
const part = (amount: string) => element('PartialPaymentAmount', amount);
const line = (amount: string, kind = '') =>
  element(
    'IncludedSupplyChainTradeLineItem',
    element('AssociatedDocumentLineDocument', kind && element('LineStatusReasonCode', kind)) +
      element(
        'SpecifiedLineTradeSettlement',
        element('SpecifiedTradeSettlementLineMonetarySummation', element('LineTotalAmount', amount)),
      ),
  );

describe('electronic invoices', () => {
  const TERMS = 'SupplyChainTradeTransaction/ApplicableHeaderTradeSettlement/SpecifiedTradePaymentTerms';
  const SUMS =
    'SupplyChainTradeTransaction/ApplicableHeaderTradeSettlement/SpecifiedTradeSettlementHeaderMonetarySummation';
  const MISSING = ['terms undefined? ', `${TERMS}/DueDateDateTime/DateTimeString DUE_DATE_MISSING`];
  const PAID_BEFORE = { owed: '4800.00', sums: '' };
  const guideline = (id: string) => element('GuidelineSpecifiedDocumentContextParameter', element('ID', id));
  const extension = element(
    'CustomizationID',
    'urn:cen.eu:en16931:2017#compliant#urn:xeinkauf.de:kosit:xrechnung_3.0#conformant#urn:xeinkauf.de:kosit:extension:xrechnung_3.0',
  );
  const third = element('PrepaidPayment', element('ID', '1') + money('PaidAmount', '20.00'));
  const PAYABLE = 'LegalMonetaryTotal/PayableAmount';

  it.each<[string, string, string[]]>([
    ['UBL as it should be', ubl(), ['U-1 5800.00 2027-03-01']],
    ['UBL with its currency in attributes alone', ubl({ code: '' }), ['U-1 5800.00 2027-03-01']],
    [
      'UBL with another currency in attributes alone',
      ubl({ code: '', attribute: 'EUR' }),
      [`${PAYABLE}/@currencyID CURRENCY_OTHER`],
    ],
    [
      'UBL whose amount is in another currency',
      ubl({ payable: money('PayableAmount', '5800.00', 'USD') }),
      [`${PAYABLE} CURRENCIES_DISAGREE`],
    ],
    [
      'UBL due by the terms of a discount',
      ubl({
        due: element(
          'PaymentTerms',
          element('SettlementDiscountPercent', '3') + element('PaymentDueDate', '2026-12-10'),
        ),
      }),
      ['terms undefined? ', 'DueDate DUE_DATE_MISSING'],
    ],
    [
      'UBL due for a part',
      ubl({
        due: element('PaymentTerms', money('Amount', '2900') + element('PaymentDueDate', '2026-12-10')),
      }),
      ['PaymentTerms/Amount DUE_DATE_OF_PART'],
    ],
    [
      'UBL due for the whole',
      ubl({
        due: element('PaymentTerms', money('Amount', '5800') + element('PaymentDueDate', '2026-12-10')),
      }),
      ['U-1 5800.00 2026-12-10'],
    ],
    [
      'UBL that collects what is owed to others, in the extension that knows this',
      ubl({ more: extension + third, payable: money('PayableAmount', '5820.00') }),
      ['U-1 5820.00 2027-03-01'],
    ],
    [
      '… and in others',
      ubl({ more: third, payable: money('PayableAmount', '5820.00') }),
      [`${PAYABLE} TOTALS_DISAGREE`],
    ],
    ['CII as it should be', cii(), ['C-1 5800.00 2027-03-01']],
    [
      'CII to try the way',
      cii({ context: element('TestIndicator', element('Indicator', 'true')) }),
      ['ExchangedDocumentContext/TestIndicator/Indicator TEST_INVOICE'],
    ],
    [
      'CII that is no test',
      cii({ context: element('TestIndicator', element('Indicator', 'false')) }),
      ['C-1 5800.00 2027-03-01'],
    ],
    [
      'CII in another currency',
      cii({ code: 'EUR' }),
      [`${SUMS.replace(/\/[^/]*$/, '')}/InvoiceCurrencyCode CURRENCY_OTHER`],
    ],
    ['CII with the day of a discount', cii({ terms: term(day('20261210'), discount) + term() }), MISSING],
    [
      'CII with the day of a discount and that of the whole',
      cii({ terms: term(day('20261210'), discount) + term(day('20270301')) }),
      ['C-1 5800.00 2027-03-01'],
    ],
    [
      'CII with the day of a part',
      cii({ terms: term(day('20261210'), part('2900.00')) }),
      [`${TERMS}/PartialPaymentAmount DUE_DATE_OF_PART`],
    ],
    [
      'CII with the day of all as a part',
      cii({ terms: term(day('20261210'), part('5800')) }),
      ['C-1 5800.00 2026-12-10'],
    ],
    [
      'CII with lines that group others',
      cii({
        lines: line('5132.74', 'GROUP') + line('5000', 'DETAIL') + line('132.74') + line('9', 'INFORMATION'),
      }),
      ['C-1 5800.00 2027-03-01'],
    ],
    [
      'CII whose lines are not all there',
      cii({ lines: line('5132.73') }),
      [`${SUMS}/LineTotalAmount TOTALS_DISAGREE`],
    ],
    [
      'CII with an advance in MINIMUM, which cannot say so',
      cii({ ...PAID_BEFORE, context: guideline('urn:factur-x.eu:1p0:minimum') }),
      ['C-1 4800.00 2027-03-01'],
    ],
    [
      '… and in a profile that could',
      cii({ ...PAID_BEFORE, context: guideline('urn:factur-x.eu:1p0:basicwl') }),
      [`${SUMS}/DuePayableAmount TOTALS_DISAGREE`],
    ],
    [
      'MINIMUM that asks for more than its total',
      cii({ owed: '5900.00', context: guideline('urn:factur-x.eu:1p0:minimum') }),
      [`${SUMS}/DuePayableAmount TOTALS_DISAGREE`],
    ],
  ])('%s', async (_, xml, rows) => expect(await read(xml)).toEqual(rows));

  it('of OFD are refused in one sentence, alone and among others', async () => {
    const ofd = zipOf([
      { name: 'OFD.xml', content: '<OFD/>' },
      { name: 'Doc_0/Document.xml', content: '<Document/>' },
    ]);
    expect(await read(ofd)).toEqual([
      'FILE_KIND_UNKNOWN: This is an OFD; import the XML of the same invoice instead',
    ]);
    expect(await read(zipOf([{ name: 'a.ofd', content: ofd }]))).toEqual(['FILE_KIND_UNKNOWN']);
  });
});

/** A workbook of one sheet as other programs write it: `rows` is the XML of its rows. */
function book(
  rows: string,
  { formats = [] as string[], merges = [] as string[], strings = '', slash = '/' } = {},
): Uint8Array {
  const main = ' xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"';
  const relations = 'http://schemas.openxmlformats.org/officeDocument/2006/relationships';
  const relation = (type: string, n: number, target: string) =>
    `<Relationship Id="rId${n}" Type="${relations}/${type}" Target="${target}"/>`;
  const codes = formats.map((code, n) => `<numFmt numFmtId="${164 + n}" formatCode="${code}"/>`);
  const styles = [
    '<xf numFmtId="0"/>',
    ...formats.map((_, n) => `<xf numFmtId="${164 + n}"/>`),
    '<xf numFmtId="14"/>',
  ];
  const parts: Record<string, string> = {
    '[Content_Types].xml': '<Types/>',
    'xl/workbook.xml': `<workbook${main} xmlns:r="${relations}"><sheets><sheet name="a" sheetId="1" r:id="rId1"/></sheets></workbook>`,
    'xl/_rels/workbook.xml.rels': `<Relationships>${[
      relation('worksheet', 1, 'worksheets/sheet1.xml'),
      relation('styles', 2, 'styles.xml'),
      relation('sharedStrings', 3, '/xl/sharedStrings.xml'),
    ].join('')}</Relationships>`,
    'xl/styles.xml': `<styleSheet${main}><numFmts>${codes.join('')}</numFmts><cellStyleXfs><xf/></cellStyleXfs><cellXfs>${styles.join('')}</cellXfs></styleSheet>`,
    'xl/sharedStrings.xml': `<sst${main}>${strings}</sst>`,
    'xl/worksheets/sheet1.xml': `<worksheet${main}><sheetData>${rows}</sheetData>${
      merges.length > 0
        ? `<mergeCells>${merges.map((cells) => `<mergeCell ref="${cells}"/>`).join('')}</mergeCells>`
        : ''
    }</worksheet>`,
  };
  return zipOf(
    Object.entries(parts).map(([name, content]) => ({ name: name.replaceAll('/', slash), content })),
  );
}
const text = (content: string, more = '') => `<c t="inlineStr"><is><t>${content}</t>${more}</is></c>`;
const number = (value: string, style = 0) => `<c s="${style}"><v>${value}</v></c>`;
const row = (cells: string[], attributes = '') => `<row${attributes}>${cells.join('')}</row>`;
const head = row(HEADER.split(',').map((name) => text(name)));
const due = text('2027-03-01');
const payable = (cells: Partial<Record<'supplier' | 'number' | 'amount', string>> = {}, attributes = '') =>
  row(
    [cells.supplier ?? text(SUPPLIER), cells.number ?? text('BI-1'), cells.amount ?? number('5.8'), due],
    attributes,
  );

describe('a workbook', () => {
  it.each<[string, Uint8Array, string[]]>([
    ['as it should be', book(head + payable()), [GOOD]],
    [
      'with zeros in front by format',
      book(head + payable({ number: number('123456', 1) }), { formats: ['000000000'] }),
      ['000123456 5.80 2027-03-01'],
    ],
    [
      'with eight digits by format, which lack their code',
      book(head + payable({ number: number('123456', 1) }), { formats: ['00000000'] }),
      ['发票号码 INVOICE_CODE_MISSING'],
    ],
    [
      'with a prefix by format',
      book(head + payable({ number: number('12', 1) }), { formats: ['&quot;INV-&quot;0000'] }),
      ['INV-0012 5.80 2027-03-01'],
    ],
    [
      'with amounts in yuan by format',
      book(head + payable({ amount: number('5.8', 1) }), {
        formats: ['[$¥-804]#,##0.00_);[Red]([$¥-804]#,##0.00)'],
      }),
      [GOOD],
    ],
    ...['[$$-409]#,##0.00', '#,##0.00 [$€-407]', '&quot;USD&quot; 0.00'].map(
      (format): [string, Uint8Array, string[]] => [
        `with amounts in another currency by format, ${format}`,
        book(head + payable({ amount: number('5.8', 1) }), { formats: [format] }),
        ['发票金额 CURRENCY_OTHER'],
      ],
    ),
    [
      'with amounts in 万元 by format',
      book(head + payable({ amount: number('5.8', 1) }), { formats: ['0.00&quot;万元&quot;'] }),
      [SCALED],
    ],
    [
      'with a date by format',
      book(head + row([text(SUPPLIER), text('BI-1'), number('5.8'), number('46447.5', 1)])),
      [GOOD],
    ],
    [
      'with hidden rows, which are marked',
      book(
        head +
          payable() +
          payable({ number: text('BI-2') }, ' hidden="1"') +
          payable({ number: text('BI-3') }, ' ht="0"'),
      ),
      [GOOD, 'ROW_HIDDEN', 'ROW_HIDDEN'],
    ],
    [
      'with a hidden row of the same invoice',
      book(head + payable() + payable({ amount: number('7') }, ' hidden="true"')),
      [GOOD, 'ROW_HIDDEN'],
    ],
    [
      'that says how a text is spoken',
      book(head + payable({ number: text('BI-1', '<rPh sb="0" eb="2"><t>ビーアイ</t></rPh>') })),
      [GOOD],
    ],
    [
      'that says how a shared text is spoken',
      book(head + payable({ number: '<c t="s"><v>0</v></c>' }), {
        strings: '<si><r><t>BI</t></r><r><t>-1</t></r><rPh sb="0" eb="2"><t>ビーアイ</t></rPh></si>',
      }),
      [GOOD],
    ],
    ['with backslashes in its paths', book(head + payable(), { slash: '\\' }), [GOOD]],
    [
      'with sixteen digits',
      book(head + payable({ amount: number('12345678901234.56') })),
      ['BI-1 12345678901234.56 2027-03-01'],
    ],
    [
      'with what adding leaves behind',
      book(head + payable({ amount: number('0.30000000000000004') })),
      ['BI-1 0.30 2027-03-01'],
    ],
    [
      'with a supplier over several rows',
      book(
        head +
          payable() +
          payable({ supplier: '<c/>', number: text('BI-2') }) +
          payable({ supplier: '<c/>', number: text('BI-3') }),
        { merges: ['A2:A3'] },
      ),
      [GOOD, 'BI-2 5.80 2027-03-01', '供应商税号 VALUE_MISSING'],
    ],
    [
      'with a number over several rows, its lines',
      book(head + payable() + payable({ number: '<c/>', amount: number('7') }), { merges: ['B2:B3'] }),
      ['发票号码 INVOICE_SEVERAL_ROWS', '发票号码 INVOICE_SEVERAL_ROWS'],
    ],
    [
      'with an amount over several rows',
      book(head + payable() + payable({ number: text('BI-2'), amount: '<c/>' }), { merges: ['C2:C3'] }),
      ['发票金额 AMOUNT_MERGED', '发票金额 AMOUNT_MERGED'],
    ],
    [
      'with a header over two rows',
      book(
        row([text('供应商税号'), text('发票'), '<c/>', text('到期日')]) +
          row(['<c/>', text('发票号码'), text('发票金额'), '<c/>']) +
          payable(),
        { merges: ['A1:A2', 'B1:C1', 'D1:D2'] },
      ),
      [GOOD],
    ],
  ])('%s', async (_, bytes, rows) => expect(await read(bytes)).toEqual(rows));

  it('of the binary kind is to be saved again', async () => {
    const bytes = zipOf([{ name: 'xl/workbook.bin', content: 'x' }]);
    expect(await read(bytes)).toEqual([expect.stringMatching(/^FILE_KIND_UNKNOWN: .*\.xlsb/)]);
  });
});

const shared = new URL('../../../../shared/faults/', import.meta.url);
const SETTLEMENT = 'SupplyChainTradeTransaction/ApplicableHeaderTradeSettlement';
const EXPECTED: Record<string, string[]> = {
  'cii-discount-date.xml': [
    'terms undefined? ',
    `${SETTLEMENT}/SpecifiedTradePaymentTerms/DueDateDateTime/DateTimeString DUE_DATE_MISSING`,
  ],
  'cii-part-payment.xml': [`${SETTLEMENT}/SpecifiedTradePaymentTerms/PartialPaymentAmount DUE_DATE_OF_PART`],
  'cii-test-indicator.xml': ['ExchangedDocumentContext/TestIndicator/Indicator TEST_INVOICE'],
  'credit-1-invoice.xml': ['BI-33 5800.00 2027-03-01'],
  'credit-2-note.xml': ['credit BI-C1 on BI-33 5800.00'],
  'ubl-currency-only-in-attributes.xml': ['LegalMonetaryTotal/PayableAmount/@currencyID CURRENCY_OTHER'],
  'ubl-payable-other-currency.xml': ['LegalMonetaryTotal/PayableAmount CURRENCIES_DISAGREE'],
  'backslash-paths.xlsx': ['BI-31 1.00 2027-03-01'],
  'hidden-row.xlsx': ['BI-27 100.00 2027-03-01', 'ROW_HIDDEN'],
  'inline-phonetic.xlsx': ['BI-26 5800.00 2027-03-01'],
  // Eight digits, as the sheet shows them, are the number of an old invoice: its code is asked for.
  'leading-zero-format.xlsx': ['发票号码 INVOICE_CODE_MISSING'],
  'merged-supplier.xlsx': ['BI-29 1.00 2027-03-01', 'BI-30 2.00 2027-03-01'],
  'sixteen-digits.xlsx': ['BI-32 12345678901234.56 2027-03-01'],
  'ofd-invoice.ofd': ['FILE_KIND_UNKNOWN: This is an OFD; import the XML of the same invoice instead'],
  'currency-in-header.csv': ['Amount (USD) CURRENCY_OTHER'],
  'currency-in-parenthesis.csv': [
    'credit BI-38 on BI-90 1234.50',
    'credit BI-39 on BI-90 1234.50',
    'credit BI-40 on BI-90 1234.50',
  ],
  'date-with-time.csv': ['BI-19 5800.00 2027-03-01', 'BI-20 5800.00 2027-03-01'],
  'dates-dotted.csv': ['BI-35 1.00 2027-03-01', 'BI-36 1.00 2027-03-01', 'BI-37 1.00 2027-03-01'],
  'gbk-half-character.csv': ['备注 CHARACTER_BROKEN', 'EH-2 1.00 2027-03-01'],
  'invoice-number-apostrophe.csv': ['26332000000100000501 5800.00 2027-03-01', '发票号码 INVOICE_DUPLICATE'],
  'line-level-export.csv': Array.from({ length: 3 }, () => '发票号码 INVOICE_SEVERAL_ROWS'),
  'pipe.csv': ['BI-34 5800.00 2027-03-01'],
  'same-number-other-code.csv': [
    '033002300111-00123456 100.00 2027-03-01',
    '033002300112-00123456 200.00 2027-03-01',
  ],
  'scientific-comma.csv': ['invoice no INVOICE_NUMBER_ROUNDED', 'invoice no INVOICE_NUMBER_ROUNDED'],
  'tax-bureau-export.csv': ['26332000000100000601 5800.00 2027-01-31'],
  'unbalanced-parenthesis.csv': [
    '发票金额 AMOUNT_UNREADABLE',
    '发票金额 AMOUNT_UNREADABLE',
    'BI-13 5800.00 2027-03-01',
  ],
  'unit-above-table.csv': ['发票金额 AMOUNT_IN_THOUSANDS'],
  'unit-in-header-three-letters.csv': ['column amount? supplier | invoice no | Amount (mln) | due date'],
  'voided-invoices.csv': [
    '发票状态 INVOICE_NOT_OWED',
    '发票状态 INVOICE_NOT_OWED',
    'BI-18 5800.00 2027-03-01',
  ],
};

describe.runIf(existsSync(shared))('the faults that others have met', () => {
  it.each(Object.entries(EXPECTED))('%s', async (name, rows) => {
    const given = name.startsWith('tax-bureau') ? DAYS : {};
    expect(await read(readFileSync(new URL(name, shared)), given)).toEqual(rows);
  });
});
