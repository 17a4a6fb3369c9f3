/**
 * Signers that are contracts: a Safe, or another firm's account (ERC-1271). Only the contract knows whether a signature is its own, so
 * the chain is asked, as the account will ask.
 */
import { toQuantity } from 'ethers';
import { interfaces } from '#chain/contracts.ts';
import { revertDataOf } from '#chain/errors.ts';
import type { Services } from '../services.ts';
import { GAS_OF_CONTRACT_SIGNER } from './gas.ts';
import { isOutOfGas } from './rehearse.ts';

type Wanted = Pick<Services, 'provider'>;

/** `bytes4(keccak256("isValidSignature(bytes32,bytes)"))`, and zeros to the end of the word. */
const YES = `0x1626ba7e${'00'.repeat(28)}`;

/** Whether an address has code: then an account asks it, and does not recover a key, be it a wallet that delegates (EIP-7702). */
export const isContract = async ({ provider }: Wanted, address: string): Promise<boolean> =>
  (await provider.getCode(address)) !== '0x';

/** @returns False also for a contract that reverts or takes more gas than it is given. Throws when the node cannot be asked. */
export async function isSignedByContract(
  { provider }: Wanted,
  address: string,
  digest: string,
  signature: string,
): Promise<boolean> {
  const data = interfaces.orgAccount.encodeFunctionData('isValidSignature', [digest, signature]);
  const call = { to: address, data, gas: toQuantity(GAS_OF_CONTRACT_SIGNER) };
  try {
    const answer = (await provider.send('eth_call', [call, 'latest'])) as string;
    return answer.slice(0, YES.length) === YES;
  } catch (error) {
    if (revertDataOf(error) !== undefined || isOutOfGas(error)) return false;
    throw error;
  }
}
