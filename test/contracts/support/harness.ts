import { readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { ContractFactory, type Contract, type InterfaceAbi, type Signer } from 'ethers';
import hre from 'hardhat';
import { ethers } from './chain.ts';

/** Deploys a contract of this folder that exists for tests only; Hardhat builds these apart from the product's. */
export async function deployHarness(name: string, ...args: unknown[]): Promise<Contract> {
  const [deployer] = await ethers.getSigners();
  return deployHarnessBy(deployer!, name, ...args);
}

/** As {@link deployHarness}, on the signer's chain. */
export async function deployHarnessBy(deployer: Signer, name: string, ...args: unknown[]): Promise<Contract> {
  const file = `test/contracts/support/${name}.sol`;
  await hre.solidity.build([resolve(hre.config.paths.root, file)], { scope: 'tests', quiet: true });
  const artifact = join(await hre.solidity.getArtifactsDirectory('tests'), file, `${name}.json`);
  const { abi, bytecode } = JSON.parse(readFileSync(artifact, 'utf8')) as {
    abi: InterfaceAbi;
    bytecode: string;
  };
  return (await new ContractFactory(abi, bytecode, deployer).deploy(...args)) as Contract;
}
