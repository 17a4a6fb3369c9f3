/** The dependency rule of the architecture: who may import whom. `npm test -- lint` checks it. */
const ours = '^(services|scripts|web|test|contracts)/';
const service = (names) => `^services/(${names})/`;

/** @param {string} name @param {string} from @param {string} allowed folders of ours that `from` may import */
const mayImportOnly = (name, from, allowed) => ({
  name,
  severity: 'error',
  from: { path: from },
  to: { path: ours, pathNot: allowed },
});

/** @type {import('dependency-cruiser').IConfiguration} */
export default {
  forbidden: [
    mayImportOnly('domain-imports-nothing-of-ours', service('domain'), service('domain')),
    mayImportOnly('chain-imports-domain', service('chain'), service('domain|chain')),
    mayImportOnly('client-imports-domain-and-chain', service('client'), service('domain|chain|client')),
    mayImportOnly('db-imports-domain', service('db'), service('domain|db')),
    mayImportOnly('indexer-stands-alone', service('indexer'), service('domain|chain|db|indexer')),
    mayImportOnly('api-stands-alone', service('api'), service('domain|chain|db|keys|api')),
    mayImportOnly('notifier-stands-alone', service('notifier'), service('domain|chain|db|notifier')),
    mayImportOnly('relayer-stands-alone', service('relayer'), service('domain|chain|db|keys|relayer')),
    mayImportOnly('keys-import-nothing-of-ours', service('keys'), service('keys')),
    mayImportOnly(
      'web-imports-only-domain-and-types',
      '^web/',
      '^(web/|services/domain/|services/client/(generated|instructions|signers|documents)/)',
    ),
    {
      name: 'domain-runs-in-the-browser',
      comment: 'no Node built-ins in domain',
      severity: 'error',
      from: { path: service('domain') },
      to: { dependencyTypes: ['core'] },
    },
    {
      name: 'sql-lives-in-db',
      severity: 'error',
      from: { path: '^(services|web)/', pathNot: service('db|embedded') },
      to: { path: 'node_modules/(pg|pg-copy-streams|kysely)/' },
    },
    {
      name: 'resolves',
      severity: 'error',
      from: { path: '^(services|scripts|test)/' },
      to: { couldNotResolve: true, pathNot: '^(#[a-z]+/generated|\\.\\./generated)' },
    },
    {
      name: 'no-circles',
      severity: 'error',
      from: {},
      to: { circular: true, viaOnly: { dependencyTypesNot: ['type-only'] } },
    },
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    exclude: { path: '^(web/(build|\\.svelte-kit|src/lib/paraglide)|services/client/dist|types)/' },
    tsConfig: { fileName: 'tsconfig.json' },
    tsPreCompilationDeps: true,
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['import', 'node', 'types', 'default'],
      extensions: ['.ts', '.js', '.mjs', '.svelte'],
    },
  },
};
