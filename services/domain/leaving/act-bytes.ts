/**
 * Acts as the ledger writes them (`topics ‖ data` of their events, see contracts/bills/Acts.sol), read without an ABI at hand: every
 * field is one word but for the list of {@link EVENTS}.MembersNamed. A test compares the table with the contract's ABI.
 */
import { utf8ToBytes } from '@noble/hashes/utils.js';
import type { ActEvent } from '../acts/acts.ts';
import { hexOf, keccakOf, numberIn, type Hex } from './hex.ts';

/** Fields in order, each `name:type`. */
const EVENTS: Readonly<Record<ActEvent, string>> = {
  BillIssued:
    'billNo:uint64 acceptor:uint32 payee:uint32 due:uint40 face:uint56 kind:uint8 flags:uint16 rulePack:uint16 currency:uint16 documentHash:bytes32 invoicesHash:bytes32',
  MembersNamed: 'billNo:uint64 named:uint32[]',
  BillTaken: 'billNo:uint64 payee:uint32',
  BillCancelled: 'billNo:uint64 by:uint32',
  ParcelOffered:
    'billNo:uint64 holder:uint32 offeredTo:uint32 cutFrom:uint56 first:uint56 end:uint56 until:uint40',
  ParcelTaken: 'billNo:uint64 from:uint32 to:uint32 first:uint56 end:uint56',
  OfferRefused: 'billNo:uint64 holder:uint32 by:uint32 first:uint56 end:uint56',
  OfferWithdrawn: 'billNo:uint64 holder:uint32 from:uint32 first:uint56 end:uint56',
  OfferExpired: 'billNo:uint64 holder:uint32 from:uint32 first:uint56 end:uint56',
  OfferExtended: 'billNo:uint64 holder:uint32 offeredTo:uint32 first:uint56 end:uint56 until:uint40',
  ParcelPassedOn: 'billNo:uint64 from:uint32 to:uint32 cutFrom:uint56 first:uint56 end:uint56',
  ParcelSold:
    'billNo:uint64 seller:uint32 buyer:uint32 cutFrom:uint56 first:uint56 end:uint56 price:uint56 desk:address',
  BillFunded: 'billNo:uint64 payer:uint32 amount:uint56 paidIn:uint56',
  ParcelPaid: 'billNo:uint64 holder:uint32 first:uint56 end:uint56 amount:uint56 paidUpTo:uint56',
};

type Field = { readonly name: string; readonly type: string };

const fieldsOf = (event: ActEvent): Field[] =>
  EVENTS[event].split(' ').map((field) => {
    const [name, type] = field.split(':') as [string, string];
    return { name, type };
  });

export const signatureOf = (event: ActEvent): string =>
  `${event}(${fieldsOf(event)
    .map(({ type }) => type)
    .join(',')})`;

const BY_SELECTOR = new Map(
  (Object.keys(EVENTS) as ActEvent[]).map(
    (event) => [hexOf(keccakOf(utf8ToBytes(signatureOf(event)))), event] as const,
  ),
);

/** Members by number, amounts and instants in decimals, hashes and addresses in hex. */
export type ActFacts = Readonly<Record<string, number | string | readonly number[]>>;
export type ReadAct = { readonly name: ActEvent; readonly facts: ActFacts };

const WORD = 32;

/** Throws on what no act of the ledger is. */
export function readAct(bytes: Uint8Array): ReadAct {
  const words = Array.from({ length: bytes.length / WORD }, (_, n) =>
    bytes.subarray(n * WORD, (n + 1) * WORD),
  );
  const name = BY_SELECTOR.get(hexOf(words[0] ?? new Uint8Array()));
  if (name === undefined || bytes.length % WORD !== 0) throw new Error('no act of the ledger');
  const fields = fieldsOf(name);
  const isFixed = fields.every(({ type }) => type !== 'uint32[]');
  if (isFixed && words.length !== fields.length + 1) throw new Error(`${name} has another length`);
  return {
    name,
    facts: Object.fromEntries(
      fields.map(({ name: field, type }, n) => [field, readField(type, words, n + 1)]),
    ),
  };
}

function readField(type: string, words: readonly Uint8Array[], at: number): number | string | number[] {
  const word = words[at];
  if (word === undefined) throw new Error('an act ends too early');
  // The list is the last field: its offset, its length, its elements.
  if (type === 'uint32[]') return words.slice(at + 2).map((each) => Number(numberIn(each)));
  if (type === 'bytes32') return hexOf(word);
  if (type === 'address') return hexOf(word.subarray(12));
  const bits = Number(type.slice('uint'.length));
  const value = numberIn(word);
  if (value >> BigInt(bits) !== 0n) throw new Error(`a field is larger than ${type}`);
  return bits <= 32 ? Number(value) : String(value);
}

export const actHashOf = (bytes: Uint8Array): Hex => hexOf(keccakOf(bytes));
