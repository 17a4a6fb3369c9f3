/** Calls of the contracts, typed from their ABI: `callsOf(deployment).bills.withdraw(parcel, to, end)`. A batch is several. */
import type { Interface } from 'ethers';
import type { TypedContractMethod } from '../../types/common.ts';
import { interfaces, type Contracts } from './contracts.ts';
import type { Deployment } from './deployment.ts';
import type { Call } from './typed-data.ts';

/** "All of the parcel", for the functions that take an amount. */
export const WHOLE = (1n << 56n) - 1n;
/** An allowance without limit. */
export const UNLIMITED = (1n << 256n) - 1n;

export type InvoiceUse = { readonly invoiceId: string; readonly total: bigint; readonly amount: bigint };
/** What an issue was backed with, as IBills.Backing has it. */
export type Backing = {
  readonly documentHash: string;
  readonly invoices: readonly InvoiceUse[];
  readonly named: readonly number[];
};

/** What a generated method takes, without the overrides that it takes at its end. */
type ArgumentsOf<M> =
  M extends TypedContractMethod<infer A, infer _, infer S> ? (S extends 'view' ? never : A) : never;
/** Arguments may be read-only: nothing here changes them. */
type Given<T> = T extends object ? { readonly [K in keyof T]: Given<T[K]> } : T;

type CallsOf<C> = {
  readonly [N in keyof C as ArgumentsOf<C[N]> extends never ? never : N]: (
    ...args: Given<ArgumentsOf<C[N]>> extends infer A extends readonly unknown[] ? A : never
  ) => Call;
};
type Called =
  'bills' | 'lines' | 'cash' | 'desk' | 'rulebook' | 'orgAccountFactory' | 'accessManager' | 'auditAnchor';
export type Calls = { readonly [N in Called]: CallsOf<Contracts[N]> };

export function callsOf({ addresses }: Pick<Deployment, 'addresses'>): Calls {
  const of = <N extends Called>(name: N) =>
    builders(interfaces[name], addresses[name]) as CallsOf<Contracts[N]>;
  return {
    bills: of('bills'),
    lines: of('lines'),
    cash: of('cash'),
    desk: of('desk'),
    rulebook: of('rulebook'),
    orgAccountFactory: of('orgAccountFactory'),
    accessManager: of('accessManager'),
    auditAnchor: of('auditAnchor'),
  };
}

/** A function for each function of the contract that changes something. */
function builders(contract: Interface, target: string): object {
  const functions = contract.fragments.filter((fragment) => fragment.type === 'function');
  return Object.fromEntries(
    functions.map((fragment) => [
      (fragment as unknown as { name: string }).name,
      (...args: readonly unknown[]): Call => ({
        target,
        data: contract.encodeFunctionData(fragment as never, args),
      }),
    ]),
  );
}
