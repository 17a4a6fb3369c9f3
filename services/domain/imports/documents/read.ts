/** From an electronic invoice to a payable or a credit, or every reason why not. */
import { addDays, isLegalDate, type LegalDate } from '../../dates.ts';
import { exponentOf, formatMoney, minor, type Minor } from '../../money.ts';
import { amountOf, currencyOf, dueDateOf, isRefusal, textOf } from '../cells.ts';
import type { Field } from '../columns.ts';
import type { ImportContext } from '../context.ts';
import type { Corrections } from '../corrections.ts';
import { errorAt, refuse, shortened, type Refusal, type RowError } from '../errors.ts';
import { readDate } from '../formats.ts';
import { invoiceKey } from '../invoice-names.ts';
import type { AsRead, Credit, ImportedRow, Payable } from '../payables.ts';
import { MAX_LENGTH } from '../rows.ts';
import { Seen } from '../seen.ts';
import { CII_SPACE, readCii } from './cii.ts';
import type { InvoiceDocument, Sum } from './document.ts';
import type { Element, Found } from './element.ts';
import { readFapiao } from './fapiao.ts';
import { readUbl, UBL_SPACES } from './ubl.ts';

/** Whether an element is the root of a document that we read. */
export const isInvoice = ({ name, space }: Pick<Element, 'name' | 'space'>): boolean =>
  UBL_SPACES[space] === name ||
  (space === CII_SPACE && name === 'CrossIndustryInvoice') ||
  (name === 'EInvoice' && space === '');

export const documentOf = (root: Element): InvoiceDocument =>
  UBL_SPACES[root.space] !== undefined
    ? readUbl(root)
    : root.space === CII_SPACE
      ? readCii(root)
      : readFapiao(root);

const PLAIN = { decided: true, formats: ['1234.56'] } as const;
/** Decimals to which sums are compared: more than any standard allows. */
const PRECISION = 8;

/** Reads the documents of one file, in order: it remembers which it has seen. */
export class DocumentReader {
  readonly #context: ImportContext;
  readonly #corrections: Corrections;
  readonly #seen = new Seen();
  #withoutDue = 0;

  constructor(context: ImportContext, corrections: Corrections = {}) {
    this.#context = context;
    this.#corrections = corrections;
  }

  /** How many invoices want the terms to be stated. */
  get withoutDue(): number {
    return this.#withoutDue;
  }

  /** @param row Which document of the file it is, from 1; `source` the file within an archive. */
  read(read: InvoiceDocument, row: number, source?: string): ImportedRow {
    const document = this.#corrected(read, row);
    const imported = this.#judge(document, row, source);
    return 'errors' in imported ? { ...imported, asRead: this.#asRead(document) } : imported;
  }

  /** Several due dates are instalments: one in their place would be wrong for the others. */
  #corrected(document: InvoiceDocument, row: number): InvoiceDocument {
    const { supplier, dueDate } = this.#corrections[row] ?? {};
    const { seller, due, places } = document;
    const instead = (text: string, place: string): Found[] =>
      text === '' ? [] : [{ text, place, attributes: {} }];
    return {
      ...document,
      seller: supplier === undefined ? seller : instead(supplier, places.seller),
      due: dueDate === undefined || due.length > 1 ? due : instead(dueDate, places.due),
    };
  }

  #asRead({ seller, number, issued, due, payable, total }: InvoiceDocument): AsRead {
    const text = (found: Found | undefined) => found && shortened(found.text);
    const owed = payable ?? total;
    const amount = owed && this.#amount(owed.text);
    return {
      supplier: text(seller.at(-1)),
      supplierTaxNumber: seller.length > 1 ? text(seller[0]) : undefined,
      invoiceNumber: text(number),
      invoiceDate: text(issued),
      dueDate: text(due[0]),
      amount: text(owed),
      owed: amount === undefined || isRefusal(amount) ? undefined : amount,
    };
  }

  #judge(document: InvoiceDocument, row: number, source?: string): ImportedRow {
    const errors = new Errors(row);
    const { number, seller, currency, total, payable, places, kind } = document;
    if (typeof kind === 'object')
      errors.fail(refuse('DOCUMENT_KIND', kind.unsupported.text), kind.unsupported);
    if (document.test !== undefined) errors.fail(refuse('TEST_INVOICE'), document.test);
    const supplier = this.#supplier(document, errors);
    this.#checkBuyer(document, errors);
    const isOurs =
      currency === undefined ||
      errors.take(currency, (text) => currencyOf(text, this.#context.currency)) !== undefined;
    if (isOurs) {
      this.#checkCurrencies(document, errors);
      document.sums.forEach((sum) => this.#checkSum(sum, errors));
    }
    const amounts = {
      total: errors.required(total ?? payable, places.total, (text) => this.#amount(text)),
      owed: errors.required(payable ?? total, places.total, (text) => this.#amount(text)),
    };
    const invoiceDate = document.issued && errors.take(document.issued, dateOf);
    const isCredit = kind === 'credit' || (amounts.total ?? 0n) < 0n;
    const id = errors.required(number, places.number, (text) => textOf(text, MAX_LENGTH.invoiceNumber));
    const kindOfIt = isCredit ? 'credit' : 'invoice';
    const key = this.#keyOf(errors, supplier, number, id, (key) =>
      this.#seen.once(key, supplier!, row, kindOfIt),
    );
    const common = {
      supplier: supplier!,
      supplierText: seller.at(-1)?.text ?? '',
      currency: this.#context.currency,
    };
    if (isCredit) {
      const corrects = this.#correctsWhat(document, errors);
      const correctsKey = this.#keyOf(errors, supplier, document.corrects[0], corrects);
      const amount = minor((amounts.total ?? 0n) < 0n ? -amounts.total! : (amounts.total ?? 0n));
      if (amount === 0n && amounts.total !== undefined)
        errors.fail(refuse('AMOUNT_NOT_POSITIVE'), total ?? payable);
      return errors.or(source, () => ({
        credit: {
          ...common,
          number: id!,
          key: key!,
          corrects: corrects!,
          correctsKey: correctsKey!,
          issued: invoiceDate,
          amount,
        },
      }));
    }
    if (amounts.owed !== undefined && amounts.owed <= 0n)
      errors.fail(refuse('AMOUNT_NOT_POSITIVE'), payable ?? total);
    const dueDate = this.#dueDate(document, invoiceDate, errors);
    return errors.or(source, () => ({
      values: {
        ...common,
        invoiceNumber: id!,
        invoiceKey: key!,
        invoiceDate,
        dueDate: dueDate!,
        amount: amounts.owed!,
        // Rounding up to a whole coin is owed with the rest.
        invoiceTotal: amounts.total! > amounts.owed! ? amounts.total! : amounts.owed!,
        credited: minor(0n),
        buyer: document.buyer.at(-1)?.text,
        note: document.note?.slice(0, MAX_LENGTH.note),
      },
    }));
  }

  /** The key of an invoice that the document names; undefined when it is refused and noted. */
  #keyOf(
    errors: Errors,
    supplier: number | undefined,
    at: Found | undefined,
    number: string | undefined,
    check: (key: string) => Refusal | undefined = () => undefined,
  ): string | undefined {
    if (supplier === undefined || number === undefined) return undefined;
    const seller = this.#context.taxNumberOf(supplier);
    const key = seller === undefined ? refuse('SUPPLIER_WITHOUT_TAX_NUMBER') : invoiceKey(seller, number);
    const refusal = isRefusal(key) ? key : check(key);
    if (refusal === undefined) return key as string;
    errors.fail(refusal, at);
    return undefined;
  }

  /** A party is known by any of its numbers and names; those that say different members are a reason to ask. */
  #supplier({ seller, payee, places }: InvoiceDocument, errors: Errors): number | undefined {
    const who = (names: readonly Found[]) => [
      ...new Set(names.flatMap(({ text }) => this.#context.resolveSupplier(text))),
    ];
    const [member, other] = who(seller);
    const at = seller.find(({ text }) => this.#context.resolveSupplier(text).length > 0) ?? seller.at(-1);
    if (member === undefined) errors.fail(refuse('SUPPLIER_UNKNOWN'), at, places.seller, 'supplier');
    else if (other !== undefined) errors.fail(refuse('SUPPLIER_AMBIGUOUS'), at, undefined, 'supplier');
    else if (payee.length > 0 && !isSame(payee, seller) && !who(payee).includes(member)) {
      errors.fail(refuse('PAYEE_OTHER'), payee.at(-1));
    } else return member;
    return undefined;
  }

  /** An invoice says whom it is for: one that is for somebody whom we do not know is not for us. */
  #checkBuyer({ buyer }: InvoiceDocument, errors: Errors): void {
    const { buyerIs } = this.#context;
    if (buyerIs === undefined || buyer.length === 0) return;
    const found = buyer.map(({ text }) => buyerIs(text));
    if (found.includes('us')) return;
    errors.fail(refuse(found.includes('other') ? 'BUYER_OTHER' : 'BUYER_UNKNOWN'), buyer.at(-1));
  }

  #amount(text: string): Minor | Refusal {
    return amountOf(text, this.#context.currency, PLAIN);
  }

  #correctsWhat({ corrects }: InvoiceDocument, errors: Errors): string | undefined {
    const [first, ...others] = corrects;
    if (first === undefined) errors.fail(refuse('CREDIT_NAMES_NO_INVOICE'));
    else if (others.some(({ text }) => text !== first.text)) errors.fail(refuse('ELEMENT_REPEATED'), first);
    return first?.text;
  }

  /** All amounts are in the currency of the document, whatever it is. */
  #checkCurrencies({ currency, total, payable, sums }: InvoiceDocument, errors: Errors): void {
    const added = sums.flatMap(({ whole, plus, minus = [] }) => [whole, ...plus, ...minus]);
    for (const amount of [total, payable, ...added]) {
      const stated = amount?.attributes['currencyID'];
      if (amount === undefined || stated === undefined || stated === '') continue;
      if (stated.toUpperCase() === (currency?.text.toUpperCase() ?? stated.toUpperCase())) continue;
      errors.fail(refuse('CURRENCIES_DISAGREE', `${currency!.text}, ${stated}`), amount);
    }
  }

  #checkSum({ whole, plus, minus = [], mayBeLess = false }: Sum, errors: Errors): void {
    const values = [whole, ...plus, ...minus.filter((part) => part !== undefined)];
    const bad = values.find(({ text }) => exactOf(text) === undefined);
    if (bad !== undefined) return errors.fail(refuse('AMOUNT_UNREADABLE', '1234.56'), bad);
    const sum =
      plus.reduce((all, { text }) => all + exactOf(text)!, 0n) -
      minus.reduce((all, part) => all + exactOf(part?.text ?? '0')!, 0n);
    const stated = exactOf(whole.text)!;
    if (stated === sum || (mayBeLess && stated >= 0n && stated < sum)) return;
    const { currency } = this.#context;
    const shown = formatMoney(sum / 10n ** BigInt(PRECISION - exponentOf(currency)), currency, 'en');
    errors.fail(refuse('TOTALS_DISAGREE', shown), whole);
  }

  #dueDate(
    document: InvoiceDocument,
    invoiceDate: LegalDate | undefined,
    errors: Errors,
  ): LegalDate | undefined {
    const { today, tenorMonths, terms } = this.#context;
    const [stated, ...others] = document.due;
    if (document.partOnly !== undefined) {
      errors.fail(refuse('DUE_DATE_OF_PART'), document.partOnly);
      return undefined;
    }
    if (others.some(({ text }) => text !== stated?.text)) {
      errors.fail(refuse('DUE_DATE_SEVERAL'), stated);
      return undefined;
    }
    if (stated !== undefined) {
      const date = dateOf(stated.text);
      const due = isRefusal(date) ? date : dueDateOf(date, today, tenorMonths);
      if (!isRefusal(due)) return due;
      errors.fail(due, stated, undefined, 'dueDate');
      return undefined;
    }
    this.#withoutDue += 1;
    const dated = terms && ('date' in terms ? terms.date : invoiceDate && addDays(invoiceDate, terms.days));
    const due = dated === undefined ? refuse('DUE_DATE_MISSING') : dueDateOf(dated, today, tenorMonths);
    if (!isRefusal(due)) return due;
    errors.fail(
      due,
      dated === undefined ? undefined : { text: dated, place: document.places.due },
      document.places.due,
      'dueDate',
    );
    return undefined;
  }
}

/** What is refused of one document, with its place. */
class Errors {
  readonly #row: number;
  readonly #refused: RowError[] = [];

  constructor(row: number) {
    this.#row = row;
  }

  fail(refusal: Refusal, at?: Pick<Found, 'text' | 'place'>, place?: string, field?: Field): void {
    this.#refused.push(errorAt(refusal, this.#row, at?.place ?? place, at?.text ?? '', field));
  }

  take<T>(found: Found, read: (text: string) => T | Refusal): T | undefined {
    const result = read(found.text);
    if (!isRefusal(result)) return result as T;
    this.fail(result, found);
    return undefined;
  }

  required<T>(found: Found | undefined, place: string, read: (text: string) => T | Refusal): T | undefined {
    if (found !== undefined) return this.take(found, read);
    this.fail(refuse('VALUE_MISSING'), undefined, place);
    return undefined;
  }

  /** One and the same mistake is said once. */
  or(
    source: string | undefined,
    make: () => { readonly values: Payable } | { readonly credit: Credit },
  ): ImportedRow {
    const said = new Map(this.#refused.map((error) => [`${error.code} ${error.column}`, error]));
    const where = { row: this.#row, source };
    return said.size > 0 ? { ...where, errors: [...said.values()] } : { ...where, ...make() };
  }
}

const isSame = (a: readonly Found[], b: readonly Found[]): boolean =>
  a.some(({ text }) => b.some((other) => other.text === text));

/** XML writes dates as 2026-06-30, with or without an offset; UN/CEFACT as 20260630. */
function dateOf(text: string): LegalDate | Refusal {
  const day = text.replace(/(Z|[+-]\d\d:\d\d)$/, '');
  if (isLegalDate(day)) return day;
  const date = readDate(day, 'YYYYMMDD');
  if (date !== undefined) return date;
  return /^\d{4}-\d\d-\d\d$|^\d{8}$/.test(day)
    ? refuse('DATE_NOT_IN_CALENDAR')
    : refuse('DATE_UNREADABLE', 'YYYY-MM-DD');
}

function exactOf(text: string): bigint | undefined {
  const match = /^([+-]?)(\d{1,30})(?:\.(\d+))?$/.exec(text);
  if (match === null) return undefined;
  const fraction = (match[3] ?? '').replace(/0+$/, '');
  if (fraction.length > PRECISION) return undefined;
  const value = BigInt(`${match[2]}${fraction.padEnd(PRECISION, '0')}`);
  return match[1] === '-' ? -value : value;
}
