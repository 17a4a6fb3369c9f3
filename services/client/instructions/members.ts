/** Checks what a member asks for itself. */
import { NAME, same, type Check } from './reader.ts';

const moveAccount: Check<'moveAccount'> = ({ account }, calls) => {
  const [to] = calls.next('bills', 'moveAccount');
  same('account', to, BigInt(account));
  return [[{ account }]];
};

const nameHelper: Check<'nameHelper'> = ({ helper }, calls) => {
  const [named] = calls.next('bills', 'nameHelper');
  same('helper', named, helper ?? 0);
  return [[helper === undefined ? {} : { helper: NAME }]];
};

const proposeRecovery: Check<'proposeRecovery'> = ({ member, account }, calls) => {
  const [number, to] = calls.next('bills', 'proposeRecovery');
  same('member', number, member);
  same('account', to, BigInt(account));
  return [[{ member: NAME, account }]];
};

const withdrawRecovery: Check<'withdrawRecovery'> = ({ member }, calls) => {
  const [number] = calls.next('bills', 'withdrawRecovery');
  same('member', number, member);
  return [[{ member: NAME }]];
};

const stopRecovery: Check<'stopRecovery'> = (_asked, calls, { member }) => {
  const [number] = calls.next('bills', 'stopRecovery');
  same('member', number, member);
  return [[{}]];
};

export const memberChecks = {
  moveAccount,
  nameHelper,
  proposeRecovery,
  withdrawRecovery,
  stopRecovery,
};
