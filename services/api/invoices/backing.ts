/** The invoices that back bills, in their canonical form, or why they cannot. */
import { findMembers } from '#db/members/read.ts';
import {
  canonicalInvoice,
  canonicalTaxNumber,
  isInvoiceName,
  type InvoiceFault,
  type InvoiceName,
} from '#domain/invoices/canonical.ts';
import { Problem, type Text } from '#domain/problems.ts';
import type { BillInput, InvoiceInput } from '#domain/instructions/instruction.ts';
import type { Services } from '../services.ts';

/**
 * For each bill its invoices, in order. The payee is their seller: nobody else's invoice backs what is owed to it.
 * Throws INVOICE_CODE_MISSING for eight digits without their code, REQUEST_INVALID for what else is no invoice of the payee.
 */
export async function invoicesOf(
  { db }: Pick<Services, 'db'>,
  bills: readonly BillInput[],
): Promise<InvoiceName[][]> {
  const payees = [...new Set(bills.filter(({ invoices }) => invoices?.length).map(({ payee }) => payee))];
  const taxNumbers = new Map(
    (await findMembers(db, payees)).map(({ number, tax_id }) => [
      number,
      tax_id === null ? undefined : canonicalTaxNumber(tax_id),
    ]),
  );
  return bills.map(({ payee, invoices = [] }, n) =>
    invoices.map((invoice, i) => {
      const place: Place = { path: `bills/${n}/invoices/${i}`, number: invoice.number };
      const name = nameOf(invoice, place);
      const taxNumber = taxNumbers.get(payee);
      if (taxNumber === undefined) {
        throw invalid(place, {
          zh: `收款方（成员 ${payee}）没有登记税号，无法核对发票的销售方，请先由平台补登`,
          en: `the payee, member ${payee}, has no tax number to compare with the seller; have the operator record it first`,
        });
      }
      if (name.seller !== taxNumber) {
        throw invalid(place, {
          zh: `销售方 ${name.seller} 不是收款方（税号 ${taxNumber}）`,
          en: `its seller ${name.seller} is not the payee, whose tax number is ${taxNumber}`,
        });
      }
      return name;
    }),
  );
}

type Place = { readonly path: string; readonly number: string };

function nameOf(invoice: InvoiceInput, place: Place): InvoiceName {
  const name = canonicalInvoice(invoice);
  if (isInvoiceName(name)) return name;
  if (name === 'CODE_MISSING') throw new Problem('INVOICE_CODE_MISSING', at(place, FAULTS[name]));
  throw invalid(place, FAULTS[name]);
}

const FAULTS: Readonly<Record<InvoiceFault, Text>> = {
  SELLER_UNREADABLE: {
    zh: '销售方须写税号，只含字母与数字',
    en: 'the seller is named by its tax number, which has letters A–Z and digits only',
  },
  NUMBER_UNREADABLE: {
    zh: '号码只能含数字、字母 A–Z、汉字与常用符号，不收形似的其他文字',
    en: 'the number may have digits, letters A–Z, Han characters and plain signs, none of other scripts that look like them',
  },
  CODE_MISSING: {
    zh: '八位号码须同时写明发票代码',
    en: 'a number of eight digits needs its code (发票代码)',
  },
  CODE_INVALID: {
    zh: '发票代码应为 10 位或 12 位数字，且与号码一致',
    en: 'a code (发票代码) has 10 or 12 digits and agrees with the number',
  },
};

const at = ({ path, number }: Place, { zh, en }: Text): Text => ({
  zh: `${path}，发票 ${number}：${zh}`,
  en: `${path}, invoice ${number}: ${en}`,
});
const invalid = (place: Place, text: Text): Problem => new Problem('REQUEST_INVALID', at(place, text));
