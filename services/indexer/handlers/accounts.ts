import { keccak256 } from '#chain/keccak.ts';
import { addAccount, addSigner, useNonce } from '#db/accounts/write.ts';
import { ignore, type Handlers } from './handlers.ts';

export const orgAccountFactory: Handlers<'orgAccountFactory'> = {
  AccountCreated: (ledger, { account, signers, weights, threshold }) =>
    addAccount(
      ledger,
      account,
      threshold,
      signers.map((signer, n) => ({
        hash: keccak256(signer),
        signer,
        weight: weights[n]!,
      })),
    ),
};

/** Events of an account before the ledger knows it (its making) are told again by the factory. */
export const orgAccount: Handlers<'orgAccount'> = {
  Executed: (ledger, { nonce }) => useNonce(ledger, ledger.moment.log.address, nonce),
  ERC7913SignerAdded: (ledger, { signers }) => addSigner(ledger, ledger.moment.log.address, signers),
  ERC7913SignerRemoved: (ledger, { signers }) =>
    ledger.signers.remove({ account: ledger.moment.log.address, signer_hash: signers }),
  ERC7913SignerWeightChanged: (ledger, { signer, weight }) =>
    ledger.signers.change({ account: ledger.moment.log.address, signer_hash: signer }, { weight }),
  ERC7913ThresholdSet: (ledger, { threshold }) =>
    ledger.accounts.change({ account: ledger.moment.log.address }, { threshold }),
  EIP712DomainChanged: ignore('the domain of an account is fixed'),
  Initialized: ignore('the factory tells of the account'),
};
