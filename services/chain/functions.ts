/**
 * What members and the operator call: the signature of each function that changes something, by contract.
 * Written by scripts/build-functions.ts from the compiled contracts; never edited.
 */
export const FUNCTIONS = {
  bills: {
    distribute: 'distribute(uint64,uint56[])',
    expire: 'expire(uint128,uint32,uint32,uint56)',
    fund: 'fund(uint64,uint56)',
    issue: 'issue((uint32,uint32,uint40,uint56,uint16,uint16,bytes32,(bytes32,uint56,uint56)[],uint32[]))',
    offer: 'offer(uint128,uint56,uint32,uint40)',
    payFor: 'payFor(uint64,uint56)',
    refuse: 'refuse(uint128,uint32,uint56)',
    sell: 'sell(uint128,uint56,uint32,address,uint56,bytes)',
    setAuthority: 'setAuthority(address)',
    take: 'take(uint128,uint32,uint56)',
    withdraw: 'withdraw(uint128,uint32,uint56)',
    acceptAccount: 'acceptAccount(uint32)',
    admit: 'admit(address,uint16,uint40,bytes32)',
    admitDesk: 'admitDesk(address)',
    allowDesk: 'allowDesk(address,bool)',
    completeRecovery: 'completeRecovery(uint32)',
    dismissDesk: 'dismissDesk(address)',
    expireIssue: 'expireIssue(uint64,(bytes32,(bytes32,uint56,uint56)[],uint32[]))',
    extend: 'extend(uint128,uint32,uint56,uint40)',
    moveAccount: 'moveAccount(address)',
    multicall: 'multicall(bytes[])',
    nameHelper: 'nameHelper(uint32)',
    proposeRecovery: 'proposeRecovery(uint32,address)',
    proposeRecoveryAsOperator: 'proposeRecoveryAsOperator(uint32,address,bytes32)',
    refuseIssue: 'refuseIssue(uint64,(bytes32,(bytes32,uint56,uint56)[],uint32[]))',
    renew: 'renew(uint32,uint16,uint40,bytes32)',
    restore: 'restore(uint32,bytes32)',
    setPrivileges: 'setPrivileges(uint32,uint16)',
    setStandingAcceptance: 'setStandingAcceptance(bool,uint32,uint32,uint56,uint40)',
    stopRecovery: 'stopRecovery(uint32)',
    suspend: 'suspend(uint32,bytes32)',
    withdrawIssue: 'withdrawIssue(uint64,(bytes32,(bytes32,uint56,uint56)[],uint32[]))',
    withdrawRecovery: 'withdrawRecovery(uint32)',
    withdrawRecoveryAsOperator: 'withdrawRecoveryAsOperator(uint32)',
  },
  cash: {
    approve: 'approve(address,uint256)',
    carryOver: 'carryOver(address,address)',
    confirmRedemption: 'confirmRedemption(uint64,bytes32)',
    deposit: 'deposit(uint32,uint64,bytes32)',
    refuseRedemption: 'refuseRedemption(uint64,bytes32)',
    requestRedemption: 'requestRedemption(uint32,uint64)',
    setAuthority: 'setAuthority(address)',
    setCap: 'setCap(uint32,uint64)',
    transfer: 'transfer(address,uint256)',
    transferFrom: 'transferFrom(address,address,uint256)',
  },
  lines: {
    freeLine: 'freeLine(uint32,uint32,uint64)',
    release: 'release(uint32,uint64)',
    reserve: 'reserve(uint32,uint64)',
    setGroupLine: 'setGroupLine(uint32,uint64)',
    setLine: 'setLine(uint32,uint64,uint32)',
    useLine: 'useLine(uint32,uint32,uint64)',
  },
  desk: {
    agree: 'agree((uint128,uint64,uint32,uint32,uint32,uint56,uint56,uint40,uint16,address,address),bytes)',
    cancel: 'cancel(uint64)',
    pay: 'pay(address,address,uint256)',
  },
  rulebook: {
    publish: 'publish(uint8,uint40,uint8,uint16,uint16,bytes32)',
    setAuthority: 'setAuthority(address)',
    withdraw: 'withdraw(uint16)',
  },
  orgAccountFactory: {
    create:
      'create(((bytes,uint16,uint8,uint40,uint56)[],(uint16,uint56,uint16,uint8)[],uint16,uint16,uint40),bytes32)',
  },
} as const;

/** What a firm's account calls on itself, in a batch that its signers signed. */
export const OWN_FUNCTIONS = {
  announceChange:
    'announceChange(((bytes,uint16,uint8,uint40,uint56)[],(uint16,uint56,uint16,uint8)[],uint16,uint16,uint40))',
  callOff: 'callOff(bytes32)',
  cancelNonces: 'cancelNonces(uint256,uint256)',
  carryOut:
    'carryOut(uint32,((bytes,uint16,uint8,uint40,uint56)[],(uint16,uint56,uint16,uint8)[],uint16,uint16,uint40))',
} as const;
