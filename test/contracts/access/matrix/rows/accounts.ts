/** Accounts of firms, who carries what their signers signed, and the anchor. `house` is an account of two, either of whom is enough. */
import { ZeroHash } from 'ethers';
import { interfaces } from '#chain/contracts.ts';
import { changeHash, plainPolicy, policySigner, policyStruct } from '#chain/policies.ts';
import { executeDigest, stopRecoveryDigest, vetoDigest, type Call } from '#chain/typed-data.ts';
import { FAR } from '../../../support/actors.ts';
import { networkHelpers } from '../../../support/chain.ts';
import { ecdsaKey, signAll, type Key } from '../../../support/keys.ts';
import { DAY, type Ground } from '../ground.ts';
import { byAnybody, byNobodyElse, sends, type Rows } from '../row.ts';

/** What `house` would become: `key` alone. */
const changed = (g: Ground) => plainPolicy([policySigner(g.houseKeys[0].signer)], 1);
const executed = (g: Ground, nonce: bigint, calls: readonly Call[], keys: readonly Key[]) => {
  const instruction = { account: g.addressOf('house'), calls, nonce, validUntil: FAR };
  const signature = signAll(executeDigest(g.s.deployment.chainId, instruction), keys);
  return g.on('orgAccount', 'execute', calls, nonce, FAR, signature);
};
const announces = (g: Ground) => g.on('orgAccount', 'announceChange', policyStruct(changed(g)));
/** One of the two has announced that it alone remains. */
const isAnnounced = (g: Ground) => sends(g, 'relayer', executed(g, 1n, [announces(g)], [g.houseKeys[0]]));
const change = (g: Ground) => changeHash(1, changed(g));

const bySelf = (call: (g: Ground) => Call, before?: (g: Ground) => Promise<unknown>) =>
  byNobodyElse(['house'], 'OrgAccountNotSelf', { call, ...(before && { before }) });
const approval = (g: Ground) => g.on('cash', 'approve', g.addressOf('relayer'), 5n);
const signedApproval = (g: Ground) => executed(g, 5n, [approval(g)], [g.houseKeys[1]]);
const APPROVED = ['allowance of house for relayer: 0 → 5', 'nonces of house: 0 → 32'];
/** By a signer, over what is another's to sign. */
const unsigned = (g: Ground) => executed(g, 5n, [approval(g)], [ecdsaKey('nobody')]);

const vetoes = (g: Ground, key: Key) => {
  const digest = vetoDigest(g.s.deployment.chainId, g.addressOf('house'), change(g));
  return g.on('orgAccount', 'veto', change(g), key.signer, key.sign(digest));
};

/** At the account of `supplier2`, whom helper and operator would move. */
const stops = (g: Ground, key: Key): Call => {
  const stopped = { bills: g.addressOf('ledger'), member: g.numberOf('supplier2'), nonce: 200n };
  const digest = stopRecoveryDigest(g.s.deployment.chainId, g.addressOf('supplier2'), stopped);
  const { data } = g.on(
    'orgAccount',
    'stopRecovery',
    ...[stopped.bills, stopped.member, stopped.nonce, key.signer, key.sign(digest)],
  );
  return { target: g.addressOf('supplier2'), data };
};

const initializes = (g: Ground, target: string): Call => ({
  target,
  data: interfaces.orgAccount.encodeFunctionData('initialize', [policyStruct(changed(g))]),
});

export const ACCOUNT: Rows = {
  initialize: [
    byNobodyElse([], 'InvalidInitialization', {
      when: 'an account that is one',
      call: (g) => initializes(g, g.addressOf('house')),
    }),
    byNobodyElse([], 'InvalidInitialization', {
      when: 'what accounts are clones of',
      call: (g) => initializes(g, g.addressOf('implementation')),
    }),
  ],
  execute: [
    byAnybody({ when: 'signed by enough', call: signedApproval, changes: APPROVED }),
    byNobodyElse([], 'OrgAccountInvalidSignature', { when: 'signed by another', call: unsigned }),
  ],
  rehearse: byNobodyElse([], 'OrgAccountRehearsed', {
    call: (g) => g.on('orgAccount', 'rehearse', [approval(g)]),
  }),
  announceChange: [
    byNobodyElse([], 'OrgAccountNotSelf', {
      when: 'by itself, in no signed batch',
      call: announces,
      but: { house: 'OrgAccountPolicyChanged' },
    }),
    byAnybody({
      when: 'in a batch that enough have signed',
      call: (g) => executed(g, 1n, [announces(g)], [g.houseKeys[0]]),
      changes: ['change of house: none → waits', 'nonces of house: 0 → 2'],
    }),
  ],
  callOff: bySelf((g) => g.on('orgAccount', 'callOff', change(g)), isAnnounced),
  cancelNonces: bySelf((g) => g.on('orgAccount', 'cancelNonces', 0, 7)),
  carryOut: [
    byAnybody({
      when: 'its time has come',
      call: (g) => g.on('orgAccount', 'carryOut', 1, policyStruct(changed(g))),
      before: async (g) => {
        await isAnnounced(g);
        await networkHelpers.time.increase(DAY);
      },
      changes: [
        'change of house: waits → none',
        'policy of house: version 1, two signers → version 2, first signer',
      ],
    }),
    byNobodyElse([], 'OrgAccountChangeNotReady', {
      when: 'its time has not come',
      call: (g) => g.on('orgAccount', 'carryOut', 1, policyStruct(changed(g))),
      before: isAnnounced,
    }),
    byNobodyElse([], 'OrgAccountNoSuchChange', {
      when: 'nobody announced it',
      call: (g) => g.on('orgAccount', 'carryOut', 1, policyStruct(changed(g))),
    }),
  ],
  veto: [
    byAnybody({
      when: 'signed by the other signer',
      call: (g) => vetoes(g, g.houseKeys[1]),
      before: isAnnounced,
      changes: ['change of house: waits → none'],
    }),
    byNobodyElse([], 'OrgAccountInvalidSignature', {
      when: 'signed by nobody of the firm',
      call: (g) => vetoes(g, ecdsaKey('nobody')),
      before: isAnnounced,
    }),
  ],
  stopRecovery: [
    byAnybody({
      when: 'signed by a key of the member',
      call: (g) => stops(g, g.supplierKey),
      changes: ['nonces of supplier2: grows', 'recovery of supplier2: heir, heir → none'],
    }),
    byNobodyElse([], 'OrgAccountInvalidSignature', {
      when: 'signed by nobody of the firm',
      call: (g) => stops(g, ecdsaKey('nobody')),
    }),
  ],
};

export const FACTORY: Rows = {
  create: byAnybody({
    call: (g) => g.on('orgAccountFactory', 'create', policyStruct(changed(g)), ZeroHash),
    changes: [],
  }),
};

const carried = (g: Ground, { data }: Call) =>
  g.on('relay', 'relay', [
    { account: g.addressOf('house'), gas: 400_000n, execution: `0x${data.slice(10)}` },
  ]);

export const RELAY: Rows = {
  relay: [
    byAnybody({
      when: 'what is signed by enough',
      call: (g) => carried(g, signedApproval(g)),
      changes: APPROVED,
    }),
    byAnybody({ when: 'what is signed by another', call: (g) => carried(g, unsigned(g)), changes: [] }),
    byAnybody({
      when: 'for no account of ours',
      call: (g) =>
        g.on('relay', 'relay', [{ account: g.addressOf('ledger'), gas: 400_000n, execution: '0x' }]),
      changes: [],
    }),
  ],
};

export const ANCHOR: Rows = {
  anchor: byAnybody({
    call: (g) => g.on('auditAnchor', 'anchor', 7, ZeroHash),
    changes: ['anchors of stranger: 0 → 1'],
  }),
};
