/**
 * Rows as PostgreSQL itself writes them: the binary form of an array of a table's row type. `unnest($1::ledger.act[])` is one
 * parameter whatever the table's width, and costs the server no parsing.
 */
import type { Column, Table } from '../ledger/columns.ts';

export function encodeArray({ rowType, columns }: Table, rows: readonly object[]): Buffer {
  const out = new Bytes(FIRST_SIZE);
  for (const number of [1, 0, rowType, rows.length, 1]) out.int32(number); // dimensions, nulls, element, length, first index
  const fields = columns.map(fieldOf);
  for (const row of rows) {
    const end = out.sized();
    out.int32(fields.length);
    for (const field of fields) {
      out.int32(field.typeId);
      writeField(out, field, row);
    }
    end();
  }
  return out.taken();
}

const FIRST_SIZE = 1 << 12;

type Field = Column & { readonly write: Write };

const fieldOf = (column: Column): Field => ({ ...column, write: writerOf(column) });

function writeField(out: Bytes, { name, write }: Field, row: object): void {
  const value = (row as Record<string, unknown>)[name];
  if (value === null || value === undefined) out.int32(-1);
  else write(out, value);
}

type Write = (out: Bytes, value: unknown) => void;

/** A value's length in bytes, then the value. */
const writers: Readonly<Record<string, Write>> = {
  integer: (out, value) => {
    out.int32(4);
    out.int32(value as number);
  },
  bigint: (out, value) => {
    out.int32(8);
    out.int64(value as bigint);
  },
  boolean: (out, value) => {
    out.int32(1);
    out.int8(value === true ? 1 : 0);
  },
  bytea: (out, value) => out.bytes(value as Buffer),
  text: (out, value) => out.text(value as string),
  numeric: (out, value) => writeNumeric(out, value as bigint),
  date: (out, value) => {
    out.int32(4);
    out.int32(daysOf(value as string));
  },
  'timestamp with time zone': (out, value) => {
    out.int32(8);
    out.int64(BigInt((value as Date).getTime() - EPOCH_MS) * 1000n);
  },
};

function writerOf({ name, type }: Column): Write {
  const write = writers[type];
  if (write === undefined) throw new Error(`column ${name}: no binary form is known of the type ${type}`);
  return write;
}

/** PostgreSQL counts days and microseconds from 2000-01-01. */
const EPOCH_MS = Date.UTC(2000, 0, 1);
const DAY_MS = 86_400_000;

/** Of dates that were asked for: the days on which bills fall due are few. */
const days = new Map<string, number>();

function daysOf(date: string): number {
  let count = days.get(date);
  if (count === undefined) days.set(date, (count = (Date.parse(date) - EPOCH_MS) / DAY_MS));
  return count;
}

/** Whole numbers as digits to the base of 10,000. */
function writeNumeric(out: Bytes, value: bigint): void {
  const digits: number[] = [];
  for (let rest = value < 0n ? -value : value; rest > 0n; rest /= 10_000n)
    digits.unshift(Number(rest % 10_000n));
  const sign = value < 0n ? 0x4000 : 0;
  out.int32(8 + 2 * digits.length);
  for (const number of [digits.length, Math.max(0, digits.length - 1), sign, 0, ...digits]) out.int16(number);
}

/** A buffer that grows. */
class Bytes {
  #buffer: Buffer;
  #view: DataView;
  #at = 0;

  constructor(room: number) {
    this.#buffer = Buffer.allocUnsafeSlow(room);
    this.#view = viewOf(this.#buffer);
  }

  int8(value: number): void {
    const at = this.#room(1); // may replace the view
    this.#view.setInt8(at, value);
  }

  int16(value: number): void {
    const at = this.#room(2); // may replace the view
    this.#view.setInt16(at, value);
  }

  int32(value: number): void {
    if ((value | 0) !== value) throw new RangeError(`${value} is no integer of 32 bits`);
    const at = this.#room(4); // may replace the view
    this.#view.setInt32(at, value);
  }

  int64(value: bigint): void {
    if (BigInt.asIntN(64, value) !== value) throw new RangeError(`${value} is more than a bigint can hold`);
    const at = this.#room(8); // may replace the view
    this.#view.setBigInt64(at, value);
  }

  bytes(value: Buffer): void {
    this.int32(value.length);
    const at = this.#room(value.length);
    if (value.length > 64) value.copy(this.#buffer, at);
    else for (let n = 0; n < value.length; n++) this.#buffer[at + n] = value[n]!;
  }

  text(value: string): void {
    const size = Buffer.byteLength(value);
    this.int32(size);
    const at = this.#room(size);
    this.#buffer.write(value, at);
  }

  /** Leaves room for the length of what is written until the returned function is called. */
  sized(): () => void {
    const at = this.#room(4);
    return () => this.#view.setInt32(at, this.#at - at - 4);
  }

  taken(): Buffer {
    return this.#buffer.subarray(0, this.#at);
  }

  #room(size: number): number {
    const at = this.#at;
    this.#at += size;
    if (this.#at > this.#buffer.length) {
      const larger = Buffer.allocUnsafe(2 * this.#at);
      this.#buffer.copy(larger, 0, 0, at);
      this.#buffer = larger;
      this.#view = viewOf(larger);
    }
    return at;
  }
}

const viewOf = ({ buffer, byteOffset, length }: Buffer): DataView => new DataView(buffer, byteOffset, length);
