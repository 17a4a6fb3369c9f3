/** Crockford's base 32: letters and digits that people read to each other; O is read as 0, I and L as 1. */
const LETTERS = '0123456789ABCDEFGHJKMNPQRSTVWXYZ';

/** As many letters as whole groups of five bits give. */
export function base32(bytes: Uint8Array, letters: number): string {
  let bits = [...bytes].map((byte) => byte.toString(2).padStart(8, '0')).join('');
  bits = bits.padEnd(letters * 5, '0').slice(0, letters * 5);
  return (bits.match(/.{5}/g) ?? []).map((five) => LETTERS[Number.parseInt(five, 2)]!).join('');
}

/** Without blanks and hyphens, in capitals, with the letters that are meant. */
export const asRead = (text: string): string =>
  text.toUpperCase().replace(/[\s-]/g, '').replaceAll('O', '0').replace(/[IL]/g, '1');

export const inGroups = (text: string): string => (text.match(/.{1,4}/g) ?? []).join('-');
