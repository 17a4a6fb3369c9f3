/**
 * Acts of the format that follow from the definition of an instruction: those that say what they mean to the format and ask only
 * for what a scenario can name. What needs more steps or other fields is written by hand in format.ts and acts.ts.
 */
import { Type, type TSchema } from 'typebox';
import type { Asks, Definition, Field } from '#domain/instructions/instruction.ts';
import { instructions, type InstructionName } from '#domain/instructions/instructions.ts';

type All = typeof instructions;
/** Every definition has the key; those that say nothing to the format have it undefined. */
const inFormat = (name: InstructionName): boolean =>
  (instructions[name] as Definition<Asks, never>).scenario !== undefined;

export const DERIVED: readonly InstructionName[] = (Object.keys(instructions) as InstructionName[]).filter(
  inFormat,
);

/** `payFor` is `pay_for` there. */
export const formatName = (name: string): string =>
  name.replaceAll(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
const byFormatName = new Map(DERIVED.map((name) => [formatName(name), name]));

/** The instruction that an act of the format is; undefined for one that is written by hand. */
export const derivedFrom = (act: string): InstructionName | undefined => byFormatName.get(act);

const Name = Type.String({ minLength: 1 });
/** What a scenario writes for each kind of field. Names are names of the file; amounts and dates the platform refuses itself. */
const FORMS = {
  parcel: Name,
  bill: Name,
  member: Name,
  money: Type.String(),
  date: Type.String(),
  yesNo: Type.Boolean(),
  group: Type.Integer({ minimum: 0 }),
  groupOrNone: Type.Integer({ minimum: 0 }),
} as const satisfies Partial<Record<Field, TSchema>>;

export const asksOf = (
  name: InstructionName,
): readonly (readonly [field: string, kind: Field, isOptional: boolean])[] =>
  Object.entries(instructions[name].asks as Asks).map(([field, asked]) =>
    typeof asked === 'string' ? [field, asked, false] : [field, asked.field, true],
  );

/** The fields of an act, beside `act`, and those that every act may have. */
export function fieldsOf(name: InstructionName): Record<string, TSchema> {
  const fields = asksOf(name).map(([field, kind, isOptional]) => {
    if (!(kind in FORMS)) throw new Error(`a scenario cannot name the ${kind} that ${name} asks for`);
    const form = FORMS[kind as keyof typeof FORMS];
    return [field, isOptional ? Type.Optional(form) : form] as const;
  });
  const { makesParcel } = instructions[name] as Definition<Asks, never>;
  return { by: Name, ...Object.fromEntries(fields), ...(makesParcel ? { as: Type.Optional(Name) } : {}) };
}

type FormatName<S extends string> = S extends `${infer H}${infer T}`
  ? H extends Lowercase<H>
    ? `${H}${FormatName<T>}`
    : `_${Lowercase<H>}${FormatName<T>}`
  : S;
/** The names of derived acts. */
export type DerivedName = {
  [N in InstructionName]: [Exclude<All[N]['scenario'], undefined>] extends [never] ? never : FormatName<N>;
}[InstructionName];
export type DerivedAct = {
  readonly act: DerivedName;
  readonly by: string;
  readonly as?: string;
  readonly [field: string]: unknown;
};
