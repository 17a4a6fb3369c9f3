/** What is signed is worked out here from what the API says an act is; the API's own digest only has to agree. */
import { normalised } from '../chain/signature-forms.ts';
import { executeDigest, quoteDigest, type Quote } from '../chain/typed-data.ts';
import { parseAmount, parseRate, type Currency } from '../domain/money.ts';
import type {
  MoneyInput,
  PreparedAct,
  PreparedQuote,
  QuoteInput,
  SignatureInput,
  Signer,
} from './generated/schema.ts';
import type { Key } from './key.ts';
import type { Given } from './routes.ts';

/** Signs the calls of a prepared act. Throws if they are not what the digest stands for, or the key is none of its signers. */
export function signAct(prepared: PreparedAct, key: SigningKey): SignatureInput[] {
  const { account, calls, nonce, validUntil, typedData } = prepared;
  const instruction = { account, calls, nonce: BigInt(nonce), validUntil: Date.parse(validUntil) / 1_000 };
  const digest = executeDigest(Number(typedData.domain['chainId']), instruction);
  if (digest !== prepared.digest) throw new Error(`act ${prepared.id} is not what its digest says`);
  return [signatureOf(key, digest, prepared.signers)];
}

/** Signs a prepared quote. Throws if it is not what was asked for in `terms`. */
export function signQuote(
  prepared: PreparedQuote,
  terms: Given<QuoteInput>,
  key: SigningKey,
): SignatureInput[] {
  const { account, typedData } = prepared;
  const { chainId, verifyingContract } = typedData.domain as {
    chainId: number | string;
    verifyingContract: string;
  };
  const quote = (typedData.message as { contents: Quote }).contents;
  const desk = { chainId: Number(chainId), addresses: { desk: verifyingContract } };
  if (quoteDigest(desk, account, quote) !== prepared.digest) {
    throw new Error(`quote ${prepared.id} is not what its digest says`);
  }
  const changed = Object.entries(numbersOf(terms)).filter(
    ([name, value]) => value !== undefined && value !== BigInt(quote[name as keyof Quote]),
  );
  if (changed.length > 0) {
    throw new Error(`quote ${prepared.id} has another ${changed.map(([name]) => name).join(', ')}`);
  }
  return [signatureOf(key, prepared.digest, prepared.signers)];
}

/** What the bank said; undefined: it left that to the request. */
const numbersOf = ({ rate, amount, fee, validUntil }: Given<QuoteInput>) => ({
  ratePpm: BigInt(parseRate(rate)),
  amount: amount && cents(amount),
  fee: fee === undefined ? 0n : cents(fee),
  validUntil: validUntil === undefined ? undefined : BigInt(Math.floor(Date.parse(validUntil) / 1_000)),
});

const cents = ({ amount, currency }: MoneyInput): bigint => parseAmount(amount, currency as Currency);

/** Any key that signs a digest: this package's, or one that a device or a wallet keeps. */
export type SigningKey = Pick<Key, 'is' | 'sign'>;

/** Devices and wallets write the same signature in several forms; the account takes one. */
function signatureOf(key: SigningKey, digest: string, signers: readonly Signer[]): SignatureInput {
  const signer = signers.find(({ id }) => key.is(id));
  if (signer === undefined) throw new Error('this key is none of the signers of the account');
  const signature = key.sign(digest);
  return {
    signer: signer.id,
    signature: signer.type === 'other' ? signature : normalised(signer.type, signature),
  };
}
