/** A table whose columns are known: what each holds and how it is written. */
import {
  columnsOf,
  FIELDS,
  findHeader,
  HEADER_SEARCH,
  mapColumns,
  REQUIRED_FIELDS,
  SAMPLED,
  type Column,
  type Field,
  type Mapping,
} from './columns.ts';
import type { ImportContext } from './context.ts';
import {
  bareNumber,
  surveyDates,
  surveyNumbers,
  type DateFormat,
  type Detected,
  type NumberFormat,
  type Survey,
} from './formats.ts';
import { askColumn, askFormat, type Question } from './questions.ts';
import type { TableRow } from './table.ts';

export const DATE_FIELDS = ['invoiceDate', 'dueDate'] as const;
export const NUMBER_FIELDS = ['amount', 'invoiceTotal', 'net', 'tax'] as const;
type DateField = (typeof DATE_FIELDS)[number];
type NumberField = (typeof NUMBER_FIELDS)[number];

export type Formats = Readonly<
  Partial<Record<DateField, DateFormat | undefined>> & Partial<Record<NumberField, NumberFormat | undefined>>
>;

/** What the user stated of a table. */
export type SheetGiven = { readonly mapping?: Mapping | undefined; readonly formats?: Formats | undefined };

export type DetectedFormats = {
  dates: Partial<Record<DateField, Detected<DateFormat>>>;
  numbers: Partial<Record<NumberField, Detected<NumberFormat>>>;
};

export type Sheet = {
  readonly headerRow: number;
  /** Cells of the header, blank ones at the end included. */
  readonly width: number;
  readonly columns: readonly Column[];
  readonly mapping: Mapping;
  readonly missing: readonly Field[];
  readonly detected: DetectedFormats;
  readonly formats: Formats;
  readonly questions: readonly Question[];
};

/** Goes through a table once, however long it is, and keeps only its beginning. */
export class SheetSurvey {
  readonly #context: Pick<ImportContext, 'currency' | 'terms'>;
  readonly #given: SheetGiven;
  readonly #start: TableRow[] = [];
  #known: (Omit<Sheet, 'detected' | 'questions'> & { rivals: Map<Field, string[]> }) | undefined;
  #surveys: { field: Field; index: number; survey: Survey<string> }[] = [];

  constructor(context: Pick<ImportContext, 'currency' | 'terms'>, given: SheetGiven) {
    this.#context = context;
    this.#given = given;
  }

  take(rows: readonly TableRow[]): void {
    for (const row of rows) {
      if (this.#known !== undefined) this.#learn(row);
      else if (this.#start.push(row) === HEADER_SEARCH + SAMPLED) this.#begin();
    }
  }

  /** Undefined when there was no row. */
  sheet(): Sheet | undefined {
    if (this.#known === undefined && this.#start.length > 0) this.#begin();
    if (this.#known === undefined) return undefined;
    const { rivals, ...known } = this.#known;
    const detected: DetectedFormats = { dates: {}, numbers: {} };
    const results = new Map(this.#surveys.map(({ field, survey }) => [field, survey.result()]));
    for (const field of DATE_FIELDS) this.#detect(known.mapping, field, detected.dates, results);
    for (const field of NUMBER_FIELDS) this.#detect(known.mapping, field, detected.numbers, results);
    const names = known.columns.map(({ name }) => name);
    const open = [...new Set<Field>([...known.missing, ...rivals.keys()])];
    const questions = [
      ...open.map((field) => askColumn(field, rivals.get(field) ?? names)),
      ...undecided(detected).map(([field, found]) => askFormat(field, known.mapping[field]!, found)),
    ];
    return { ...known, detected, questions };
  }

  #begin(): void {
    const at = findHeader(this.#start);
    const [header, body] = [this.#start[at]!, this.#start.slice(at + 1)];
    const columns = columnsOf(header, body);
    const { mapping, rivals } = mapColumns(columns, knownColumns(columns, this.#given.mapping));
    const isNeeded = (field: Field) => field !== 'dueDate' || this.#context.terms === undefined;
    const missing = REQUIRED_FIELDS.filter((field) => mapping[field] === undefined && isNeeded(field));
    const formats = this.#given.formats ?? {};
    const width = header.cells.length;
    this.#known = { headerRow: header.row, width, columns, mapping, missing, formats, rivals };
    const column = (field: Field) => columns.find(({ name }) => name === mapping[field])?.index;
    const survey = (field: DateField | NumberField, survey: Survey<string>) => {
      const index = column(field);
      if (index !== undefined && formats[field] === undefined) this.#surveys.push({ field, index, survey });
    };
    for (const field of DATE_FIELDS) survey(field, surveyDates());
    for (const field of NUMBER_FIELDS) survey(field, surveyNumbers());
    body.forEach((row) => this.#learn(row));
  }

  #learn({ cells, typed }: TableRow): void {
    for (const { field, index, survey } of this.#surveys) {
      const cell = cells[index];
      if (cell === undefined || cell === '' || typed?.has(index)) continue;
      const isDate = (DATE_FIELDS as readonly Field[]).includes(field);
      survey.take(isDate ? cell : bareNumber(cell, this.#context.currency));
    }
  }

  #detect<Name extends DateField | NumberField, Format extends string>(
    mapping: Mapping,
    field: Name,
    into: Partial<Record<Name, Detected<Format>>>,
    results: ReadonlyMap<Field, Detected<string>>,
  ): void {
    if (mapping[field] === undefined) return;
    const stated = this.#given.formats?.[field] as Format | undefined;
    into[field] = (
      stated === undefined ? results.get(field) : { decided: true, formats: [stated] }
    ) as Detected<Format>;
  }
}

/** How the columns that are decided are written. */
export const formatsOf = ({ dates, numbers }: DetectedFormats): Partial<Record<Field, readonly string[]>> =>
  Object.fromEntries(
    Object.entries({ ...dates, ...numbers }).flatMap(([field, found]) =>
      found.decided ? [[field, found.formats]] : [],
    ),
  );

const undecided = ({ dates, numbers }: DetectedFormats) =>
  (Object.entries({ ...dates, ...numbers }) as [Field, Detected<string>][]).flatMap(([field, found]) =>
    found.decided ? [] : [[field, found] as const],
  );

function knownColumns(columns: readonly Column[], mapping: Mapping = {}): Mapping {
  const names = new Set(columns.map(({ name }) => name));
  return Object.fromEntries(
    FIELDS.flatMap((field) => (names.has(mapping[field] ?? '') ? [[field, mapping[field]!]] : [])),
  );
}
