import js from '@eslint/js';
import svelte from 'eslint-plugin-svelte';
import globals from 'globals';
import ts from 'typescript-eslint';

/** Who may import whom is checked by dependency-cruiser: see .dependency-cruiser.js. */
export default ts.config(
  {
    ignores: [
      'artifacts/',
      'cache/',
      'types/',
      'services/chain/generated/',
      'services/client/generated/',
      'services/client/dist/',
      'services/db/types.ts',
      'web/build/',
      'web/.svelte-kit/',
      'web/src/lib/paraglide/',
      '.data/',
    ],
  },
  js.configs.recommended,
  ts.configs.recommended,
  svelte.configs.recommended,
  {
    languageOptions: { globals: { ...globals.node } },
    rules: {
      'no-undef': 'off', // TypeScript knows better
      'no-console': 'off',
      '@typescript-eslint/no-unused-vars': ['error', { argsIgnorePattern: '^_', varsIgnorePattern: '^_' }],
      '@typescript-eslint/consistent-type-imports': ['error', { disallowTypeAnnotations: false }],
    },
  },
  {
    files: ['services/**/*.ts', 'scripts/**/*.ts', 'test/**/*.ts'],
    ignores: ['test/web/**'],
    languageOptions: { parserOptions: { projectService: true, tsconfigRootDir: import.meta.dirname } },
    rules: {
      '@typescript-eslint/no-floating-promises': [
        'error',
        {
          allowForKnownSafeCalls: [
            { from: 'package', name: ['describe', 'it', 'test'], package: 'node:test' },
          ],
        },
      ],
      '@typescript-eslint/no-misused-promises': 'error',
      '@typescript-eslint/await-thenable': 'error',
      '@typescript-eslint/switch-exhaustiveness-check': [
        'error',
        { considerDefaultExhaustiveForUnions: true },
      ],
    },
  },
  {
    files: ['services/domain/**/*.ts', 'services/indexer/handlers/**/*.ts'],
    rules: {
      'no-restricted-globals': [
        'error',
        'process',
        'fetch',
        'setTimeout',
        'setInterval',
        'performance',
        'crypto',
      ],
      'no-restricted-properties': [
        'error',
        { object: 'Date', property: 'now', message: 'The clock is passed in.' },
        { object: 'Math', property: 'random', message: 'Randomness is passed in.' },
      ],
    },
  },
  {
    files: ['test/contracts/**/*.ts'],
    rules: { '@typescript-eslint/no-unused-expressions': 'off' }, // chai: expect(x).to.be.true
  },
  {
    // dependency-cruiser does not see type imports inside .svelte files
    files: ['web/**'],
    rules: {
      'no-restricted-imports': [
        'error',
        {
          patterns: [
            {
              regex:
                '^#(chain|client/(?!generated/|instructions/)|db|indexer|api|relayer|scripts)/|/services/(?!domain/)|/scripts/',
              message:
                'The web talks HTTP and imports only domain, the types of the API, and what checks before signing.',
            },
          ],
        },
      ],
    },
  },
  {
    files: ['web/**/*.svelte', 'web/**/*.svelte.ts'],
    languageOptions: { globals: { ...globals.browser }, parserOptions: { parser: ts.parser } },
  },
  {
    files: ['web/**'],
    rules: { 'svelte/no-navigation-without-resolve': 'off' }, // the app is served at the root, nowhere else
  },
);
