/** Canonical JSON of an object that is too large to be held: its long lists come one element after the other. */
import { canonicalJson } from '../canonical-json.ts';

/** An object of which fields may be lists still to come, or such objects again. */
export class Streamed {
  readonly fields: Readonly<Record<string, unknown>>;

  constructor(fields: Readonly<Record<string, unknown>>) {
    this.fields = fields;
  }
}

export async function* canonicalParts({ fields }: Streamed): AsyncGenerator<string> {
  let sign = '{';
  for (const [key, value] of Object.entries(fields).sort(([a], [b]) => (a < b ? -1 : 1))) {
    yield `${sign}${JSON.stringify(key)}:`;
    sign = ',';
    if (value instanceof Streamed) yield* canonicalParts(value);
    else if (isStream(value)) yield* list(value);
    else yield canonicalJson(value);
  }
  yield sign === '{' ? '{}' : '}';
}

async function* list(elements: AsyncIterable<unknown>): AsyncGenerator<string> {
  let sign = '[';
  for await (const element of elements) {
    yield `${sign}${canonicalJson(element)}`;
    sign = ',';
  }
  yield sign === '[' ? '[]' : ']';
}

const isStream = (value: unknown): value is AsyncIterable<unknown> =>
  typeof value === 'object' && value !== null && Symbol.asyncIterator in value;
