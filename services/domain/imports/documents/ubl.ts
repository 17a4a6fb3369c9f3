/** UBL 2.1 Invoice and CreditNote, as EN 16931 and Peppol BIS Billing 3 use them. */
import { currencyOf, isSameNumber, kindOf, sumOf, type InvoiceDocument } from './document.ts';
import { elementsAt, find, findAll, type Element, type Found } from './element.ts';

export const UBL_SPACES: Readonly<Record<string, string>> = {
  'urn:oasis:names:specification:ubl:schema:xsd:Invoice-2': 'Invoice',
  'urn:oasis:names:specification:ubl:schema:xsd:CreditNote-2': 'CreditNote',
};

const TOTAL = 'LegalMonetaryTotal';

export function readUbl(root: Element): InvoiceDocument {
  const isCreditNote = root.name === 'CreditNote';
  const amount = (name: string) => find(root, `${TOTAL}/${name}`);
  const [net, total, payable] = [
    amount('TaxExclusiveAmount'),
    amount('TaxInclusiveAmount'),
    amount('PayableAmount'),
  ];
  const currency = find(root, 'DocumentCurrencyCode') ?? currencyOf(payable ?? total);
  // A second tax total may be there in the currency of the books.
  const tax = findAll(root, 'TaxTotal/TaxAmount').filter(
    ({ attributes }) => (attributes['currencyID'] ?? currency?.text) === currency?.text,
  );
  const line = `${isCreditNote ? 'CreditNoteLine' : 'InvoiceLine'}/LineExtensionAmount`;
  const code = find(root, 'InvoiceTypeCode', 'CreditNoteTypeCode');
  const kind = kindOf(code);
  const terms = termsOf(root, payable);
  // Owed to others, and collected along with the invoice: an extension of XRechnung.
  const isExtended = /xrechnung.*extension|extension.*xrechnung/i.test(
    find(root, 'CustomizationID')?.text ?? '',
  );
  const thirdParty = isExtended ? findAll(root, 'PrepaidPayment/PaidAmount') : [];
  return {
    kind: isCreditNote && kind === 'invoice' ? 'credit' : kind,
    number: find(root, 'ID'),
    issued: find(root, 'IssueDate'),
    due: [...findAll(root, 'DueDate', 'PaymentMeans/PaymentDueDate'), ...terms.due],
    partOnly: terms.partOnly,
    currency,
    seller: partyAt(root, 'AccountingSupplierParty/Party'),
    buyer: partyAt(root, 'AccountingCustomerParty/Party'),
    payee: partyAt(root, 'PayeeParty'),
    total,
    payable,
    places: {
      number: 'ID',
      due: 'DueDate',
      total: `${TOTAL}/PayableAmount`,
      seller: 'AccountingSupplierParty/Party',
    },
    sums: [
      ...sumOf(amount('LineExtensionAmount'), findAll(root, line)),
      ...sumOf(
        net,
        [amount('LineExtensionAmount'), amount('ChargeTotalAmount')],
        [amount('AllowanceTotalAmount')],
      ),
      ...sumOf(total, [net, tax[0]]),
      ...sumOf(payable, [total, amount('PayableRoundingAmount'), ...thirdParty], [amount('PrepaidAmount')]),
    ],
    corrects: findAll(root, 'BillingReference/InvoiceDocumentReference/ID'),
    note: find(root, 'Note')?.text,
  };
}

/**
 * The days of the terms that stand for the whole. One that comes with a discount is the last day of the discount; one for a
 * share or an amount is a part's.
 */
function termsOf(root: Element, payable: Found | undefined): { due: Found[]; partOnly: Found | undefined } {
  const due: Found[] = [];
  let partOnly: Found | undefined;
  for (const terms of elementsAt(root, 'PaymentTerms')) {
    const dated = findAll(terms, 'PaymentDueDate').map((found) => ({
      ...found,
      place: `PaymentTerms/${found.place}`,
    }));
    if (find(terms, 'SettlementDiscountPercent', 'SettlementDiscountAmount') !== undefined) continue;
    const part = find(terms, 'Amount', 'PaymentPercent');
    const isWhole =
      part === undefined || isSameNumber(part.text, part.place === 'Amount' ? payable?.text : '100');
    if (dated.length > 0 && !isWhole) partOnly ??= { ...part, place: `PaymentTerms/${part.place}` };
    due.push(...dated);
  }
  return { due, partOnly };
}

function partyAt(root: Element, path: string): Found[] {
  return elementsAt(root, path).flatMap((party) =>
    findAll(
      party,
      'PartyTaxScheme/CompanyID',
      'PartyLegalEntity/CompanyID',
      'PartyIdentification/ID',
      'EndpointID',
      'PartyLegalEntity/RegistrationName',
      'PartyName/Name',
    ).map((found) => ({ ...found, place: `${path}/${found.place}` })),
  );
}
