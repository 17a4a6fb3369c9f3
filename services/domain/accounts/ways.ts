/** Who can do what under a policy, told in people: for whoever sets one, or is asked to sign one. */
import { missingOfPeople } from './people.ts';
import {
  KIND_BITS,
  KINDS,
  LARGEST,
  needOf,
  type Batch,
  type Kind,
  type Need,
  type Policy,
  type PolicySigner,
} from './policy.ts';

/** Signers of whom no more is looked for than the weight that they need: sets of more are too many to be told. */
const MOST_SIGNERS = 10;

/** Whose device a signer is; null: a key that counts by itself. */
export type PersonOf = (signer: string) => string | null;

/** What takes the same signatures: kinds of instruction, from an amount on, below another. */
export type Line = {
  readonly kinds: readonly Kind[];
  /** Minor units. */
  readonly from: bigint;
  readonly below: bigint | undefined;
  readonly need: Need;
  /** The smallest sets of signers that are enough; undefined: too many to be told. None: nobody can. */
  readonly ways: readonly (readonly string[])[] | undefined;
  /** The most that these people may sign for on a day, where each way needs somebody with a limit. */
  readonly cap: bigint | undefined;
};

/** The smallest sets of signers that are enough for a batch, the smaller ones first. */
export function waysFor(
  policy: Policy,
  batch: Batch,
  personOf: PersonOf,
  now: number,
): readonly (readonly string[])[] | undefined {
  const { signers } = policy;
  if (signers.length > MOST_SIGNERS) return undefined;
  const sets = Array.from({ length: 2 ** signers.length - 1 }, (_, n) => n + 1).sort(
    (a, b) => ones(a) - ones(b) || a - b,
  );
  const found: number[] = [];
  for (const set of sets) {
    if (found.some((smaller) => (set & smaller) === smaller)) continue;
    const signed = keysIn(signers, set).map((signer) => ({ signer, person: personOf(signer) }));
    if (missingOfPeople(policy, batch, signed, now).isEnough) found.push(set);
  }
  return found.map((set) => keysIn(signers, set));
}

const ones = (bits: number): number => bits.toString(2).replaceAll('0', '').length;
const keysIn = (signers: readonly PolicySigner[], set: number): string[] =>
  signers.filter((_, n) => (set & (1 << n)) !== 0).map(({ key }) => key);

/** All of a policy, kind by kind and band by band; kinds that ask for the same stand together. The account's own affairs come last. */
export function linesOf(policy: Policy, personOf: PersonOf, now: number): Line[] {
  const known = new Map<string, Pick<Line, 'ways' | 'cap' | 'need'>>();
  const answerFor = (batch: Batch) => {
    const need = needOf(policy, batch);
    const key = `${need.weight} ${need.levels}`;
    const before = known.get(key);
    if (before !== undefined) return { key, ...before };
    const ways = waysFor(policy, batch, personOf, now);
    const answer = { need, ways, cap: batch.kinds === KIND_BITS.own ? undefined : capOf(policy, ways) };
    known.set(key, answer);
    return { key, ...answer };
  };
  const groups = new Map<string, { kinds: Kind[]; bands: Omit<Line, 'kinds'>[] }>();
  for (const kind of [
    ...KINDS.filter((each) => each !== 'own' && each !== 'other'),
    'other',
    'own',
  ] as Kind[]) {
    const kinds = KIND_BITS[kind];
    const isOwn = kind === 'own';
    const froms = isOwn ? [0n] : kind === 'other' ? [LARGEST] : startsOf(policy, kinds);
    const bands = froms.map((amount) => ({ amount, ...answerFor({ kinds, amount }) }));
    const merged = bands.filter((band, n) => n === 0 || band.key !== bands[n - 1]!.key);
    const group = `${isOwn} ${merged.map(({ key, amount }) => `${kind === 'other' ? 0n : amount}:${key}`).join()}`;
    const lines = merged.map(({ amount, need, ways, cap }, n) => ({
      from: kind === 'other' ? 0n : amount,
      below: merged[n + 1]?.amount,
      need,
      ways,
      cap: isOwn ? undefined : cap,
    }));
    const same = groups.get(group);
    if (same === undefined) groups.set(group, { kinds: [kind], bands: lines });
    else same.kinds.push(kind);
  }
  return [...groups.values()].flatMap(({ kinds, bands }) => bands.map((band) => ({ kinds, ...band })));
}

/** Amounts at which a rule for one of the kinds begins, and 0. */
const startsOf = ({ rules }: Policy, kinds: number): bigint[] =>
  [...new Set([0n, ...rules.filter((rule) => (rule.kinds & kinds) !== 0).map(({ from }) => from)])].sort(
    (a, b) => (a < b ? -1 : 1),
  );

function capOf({ signers }: Policy, ways: Line['ways']): bigint | undefined {
  if (ways === undefined || ways.length === 0) return undefined;
  const limits = new Map(signers.map(({ key, dayLimit }) => [key, dayLimit === 0n ? LARGEST : dayLimit]));
  const most = ways
    .map((way) => way.map((key) => limits.get(key)!).reduce((a, b) => (a < b ? a : b)))
    .reduce((a, b) => (a > b ? a : b));
  return most === LARGEST ? undefined : most;
}

export type Loss = {
  /** What the others can do no more. */
  readonly impossible: readonly Kind[];
  /** Whether they can name another device instead. */
  readonly canReplace: boolean;
};

/** What is left when a person, or a key of nobody, signs no more; undefined: too many signers to be told. */
export function lossOf(
  policy: Policy,
  isLost: (signer: string) => boolean,
  personOf: PersonOf,
  now: number,
): Loss {
  const left = { ...policy, signers: policy.signers.filter(({ key }) => !isLost(key)) };
  const canSign = (kinds: number, amount: bigint): boolean => {
    const signed = left.signers.map(({ key }) => ({ signer: key, person: personOf(key) }));
    return missingOfPeople(left, { kinds, amount }, signed, now).isEnough;
  };
  const all = KINDS.filter((kind) => kind !== 'own');
  const impossible = all.filter((kind) =>
    (kind === 'other' ? [LARGEST] : startsOf(policy, KIND_BITS[kind])).some(
      (amount) => !canSign(KIND_BITS[kind], amount),
    ),
  );
  return { impossible, canReplace: canSign(KIND_BITS.own, 0n) };
}
