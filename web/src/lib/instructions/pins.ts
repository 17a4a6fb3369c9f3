/** What this browser saw first of the platform: its contracts, and the account of each firm. Nothing is signed for others. */
import type { Member, Status } from '#web/api/schema.ts';

export type Where = Pick<Status, 'chainId' | 'contracts'>;

const CONTRACTS = 'tallystick contracts';
const accountName = (member: number): string => `tallystick account ${member}`;

/** Whether it is what was seen first; what is seen first stays. */
function isSame(name: string, seen: unknown): boolean {
  const kept = localStorage.getItem(name);
  if (kept === null) localStorage.setItem(name, JSON.stringify(seen));
  return kept === null || kept === JSON.stringify(seen);
}

export const areContracts = ({ chainId, contracts }: Where): boolean =>
  isSame(CONTRACTS, { chainId, contracts });

export const isAccount = (member: number, account: string): boolean => isSame(accountName(member), account);

/** The account that this browser knows of a firm, where the platform names another. */
export function movedFrom({ number, account }: Pick<Member, 'number' | 'account'>): string | undefined {
  const kept = localStorage.getItem(accountName(number));
  if (kept === null || kept === JSON.stringify(account)) return undefined;
  return JSON.parse(kept) as string;
}

/** The person has made sure of it. */
export const acceptAccount = ({ number, account }: Pick<Member, 'number' | 'account'>): void =>
  localStorage.setItem(accountName(number), JSON.stringify(account));
