const MB = 1024 * 1024;

/** What a file may hold. They bound memory and time, whatever the file claims about itself. */
export const LIMITS = {
  bytes: 32 * MB,
  /** With header, titles and totals: 100,000 payables and room. */
  rows: 101_000,
  columns: 200,
  /** Characters of one row of a text. */
  record: 1_000_000,
  /** What all files of an archive or workbook come to, unpacked. */
  inflated: 256 * MB,
  files: 10_000,
  /** One XML document, its elements, how deep they go, and the characters of one text that are kept. */
  document: 16 * MB,
  elements: 200_000,
  depth: 64,
  text: 20_000,
} as const;

export const inMegabytes = (bytes: number): string => `${Math.floor(bytes / MB)} MB`;
