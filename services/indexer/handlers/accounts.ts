import { keccak256 } from 'ethers';
import { toBytes } from '#db/bytes.ts';
import { addAccount, addSigner, useNonce } from '#db/ledger/accounts.ts';
import { ignore, type Handlers } from './handlers.ts';

export const orgAccountFactory: Handlers<'orgAccountFactory'> = {
  AccountCreated: (ledger, { account, signers, weights, threshold }) =>
    addAccount(
      ledger,
      toBytes(account),
      threshold,
      signers.map((signer, n) => ({
        hash: toBytes(keccak256(signer)),
        signer: toBytes(signer),
        weight: weights[n]!,
      })),
    ),
};

/** Events of an account before the ledger knows it (its making) are told again by the factory. */
export const orgAccount: Handlers<'orgAccount'> = {
  Executed: (ledger, { nonce }) => useNonce(ledger, ledger.moment.log.address, nonce),
  ERC7913SignerAdded: (ledger, { signers }) => addSigner(ledger, ledger.moment.log.address, toBytes(signers)),
  ERC7913SignerRemoved: (ledger, { signers }) =>
    ledger.signers.remove({ account: ledger.moment.log.address, signer_hash: toBytes(signers) }),
  ERC7913SignerWeightChanged: (ledger, { signer, weight }) =>
    ledger.signers.change({ account: ledger.moment.log.address, signer_hash: toBytes(signer) }, { weight }),
  ERC7913ThresholdSet: (ledger, { threshold }) =>
    ledger.accounts.change({ account: ledger.moment.log.address }, { threshold }),
  EIP712DomainChanged: ignore('the domain of an account is fixed'),
  Initialized: ignore('the factory tells of the account'),
};
