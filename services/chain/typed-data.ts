import {
  AbiCoder,
  concat,
  getBytes,
  id,
  keccak256,
  toBeHex,
  toUtf8Bytes,
  TypedDataEncoder,
  ZeroHash,
  zeroPadValue,
  type TypedDataDomain,
  type TypedDataField,
} from 'ethers';

/** A call of a signed batch. */
export type Call = { readonly target: string; readonly data: string };

export type Instruction = {
  readonly account: string;
  readonly calls: readonly Call[];
  readonly nonce: bigint;
  /** Seconds; after this instant the account refuses it. */
  readonly validUntil: number;
};

/** A bank's quote as the financing desk knows it (see IFinancingDesk). Amounts in minor units. */
export type Quote = {
  readonly bank: number;
  readonly scope: number;
  readonly subject: bigint;
  readonly seller: number;
  readonly currency: number;
  readonly amount: bigint;
  readonly ratePpm: number;
  readonly fee: bigint;
  readonly recourse: number;
  readonly recourseTerms: string;
  readonly validUntil: number;
  readonly nonce: bigint;
};

export const QUOTE_SCOPES = { parcel: 0, bill: 1, obligor: 2 } as const;
export const RECOURSE_NUMBERS = { without: 0, with: 1, limited: 2 } as const;

export type TypedData = {
  readonly domain: TypedDataDomain;
  readonly types: Record<string, TypedDataField[]>;
  readonly primaryType: string;
  readonly message: Record<string, unknown>;
};

const EXECUTE_TYPES = {
  Execute: [
    { name: 'calls', type: 'Call[]' },
    { name: 'nonce', type: 'uint256' },
    { name: 'validUntil', type: 'uint40' },
  ],
  Call: [
    { name: 'target', type: 'address' },
    { name: 'data', type: 'bytes' },
  ],
};

const QUOTE_FIELDS: TypedDataField[] = [
  { name: 'bank', type: 'uint32' },
  { name: 'scope', type: 'uint8' },
  { name: 'subject', type: 'uint128' },
  { name: 'seller', type: 'uint32' },
  { name: 'currency', type: 'uint16' },
  { name: 'amount', type: 'uint56' },
  { name: 'ratePpm', type: 'uint32' },
  { name: 'fee', type: 'uint56' },
  { name: 'recourse', type: 'uint8' },
  { name: 'recourseTerms', type: 'bytes32' },
  { name: 'validUntil', type: 'uint40' },
  { name: 'nonce', type: 'uint64' },
];
const QUOTE_TYPE = `Quote(${QUOTE_FIELDS.map(({ type, name }) => `${type} ${name}`).join(',')})`;

const accountDomain = (chainId: number, account: string): TypedDataDomain => ({
  name: 'Tallystick OrgAccount',
  version: '1',
  chainId,
  verifyingContract: account,
});

/** What of a deployment a quote is bound to. */
type Desk = { readonly chainId: number; readonly addresses: { readonly desk: string } };

const deskDomain = ({ chainId, addresses }: Desk): TypedDataDomain => ({
  name: 'Tallystick FinancingDesk',
  version: '1',
  chainId,
  verifyingContract: addresses.desk,
});

const digestOf = ({ domain, types, primaryType, message }: TypedData): string =>
  TypedDataEncoder.from(types).primaryType === primaryType
    ? TypedDataEncoder.hash(domain, types, message)
    : fail(`${primaryType} is not the root of its types`);

/** What a firm's signers sign for a batch. */
export function executeTypedData(chainId: number, instruction: Instruction): TypedData {
  const { account, calls, nonce, validUntil } = instruction;
  return {
    domain: accountDomain(chainId, account),
    types: EXECUTE_TYPES,
    primaryType: 'Execute',
    message: { calls, nonce, validUntil },
  };
}

export const executeDigest = (chainId: number, instruction: Instruction): string =>
  digestOf(executeTypedData(chainId, instruction));

/** What ERC-7739 adds to what is signed: the domain of the account that signs. */
const NESTING: TypedDataField[] = [
  { name: 'name', type: 'string' },
  { name: 'version', type: 'string' },
  { name: 'chainId', type: 'uint256' },
  { name: 'verifyingContract', type: 'address' },
  { name: 'salt', type: 'bytes32' },
];

/**
 * What a bank's signers sign for a quote: the quote, nested in the account's own domain (ERC-7739 TypedDataSign), so
 * that it is worth nothing under another account of the same signers.
 *
 * @param account The bank's OrgAccount.
 */
export function quoteTypedData(deployment: Desk, account: string, quote: Quote): TypedData {
  return {
    domain: deskDomain(deployment),
    types: {
      TypedDataSign: [{ name: 'contents', type: 'Quote' }, ...NESTING],
      Quote: QUOTE_FIELDS,
    },
    primaryType: 'TypedDataSign',
    message: { contents: quote, ...accountDomain(deployment.chainId, account), salt: ZeroHash },
  };
}

export const quoteDigest = (deployment: Desk, account: string, quote: Quote): string =>
  digestOf(quoteTypedData(deployment, account, quote));

/** The digest under which the desk asks the bank's account (ERC-1271); an ECDSA account signs this one itself. */
export const plainQuoteDigest = (deployment: Desk, quote: Quote): string =>
  TypedDataEncoder.hash(deskDomain(deployment), { Quote: QUOTE_FIELDS }, quote);

/**
 * The signature that the desk hands to the bank's account: the signers' signature, and what the account needs to
 * rebuild the nested digest (ERC-7739).
 *
 * @param signature As {@link encodeSignature} makes it, over {@link quoteDigest}.
 */
export function quoteSignature(deployment: Desk, quote: Quote, signature: string): string {
  return concat([
    signature,
    TypedDataEncoder.hashDomain(deskDomain(deployment)),
    TypedDataEncoder.hashStruct('Quote', { Quote: QUOTE_FIELDS }, quote),
    toUtf8Bytes(QUOTE_TYPE),
    toBeHex(toUtf8Bytes(QUOTE_TYPE).length, 2),
  ]);
}

/** A quote and its signature in the form that the financing desk takes as an order. */
export const encodeOrder = (quote: Quote, signature: string): string =>
  AbiCoder.defaultAbiCoder().encode(
    [`tuple(${QUOTE_FIELDS.map(({ type, name }) => `${type} ${name}`).join(',')})`, 'bytes'],
    [quote, signature],
  );

/** What one signer signs to stop a change of its firm's policy; `change` is its hash. */
export const vetoTypedData = (chainId: number, account: string, change: string): TypedData => ({
  domain: accountDomain(chainId, account),
  types: { Veto: [{ name: 'change', type: 'bytes32' }] },
  primaryType: 'Veto',
  message: { change },
});

export const vetoDigest = (chainId: number, account: string, change: string): string =>
  digestOf(vetoTypedData(chainId, account, change));

/** The public half of a firm's key for documents: 65 bytes, hex. */
export type StatedDocumentKey = { readonly member: number; readonly publicKey: string };

/** What one signer of a firm signs of its key for documents. The account takes nothing of this form. */
export const documentKeyTypedData = (
  chainId: number,
  account: string,
  stated: StatedDocumentKey,
): TypedData => ({
  domain: accountDomain(chainId, account),
  types: {
    DocumentKey: [
      { name: 'member', type: 'uint32' },
      { name: 'publicKey', type: 'bytes' },
    ],
  },
  primaryType: 'DocumentKey',
  message: stated,
});

export const documentKeyDigest = (chainId: number, account: string, stated: StatedDocumentKey): string =>
  digestOf(documentKeyTypedData(chainId, account, stated));

/** Who may read the documents of a bill from now on; `number` tells one from the next. */
export type DocumentSight = { readonly billNo: bigint; readonly reader: number; readonly number: bigint };

/** What a firm's signers sign to give another member sight of the documents of a bill. The account takes nothing of this form. */
export const documentSightTypedData = (
  chainId: number,
  account: string,
  sight: DocumentSight,
): TypedData => ({
  domain: accountDomain(chainId, account),
  types: {
    DocumentSight: [
      { name: 'billNo', type: 'uint64' },
      { name: 'reader', type: 'uint32' },
      { name: 'number', type: 'uint64' },
    ],
  },
  primaryType: 'DocumentSight',
  message: sight,
});

export const documentSightDigest = (chainId: number, account: string, sight: DocumentSight): string =>
  digestOf(documentSightTypedData(chainId, account, sight));

export type StoppedRecovery = {
  /** The ledger. */
  readonly bills: string;
  readonly member: number;
  /** One of the account's that is unused. */
  readonly nonce: bigint;
};

/** What one signer signs to stop the recovery of its firm. */
export const stopRecoveryTypedData = (
  chainId: number,
  account: string,
  stopped: StoppedRecovery,
): TypedData => ({
  domain: accountDomain(chainId, account),
  types: {
    StopRecovery: [
      { name: 'bills', type: 'address' },
      { name: 'member', type: 'uint32' },
      { name: 'nonce', type: 'uint256' },
    ],
  },
  primaryType: 'StopRecovery',
  message: { ...stopped },
});

export const stopRecoveryDigest = (chainId: number, account: string, stopped: StoppedRecovery): string =>
  digestOf(stopRecoveryTypedData(chainId, account, stopped));

/**
 * What a branch's signers sign where the branch's account is a signer of the head office's: what the head office's account asks for
 * (a batch, a veto), nested in the branch's own domain (ERC-7739).
 */
export function nestedTypedData(branch: string, asked: TypedData): TypedData {
  const { domain, types, primaryType, message } = asked;
  const inBranch = accountDomain(Number(domain.chainId), branch);
  return {
    domain,
    types: {
      TypedDataSign: [{ name: 'contents', type: primaryType }, ...NESTING],
      ...types,
    },
    primaryType: 'TypedDataSign',
    message: { contents: message, ...inBranch, salt: ZeroHash },
  };
}

export const nestedDigest = (branch: string, asked: TypedData): string =>
  digestOf(nestedTypedData(branch, asked));

/**
 * The branch's signature as the head office's account takes it.
 *
 * @param signature As {@link encodeSignature} makes it, of the branch's signers over {@link nestedDigest}.
 */
export function nestedSignature(asked: TypedData, signature: string): string {
  const { domain, types, primaryType, message } = asked;
  const description = toUtf8Bytes(contentsOf(asked));
  return concat([
    signature,
    TypedDataEncoder.hashDomain(domain),
    TypedDataEncoder.hashStruct(primaryType, types, message),
    description,
    toBeHex(description.length, 2),
  ]);
}

/** The types in the order that they have behind TypedDataSign; the one that is signed is named if it is not the first of them. */
function contentsOf({ types, primaryType }: TypedData): string {
  const all = TypedDataEncoder.from(types).encodeType(primaryType);
  const sorted = all.match(/\w+\([^)]*\)/g)!.sort();
  const isFirst = sorted[0]!.startsWith(`${primaryType}(`);
  return sorted.join('') + (isFirst ? '' : primaryType);
}

export type SignerSignature = { readonly signer: string; readonly signature: string };

/** Signatures of several ERC-7913 signers in the form that an OrgAccount takes: ordered by the signer's hash. */
export function encodeSignature(parts: readonly SignerSignature[]): string {
  const ordered = [...parts].sort((a, b) =>
    BigInt(keccak256(a.signer)) < BigInt(keccak256(b.signer)) ? -1 : 1,
  );
  return AbiCoder.defaultAbiCoder().encode(
    ['bytes[]', 'bytes[]'],
    [ordered.map(({ signer }) => signer), ordered.map(({ signature }) => signature)],
  );
}

/** The verifiers of a deployment; an older one lacks the later kinds. */
export type Verifiers = {
  readonly p256Verifier: string;
  readonly webAuthnVerifier?: string | undefined;
  readonly sm2Verifier?: string | undefined;
};

/** The kinds of keys that stand under a verifier of ours, and under which. */
const VERIFIER_OF = {
  p256: 'p256Verifier',
  webauthn: 'webAuthnVerifier',
  sm2: 'sm2Verifier',
} as const satisfies Record<string, keyof Verifiers>;
export type KeyType = keyof typeof VERIFIER_OF;
const KEY_TYPES = Object.keys(VERIFIER_OF) as KeyType[];

/** The parts of an ERC-7913 signer. Coordinates as 32 bytes of hex. */
export type SignerParts =
  | { readonly type: 'ecdsa'; readonly address: string }
  | { readonly type: KeyType; readonly x: string; readonly y: string };

const keySigner = (verifier: string, x: string, y: string): string =>
  concat([verifier, zeroPadValue(x, 32), zeroPadValue(y, 32)]);

/** The ERC-7913 signer of a P-256 key: verifier ‖ x ‖ y. Coordinates as 32 bytes of hex. */
export const p256Signer = keySigner;
/** The ERC-7913 signer of a passkey, under the verifier of passkeys. */
export const webAuthnSigner = keySigner;
/** The ERC-7913 signer of an SM2 key, under the verifier of such keys. */
export const sm2Signer = keySigner;

/** The signer of a key; undefined where the deployment has no verifier of its kind. */
export function signerOf(verifiers: Verifiers, { type, x, y }: Exclude<SignerParts, { type: 'ecdsa' }>) {
  const verifier = verifiers[VERIFIER_OF[type]];
  return verifier === undefined ? undefined : keySigner(verifier, x, y);
}

/** The parts of an ERC-7913 signer: an address, or a key under a verifier of ours; undefined for another kind. */
export function partsOfSigner(verifiers: Verifiers, signer: string): SignerParts | undefined {
  const bytes = getBytes(signer);
  if (bytes.length === 20) return { type: 'ecdsa', address: signer };
  if (bytes.length !== 84) return undefined;
  const verifier = signer.slice(0, 42).toLowerCase();
  const type = KEY_TYPES.find((each) => verifiers[VERIFIER_OF[each]]?.toLowerCase() === verifier);
  return type && { type, x: `0x${signer.slice(42, 106)}`, y: `0x${signer.slice(106)}` };
}

/** Hash under which an invoice is known, of its canonical form: see #domain/invoices/canonical.ts. */
export const invoiceId = (seller: string, number: string, code = ''): string =>
  keccak256(AbiCoder.defaultAbiCoder().encode(['string', 'string', 'string'], [seller, code, number]));

/** Hash of a document's canonical JSON. */
export const documentHash = (canonical: string): string => id(canonical);

function fail(message: string): never {
  throw new Error(message);
}
