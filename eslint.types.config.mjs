import tseslint from 'typescript-eslint';

/**
 * What only the types tell: no promise is dropped, also not with `void`, since what fails in it would be lost; no `!` or
 * `as` says what the compiler knows. It has a configuration of its own because the types of everything are read for it,
 * some 25 seconds, whatever is linted.
 */
const promises = (floating) => ({
  '@typescript-eslint/no-floating-promises': ['error', floating],
  '@typescript-eslint/no-misused-promises': 'error',
});

export default tseslint.config(
  {
    ignores: [
      '**/*.js',
      '**/*.mjs',
      '**/workers/',
      '**/cdk.out/',
      'dist/',
      'test/package/app/',
      'create-lintel/',
      '**/handlers/',
    ],
  },
  {
    files: ['{lib,patterns,scripts,bench}/**/*.ts'],
    languageOptions: { parser: tseslint.parser, parserOptions: { project: 'tsconfig.json' } },
    // The other configuration's comments.
    linterOptions: { reportUnusedDisableDirectives: 'off' },
    plugins: { '@typescript-eslint': tseslint.plugin },
    rules: {
      ...promises({
        ignoreVoid: false,
        // The SDK reports by itself what it cannot log.
        allowForKnownSafeCalls: [{ from: 'package', package: '@pulumi/pulumi', name: ['warn'] }],
      }),
      '@typescript-eslint/no-unnecessary-type-assertion': 'error',
    },
  },
  {
    // A test may let something run on purpose; a forgotten `await` would let it pass whatever happens.
    files: ['{test,examples}/**/*.ts'],
    languageOptions: { parser: tseslint.parser, parserOptions: { project: 'tsconfig.json' } },
    linterOptions: { reportUnusedDisableDirectives: 'off' },
    plugins: { '@typescript-eslint': tseslint.plugin },
    rules: promises({}),
  },
);
