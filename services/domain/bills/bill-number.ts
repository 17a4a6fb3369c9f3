/**
 * A bill's number as people write it and read it out over the phone: "3-0017-5" is the acceptor's member number, the serial in
 * groups of four, and a check digit over all of it. The digit is Damm's: it finds every wrong digit and every two neighbours that changed places.
 */
import { partsOfBillNo } from './intervals.ts';

/** Row: what was found so far, column: the next digit (H. M. Damm, 2004). */
const DAMM =
  '0317598642 7092154863 4206871359 1750983426 6123045978 3674209581 5869720134 8945362017 9438617205 2581436790'.split(
    ' ',
  );

/** Over the digits of acceptor and padded serial, without separators. */
export const checkDigit = (digits: string): string =>
  [...digits].reduce((found, digit) => DAMM[Number(found)]![Number(digit)]!, '0');

export function billNumber(no: bigint): string {
  const { acceptor, serial } = partsOfBillNo(no);
  const digits = String(serial);
  const padded = digits.padStart(Math.ceil(digits.length / 4) * 4, '0');
  return [acceptor, ...padded.match(/\d{4}/g)!, checkDigit(`${acceptor}${padded}`)].join('-');
}
