/**
 * T-REX as its own tests set it up: every part behind its proxy, each holder with an ONCHAINID and one KYC claim by a
 * trusted issuer. No compliance module, so a transfer asks who the receiver is and nothing else.
 */
import { AbiCoder, getBytes, keccak256, ZeroAddress } from 'ethers';
import type { Account, Deployed, GasChain } from '../chain.ts';
import { shipped } from './artifacts.ts';

const trex = (path: string) => shipped('@tokenysolutions/t-rex', `artifacts/contracts/${path}`);
const onchainId = (path: string) => shipped('@onchain-id/solidity', `artifacts/contracts/${path}`);

const KYC = 1n;
const CLAIM_KEY = 3;
const ECDSA = 1;
const COUNTRY = 156;

export type Trex = { readonly token: Deployed; readonly desk: Deployed };

/** @param owner Owns all of it and is its agent. */
export async function openTrex(chain: GasChain, owner: Account, holders: readonly Account[]): Promise<Trex> {
  const make = (
    artifact: Parameters<GasChain['deploy']>[1],
    ...args: readonly unknown[]
  ): Promise<Deployed> => chain.deploy(owner, artifact, ...args);
  const authority = await openAuthority(make, owner);
  /** A proxy with the functions of what stands behind it. */
  const proxy = async (name: string, logic: string, ...args: readonly unknown[]): Promise<Deployed> => {
    const { bytecode, abi } = trex(`proxy/${name}`);
    const made = await make({ abi, bytecode }, authority.address, ...args);
    return chain.attach(made.address, trex(logic).abi);
  };
  const topics = await proxy('ClaimTopicsRegistryProxy', 'registry/implementation/ClaimTopicsRegistry');
  const issuers = await proxy(
    'TrustedIssuersRegistryProxy',
    'registry/implementation/TrustedIssuersRegistry',
  );
  const storage = await proxy(
    'IdentityRegistryStorageProxy',
    'registry/implementation/IdentityRegistryStorage',
  );
  const registry = await proxy(
    'IdentityRegistryProxy',
    'registry/implementation/IdentityRegistry',
    ...[issuers.address, topics.address, storage.address],
  );
  const compliance = await proxy('ModularComplianceProxy', 'compliance/modular/ModularCompliance');
  const token = await proxy(
    'TokenProxy',
    'token/Token',
    ...[registry.address, compliance.address, 'Paper', 'P', 2, ZeroAddress],
  );
  await storage.does(owner, 'bindIdentityRegistry', registry.address);
  await token.does(owner, 'addAgent', owner.address);
  await registry.does(owner, 'addAgent', owner.address);
  await registry.does(owner, 'addAgent', token.address);
  await topics.does(owner, 'addClaimTopic', KYC);

  const issuer = await make(onchainId('ClaimIssuer'), owner.address);
  await issuer.does(owner, 'addKey', keyOf(owner.address), CLAIM_KEY, ECDSA);
  await issuers.does(owner, 'addTrustedIssuer', issuer.address, [KYC]);
  const identities = await make(
    onchainId('proxy/ImplementationAuthority'),
    (await makeIdentity(make, owner)).address,
  );
  for (const holder of holders) {
    const identity = await makeProxyIdentity(chain, make, identities, holder);
    await claim(identity, issuer, owner, holder);
    await registry.does(owner, 'registerIdentity', holder.address, identity.address, COUNTRY);
  }
  await token.does(owner, 'unpause');
  return { token, desk: await make(trex('DVD/DVDTransferManager')) };
}

type Make = (artifact: Parameters<GasChain['deploy']>[1], ...args: readonly unknown[]) => Promise<Deployed>;

async function openAuthority(make: Make, owner: Account): Promise<Deployed> {
  const logics = [
    'token/Token',
    'registry/implementation/ClaimTopicsRegistry',
    'registry/implementation/IdentityRegistry',
    'registry/implementation/IdentityRegistryStorage',
    'registry/implementation/TrustedIssuersRegistry',
    'compliance/modular/ModularCompliance',
  ];
  const addresses: string[] = [];
  for (const logic of logics) addresses.push((await make(trex(logic))).address);
  const path = 'proxy/authority/TREXImplementationAuthority';
  const authority = await make(trex(path), true, ZeroAddress, ZeroAddress);
  await authority.does(owner, 'addAndUseTREXVersion', [4, 1, 6], addresses);
  return authority;
}

const makeIdentity = (make: Make, owner: Account): Promise<Deployed> =>
  make(onchainId('Identity'), owner.address, true);

async function makeProxyIdentity(
  chain: GasChain,
  make: Make,
  authority: Deployed,
  holder: Account,
): Promise<Deployed> {
  const made = await make(onchainId('proxy/IdentityProxy'), authority.address, holder.address);
  return chain.attach(made.address, onchainId('Identity').abi);
}

/** The issuer says of the holder that it knows it. */
async function claim(identity: Deployed, issuer: Deployed, by: Account, holder: Account): Promise<void> {
  const said = '0x4b5943';
  const digest = keccak256(
    AbiCoder.defaultAbiCoder().encode(['address', 'uint256', 'bytes'], [identity.address, KYC, said]),
  );
  const signature = await by.wallet.signMessage(getBytes(digest));
  await identity.does(holder, 'addClaim', KYC, ECDSA, issuer.address, signature, said, '');
}

const keyOf = (address: string): string =>
  keccak256(AbiCoder.defaultAbiCoder().encode(['address'], [address]));
