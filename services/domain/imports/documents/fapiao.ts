/**
 * China's fully digital invoice (数电票), the XML that the tax bureau hands out. It knows no due date. A red invoice
 * (红字发票) is marked so and names the blue one that it corrects.
 */
import { correctedIn } from '../rows.ts';
import { sumOf, type InvoiceDocument } from './document.ts';
import { find, findAll, type Element, type Found } from './element.ts';

const BASIC = 'EInvoiceData/BasicInformation';
const LINE = 'EInvoiceData/IssuItemInformation';
const TOTAL = `${BASIC}/TotalTax-includedAmount`;

export function readFapiao(root: Element): InvoiceDocument {
  const [net, tax, total] = [
    find(root, `${BASIC}/TotalAmWithoutTax`),
    taxFree(find(root, `${BASIC}/TotalTaxAm`)),
    find(root, TOTAL),
  ];
  const isBlue = find(root, 'Header/InherentLabel/InIssuType/LabelCode')?.text !== 'N';
  const remark = find(root, 'EInvoiceData/AdditionalInformation/Remark', 'EInvoiceData/Remark');
  const named = remark && correctedIn(remark.text);
  const original = find(root, 'EInvoiceData/SpecificInformation/RedEInvoice/OriginalInvoiceCode');
  const issued = find(root, 'TaxSupervisionInfo/IssueTime', `${BASIC}/RequestTime`);
  return {
    kind: isBlue ? 'invoice' : 'credit',
    number: find(root, 'TaxSupervisionInfo/InvoiceNumber', 'Header/EIid'),
    issued: issued && { ...issued, text: issued.text.slice(0, 10) },
    due: [],
    currency: { text: 'CNY', place: TOTAL, attributes: {} },
    seller: findAll(
      root,
      'EInvoiceData/SellerInformation/SellerIdNum',
      'EInvoiceData/SellerInformation/SellerName',
    ),
    buyer: findAll(
      root,
      'EInvoiceData/BuyerInformation/BuyerIdNum',
      'EInvoiceData/BuyerInformation/BuyerName',
    ),
    payee: [],
    total,
    payable: total,
    places: {
      number: 'TaxSupervisionInfo/InvoiceNumber',
      due: 'EInvoice',
      total: TOTAL,
      seller: 'EInvoiceData/SellerInformation',
    },
    sums: [
      ...sumOf(net, findAll(root, `${LINE}/Amount`)),
      ...sumOf(tax, findAll(root, `${LINE}/ComTaxAm`).map(taxFree)),
      ...sumOf(total, [net, tax]),
    ],
    corrects: original ? [original] : named ? [{ ...remark, text: named }] : [],
    note: remark?.text,
  };
}

/** Free of tax is written as stars. */
const taxFree = <T extends Found | undefined>(found: T): T =>
  found !== undefined && /^\*+$/.test(found.text) ? { ...found, text: '0' } : found;
