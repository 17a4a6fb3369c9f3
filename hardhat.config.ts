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
      '@openzeppelin/contracts/utils/cryptography/verifiers/ERC7913WebAuthnVerifier.sol',
    ],
    // What is done seldom is compiled for its size, so that the cold half of the ledger has room for what comes.
    overrides: { 'contracts/bills/BillsExtension.sol': settings(200) },
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
