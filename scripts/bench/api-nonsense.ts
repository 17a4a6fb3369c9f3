/** Requests that nobody means, made from the API's own description: some nearly right, some broken in every way. Seeded. */
import type { Random } from '#scripts/replay/random.ts';

type Json = null | boolean | number | string | Json[] | { [key: string]: Json };
type Schema = { readonly [key: string]: Json };
type Parameter = { readonly in: 'path' | 'query' | 'header'; readonly name: string; readonly schema: Schema };
type Operation = {
  readonly operationId: string;
  readonly parameters?: readonly Parameter[];
  readonly requestBody?: { readonly content: Readonly<Record<string, { readonly schema: Schema }>> };
};
export type Description = {
  readonly paths: Readonly<Record<string, Readonly<Record<string, Operation>>>>;
  readonly components: { readonly schemas: Readonly<Record<string, Schema>> };
};

export type Nonsense = {
  readonly operation: string;
  readonly method: string;
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string | undefined;
};

export type Known = {
  /** Tokens of members; of the operator, whose writes need nobody's signature and are therefore always broken. */
  readonly members: readonly string[];
  readonly operator: string;
  /** Bills, parcels, requests, acts, members that there are. */
  readonly ids: readonly string[];
};

const GARBAGE: readonly Json[] = [
  null,
  true,
  0,
  -1,
  1e308,
  2 ** 31,
  2 ** 32,
  2 ** 53,
  2 ** 63,
  '',
  ' ',
  '\u0000',
  '\ud800',
  '٣',
  '１２',
  '-0',
  '1e9',
  'NaN',
  "' or 1=1 --",
  '%00',
  '../../etc/passwd',
  '{{7*7}}',
  '9'.repeat(400),
  '𠮷'.repeat(300),
  [],
  {},
  [[[[[[[[]]]]]]]],
  { __proto__: { polluted: true } },
  { constructor: { prototype: {} } },
];
const TYPES = [
  'application/json',
  'text/plain',
  'application/xml',
  'multipart/form-data',
  'application/json; charset=x',
  '',
];

/** Long streams answer for as long as one listens. */
const ENDLESS = new Set(['streamEvents', 'closeSession']);

export class Maker {
  readonly #dice: Random;
  readonly #description: Description;
  readonly #known: Known;
  readonly #operations: readonly [path: string, method: string, operation: Operation][];

  constructor(description: Description, known: Known, dice: Random) {
    this.#dice = dice;
    this.#description = description;
    this.#known = known;
    this.#operations = Object.entries(description.paths).flatMap(([path, methods]) =>
      Object.entries(methods)
        .filter(([, { operationId }]) => !ENDLESS.has(operationId))
        .map(([method, operation]) => [path, method, operation] as const),
    ) as never;
  }

  next(): Nonsense {
    const [path, method, operation] = this.#dice.pick(this.#operations);
    const { parameters = [], requestBody, operationId } = operation;
    const isWrite = method !== 'get';
    const byOperator = this.#chance(15);
    const headers: Record<string, string> = {};
    const token = byOperator ? this.#known.operator : this.#dice.pick(this.#known.members);
    if (!this.#chance(5)) headers['authorization'] = `Bearer ${this.#chance(5) ? 'x'.repeat(40) : token}`;
    if (this.#chance(40) || parameters.some(({ in: place }) => place === 'header'))
      headers['idempotency-key'] = this.#chance(10) ? 'k'.repeat(250) : `key-${this.#dice.between(0, 1e9)}`;
    const body = isWrite ? this.#body(requestBody, byOperator, headers) : undefined;
    return {
      operation: operationId,
      method: method.toUpperCase(),
      path: this.#path(path, parameters),
      headers,
      body,
    };
  }

  #path(path: string, parameters: readonly Parameter[]): string {
    const filled = path.replace(/\{(\w+)\}/g, (_, name: string) => {
      const { schema } = parameters.find((each) => each.name === name)!;
      const value = this.#chance(40) ? this.#dice.pick(this.#known.ids) : textOf(this.#almost(schema));
      return encodeURIComponent(value.toWellFormed()) || '%20';
    });
    const query = parameters
      .filter(({ in: place }) => place === 'query' && this.#chance(40))
      .map(({ name, schema }) => [name, textOf(this.#almost(schema)).toWellFormed()]);
    if (this.#chance(5)) query.push(['unknown', 'x']);
    return query.length === 0 ? filled : `${filled}?${new URLSearchParams(query as never).toString()}`;
  }

  #body(
    requestBody: Operation['requestBody'],
    isBroken: boolean,
    headers: Record<string, string>,
  ): string | undefined {
    if (this.#chance(3)) return undefined;
    headers['content-type'] = this.#chance(4) ? this.#dice.pick(TYPES) : 'application/json';
    if (this.#chance(3))
      return this.#dice.pick(['{', '[1,', '"', 'null', '{"a":1}}', '\u0000', '{"a":'.repeat(200)]);
    const schema = requestBody?.content['application/json']?.schema ?? {};
    let value = this.#value(schema, 0);
    for (let times = this.#dice.between(0, 2); times > 0; times--) value = this.#spoilt(value);
    const isObject = typeof value === 'object' && value !== null && !Array.isArray(value);
    if (isBroken) value = isObject ? { ...(value as object), neverHeardOf: 1 } : [value];
    return JSON.stringify(value);
  }

  #almost(schema: Schema): Json {
    return this.#chance(30) ? this.#dice.pick(GARBAGE) : this.#value(schema, 0);
  }

  /** Puts garbage somewhere into a value. */
  #spoilt(value: Json): Json {
    if (Array.isArray(value) && value.length > 0 && this.#chance(80)) {
      const at = this.#dice.between(0, value.length - 1);
      return value.map((each, n) => (n === at ? this.#spoilt(each) : each));
    }
    if (typeof value === 'object' && value !== null && this.#chance(80)) {
      const keys = Object.keys(value);
      if (keys.length === 0) return this.#dice.pick(GARBAGE);
      const key = this.#dice.pick(keys);
      const { [key]: inner, ...rest } = value as { [key: string]: Json };
      if (this.#chance(15)) return rest;
      return { ...rest, [key]: this.#spoilt(inner!) };
    }
    return this.#dice.pick(GARBAGE);
  }

  #value(schema: Schema, depth: number): Json {
    const { $ref, oneOf, anyOf, enum: choices, const: only, type } = schema as Record<string, never>;
    if ($ref !== undefined) {
      const name = String($ref).split('/').at(-1)!;
      return this.#value(this.#description.components.schemas[name]!, depth + 1);
    }
    if (only !== undefined) return only;
    if (choices !== undefined) return this.#dice.pick(choices as Json[]);
    const union = (oneOf ?? anyOf) as Schema[] | undefined;
    if (union !== undefined) return this.#value(this.#dice.pick(union), depth + 1);
    switch (String(type)) {
      case 'object':
        return this.#object(schema, depth);
      case 'array': {
        const { items = {}, minItems = 0 } = schema as { items?: Schema; minItems?: number };
        const count = this.#dice.between(minItems, minItems + 2);
        return Array.from({ length: count }, () => this.#value(items, depth + 1));
      }
      case 'integer':
      case 'number':
        return this.#integer(schema as { minimum?: number; maximum?: number });
      case 'boolean':
        return this.#chance(50);
      default:
        return this.#text(schema as { pattern?: string; examples?: string[] });
    }
  }

  #object(schema: Schema, depth: number): Json {
    const { properties = {}, required = [] } = schema as {
      properties?: Record<string, Schema>;
      required?: string[];
    };
    const entries = Object.entries(properties)
      .filter(([name]) => required.includes(name) || this.#chance(depth > 6 ? 0 : 50))
      .map(([name, inner]) => [name, this.#value(inner, depth + 1)] as const);
    return Object.fromEntries(entries);
  }

  #integer({ minimum = 0, maximum = 1_000 }: { minimum?: number; maximum?: number }): number {
    const edge = this.#dice.pick([minimum, maximum, minimum - 1, maximum + 1, minimum + 1]);
    return this.#chance(30) ? edge : this.#dice.between(minimum, Math.min(maximum, minimum + 12));
  }

  #text({ pattern = '', examples = [] }: { pattern?: string; examples?: string[] }): string {
    if (this.#chance(40)) return this.#dice.pick(this.#known.ids);
    if (examples.length > 0) return this.#dice.pick(examples);
    if (pattern.startsWith('^0x')) return `0x${'ab'.repeat(this.#dice.pick([0, 20, 32, 64, 65, 100]))}`;
    if (pattern.includes('\\d{4}-'))
      return this.#dice.pick(['2026-06-01', '2026-02-30', '0000-00-00', '9999-12-31']);
    return this.#dice.pick(['x', '宏达', '0', '1.00', '18446744073709551615', '99999999999999999999']);
  }

  #chance(percent: number): boolean {
    return this.#dice.between(1, 100) <= percent;
  }
}

const textOf = (value: Json): string => (typeof value === 'string' ? value : JSON.stringify(value));

export type Answered = { readonly request: Nonsense; readonly status: number; readonly text: string };

/** What is wrong with an answer to nonsense; undefined if nothing. */
export function complaintOf({ status, text }: Answered, type: string): string | undefined {
  if (status >= 500) return `status ${status}`;
  if (status < 400) return undefined;
  if (!type.includes('application/problem+json')) return `${status} as ${type}`;
  const { code, requestId } = JSON.parse(text) as { code?: string; requestId?: string };
  if (code === undefined || requestId === undefined) return `${status} without a code or an id`;
  return /node_modules|\bat \w+ \(|select .* from/i.test(text) ? 'tells how it works inside' : undefined;
}

/** Asks so much nonsense, some at a time; tells what came back how often, and every complaint. */
export async function askNonsense(
  apiUrl: string,
  maker: Maker,
  count: number,
): Promise<{ statuses: Record<number, number>; complaints: string[] }> {
  const statuses: Record<number, number> = {};
  const complaints: string[] = [];
  const one = async (): Promise<void> => {
    const request = maker.next();
    const { method, path, headers, body } = request;
    const response = await fetch(apiUrl + path, { method, headers, ...(body === undefined ? {} : { body }) });
    const text = await response.text();
    statuses[response.status] = (statuses[response.status] ?? 0) + 1;
    const answered = { request, status: response.status, text };
    const complaint = complaintOf(answered, response.headers.get('content-type') ?? '');
    if (complaint !== undefined)
      complaints.push(`${complaint}: ${JSON.stringify(request)} ${text}`.slice(0, 1_500));
  };
  for (let n = 0; n < count; n += AT_ONCE) {
    await Promise.all(Array.from({ length: Math.min(AT_ONCE, count - n) }, one));
  }
  return { statuses, complaints };
}

const AT_ONCE = 8;
