import type { Ledger, RawLog } from '#db/ledger/ledger.ts';

/** The bills and balances that logs speak of, read with three statements instead of one for each. */
export async function preload(
  ledger: Ledger,
  bills: readonly RawLog[],
  cash: readonly RawLog[],
): Promise<void> {
  const billNos = [...new Set(bills.flatMap(billNoOf))].filter((bill_no) => !ledger.bills.knows({ bill_no }));
  await ledger.bills.preload('bill_no', billNos);
  await ledger.parcels.preload('bill_no', billNos);
  const accounts = new Map(cash.flatMap(accountsOf).map((account) => [account.toString('latin1'), account]));
  await ledger.balances.preload(
    'account',
    [...accounts.values()].filter((account) => !ledger.balances.knows({ account })),
  );
}

/** The first argument of every act, where it is a bill's number and not an address. */
function billNoOf({ topics }: RawLog): bigint[] {
  if (topics.length < 64 || topics.subarray(32, 56).some((byte) => byte !== 0)) return [];
  return [topics.readBigUInt64BE(56)];
}

function accountsOf({ topics }: RawLog): Buffer[] {
  return topics.length === 96 ? [topics.subarray(44, 64), topics.subarray(76, 96)] : [];
}
