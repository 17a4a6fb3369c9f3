/** The only place that knows how a log is decoded. */
import type { ContractName, Deployment } from '#chain/deployment.ts';
import * as generated from '#chain/generated/decoders.ts';
import { toBytes } from '#db/wire/bytes.ts';
import type { RawLog } from '#db/ledger/ledger.ts';

/** The contracts whose events make the read model. */
export type Sources = {
  accessManager: generated.GovernanceEvents;
  orgAccountFactory: generated.OrgAccountFactoryEvents;
  orgAccount: generated.OrgAccountEvents;
  rulebook: generated.RulebookEvents;
  bills: generated.BillsEvents;
  cash: generated.DepositTokenEvents;
  lines: generated.CreditLinesEvents;
  desk: generated.FinancingDeskEvents;
};
export type SourceName = keyof Sources;

export const decoders: { readonly [Name in SourceName]: generated.Decoders } = {
  accessManager: generated.governanceDecoders,
  orgAccountFactory: generated.orgAccountFactoryDecoders,
  orgAccount: generated.orgAccountDecoders,
  rulebook: generated.rulebookDecoders,
  bills: generated.billsDecoders,
  cash: generated.depositTokenDecoders,
  lines: generated.creditLinesDecoders,
  desk: generated.financingDeskDecoders,
};

export type EventName<Name extends SourceName> = keyof Sources[Name];
export type EventArgs<Name extends SourceName, Event extends EventName<Name>> = Sources[Name][Event];

export type Decoded = { readonly source: SourceName; readonly name: string; readonly args: object };

/** Which contract of ours stands at an address. */
export function sourcesOf({ addresses }: Deployment): ReadonlyMap<string, SourceName> {
  const named = Object.entries(addresses) as [ContractName, string][];
  return new Map(
    named
      .filter((entry): entry is [ContractName & SourceName, string] => entry[0] in decoders)
      .map(([name, address]) => [addressKey(toBytes(address)), name]),
  );
}

export const addressKey = (address: Buffer): string => address.toString('latin1', 0, 20);

const firstTopic = ({ topics }: RawLog): string => topics.toString('latin1', 0, 32);

/** Whether a log looks like one of a firm's account; whether the account is one of ours, the ledger knows. */
export const isOfOrgAccount = (log: RawLog): boolean => decoders.orgAccount.has(firstTopic(log));

/** Undefined if the contract's interface has no such event. Throws for bytes that the contract cannot have written. */
export function decode(source: SourceName, log: RawLog): Decoded | undefined {
  const decoder = decoders[source].get(firstTopic(log));
  if (decoder === undefined) return undefined;
  return { source, name: decoder.name, args: decoder.decode(log.topics, log.data) };
}
