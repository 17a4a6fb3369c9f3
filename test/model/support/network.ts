import { bitsOf, ROLE_BITS, type Role } from '#domain/codes.ts';
import { instantOf, parseLegalDate } from '#domain/dates.ts';
import { billNo, parcelId } from '#domain/bills/intervals.ts';
import { emptyState, NO_LIMITS, perform, type Act, type State } from '../model.ts';

/** Members by number. `stranger` is nobody's. */
export const core = 1;
export const supplier = 2;
export const second = 3;
export const bank = 4;
export const otherBank = 5;
export const otherCore = 6;
export const settlement = 7;
export const otherSettlement = 8;
export const stranger = 99;

const roles: Role[] = [
  ...(['core_enterprise', 'supplier', 'supplier', 'bank', 'bank', 'core_enterprise'] as const),
  ...(['settlement_bank', 'settlement_bank'] as const),
];

export const at = (date: string): number => instantOf(parseLegalDate(date));
export const today = at('2026-03-03');
export const due = at('2026-06-01');
export const rules = { tenorMonths: 6, basis: 360 };

const admitted = roles.map(
  (role, i) =>
    [
      i + 1,
      { roles: bitsOf(ROLE_BITS, [role]), isSuspended: false, hasStanding: false, limits: NO_LIMITS },
    ] as const,
);
/** What both settlement banks may issue together is more than any story brings. */
export const CAP = 2n ** 62n;
export const network = [settlement, otherSettlement].reduce(
  (so, issuer) => perform(so, { act: 'setCap', bank: issuer, cap: CAP }),
  emptyState(today, rules, new Map(admitted)),
);

/** The first bill of `core`, and the parcel of it that begins at a cent. */
export const bill = billNo(core, 1);
export const parcel = (first = 0n): bigint => parcelId(bill, first);

export const issued: Act = { act: 'issue', by: core, to: supplier, serial: 1, face: 100_000n, due };
export const taken: Act = { act: 'take', by: supplier, parcel: parcel() };

export const after = (state: State, ...acts: readonly Act[]): State => acts.reduce(perform, state);
