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
  type StatedMapping,
} from './columns.ts';
import type { ImportContext, Remembered } from './context.ts';
import { withCorrections, type Corrections } from './corrections.ts';
import {
  bareNumber,
  surveyDates,
  surveyNumbers,
  type DateFormat,
  type Detected,
  type NumberFormat,
  type Survey,
} from './formats.ts';
import { itemColumns, type ItemColumns } from './lines.ts';
import { askColumn, askFormat, type Question } from './questions.ts';
import { Cells, columnsOfFields, type Columns } from './row-cells.ts';
import { invoiceOf, Repeats } from './seen.ts';
import type { TableRow } from './table.ts';
import { nearest, unitOf, unitStated, type Unit } from './units.ts';

export const DATE_FIELDS = ['invoiceDate', 'dueDate'] as const;
export const NUMBER_FIELDS = ['amount', 'invoiceTotal', 'net', 'tax'] as const;
type DateField = (typeof DATE_FIELDS)[number];
export type NumberField = (typeof NUMBER_FIELDS)[number];

export type Formats = Readonly<
  Partial<Record<DateField, DateFormat | undefined>> & Partial<Record<NumberField, NumberFormat | undefined>>
>;

/** What the user stated of a table. */
export type SheetGiven = {
  readonly mapping?: StatedMapping | undefined;
  readonly formats?: Formats | undefined;
  readonly corrections?: Corrections | undefined;
  /** False: what was stated of earlier tables of this header does not count for this one. */
  readonly remembered?: boolean | undefined;
};

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
  /** What lines beside the table say of all its amounts, a line of units of those in a column; `notes` are these lines. */
  readonly unit: Unit | undefined;
  readonly units: ReadonlyMap<number, Unit>;
  readonly notes: ReadonlySet<number>;
  readonly repeats: Repeats;
  readonly corrections: Corrections;
  /** Where the header says that a row is an item of an invoice. */
  readonly items: ItemColumns | undefined;
  /** All that was stated of its columns, now or earlier, and whether some of it was earlier. */
  readonly stated: Required<Remembered>;
  readonly isRemembered: boolean;
};

type Known = Omit<Sheet, 'detected' | 'questions' | 'unit'> & {
  readonly rivals: Map<Field, string[]>;
  readonly units: Map<number, Unit>;
  readonly notes: Set<number>;
};

type SurveyContext = Pick<
  ImportContext,
  'currency' | 'terms' | 'resolveSupplier' | 'taxNumberOf' | 'remembered'
>;

/** Goes through a table once, however long it is, and keeps only its beginning. */
export class SheetSurvey {
  readonly #context: SurveyContext;
  readonly #given: SheetGiven;
  readonly #start: TableRow[] = [];
  readonly #stated: Unit[] = [];
  #known: Known | undefined;
  #columns: Columns = {};
  #surveys: { field: Field; index: number; survey: Survey<string> }[] = [];

  constructor(context: SurveyContext, given: SheetGiven) {
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
    return { ...known, unit: statedOf(this.#stated), detected, questions };
  }

  #begin(): void {
    const at = findHeader(this.#start);
    const [header, body] = [this.#start[at]!, this.#start.slice(at + 1)];
    const columns = columnsOf(header, body);
    const names = columns.map(({ name }) => name);
    const earlier = this.#given.remembered === false ? undefined : this.#context.remembered?.(names);
    const stated = {
      mapping: knownColumns(names, { ...earlier?.mapping, ...this.#given.mapping }),
      formats: { ...earlier?.formats, ...this.#given.formats },
    };
    const { mapping, rivals } = mapColumns(columns, stated.mapping);
    const isNeeded = (field: Field) => field !== 'dueDate' || this.#context.terms === undefined;
    const missing = REQUIRED_FIELDS.filter((field) => mapping[field] === undefined && isNeeded(field));
    const { formats } = stated;
    const { corrections = {} } = this.#given;
    const width = header.cells.length;
    const notes = new Set<number>();
    const [units, repeats] = [new Map<number, Unit>(), new Repeats()];
    const headerRow = header.row;
    this.#known = {
      ...{ headerRow, width, columns, mapping, missing, formats, rivals, units, notes, repeats },
      ...{ corrections, items: itemColumns(columns), stated, isRemembered: earlier !== undefined },
    };
    this.#columns = columnsOfFields(columns, mapping);
    for (const cell of this.#start.slice(0, at).flatMap(({ cells }) => cells)) this.#state(cell);
    const survey = (field: DateField | NumberField, survey: Survey<string>) => {
      const index = this.#columns[field]?.index;
      if (index !== undefined && formats[field] === undefined) this.#surveys.push({ field, index, survey });
    };
    for (const field of DATE_FIELDS) survey(field, surveyDates());
    for (const field of NUMBER_FIELDS) survey(field, surveyNumbers());
    body.forEach((row) => this.#learn(row));
  }

  /** What a cell beside the table states of its amounts; false when it states nothing. */
  #state(cell: string): boolean {
    const unit = cell === '' ? undefined : unitStated(cell);
    if (unit !== undefined) this.#stated.push(unit);
    return unit !== undefined;
  }

  /** A line below the header that names units, or one at the end that states them: no payable. */
  #isNote({ row, cells }: TableRow): boolean {
    const { headerRow, units } = this.#known!;
    const filled = cells.flatMap((cell, index) => (cell === '' ? [] : [{ cell, index }]));
    if (row === headerRow + 1) {
      const named = filled.map(
        ({ cell, index }) => [index, unitOf(cell.replace(/^[([]|[)\]]$/g, ''))] as const,
      );
      const isOfUnits = named.some(([, unit]) => unit !== undefined);
      if (isOfUnits && named.every(([index, unit]) => unit !== undefined || isKind(cells[index]!))) {
        for (const [index, unit] of named) if (unit !== undefined) units.set(index, unit);
        return true;
      }
    }
    return filled.length === 1 && this.#state(filled[0]!.cell);
  }

  #learn(read: TableRow): void {
    const table = withCorrections(read, this.#columns, this.#given.corrections);
    const { cells, typed, row } = table;
    if (this.#isNote(table)) {
      this.#known!.notes.add(row);
      return;
    }
    if (table.hidden === true) return;
    const key = invoiceOf(new Cells(table, this.#columns), this.#context);
    if (key !== undefined) this.#known!.repeats.take(key, row, this.#said(table));
    for (const { field, index, survey } of this.#surveys) {
      const cell = cells[index];
      if (cell === undefined || cell === '' || typed?.has(index)) continue;
      const isDate = (DATE_FIELDS as readonly Field[]).includes(field);
      survey.take(isDate ? cell : bareNumber(cell, this.#context.currency));
    }
  }

  /** All that a row says, but for how it writes the number of its invoice. */
  #said({ cells }: TableRow): string {
    const { invoiceNumber, digitalNumber, invoiceCode } = this.#columns;
    const names = [invoiceNumber, digitalNumber, invoiceCode, this.#columns.supplier];
    return cells.filter((_, index) => names.every((column) => column?.index !== index)).join('\u0000');
  }

  #detect<Name extends DateField | NumberField, Format extends string>(
    mapping: Mapping,
    field: Name,
    into: Partial<Record<Name, Detected<Format>>>,
    results: ReadonlyMap<Field, Detected<string>>,
  ): void {
    if (mapping[field] === undefined) return;
    const stated = this.#known!.formats[field] as Format | undefined;
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

/** What was stated in several places: one that counts in thousands is enough. */
function statedOf(units: readonly Unit[]): Unit | undefined {
  return nearest(...units.toSorted((a, b) => Number(b.isScaled) - Number(a.isScaled)));
}

/** What a line of units has beneath columns that hold no money. */
const isKind = (cell: string): boolean =>
  /^(-|—|\/|文本|日期|数字|数值|text|date|number|string)$/i.test(cell);

const undecided = ({ dates, numbers }: DetectedFormats) =>
  (Object.entries({ ...dates, ...numbers }) as [Field, Detected<string>][]).flatMap(([field, found]) =>
    found.decided ? [] : [[field, found] as const],
  );

function knownColumns(names: readonly string[], mapping: StatedMapping): StatedMapping {
  return Object.fromEntries(
    FIELDS.flatMap((field) => {
      const name = mapping[field];
      return name === null || (name !== undefined && names.includes(name)) ? [[field, name]] : [];
    }),
  );
}
