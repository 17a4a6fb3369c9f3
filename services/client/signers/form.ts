/** The form in which an account takes a signature. */
import { normalised } from '../../chain/signature-forms.ts';
import type { SignatureInput, Signer } from '../generated/schema.ts';

/** Devices and wallets write the same signature in several forms; the account takes one. What a contract takes, only it knows. */
export const inItsForm = ({ id, type }: Pick<Signer, 'id' | 'type'>, signature: string): SignatureInput => ({
  signer: id,
  signature: type === 'other' || type === 'contract' ? signature : normalised(type, signature),
});
