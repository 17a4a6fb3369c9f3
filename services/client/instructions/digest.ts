/** The EIP-712 digests that a firm's key signs, worked out from what is signed and from nothing else. */
import { keccak, keccakOfText, word } from './abi.ts';

export type Call = { readonly target: string; readonly data: string };

const CALL = 'Call(address target,bytes data)';
const EXECUTE = `Execute(Call[] calls,uint256 nonce,uint40 validUntil)${CALL}`;
const DOMAIN = 'EIP712Domain(string name,string version,uint256 chainId,address verifyingContract)';
const QUOTE =
  'Quote(uint32 bank,uint8 scope,uint128 subject,uint32 seller,uint16 currency,uint56 amount,uint32 ratePpm,uint56 fee,uint8 recourse,bytes32 recourseTerms,uint40 validUntil,uint64 nonce)';
const nested = (contents: string): string =>
  `TypedDataSign(${contents} contents,string name,string version,uint256 chainId,address verifyingContract,bytes32 salt)`;
const NESTED = `${nested('Quote')}${QUOTE}`;
/** Types in the order of EIP-712. */
const NESTED_EXECUTE = `${nested('Execute')}${CALL}${EXECUTE.slice(0, -CALL.length)}`;

export const hashOf = (...words: readonly string[]): string =>
  keccak(`0x${words.map((part) => part.replace(/^0x/, '')).join('')}`);
const address = (text: string): string => word(BigInt(text));

export const domainOf = (name: string, chainId: number, contract: string): string =>
  hashOf(keccakOfText(DOMAIN), keccakOfText(name), keccakOfText('1'), word(chainId), address(contract));

export const digestOf = (domain: string, struct: string): string => hashOf('1901', domain, struct);

/** A batch as its account takes it. */
export type Signed = { readonly calls: readonly Call[]; readonly nonce: bigint; readonly validUntil: number };

const structOf = ({ calls, nonce, validUntil }: Signed): string => {
  const hashes = calls.map(({ target, data }) => hashOf(keccakOfText(CALL), address(target), keccak(data)));
  return hashOf(keccakOfText(EXECUTE), hashOf(...hashes), word(nonce), word(validUntil));
};

export const instructionDigest = (chainId: number, account: string, signed: Signed): string =>
  digestOf(domainOf('Tallystick OrgAccount', chainId, account), structOf(signed));

/** What a branch's people sign: the same, nested in the domain of the branch's account (ERC-7739). */
export function branchDigest(chainId: number, account: string, signed: Signed, branch: string): string {
  const struct = hashOf(
    keccakOfText(NESTED_EXECUTE),
    structOf(signed),
    keccakOfText('Tallystick OrgAccount'),
    keccakOfText('1'),
    word(chainId),
    address(branch),
    word(0n),
  );
  return digestOf(domainOf('Tallystick OrgAccount', chainId, account), struct);
}

/** The fields of a quote in the order of its type; see IFinancingDesk. */
export const QUOTE_FIELDS = [
  'bank',
  'scope',
  'subject',
  'seller',
  'currency',
  'amount',
  'ratePpm',
  'fee',
  'recourse',
  'recourseTerms',
  'validUntil',
  'nonce',
] as const;
export type QuoteFields = Readonly<Record<(typeof QUOTE_FIELDS)[number], bigint>>;

/** A quote is nested in the domain of the bank's account (ERC-7739). */
export function quoteDigest(chainId: number, desk: string, account: string, quote: QuoteFields): string {
  const contents = hashOf(keccakOfText(QUOTE), ...QUOTE_FIELDS.map((name) => word(quote[name])));
  const struct = hashOf(
    keccakOfText(NESTED),
    contents,
    keccakOfText('Tallystick OrgAccount'),
    keccakOfText('1'),
    word(chainId),
    address(account),
    word(0),
  );
  return digestOf(domainOf('Tallystick FinancingDesk', chainId, desk), struct);
}

const inAccount = (chainId: number, account: string, struct: string): string =>
  digestOf(domainOf('Tallystick OrgAccount', chainId, account), struct);

/** One signer's word against a change of its firm's policy. */
export const vetoDigest = (chainId: number, account: string, change: string): string =>
  inAccount(chainId, account, hashOf(keccakOfText('Veto(bytes32 change)'), word(BigInt(change))));

/** One signer's word against the recovery of its firm. @param nonce One of the account's that is unused. */
export const stopRecoveryDigest = (
  chainId: number,
  account: string,
  { bills, member, nonce }: { readonly bills: string; readonly member: number; readonly nonce: bigint },
): string =>
  inAccount(
    chainId,
    account,
    hashOf(
      keccakOfText('StopRecovery(address bills,uint32 member,uint256 nonce)'),
      address(bills),
      word(BigInt(member)),
      word(nonce),
    ),
  );
