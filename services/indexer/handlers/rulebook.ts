import { kindOf } from '../kinds.ts';
import { ignore, type Handlers } from './handlers.ts';

export const rulebook: Handlers<'rulebook'> = {
  PackPublished: (ledger, { packNo, pack, documentHash }) =>
    ledger.packs.add({
      number: packNo,
      kind: kindOf(pack.kind),
      effective_from: pack.effectiveFrom,
      effective_to: pack.effectiveTo === 0n ? null : pack.effectiveTo,
      tenor_months: pack.tenorMonths,
      basis: pack.basis,
      max_splits: pack.maxSplits,
      document_hash: documentHash,
    }),
  PackClosed: (ledger, { packNo, effectiveTo }) =>
    ledger.packs.change({ number: packNo }, { effective_to: effectiveTo === 0n ? null : effectiveTo }),
  PackWithdrawn: async (ledger, { packNo }) => {
    const { effective_from } = await ledger.packs.must({ number: packNo });
    await ledger.packs.change({ number: packNo }, { effective_to: effective_from });
  },
  AuthorityUpdated: ignore('who operates is the access manager’s affair'),
};
