/**
 * The generated decoders beside ethers, on logs that are right and logs that were spoiled: dirty high bits, data cut off or
 * too long, topics missing or too many, flipped bits, wild offsets and lengths.
 *
 * ethers masks dirty bits, takes any number but 0 for true, follows offsets wherever they point and ignores what is left
 * over. Ours take only what Solidity writes. So for each log one of these must hold, and anything else is a fault:
 * - equal: both decode it, to the same values, and it is the one encoding of these values;
 * - refused: neither does;
 * - laxer: only ethers decodes it, and what it read, encoded again, is not the log that it was given.
 */
import { AbiCoder, Indexed, type EventFragment, type Interface, type ParamType } from 'ethers';
import { Malformed } from '#chain/abi-words.ts';
import { interfaces } from '#chain/contracts.ts';
import { toHex } from '#db/wire/bytes.ts';
import { decoders, type SourceName } from '#indexer/decode.ts';
import { random, type Random } from '#scripts/replay/random.ts';

export type Tally = { equal: number; refused: number; laxer: number };

type Log = { readonly topics: readonly Buffer[]; readonly data: Buffer };
type Event = { readonly source: SourceName; readonly abi: Interface; readonly event: EventFragment };

const coder = AbiCoder.defaultAbiCoder();
const WORD = 32;

/** How often a log is spoiled before another is made: making one costs as much as decoding it. */
const SPOILED = 8;

/** Throws at the first log on which the two differ. The same seed gives the same logs. */
export function fuzzDecoders(seed: number, count: number): Tally {
  const dice = random(seed);
  const events = allEvents();
  const tally: Tally = { equal: 0, refused: 0, laxer: 0 };
  for (let done = 0; done < count;) {
    const event = dice.pick(events);
    const log = randomLog(dice, event.event);
    for (let n = 0; n < SPOILED && done < count; n++, done++) {
      const spoiled = n === 0 ? log : spoil(dice, log);
      tally[compare(event, spoiled, log)]++;
    }
  }
  return tally;
}

export const allEvents = (): Event[] =>
  (Object.keys(decoders) as SourceName[]).flatMap((source) => {
    const abi = interfaces[source];
    const found: Event[] = [];
    abi.forEachEvent((event) => found.push({ source, abi, event }));
    return found;
  });

/** As a contract would emit it. */
export function randomLog(dice: Random, event: EventFragment): Log {
  const plain = event.inputs.filter(({ indexed }) => !indexed);
  const indexed = event.inputs.filter((input) => input.indexed);
  return {
    topics: [
      bytesOf(event.topicHash),
      ...indexed.map((type) =>
        isHashed(type) ? randomBytes(dice, WORD) : bytesOf(coder.encode([type], [randomValue(dice, type)])),
      ),
    ],
    data: bytesOf(
      coder.encode(
        plain,
        plain.map((type) => randomValue(dice, type)),
      ),
    ),
  };
}

function compare({ source, abi, event }: Event, log: Log, right: Log): keyof Tally {
  const fault = (what: string): never => {
    const { topics, data } = log;
    throw new Error(
      `${source} ${event.name}: ${what}: ${JSON.stringify({ topics: topics.map(toHex), data: toHex(data) })}`,
    );
  };
  const ours = decodeOurs(source, log);
  const theirs = decodeTheirs(abi, event, log);
  const isRight = () => isSame(log, right) || isSame(encodeAgain(event, theirs!), log);
  if (ours === undefined) {
    if (theirs === undefined) return 'refused';
    return isRight() ? fault('only ethers decodes it, and rightly') : 'laxer';
  }
  if (theirs === undefined) return fault('only we decode it');
  for (const [n, type] of event.inputs.entries())
    if (!agree(type, ours[type.name], theirs[n])) fault(`${type.name} differs`);
  if (!isRight()) fault('we decode what is not its encoding');
  return 'equal';
}

function decodeOurs(source: SourceName, { topics, data }: Log): Record<string, unknown> | undefined {
  const decoder = decoders[source].get((topics[0] ?? Buffer.alloc(0)).toString('latin1'));
  try {
    return decoder?.decode(Buffer.concat(topics), data) as Record<string, unknown> | undefined;
  } catch (error) {
    if (error instanceof Malformed) return undefined;
    throw error;
  }
}

function decodeTheirs(abi: Interface, event: EventFragment, { topics, data }: Log): unknown[] | undefined {
  try {
    return abi.decodeEventLog(event, toHex(data), topics.map(toHex)).toArray(true); // throws for what it put off
  } catch {
    return undefined;
  }
}

function encodeAgain(event: EventFragment, values: readonly unknown[]): Log {
  const valued = event.inputs.map((type, n) => ({ type, value: values[n] }));
  const plain = valued.filter(({ type }) => !type.indexed);
  const topics = valued
    .filter(({ type }) => type.indexed)
    .map(({ type, value }) =>
      bytesOf(value instanceof Indexed ? value.hash! : coder.encode([type], [value])),
    );
  const data = coder.encode(
    plain.map(({ type }) => type),
    plain.map(({ value }) => value),
  );
  return { topics: [bytesOf(event.topicHash), ...topics], data: bytesOf(data) };
}

const isSame = (a: Log, b: Log): boolean =>
  Buffer.concat(a.topics).equals(Buffer.concat(b.topics)) && a.data.equals(b.data);

function agree(type: ParamType, ours: unknown, theirs: unknown): boolean {
  if (theirs instanceof Indexed) return toHex(ours as Buffer) === theirs.hash;
  if (type.isArray()) {
    const [left, right] = [ours as unknown[], theirs as unknown[]];
    return left.length === right.length && left.every((one, n) => agree(type.arrayChildren, one, right[n]));
  }
  if (type.isTuple())
    return type.components.every((part, n) =>
      agree(part, (ours as Record<string, unknown>)[part.name], (theirs as unknown[])[n]),
    );
  if (Buffer.isBuffer(ours)) return toHex(ours) === (theirs as string).toLowerCase();
  return typeof ours === 'number' ? BigInt(ours) === theirs : ours === theirs;
}

function spoil(dice: Random, log: Log): Log {
  const topics = log.topics.map((topic) => Buffer.from(topic));
  const data = Buffer.from(log.data);
  const words = [...topics.slice(1), ...wordsOf(data)];
  switch (dice.between(0, 9)) {
    case 0:
    case 1:
      if (words.length > 0) dice.pick(words)[dice.between(0, WORD - 2)]! |= 1 << dice.between(0, 7);
      break;
    case 2:
      return { topics, data: data.subarray(0, dice.between(0, Math.max(0, data.length - 1))) };
    case 3:
      return {
        topics,
        data: Buffer.concat([data, dice.pick([randomBytes, zeros])(dice, dice.between(1, 64))]),
      };
    case 4:
      return { topics: topics.slice(0, dice.between(1, topics.length)), data };
    case 5:
      return { topics: [...topics, randomBytes(dice, WORD)], data };
    case 6:
      if (words.length > 0) numberInto(dice, dice.pick(words));
      break;
    default: // as it is
  }
  return { topics, data };
}

const wordsOf = (data: Buffer): Buffer[] =>
  Array.from({ length: Math.floor(data.length / WORD) }, (_, n) => data.subarray(n * WORD, (n + 1) * WORD));

/** The kinds of numbers that an offset or a length is tried with. */
function numberInto(dice: Random, word: Buffer): void {
  word.fill(dice.pick([0, 0, 0, 255]));
  if (word[0] === 0)
    word.writeUInt32BE(dice.pick([dice.between(0, 9) * WORD, dice.between(0, 300), 0xffff_ffff]), 28);
}

const isHashed = (type: ParamType): boolean =>
  type.isArray() || type.isTuple() || type.type === 'bytes' || type.type === 'string';

function randomValue(dice: Random, type: ParamType): unknown {
  if (type.isArray())
    return Array.from({ length: dice.between(0, 4) }, () => randomValue(dice, type.arrayChildren));
  if (type.isTuple()) return type.components.map((part) => randomValue(dice, part));
  if (type.type === 'bool') return dice.next() < 0.5;
  if (type.type === 'string')
    return dice.pick(['', 'label', '角色', '\ufeffx', 'ß'.repeat(dice.between(1, 40))]);
  if (type.type === 'bytes') return randomBytes(dice, dice.between(0, 100));
  if (type.type === 'address') return toHex(randomBytes(dice, 20));
  const size = Number(/\d+$/.exec(type.type)![0]);
  if (type.type.startsWith('bytes')) return randomBytes(dice, size);
  const bits = BigInt(dice.pick([0, size, dice.between(1, size)]));
  const limit = 1n << bits;
  return dice.next() < 0.2 ? limit - 1n : BigInt(toHex(randomBytes(dice, WORD))) % limit;
}

const bytesOf = (hex: string): Buffer => Buffer.from(hex.slice(2), 'hex');
const zeros = (_dice: Random, length: number): Buffer => Buffer.alloc(length);
const randomBytes = (dice: Random, length: number): Buffer =>
  Buffer.from(Array.from({ length }, () => dice.between(0, 255)));
