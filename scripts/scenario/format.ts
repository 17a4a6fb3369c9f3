/** The form of a scenario file: shared/scenarios/README.md and docs/scenarios.md, in schemas. */
import { Type, type Static, type TProperties, type TSchema } from 'typebox';
import { Value } from 'typebox/value';
import { ROLE_BITS, type Role } from '#domain/codes.ts';
import { DERIVED, fieldsOf, formatName, type DerivedAct } from './derived.ts';
import { isLegalDate, type LegalDate } from '#domain/dates.ts';
import { parseAmount } from '#domain/money.ts';
import { ACT_PROBLEM_CODES, type ActProblemCode } from '#domain/problems.ts';

const strict = <P extends TProperties>(properties: P) =>
  Type.Object(properties, { additionalProperties: false });
const Name = Type.String({ minLength: 1 });
/** In acts, amounts and dates are passed on as they stand: to refuse them is the platform's part. */
const Text = Type.String();
const Amount = Type.Refine(Type.String(), isAmount, () => 'must be an amount such as "1000000.00"');
const Date = Type.Refine(Type.String(), isLegalDate, () => 'must be a date such as "2026-03-03"');
const RoleName = Type.Enum(Object.keys(ROLE_BITS) as Role[]);

const Expectation = strict({
  cash: Type.Optional(Type.Record(Type.String(), Amount)),
  bills: Type.Optional(
    Type.Record(Type.String(), strict({ status: Type.Optional(Name), paid: Type.Optional(Amount) })),
  ),
  parcels: Type.Optional(Type.Record(Type.String(), Type.Array(Type.Tuple([Name, Name, Name])))),
  lines: Type.Optional(
    Type.Array(
      strict({ bank: Name, obligor: Name, used: Type.Optional(Amount), limit: Type.Optional(Amount) }),
    ),
  ),
});
export type Expectation = Static<typeof Expectation>;

const Restrict = Type.Union([
  Name,
  Type.Array(Name),
  Type.Record(Type.String(), Type.Union([Type.Boolean(), Name, Type.Array(Name)])),
]);
export type RestrictField = Static<typeof Restrict>;

const Invoice = strict({
  seller: Text,
  code: Type.Optional(Text),
  number: Text,
  total: Text,
  amount: Text,
});
const sale = { by: Name, parcel: Name, bank: Name, rate: Text };
const saleChoices = { amount: Type.Optional(Text), as: Type.Optional(Name), fee: Type.Optional(Text) };
const onParcel = { by: Name, parcel: Name };
const common = {
  refused: Type.Optional(Type.Enum([...ACT_PROBLEM_CODES] as ActProblemCode[])),
  expect: Type.Optional(Expectation),
  note: Type.Optional(Type.String()),
};

const BY_HAND = {
  issue: strict({
    act: Type.Literal('issue'),
    by: Name,
    to: Name,
    face: Text,
    due: Text,
    as: Type.Optional(Name),
    kind: Type.Optional(Text),
    invoices: Type.Optional(Type.Array(Invoice)),
    restrict: Type.Optional(Restrict),
    ...common,
  }),
  take: strict({ act: Type.Literal('take'), ...onParcel, ...common }),
  discount: strict({ act: Type.Literal('discount'), ...sale, ...saleChoices, ...common }),
  rediscount: strict({ act: Type.Literal('rediscount'), ...sale, ...saleChoices, ...common }),
  distribute: strict({ act: Type.Literal('distribute'), bill: Name, ...common }),
  date: strict({ act: Type.Literal('date'), to: Text, ...common }),
  suspend: strict({ act: Type.Literal('suspend'), member: Name, ...common }),
  restore: strict({ act: Type.Literal('restore'), member: Name, ...common }),
};
/** All acts: an instruction that says what it means to the format needs no line here. */
const ACTS: Readonly<Record<string, TSchema>> = {
  ...Object.fromEntries(
    DERIVED.map((name) => {
      const act = formatName(name);
      return [act, strict({ act: Type.Literal(act), ...fieldsOf(name), ...common })];
    }),
  ),
  ...BY_HAND,
};
export type HandName = keyof typeof BY_HAND;
export type HandAct<A extends HandName = HandName> = { [N in HandName]: Static<(typeof BY_HAND)[N]> }[A];
type Common = { refused?: ActProblemCode; expect?: Expectation; note?: string };
export type ScenarioAct = HandAct | (DerivedAct & Common);

const File = strict({
  scenario: Name,
  today: Date,
  members: Type.Record(Type.String(), Type.Union([RoleName, Type.Array(RoleName, { minItems: 1 })])),
  taxNumbers: Type.Optional(Type.Record(Type.String(), Name)),
  cash: Type.Optional(Type.Record(Type.String(), Amount)),
  lines: Type.Optional(Type.Array(strict({ bank: Name, obligor: Name, limit: Amount }))),
  standing: Type.Optional(Type.Array(Name)),
  acts: Type.Array(Type.Unknown()),
  expect: Type.Optional(Expectation),
  note: Type.Optional(Type.String()),
});
export type Scenario = Omit<Static<typeof File>, 'acts' | 'today'> & {
  readonly today: LegalDate;
  readonly acts: readonly ScenarioAct[];
};

/** What is wrong with a file, all of it. */
export class FormatError extends Error {
  readonly faults: readonly string[];

  constructor(faults: readonly string[]) {
    super(faults.join('; '));
    this.name = 'FormatError';
    this.faults = faults;
  }
}

/** Throws FormatError. That names are defined is not checked here: see names.ts. */
export function parseScenario(text: string): Scenario {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    throw new FormatError([`not JSON: ${error instanceof Error ? error.message : String(error)}`]);
  }
  const faults = faultsOf(File, value, '');
  if (faults.length > 0) throw new FormatError(faults);
  const { acts } = value as Static<typeof File>;
  const inActs = acts.flatMap((act, n) => faultsOfAct(act, n + 1));
  if (inActs.length > 0) throw new FormatError(inActs);
  return value as Scenario;
}

function faultsOfAct(act: unknown, number: number): string[] {
  const name = (act as { act?: unknown } | null)?.act;
  if (typeof name !== 'string') return [`act ${number} must be an object with an "act"`];
  if (!Object.hasOwn(ACTS, name)) return [`act ${number}: there is no act "${name}"`];
  return faultsOf(ACTS[name]!, act, `act ${number} (${name}): `);
}

function faultsOf(schema: TSchema, value: unknown, where: string): string[] {
  if (Value.Check(schema, value)) return [];
  return Value.Errors(schema, value)
    .filter(({ keyword }) => keyword !== 'boolean') // the object around it says that the field is unknown
    .map(({ instancePath, message, params }) => {
      const { additionalProperties = [] } = params as { additionalProperties?: string[] };
      const unknown = additionalProperties.length === 0 ? '' : `: ${additionalProperties.join(', ')}`;
      return `${where}${instancePath === '' ? '' : `${instancePath} `}${message}${unknown}`;
    });
}

function isAmount(text: string): boolean {
  try {
    parseAmount(text, 'CNY');
    return true;
  } catch {
    return false;
  }
}
