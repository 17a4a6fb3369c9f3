import { announceChange, endChange, setPolicy, useNonce } from '#db/accounts/write.ts';
import { ignore, type Handlers } from './handlers.ts';

export const orgAccountFactory: Handlers<'orgAccountFactory'> = {
  AccountCreated: (ledger, { account, policy }) => setPolicy(ledger, account, 1n, policy),
};

/** Events of an account before the ledger knows it (its making) are told again by the factory. */
export const orgAccount: Handlers<'orgAccount'> = {
  Executed: (ledger, { nonce }) => useNonce(ledger, ledger.moment.log.address, nonce),
  ChangeAnnounced: (ledger, announced) => announceChange(ledger, ledger.moment.log.address, announced),
  ChangeVetoed: (ledger, { change, signer }) =>
    endChange(ledger, ledger.moment.log.address, change, 'vetoed', signer),
  ChangeCalledOff: (ledger, { change }) => endChange(ledger, ledger.moment.log.address, change, 'called_off'),
  PolicyChanged: async (ledger, { change, version, policy }) => {
    const account = ledger.moment.log.address;
    await endChange(ledger, account, change, 'carried_out');
    await setPolicy(ledger, account, BigInt(version), policy);
  },
  EIP712DomainChanged: ignore('the domain of an account is fixed'),
  Initialized: ignore('the factory tells of the account'),
};
