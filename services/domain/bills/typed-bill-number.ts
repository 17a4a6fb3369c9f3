/** Reads what people type for a bill's number. Apart from its writing, because every page writes numbers and few read one. */
import { checkDigit } from './bill-number.ts';
import { billNo, type BillNo } from './intervals.ts';

/**
 * The bill that a person means: by its number, with or without check digit ("3-0017", "3/17"), with any hyphens, blanks or full-width
 * digits, without separators ("300175"), or by the number that the API and the chain know. `misread`: the check digit says that a
 * digit is wrong. Undefined: this is no bill's number.
 */
export function readBillNumber(text: string): BillNo | 'misread' | undefined {
  const typed = text.normalize('NFKC').trim();
  if (/^[1-9]\d{9,19}$/.test(typed)) return ofParts(BigInt(typed) >> 32n, BigInt(typed) & 0xffff_ffffn);
  const compact = /^([1-9]\d{0,3})(\d{4})(\d)$/.exec(typed);
  if (compact) {
    const no = checked(compact[1]!, compact[2]!, compact[3]!);
    return no === 'misread' ? undefined : no; // may well be something else
  }
  const [acceptor = '', ...groups] = typed.split(/[\s\p{Pd}−/.·]+/u);
  if (!/^[1-9]\d{0,9}$/.test(acceptor) || groups.length === 0) return undefined;
  const serial = groups.slice(0, -1);
  const last = groups.at(-1)!;
  if (serial.length === 0) return /^\d{1,10}$/.test(last) ? ofParts(acceptor, last) : undefined;
  if (!serial.every((group) => /^\d{4}$/.test(group))) return undefined;
  if (/^\d{4}$/.test(last)) return ofParts(acceptor, groups.join(''));
  return /^\d$/.test(last) ? checked(acceptor, serial.join(''), last) : undefined;
}

const ofParts = (acceptor: string | bigint, serial: string | bigint): BillNo | undefined => {
  const isPossible = BigInt(acceptor) > 0n && BigInt(acceptor) >> 32n === 0n && BigInt(serial) >> 32n === 0n;
  return isPossible ? billNo(Number(acceptor), Number(serial)) : undefined;
};

function checked(acceptor: string, serial: string, digit: string): BillNo | 'misread' | undefined {
  const no = ofParts(acceptor, serial);
  return no === undefined || checkDigit(`${acceptor}${serial}`) === digit ? no : 'misread';
}
