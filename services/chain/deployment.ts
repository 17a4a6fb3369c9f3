import { readFileSync, renameSync, writeFileSync } from 'node:fs';
import { Type, type Static } from 'typebox';
import { Value } from 'typebox/value';

const Address = Type.String({ pattern: '^0x[0-9a-fA-F]{40}$' });

const DeploymentSchema = Type.Object(
  {
    chainId: Type.Integer({ minimum: 1 }),
    /** The first block that can hold a log of ours. */
    startBlock: Type.Integer({ minimum: 0 }),
    /** Hash of the chain's block 0: tells this chain from another with the same id. */
    genesisHash: Type.String({ pattern: '^0x[0-9a-f]{64}$' }),
    currency: Type.Literal('CNY'),
    /** Whose key admits members and publishes rule packs. */
    operator: Address,
    /** Who holds the other powers: see Hands in governance.ts. */
    hands: Type.Object({ admin: Address, desks: Address, guardian: Address }),
    addresses: Type.Object({
      accessManager: Address,
      timelock: Address,
      rulebook: Address,
      lines: Address,
      cash: Address,
      bills: Address,
      /** What runs in the ledger's name, over its storage, and is never called itself. An older ledger has none. */
      billsExtension: Type.Optional(Address),
      desk: Address,
      orgAccountFactory: Address,
      p256Verifier: Address,
      /** Of passkeys. An older ledger has none. */
      webAuthnVerifier: Type.Optional(Address),
      /** Of SM2 keys. An older ledger has none. */
      sm2Verifier: Type.Optional(Address),
      ribbon: Address,
      /** What firms' accounts ask what a batch is, and for how much. Only accounts call it. */
      callReader: Type.Optional(Address),
      /** Where the heads of the audit trail are written. */
      auditAnchor: Address,
      /** A ledger that is older than it has none: there each act is a transaction of its own. */
      relay: Type.Optional(Address),
    }),
  },
  { additionalProperties: false },
);

/** Where the contracts are: the one fact about a chain that every service must know. */
export type Deployment = Static<typeof DeploymentSchema>;
export type ContractName = keyof Deployment['addresses'];

/** Throws when the file is missing or is not a deployment. */
export function readDeployment(file: string): Deployment {
  const value: unknown = JSON.parse(readFileSync(file, 'utf8'));
  if (!Value.Check(DeploymentSchema, value)) throw new Error(`${file} is not a deployment of Tallystick`);
  return value;
}

export function writeDeployment(file: string, deployment: Deployment): void {
  const fresh = `${file}.${process.pid}`;
  writeFileSync(fresh, `${JSON.stringify(deployment, null, 2)}\n`);
  renameSync(fresh, file);
}
