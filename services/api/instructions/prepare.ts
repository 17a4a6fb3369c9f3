import type { Static } from 'typebox';
import { executeDigest } from '#chain/typed-data.ts';
import { actInsertion, insertAct, type ActRow, type Makes, type NewAct } from '#db/instructions/own.ts';
import { takeAccountNonce } from '#db/instructions/counters.ts';
import { newId } from '#db/wire/ids.ts';
import { transact, write, type Trx } from '#db/access/access.ts';
import { meaningOfAll } from '#domain/instructions/meaning.ts';
import { toldOf } from '#domain/instructions/told.ts';
import type { MemberPerson } from '../app-types.ts';
import type { ActInput, ActType } from './schema.ts';
import type { Services } from '../services.ts';
import { draftExpire, draftOffer, draftRefuse, draftTake, draftWithdraw } from '../offers/drafts.ts';
import { NOTHING_MADE, type Draft, type Drafter } from './draft.ts';
import {
  draftCancelQuote,
  draftSell,
  draftSetGroupLine,
  draftSetLine,
  draftSetStanding,
} from '../sales/drafts.ts';
import { gasLimit } from './gas.ts';
import { draftIssue, type IssueDraft } from '../bills/drafts.ts';
import {
  draftApproveCash,
  draftConfirmRedemption,
  draftDeposit,
  draftFund,
  draftMoveAccount,
  draftPayFor,
  draftRedeem,
  draftRefuseRedemption,
} from '../payments/drafts.ts';
import { throwFirst } from './refusal.ts';
import { rehearse } from './rehearse.ts';
import { policyOf, type Policy } from './signers.ts';

type InputOf<T extends ActType> = Extract<Static<typeof ActInput>, { type: T }>;

const DRAFTERS: { readonly [T in ActType]: Drafter<InputOf<T>> } = {
  issue: draftIssue,
  take: draftTake,
  refuse: draftRefuse,
  withdraw: draftWithdraw,
  expire: draftExpire,
  offer: draftOffer,
  sell: draftSell,
  fund: draftFund,
  payFor: draftPayFor,
  setLine: draftSetLine,
  setGroupLine: draftSetGroupLine,
  setStanding: draftSetStanding,
  approveCash: draftApproveCash,
  cancelQuote: draftCancelQuote,
  deposit: draftDeposit,
  redeem: draftRedeem,
  confirmRedemption: draftConfirmRedemption,
  refuseRedemption: draftRefuseRedemption,
  moveAccount: draftMoveAccount,
};

/** How long an act may wait for its signatures and its block (seconds). */
export const VALID_FOR = 86_400;

export type Prepared = {
  readonly act: ActRow;
  readonly policy: Policy;
  /** Of the bills that it issues. */
  readonly documents?: readonly string[];
};

/** Builds an act, has the chain rehearse it, and stores it. Throws what stands in the way. */
export async function prepareAct(
  services: Services,
  by: MemberPerson,
  input: Static<typeof ActInput>,
  validFor: number = VALID_FOR,
): Promise<Prepared> {
  const draft = await (DRAFTERS[input.type] as Drafter<typeof input>)(services, by, input);
  return storeDraft(services, by, input, draft, { validFor });
}

export type Storing = {
  readonly validFor: number;
  /** More to be stored in the same transaction. */
  readonly also?: (trx: Trx, id: string) => Promise<void>;
};

/** Rehearses and stores; what the draft tells of the bill comes to light only when the chain has agreed. */
export async function storeDraft(
  services: Services,
  by: MemberPerson,
  input: Static<typeof ActInput>,
  draft: Draft | IssueDraft,
  { validFor, also }: Storing,
): Promise<Prepared> {
  const { db, clock, deployment } = services;
  throwFirst(await rehearse(services, by.account, draft.calls), ...(draft.objections ?? []));
  const [meaning, self, makes, policy, now, maxGas] = await Promise.all([
    draft.meaning(),
    services.names.of([by.number]),
    madeBy(draft),
    policyOf(services, by.account),
    clock.now(),
    services.maxGas(),
  ]);
  const id = newId();
  const validUntil = now + validFor;
  const nonce = await takeAccountNonce(db, by.account);
  const instruction = { account: by.account, calls: draft.calls, nonce, validUntil };
  const digest = executeDigest(deployment.chainId, instruction);
  const fresh: NewAct = {
    id,
    signedBy: 'firm',
    member: by.number,
    type: input.type,
    input,
    meaning: meaningOfAll(self(by.number).name, [meaning].flat()),
    told: toldOf(self(by.number).name, [meaning].flat()),
    calls: draft.calls,
    gasLimit: gasLimit(draft.gas, maxGas),
    makes,
    state: 'prepared',
    now,
    signing: { account: by.account, nonce, validUntil, digest },
  };
  if (!('keep' in draft) && also === undefined) {
    const [act] = await write(db, by.viewer, ...actInsertion(fresh));
    return { act, policy };
  }
  const act = await transact(db, by.viewer, async (trx) => {
    if ('keep' in draft) await draft.keep(trx);
    const stored = await insertAct(trx, fresh);
    await also?.(trx, id);
    return stored;
  });
  return { act, policy, ...('documents' in draft ? { documents: draft.documents } : {}) };
}

/** A promise whatever happens: one that throws here and now would leave those beside it to nobody, and end the process. */
const madeBy = async ({ makes }: Draft): Promise<Makes> => (await makes?.()) ?? NOTHING_MADE;
