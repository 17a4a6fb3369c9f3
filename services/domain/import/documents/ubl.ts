/** UBL 2.1 Invoice and CreditNote, as EN 16931 and Peppol BIS Billing 3 use them. */
import { kindOf, sumOf, type InvoiceDocument } from './document.ts';
import { elementsAt, find, findAll, type Element, type Found } from './element.ts';

export const UBL_SPACES: Readonly<Record<string, string>> = {
  'urn:oasis:names:specification:ubl:schema:xsd:Invoice-2': 'Invoice',
  'urn:oasis:names:specification:ubl:schema:xsd:CreditNote-2': 'CreditNote',
};

const TOTAL = 'LegalMonetaryTotal';

export function readUbl(root: Element): InvoiceDocument {
  const isCreditNote = root.name === 'CreditNote';
  const amount = (name: string) => find(root, `${TOTAL}/${name}`);
  const currency = find(root, 'DocumentCurrencyCode');
  const [net, total, payable] = [
    amount('TaxExclusiveAmount'),
    amount('TaxInclusiveAmount'),
    amount('PayableAmount'),
  ];
  // A second tax total may be there in the currency of the books.
  const tax = findAll(root, 'TaxTotal/TaxAmount').filter(
    ({ attributes }) => (attributes['currencyID'] ?? currency?.text) === currency?.text,
  );
  const line = `${isCreditNote ? 'CreditNoteLine' : 'InvoiceLine'}/LineExtensionAmount`;
  const code = find(root, 'InvoiceTypeCode', 'CreditNoteTypeCode');
  const kind = kindOf(code);
  return {
    kind: isCreditNote && kind === 'invoice' ? 'credit' : kind,
    number: find(root, 'ID'),
    issued: find(root, 'IssueDate'),
    due: findAll(root, 'DueDate', 'PaymentMeans/PaymentDueDate', 'PaymentTerms/PaymentDueDate'),
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
      ...sumOf(payable, [total, amount('PayableRoundingAmount')], [amount('PrepaidAmount')]),
    ],
    corrects: findAll(root, 'BillingReference/InvoiceDocumentReference/ID'),
    note: find(root, 'Note')?.text,
  };
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
