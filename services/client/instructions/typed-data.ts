/** The typed data of what a firm signs, for wallets that show it (EIP-712 in JSON), built from what is signed and from nothing else. */
import { QUOTE_FIELDS, type QuoteFields, type Signed } from './digest.ts';

type Field = { readonly name: string; readonly type: string };
export type TypedData = {
  readonly domain: {
    readonly name: string;
    readonly version: string;
    readonly chainId: number;
    readonly verifyingContract: string;
  };
  readonly types: Readonly<Record<string, readonly Field[]>>;
  readonly primaryType: string;
  /** Integers as decimal strings. */
  readonly message: object;
};

/** `uint256 nonce,bytes data` */
const fields = (text: string): readonly Field[] =>
  text.split(',').map((field) => {
    const [type, name] = field.split(' ');
    return { name: name!, type: type! };
  });

const DOMAIN = fields('string name,string version,uint256 chainId,address verifyingContract');
const QUOTE_TYPES =
  'uint32,uint8,uint128,uint32,uint16,uint56,uint32,uint56,uint8,bytes32,uint40,uint64'.split(',');

const accountDomain = (chainId: number, account: string) => ({
  name: 'Tallystick OrgAccount',
  version: '1',
  chainId,
  verifyingContract: account,
});

const EXECUTE = {
  Execute: fields('Call[] calls,uint256 nonce,uint40 validUntil'),
  Call: fields('address target,bytes data'),
};
/** What is signed for one account as the account of another sees it (ERC-7739). */
const nesting = (contents: string) => ({
  TypedDataSign: fields(
    `${contents} contents,string name,string version,uint256 chainId,address verifyingContract,bytes32 salt`,
  ),
});
const nested = (contents: object, chainId: number, account: string) => ({
  contents,
  ...accountDomain(chainId, account),
  chainId: String(chainId),
  salt: `0x${'00'.repeat(32)}`,
});

export function instructionTypedData(
  chainId: number,
  account: string,
  { calls, nonce, validUntil }: Signed,
): TypedData {
  return {
    domain: accountDomain(chainId, account),
    types: { EIP712Domain: DOMAIN, ...EXECUTE },
    primaryType: 'Execute',
    message: {
      calls: calls.map(({ target, data }) => ({ target, data })),
      nonce: String(nonce),
      validUntil: String(validUntil),
    },
  };
}

/** The same, nested in the domain of a branch's account. */
export function branchTypedData(chainId: number, account: string, signed: Signed, branch: string): TypedData {
  const { domain, message } = instructionTypedData(chainId, account, signed);
  return {
    domain,
    types: { EIP712Domain: DOMAIN, ...nesting('Execute'), ...EXECUTE },
    primaryType: 'TypedDataSign',
    message: nested(message, chainId, branch),
  };
}

/** A quote, nested in the domain of the bank's account (ERC-7739). */
export function quoteTypedData(
  chainId: number,
  desk: string,
  account: string,
  quote: QuoteFields,
): TypedData {
  const contents = Object.fromEntries(
    QUOTE_FIELDS.map((name) => [
      name,
      name === 'recourseTerms' ? `0x${quote[name].toString(16).padStart(64, '0')}` : String(quote[name]),
    ]),
  );
  return {
    domain: { ...accountDomain(chainId, desk), name: 'Tallystick FinancingDesk' },
    types: {
      EIP712Domain: DOMAIN,
      ...nesting('Quote'),
      Quote: QUOTE_FIELDS.map((name, n) => ({ name, type: QUOTE_TYPES[n]! })),
    },
    primaryType: 'TypedDataSign',
    message: nested(contents, chainId, account),
  };
}
