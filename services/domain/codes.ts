/** The numbers under which chain and read model store the words of the glossary. */

export const KIND_NUMBERS = { CERTIFICATE: 1, DRAFT: 2, LC_CLAIM: 3 } as const;
export type BillKind = keyof typeof KIND_NUMBERS;

/** A member's roles are a set of these bits. */
export const ROLE_BITS = {
  core_enterprise: 1,
  supplier: 2,
  bank: 4,
  guarantor: 8,
  regulator: 16,
  warehouse: 32,
  settlement_bank: 64,
} as const;
export type Role = keyof typeof ROLE_BITS;
/** Roles that buy, make money or see all: governance gives them, with delay. */
export const PRIVILEGED_ROLES = ROLE_BITS.bank | ROLE_BITS.regulator | ROLE_BITS.settlement_bank;

/** What a bill forbids is a set of these bits. */
export const RESTRICTION_BITS = {
  not_to_be_passed_on: 1,
  not_to_be_financed: 2,
  named_members_only: 4,
} as const;
export type Restriction = keyof typeof RESTRICTION_BITS;

/** What is true of a parcel is a set of these bits. */
export const PARCEL_BITS = { financed: 1, on_hold: 2 } as const;

export const bitsOf = <Name extends string>(
  table: Readonly<Record<Name, number>>,
  names: Iterable<Name>,
): number => [...names].reduce((bits, name) => bits | table[name], 0);

export const namesOf = <Name extends string>(table: Readonly<Record<Name, number>>, bits: number): Name[] =>
  (Object.keys(table) as Name[]).filter((name) => (bits & table[name]) !== 0);
