/** "3.65" (per cent a year, as typed) is "0.036500", the API's fraction; undefined when it cannot be read. */
export function rateOfPercent(typed: string): string | undefined {
  const match = /^(\d{1,3})(?:\.(\d{1,4}))?$/.exec(typed.normalize('NFKC').replace(/[%\s]/g, ''));
  if (match === null) return undefined;
  const digits = `${match[1]!}${(match[2] ?? '').padEnd(4, '0')}`.padStart(7, '0');
  return `${Number(digits.slice(0, -6))}.${digits.slice(-6)}`;
}
