/** UN/CEFACT Cross Industry Invoice, the XML of Factur-X and ZUGFeRD 2. */
import { currencyOf, isSameNumber, kindOf, sumOf, type InvoiceDocument } from './document.ts';
import { elementsAt, find, findAll, type Element, type Found } from './element.ts';

export const CII_SPACE = 'urn:un:unece:uncefact:data:standard:CrossIndustryInvoice:100';

const TRADE = 'SupplyChainTradeTransaction';
const AGREEMENT = `${TRADE}/ApplicableHeaderTradeAgreement`;
const SETTLEMENT = `${TRADE}/ApplicableHeaderTradeSettlement`;
const SUMS = `${SETTLEMENT}/SpecifiedTradeSettlementHeaderMonetarySummation`;
const LINE = `${TRADE}/IncludedSupplyChainTradeLineItem`;
const LINE_TOTAL =
  'SpecifiedLineTradeSettlement/SpecifiedTradeSettlementLineMonetarySummation/LineTotalAmount';
const TERMS = `${SETTLEMENT}/SpecifiedTradePaymentTerms`;
const DUE = `${TERMS}/DueDateDateTime/DateTimeString`;

export function readCii(root: Element): InvoiceDocument {
  const amount = (name: string) => find(root, `${SUMS}/${name}`);
  const [lines, net, total] = [
    amount('LineTotalAmount'),
    amount('TaxBasisTotalAmount'),
    amount('GrandTotalAmount'),
  ];
  const payable = amount('DuePayableAmount');
  const currency = find(root, `${SETTLEMENT}/InvoiceCurrencyCode`) ?? currencyOf(payable ?? total);
  // A second tax total may be there in the currency of the books.
  const tax = findAll(root, `${SUMS}/TaxTotalAmount`).find(
    ({ attributes }) => (attributes['currencyID'] ?? currency?.text) === currency?.text,
  );
  const guideline =
    find(root, 'ExchangedDocumentContext/GuidelineSpecifiedDocumentContextParameter/ID')?.text ?? '';
  const isTest = find(root, 'ExchangedDocumentContext/TestIndicator/Indicator');
  return {
    kind: kindOf(find(root, 'ExchangedDocument/TypeCode')),
    number: find(root, 'ExchangedDocument/ID'),
    issued: find(root, 'ExchangedDocument/IssueDateTime/DateTimeString'),
    ...termsOf(root, payable),
    test: isTest && /^(true|1)$/i.test(isTest.text) ? isTest : undefined,
    currency,
    seller: partyAt(root, `${AGREEMENT}/SellerTradeParty`),
    buyer: partyAt(root, `${AGREEMENT}/BuyerTradeParty`),
    payee: partyAt(root, `${SETTLEMENT}/PayeeTradeParty`),
    total,
    payable,
    places: {
      number: 'ExchangedDocument/ID',
      due: DUE,
      total: `${SUMS}/DuePayableAmount`,
      seller: `${AGREEMENT}/SellerTradeParty`,
    },
    sums: [
      ...sumOf(lines, linesOf(root)),
      ...(lines === undefined
        ? []
        : sumOf(net, [lines, amount('ChargeTotalAmount')], [amount('AllowanceTotalAmount')])),
      ...sumOf(total, [net, tax]),
      // MINIMUM has no place for what was paid before.
      ...sumOf(
        payable,
        [total, amount('RoundingAmount')],
        [amount('TotalPrepaidAmount')],
        /minimum/i.test(guideline) && amount('TotalPrepaidAmount') === undefined,
      ),
    ],
    corrects: findAll(root, `${SETTLEMENT}/InvoiceReferencedDocument/IssuerAssignedID`),
    note: find(root, 'ExchangedDocument/IncludedNote/Content')?.text,
  };
}

/** A line that groups others states their sum once more, and one for information adds nothing (Factur-X EXTENDED). */
const linesOf = (root: Element): Found[] =>
  elementsAt(root, LINE)
    .filter((line) => {
      const kind = find(line, 'AssociatedDocumentLineDocument/LineStatusReasonCode')?.text;
      return kind !== 'GROUP' && kind !== 'INFORMATION';
    })
    .flatMap((line) => findAll(line, LINE_TOTAL))
    .map((found) => ({ ...found, place: `${LINE}/${found.place}` }));

/** The days on which all of it is due. One that comes with a discount is the discount's; one for an amount may be a part's. */
function termsOf(root: Element, payable: Found | undefined): Pick<InvoiceDocument, 'due' | 'partOnly'> {
  const due: Found[] = [];
  let partOnly: Found | undefined;
  for (const terms of elementsAt(root, TERMS)) {
    if (elementsAt(terms, 'ApplicableTradePaymentDiscountTerms').length > 0) continue;
    const dated = findAll(terms, 'DueDateDateTime/DateTimeString').map((found) => ({ ...found, place: DUE }));
    const part = find(terms, 'PartialPaymentAmount');
    if (dated.length > 0 && part !== undefined && !isSameNumber(part.text, payable?.text)) {
      partOnly ??= { ...part, place: `${TERMS}/${part.place}` };
    }
    due.push(...dated);
  }
  return { due, partOnly };
}

function partyAt(root: Element, path: string): Found[] {
  return elementsAt(root, path).flatMap((party) =>
    findAll(
      party,
      'SpecifiedTaxRegistration/ID',
      'SpecifiedLegalOrganization/ID',
      'GlobalID',
      'ID',
      'Name',
      'SpecifiedLegalOrganization/TradingBusinessName',
    ).map((found) => ({ ...found, place: `${path}/${found.place}` })),
  );
}
