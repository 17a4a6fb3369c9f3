/** What shows that a wallet or a UKey is a person's own: worked out here, on the site that the browser is on. */
import { keccak, keccakOfText, word } from '../instructions/abi.ts';
import { digestOf, domainOf, hashOf } from '../instructions/digest.ts';
import type { Pin, TypedData } from '../instructions/index.ts';

export type OwnSignerProof = {
  /** The origin of the page. */
  readonly site: string;
  /** The person's id. */
  readonly person: string;
  /** As an account names it (ERC-7913), hex in lower case. */
  readonly signer: string;
  /** Seconds. */
  readonly at: number;
};

const NAME = 'Tallystick signer';
const TYPE = 'OwnSigner(string site,string person,bytes signer,uint40 at)';
const field = (type: string, name: string) => ({ name, type });

/** In a domain of its own, so that it is nothing that an account or a desk takes. */
export function ownSignerToSign(
  { chainId, contracts }: Pick<Pin, 'chainId' | 'contracts'>,
  { site, person, signer, at }: OwnSignerProof,
): { readonly digest: string; readonly typedData: TypedData } {
  const bills = contracts.bills;
  const struct = hashOf(
    keccakOfText(TYPE),
    keccakOfText(site),
    keccakOfText(person),
    keccak(signer),
    word(BigInt(at)),
  );
  return {
    digest: digestOf(domainOf(NAME, chainId, bills), struct),
    typedData: {
      domain: { name: NAME, version: '1', chainId, verifyingContract: bills },
      types: {
        EIP712Domain: [
          field('string', 'name'),
          field('string', 'version'),
          field('uint256', 'chainId'),
          field('address', 'verifyingContract'),
        ],
        OwnSigner: [
          field('string', 'site'),
          field('string', 'person'),
          field('bytes', 'signer'),
          field('uint40', 'at'),
        ],
      },
      primaryType: 'OwnSigner',
      message: { site, person, signer, at: String(at) },
    },
  };
}
