/** Who drafts which instruction. A capability adds its line here; the compiler names what is missing. */
import type { MemberInstructionName } from '#domain/instructions/instructions.ts';
import { accountDrafters } from '../accounts/drafts.ts';
import { billDrafters } from '../bills/drafts.ts';
import { branchDrafters } from '../branches/drafts.ts';
import { cashDrafters } from '../cash/drafts.ts';
import { lineDrafters } from '../lines/drafts.ts';
import { memberDrafters } from '../members/drafts.ts';
import { offerDrafters } from '../offers/drafts.ts';
import { paymentDrafters } from '../payments/drafts.ts';
import { saleDrafters } from '../sales/drafts.ts';
import type { Drafter } from './draft.ts';

export const DRAFTERS: { readonly [N in MemberInstructionName]: Drafter<N> } = {
  ...billDrafters,
  ...offerDrafters,
  ...saleDrafters,
  ...paymentDrafters,
  ...lineDrafters,
  ...cashDrafters,
  ...memberDrafters,
  ...accountDrafters,
  ...branchDrafters,
};
