import { createRequire } from 'node:module';
import { defineConfig } from 'hardhat/config';
import hardhatEthers from '@nomicfoundation/hardhat-ethers';
import hardhatEthersChaiMatchers from '@nomicfoundation/hardhat-ethers-chai-matchers';
import hardhatMocha from '@nomicfoundation/hardhat-mocha';
import hardhatNetworkHelpers from '@nomicfoundation/hardhat-network-helpers';
import hardhatTypechain from '@nomicfoundation/hardhat-typechain';

const require = createRequire(import.meta.url);
const solc = require('solc/package.json') as { version: string };

const compiler = require.resolve('solc/soljson.js'); // of the npm registry: nothing is downloaded
const settings = (runs: number) => ({
  version: solc.version,
  path: compiler,
  settings: {
    evmVersion: 'osaka',
    viaIR: true,
    optimizer: { enabled: true, runs },
    outputSelection: { '*': { '*': ['storageLayout'] } }, // the test of the ledger's two halves compares theirs
  },
});

export default defineConfig({
  plugins: [hardhatEthers, hardhatEthersChaiMatchers, hardhatMocha, hardhatNetworkHelpers, hardhatTypechain],
  solidity: {
    compilers: [settings(20_000)],
    splitTestsCompilation: true, // a test that does not compile leaves the contracts usable
    npmFilesToBuild: [
      '@openzeppelin/contracts/governance/TimelockController.sol',
      '@openzeppelin/contracts/utils/cryptography/verifiers/ERC7913P256Verifier.sol',
    ],
    // Each half of the ledger must fit into 24,576 bytes with room for what comes: it pays 220 to 615 gas an act for that.
    overrides: {
      'contracts/bills/Bills.sol': settings(200),
      'contracts/bills/BillsExtension.sol': settings(200),
    },
  },
  paths: {
    sources: './contracts',
    tests: { mocha: './test/contracts', solidity: './test/contracts' },
  },
  typechain: { outDir: './types', tsNocheck: true },
  networks: {
    default: { type: 'edr-simulated', chainType: 'l1', hardfork: 'osaka' },
  },
  test: {
    mocha: { timeout: 120_000 },
    solidity: {
      fuzz: { runs: 256, seed: '0x74616c6c79737469636b' },
      invariant: { runs: 12, depth: 80, failOnRevert: true },
    },
  },
});
