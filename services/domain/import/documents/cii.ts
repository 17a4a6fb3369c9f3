/** UN/CEFACT Cross Industry Invoice, the XML of Factur-X and ZUGFeRD 2. */
import { kindOf, sumOf, type InvoiceDocument } from './document.ts';
import { elementsAt, find, findAll, type Element, type Found } from './element.ts';

export const CII_SPACE = 'urn:un:unece:uncefact:data:standard:CrossIndustryInvoice:100';

const TRADE = 'SupplyChainTradeTransaction';
const AGREEMENT = `${TRADE}/ApplicableHeaderTradeAgreement`;
const SETTLEMENT = `${TRADE}/ApplicableHeaderTradeSettlement`;
const SUMS = `${SETTLEMENT}/SpecifiedTradeSettlementHeaderMonetarySummation`;
const LINE = `${TRADE}/IncludedSupplyChainTradeLineItem/SpecifiedLineTradeSettlement/SpecifiedTradeSettlementLineMonetarySummation/LineTotalAmount`;
const DUE = `${SETTLEMENT}/SpecifiedTradePaymentTerms/DueDateDateTime/DateTimeString`;

export function readCii(root: Element): InvoiceDocument {
  const amount = (name: string) => find(root, `${SUMS}/${name}`);
  const currency = find(root, `${SETTLEMENT}/InvoiceCurrencyCode`);
  const [lines, net, total] = [
    amount('LineTotalAmount'),
    amount('TaxBasisTotalAmount'),
    amount('GrandTotalAmount'),
  ];
  // A second tax total may be there in the currency of the books.
  const tax = findAll(root, `${SUMS}/TaxTotalAmount`).find(
    ({ attributes }) => (attributes['currencyID'] ?? currency?.text) === currency?.text,
  );
  const payable = amount('DuePayableAmount');
  return {
    kind: kindOf(find(root, 'ExchangedDocument/TypeCode')),
    number: find(root, 'ExchangedDocument/ID'),
    issued: find(root, 'ExchangedDocument/IssueDateTime/DateTimeString'),
    due: findAll(root, DUE),
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
      ...sumOf(lines, findAll(root, LINE)),
      ...(lines === undefined
        ? []
        : sumOf(net, [lines, amount('ChargeTotalAmount')], [amount('AllowanceTotalAmount')])),
      ...sumOf(total, [net, tax]),
      ...sumOf(payable, [total, amount('RoundingAmount')], [amount('TotalPrepaidAmount')]),
    ],
    corrects: findAll(root, `${SETTLEMENT}/InvoiceReferencedDocument/IssuerAssignedID`),
    note: find(root, 'ExchangedDocument/IncludedNote/Content')?.text,
  };
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
