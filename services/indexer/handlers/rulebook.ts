import { kindOf } from '../kinds.ts';
import { toBytes } from '#db/bytes.ts';
import { ignore, type Handlers } from './handlers.ts';

export const rulebook: Handlers<'rulebook'> = {
  PackPublished: (ledger, { packNo, pack, documentHash }) =>
    ledger.packs.add({
      number: Number(packNo),
      kind: kindOf(pack.kind),
      effective_from: pack.effectiveFrom,
      effective_to: pack.effectiveTo === 0n ? null : pack.effectiveTo,
      tenor_months: Number(pack.tenorMonths),
      basis: Number(pack.basis),
      max_splits: Number(pack.maxSplits),
      document_hash: toBytes(documentHash),
    }),
  PackClosed: (ledger, { packNo, effectiveTo }) =>
    ledger.packs.change({ number: Number(packNo) }, { effective_to: effectiveTo }),
  AuthorityUpdated: ignore('who operates is the access manager’s affair'),
};
