import { readFileSync } from 'node:fs';
import path from 'node:path';

/** Who may import whom (CONTRIBUTING.md has the reasons). `from` is forbidden in `target`. */
const zones = [
  { target: './lib/core', from: ['./lib', './patterns', './examples'], except: ['./core'] },
  // Functions and Workers that the library brings are handlers, too.
  { target: './lib/aws', from: ['./lib', './patterns', './examples'], except: ['./core', './aws', './runtime'] },
  { target: './lib/edge', from: ['./lib', './patterns', './examples'], except: ['./core', './edge', './runtime'] },
  { target: './lib/pulumi', from: ['./lib', './patterns', './examples'], except: ['./core', './pulumi'] },
  { target: './lib/rules', from: ['./lib', './patterns', './examples'], except: ['./core', './rules'] },
  { target: './lib/access', from: ['./lib', './patterns', './examples'], except: ['./core', './access'] },
  { target: './lib/runtime', from: ['./lib', './patterns', './examples'], except: ['./runtime'] },
  {
    target: './lib/testing',
    from: ['./lib', './patterns', './examples'],
    // A local run migrates a database with the very code that a deployment does.
    except: ['./core', './rules', './access', './pulumi', './testing', './edge/d1'],
  },
  {
    target: './lib/cli',
    from: ['./lib', './patterns', './examples'],
    except: ['./core', './rules', './access', './pulumi', './testing', './cli'],
  },
  { target: './patterns/aws', from: ['./lib', './patterns/edge', './examples'], except: ['./core', './aws'] },
  { target: './patterns/edge', from: ['./lib', './patterns/aws', './examples'], except: ['./core', './edge'] },
  { target: './examples', from: ['./lib', './patterns'] },
].flatMap(({ target, from, except }) =>
  from.map((dir) => ({ target, from: dir, ...(dir === './lib' && except ? { except } : {}) })),
);

/** The modules that entry points export from. */
const published = [
  'patterns/aws',
  'patterns/edge',
  'lib/pulumi',
  'lib/rules',
  'lib/access',
  'lib/testing',
  'lib/runtime',
  'lib/runtime/edge',
].flatMap((folder) =>
  [...readFileSync(`${import.meta.dirname}/${folder}/index.ts`, 'utf8').matchAll(/from '(\.[^']+)'/g)].map(
    ([, module]) => `${path.posix.join(folder, module)}{,/index}.ts`,
  ),
);

/** What is no part of the project that TypeScript compiles, and handlers, which may do what users' may. */
const UNTYPED = ['**/workers/**', '**/handlers/**', 'test/package/app/**', 'create-lintel/**'];

export default {
  categories: { correctness: 'off' },
  plugins: ['typescript', 'import'],
  // Of ESLint, what oxlint does not have: see decisions/041-one-linter.md.
  jsPlugins: [
    './scripts/eslint-rules.mjs',
    { name: 'zones', specifier: 'eslint-plugin-import-x' },
    { name: 'comments', specifier: 'eslint-plugin-jsdoc' },
  ],
  settings: { 'import-x/resolver': { node: { extensions: ['.ts', '.js', '.mjs'] } } },
  ignorePatterns: ['node_modules/', 'dist/', '.cache/', '**/cdk.out/', '**/.lintel/', '**/*.snap'],
  rules: {
    'zones/no-restricted-paths': ['error', { zones }],
    // One statement a module: `import type` when it brings types alone, `type` before each of them otherwise.
    'import/no-duplicates': ['error', { 'prefer-inline': true }],
    'no-console': 'error',
    'prefer-const': 'error',
    'eslint-rules/dot-notation': 'error',
    eqeqeq: ['error', 'always', { null: 'ignore' }],
  },
  overrides: [
    {
      files: ['**/*.ts', '**/*.mts'],
      rules: {
        'typescript/no-explicit-any': 'error',
        'typescript/ban-ts-comment': 'error',
        'typescript/consistent-type-imports': ['error', { fixStyle: 'inline-type-imports' }],
        'typescript/no-import-type-side-effects': 'error',
        'eslint-rules/member-ordering': [
          'error',
          {
            default: [
              'public-static-field',
              'protected-static-field',
              'private-static-field',
              'static-method',
              'field',
              'constructor',
              ['get', 'set', 'method'],
            ],
          },
        ],
      },
    },
    {
      // They read the types.
      files: ['**/*.ts', '**/*.mts'],
      excludeFiles: UNTYPED,
      rules: {
        'typescript/no-floating-promises': [
          'error',
          {
            ignoreVoid: false,
            allowForKnownSafeCalls: [{ from: 'package', package: '@pulumi/pulumi', name: ['warn'] }],
          },
        ],
        'typescript/no-misused-promises': 'error',
        'typescript/no-unnecessary-type-assertion': 'error',
      },
    },
    {
      files: ['test/**/*.ts', 'examples/**/*.ts'],
      excludeFiles: UNTYPED,
      rules: { 'typescript/no-floating-promises': 'error', 'typescript/no-unnecessary-type-assertion': 'off' },
    },
    {
      // `undefined` and absent are one thing to the compiler here, so they are one in the code; not in what handlers get and templates hold.
      files: ['lib/**/*.ts', 'patterns/**/*.ts'],
      excludeFiles: ['lib/runtime/**', 'lib/core/model/aws-types/**'],
      rules: {
        'eslint-rules/no-restricted-syntax': [
          'error',
          {
            selector:
              "ObjectExpression:not(:has(> SpreadElement[argument.type!='LogicalExpression'])) > SpreadElement > LogicalExpression[operator='&&'][left.operator='!=='][left.right.type='Identifier'][left.right.name='undefined'] > ObjectExpression[properties.length=1] > Property[shorthand=true]",
            message: 'write `{ x }`: a property that is undefined is as good as none',
          },
        ],
      },
    },
    {
      // What users see is documented; elsewhere a comment says what the name does not.
      files: published,
      rules: {
        'comments/require-jsdoc': [
          'error',
          {
            publicOnly: true,
            contexts: ['TSInterfaceDeclaration', 'TSPropertySignature', 'TSTypeAliasDeclaration', 'ClassDeclaration'],
            require: { FunctionDeclaration: true, ClassDeclaration: true },
            enableFixer: false,
          },
        ],
      },
    },
    {
      // The build makes what they export load when it is used; the main module of a Worker is no such file.
      files: ['lib/**/index.ts', 'patterns/**/index.ts'],
      excludeFiles: ['**/workers/**'],
      rules: {
        'eslint-rules/no-restricted-syntax': [
          'error',
          ...[
            'Program > :not(ExportNamedDeclaration, ExportAllDeclaration, ImportDeclaration[specifiers.length=0])',
            'ExportNamedDeclaration[source=null]',
          ].map((selector) => ({ selector, message: 'an index file only exports what other modules have' })),
        ],
      },
    },
    {
      files: [
        'lib/cli/**',
        'scripts/**',
        'bench/**',
        'examples/**',
        'test/jest/console-guard.ts',
        '**/workers/**',
        '**/*.js',
        '**/*.mjs',
      ],
      rules: { 'no-console': 'off' },
    },
  ],
};
