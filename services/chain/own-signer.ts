/** What shows that a wallet or a UKey is a person's own. */
import { TypedDataEncoder } from 'ethers';

/** What a wallet or a UKey signs to be a person's own: on which site, of whom, which signer, when (seconds). */
export type OwnSignerProof = {
  readonly site: string;
  readonly person: string;
  readonly signer: string;
  readonly at: number;
};

const OWN_SIGNER_TYPES = {
  OwnSigner: [
    { name: 'site', type: 'string' },
    { name: 'person', type: 'string' },
    { name: 'signer', type: 'bytes' },
    { name: 'at', type: 'uint40' },
  ],
};

/** In a domain of its own, so that it is nothing that an account or a desk takes. */
export const ownSignerDigest = (chainId: number, bills: string, proof: OwnSignerProof): string =>
  TypedDataEncoder.hash(
    { name: 'Tallystick signer', version: '1', chainId, verifyingContract: bills },
    OWN_SIGNER_TYPES,
    proof,
  );
