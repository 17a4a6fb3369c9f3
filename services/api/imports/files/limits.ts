/** What a file may hold. They bound memory and time, whatever the file claims about itself. */
const MB = 1024 * 1024;

export const LIMITS = {
  bytes: 32 * MB,
  /** With header, titles and totals: 100,000 payables and room. */
  rows: 101_000,
  columns: 200,
  /** Cells of all rows, the blank ones too, and of one row: no more than a spreadsheet has. */
  cells: 5_000_000,
  cellsOfRow: 16_384,
  /** Characters of one row of a text, and of one cell of a workbook. */
  record: 200_000,
  cell: 32_767,
  /** What all files of an archive or workbook come to, unpacked. */
  inflated: 256 * MB,
  files: 10_000,
  sheets: 100,
  /** Invoices of a file, or of all files of an archive. */
  invoices: 10_000,
  /** One XML document, its elements, how deep they go, the attributes of one, and the characters of one text that are kept. */
  document: 16 * MB,
  elements: 1_000_000,
  elementsOfInvoice: 200_000,
  depth: 64,
  attributes: 100,
  text: 20_000,
  /** Characters of a comment, a name, the value of an attribute: what has to be held as a whole before it is understood. */
  piece: 64 * 1024,
} as const;

/** What the process that reads a file may take before it is ended: time of a processor, time by the clock, bytes. */
export const READING = {
  cpuSeconds: 30,
  seconds: 180,
  heap: 384 * MB,
  memory: 768 * MB,
} as const;

export const inMegabytes = (bytes: number): string => `${Math.floor(bytes / MB)} MB`;
