/** Checks what a member asks for itself. */
import { same, type Check } from './reader.ts';

const moveAccount: Check<'moveAccount'> = ({ account }, calls) => {
  const [to] = calls.next('bills', 'moveAccount');
  same('account', to, BigInt(account));
  return [[{ account }]];
};

export const memberChecks = { moveAccount };
