/**
 * Rows as PostgreSQL writes a whole row in one text. Such a text costs little to fetch, and is the same as long as nothing in
 * the row has changed: who remembers what came of it need not read it again.
 */
import { types } from './connect.ts';

type Kinds = {
  readonly int: number;
  readonly bigint: bigint;
  /** Words of the glossary and dates: they hold no comma, quotation mark or backslash. */
  readonly word: string;
  readonly boolean: boolean;
  readonly instant: Date;
  readonly bytes: Buffer;
};
type Kind = keyof Kinds;
type KindOf<Value> = { [K in Kind]: Value extends Kinds[K] ? K : never }[Kind];

/** What each column of a row is, in their order. */
export type Columns<Row> = { readonly [Name in keyof Row]: KindOf<NonNullable<Row[Name]>> };

const TIMESTAMPTZ = 1184;

const READERS: { readonly [K in Kind]: (text: string) => Kinds[K] } = {
  int: Number,
  bigint: BigInt,
  word: String,
  boolean: (text) => text === 't',
  instant: types.getTypeParser(TIMESTAMPTZ, 'text') as (text: string) => Date,
  bytes: (text) => Buffer.from(text.slice('\\x'.length), 'hex'),
};

/** Reads the text of a row of these columns. */
export function rowReader<Row>(columns: Columns<Row>): (text: string) => Row {
  const each = Object.entries<Kind>(columns).map(([name, kind]) => ({ name, read: READERS[kind] }));
  // A copy of it has its columns where the engine finds them at once.
  const empty = Object.fromEntries(each.map(({ name }) => [name, null]));
  return (text) => {
    const fields = text.slice(1, -1).split(',');
    if (fields.length !== each.length) throw new Error(`not a row of ${each.length} columns: ${text}`);
    const row: Record<string, unknown> = { ...empty };
    for (let n = 0; n < each.length; n++) {
      const { name, read } = each[n]!;
      const field = fields[n]!;
      if (field !== '') row[name] = read(field[0] === '"' ? unquoted(field) : field);
    }
    return row as Row;
  };
}

const unquoted = (field: string): string => field.slice(1, -1).replaceAll('\\\\', '\\');
