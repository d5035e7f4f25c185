import tseslint from 'typescript-eslint';

/** What would let the host's time, chance or concurrency into the simulated world. */
const hostGlobals = [
  'Date', 'Promise', 'setTimeout', 'setInterval', 'setImmediate', 'clearTimeout', 'clearInterval', 'queueMicrotask', 'requestAnimationFrame',
  'fetch', 'XMLHttpRequest', 'WebSocket', 'crypto', 'performance', 'process', 'Buffer', 'globalThis', 'window', 'self', 'document', 'navigator',
  'localStorage', 'TextEncoder', 'TextDecoder', 'console', 'require', 'structuredClone',
].map((name) => ({ name, message: 'The simulator knows no host: take it from the kernel.' }));

export default tseslint.config(
  { ignores: ['node_modules', 'build', '.docusaurus', 'static', '**/generated/**', 'tools/oracle/**', 'tests/transcripts/**', 'coverage'] },
  {
    files: ['**/*.ts', '**/*.tsx'],
    extends: [...tseslint.configs.recommended],
    rules: {
      '@typescript-eslint/no-explicit-any': 'error',
      '@typescript-eslint/no-unused-vars': ['error', { argsIgnorePattern: '^_', varsIgnorePattern: '^_', destructuredArrayIgnorePattern: '^_', ignoreRestSiblings: true }],
      '@typescript-eslint/no-empty-object-type': 'off',
      'require-yield': 'off',
      eqeqeq: ['error', 'always', { null: 'ignore' }],
      'no-eval': 'error',
      'no-implied-eval': 'error',
      'no-new-func': 'error',
      'no-warning-comments': ['error', { terms: ['todo', 'fixme', 'xxx'] }],
    },
  },
  {
    files: ['src/simulator/**/*.ts', 'src/grading/**/*.ts', 'labs/**/*.ts'],
    ignores: ['**/*.test.ts', '**/*.bench.ts'],
    rules: {
      'no-restricted-globals': ['error', ...hostGlobals],
      'no-restricted-properties': ['error', { object: 'Math', property: 'random', message: 'Chance comes from kernel.random.' }],
      'no-restricted-syntax': [
        'error',
        { selector: ':function[async=true]', message: 'Tasks are generators; promises begin at the edge.' },
        { selector: 'AwaitExpression', message: 'Tasks are generators; promises begin at the edge.' },
        { selector: 'ImportExpression', message: 'The simulator is one piece: no dynamic import.' },
      ],
    },
  },
  {
    files: ['src/components/**/*.tsx', 'src/pages/**/*.tsx', 'src/theme/**/*.tsx'],
    rules: {
      'no-restricted-syntax': ['error', { selector: "JSXAttribute[name.name='dangerouslySetInnerHTML']", message: 'Cluster data is untrusted: no inner HTML.' }],
    },
  },
);
