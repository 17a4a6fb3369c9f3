/** The states of an application, and who moves it from which to which. */

export const APPLICATION_STATES = ['draft', 'filed', 'in_review', 'verified', 'admitted', 'refused'] as const;
export type ApplicationState = (typeof APPLICATION_STATES)[number];
export type Mover = 'applicant' | 'platform' | 'ledger';

type Move = {
  readonly from: readonly ApplicationState[];
  readonly to: ApplicationState;
  readonly by: Mover;
};

export const MOVES = {
  file: { from: ['draft'], to: 'filed', by: 'applicant' },
  review: { from: ['filed'], to: 'in_review', by: 'platform' },
  /** More is wanted. */
  giveBack: { from: ['in_review', 'verified'], to: 'draft', by: 'platform' },
  verify: { from: ['in_review'], to: 'verified', by: 'platform' },
  refuse: { from: ['filed', 'in_review', 'verified'], to: 'refused', by: 'platform' },
  admit: { from: ['verified'], to: 'admitted', by: 'ledger' },
} as const satisfies Record<string, Move>;
export type MoveName = keyof typeof MOVES;
