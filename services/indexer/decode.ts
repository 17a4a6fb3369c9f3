/** The only place that knows how a log is decoded. */
import { Indexed, Result, type ParamType } from 'ethers';
import { interfaces, type Contracts } from '#chain/contracts.ts';
import type { Deployment } from '#chain/deployment.ts';
import { toBytes, toHex } from '#db/bytes.ts';
import type { RawLog } from '#db/ledger/ledger.ts';
import type { TypedContractEvent } from '../../types/common.ts';
import type { OrgAccount } from '../../types/contracts/participants/OrgAccount.ts';

/** The contracts whose events make the read model. */
export type Sources = Contracts & { orgAccount: OrgAccount };
export type SourceName = keyof Sources;

type Filters<Name extends SourceName> = Sources[Name]['filters'];

export type EventName<Name extends SourceName> = Exclude<keyof Filters<Name> & string, `${string}(${string}`>;

export type EventArgs<Name extends SourceName, Event extends EventName<Name>> =
  Filters<Name>[Event] extends TypedContractEvent<infer _Input, infer _Tuple, infer Output> ? Output : never;

export type Decoded = {
  readonly source: SourceName;
  readonly name: string;
  readonly args: Record<string, unknown>;
};

/** Which contract of ours stands at an address. */
export function sourcesOf({ addresses }: Deployment): ReadonlyMap<string, SourceName> {
  const named = Object.entries(addresses) as [keyof Deployment['addresses'], string][];
  return new Map(
    named
      .filter((entry): entry is [keyof Contracts, string] => entry[0] in interfaces)
      .map(([name, address]) => [addressKey(toBytes(address)), name]),
  );
}

export const addressKey = (address: Buffer): string => address.toString('latin1');

const orgAccountTopics = new Set<string>();
interfaces.orgAccount.forEachEvent((event) => orgAccountTopics.add(event.topicHash));

/** Whether a log looks like one of a firm's account; whether the account is one of ours, the ledger knows. */
export const isOfOrgAccount = ({ topics }: RawLog): boolean =>
  orgAccountTopics.has(toHex(topics.subarray(0, 32)));

/** Of an indexed argument that does not fit a topic, there is only the hash. Undefined if the contract's interface has no such event. */
export function decode(source: SourceName, log: RawLog): Decoded | undefined {
  const topics = Array.from({ length: log.topics.length / 32 }, (_, n) =>
    toHex(log.topics.subarray(32 * n, 32 * n + 32)),
  );
  const event = interfaces[source].getEvent(topics[0]!);
  if (event === null) return undefined;
  const values = interfaces[source].decodeEventLog(event, toHex(log.data), topics);
  const args = event.inputs.map((input, n) => [input.name, plainOf(input, values[n])] as const);
  return { source, name: event.name, args: Object.fromEntries(args) };
}

/** Arrays and structs as such; ethers' own `toObject` makes an object of an array with one element. */
function plainOf(type: ParamType, value: unknown): unknown {
  if (value instanceof Indexed) return value.hash;
  if (!(value instanceof Result)) return value;
  if (type.isArray()) return value.toArray().map((element) => plainOf(type.arrayChildren, element));
  return Object.fromEntries((type.components ?? []).map((part, n) => [part.name, plainOf(part, value[n])]));
}
