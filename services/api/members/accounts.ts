/** Accounts as text. */
import { getAddress } from 'ethers';

/** Accounts that are remembered at most. */
const MAX_ACCOUNTS = 10_000;
const known = new Map<string, string>();

/** An account as people write it, with its checksum: remembered, because the same few members come all the time and the checksum is a hash. */
export function accountOf(bytes: Buffer): string {
  const hex = bytes.toString('hex');
  let account = known.get(hex);
  if (account === undefined) {
    account = getAddress(`0x${hex}`);
    if (known.size >= MAX_ACCOUNTS) known.clear();
    known.set(hex, account);
  }
  return account;
}
