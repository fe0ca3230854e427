import { readFileSync } from 'node:fs';
import path from 'node:path';
import tseslint from 'typescript-eslint';
import importX from 'eslint-plugin-import-x';
import jsdoc from 'eslint-plugin-jsdoc';

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

export default tseslint.config(
  { ignores: ['node_modules/', 'dist/', '.cache/', '**/cdk.out/', '**/.lintel/', '**/*.snap'] },
  {
    files: ['**/*.ts', '**/*.mts', '**/*.js', '**/*.mjs'],
    languageOptions: { parser: tseslint.parser },
    plugins: { '@typescript-eslint': tseslint.plugin, 'import-x': importX, jsdoc },
    settings: { 'import-x/resolver': { node: { extensions: ['.ts', '.js', '.mjs'] } } },
    linterOptions: { reportUnusedDisableDirectives: 'error' },
    rules: {
      'import-x/no-restricted-paths': ['error', { zones }],
      // One statement a module: `import type` when it brings types alone, `type` before each of them otherwise.
      'import-x/no-duplicates': ['error', { 'prefer-inline': true }],
      'no-console': 'error',
      'prefer-const': 'error',
      'dot-notation': 'error',
      eqeqeq: ['error', 'always', { null: 'ignore' }],
    },
  },
  {
    files: ['**/*.ts', '**/*.mts'],
    rules: {
      '@typescript-eslint/no-explicit-any': 'error',
      '@typescript-eslint/ban-ts-comment': 'error',
      '@typescript-eslint/no-non-null-assertion': 'off',
      '@typescript-eslint/consistent-type-imports': ['error', { fixStyle: 'inline-type-imports' }],
      '@typescript-eslint/no-import-type-side-effects': 'error',
      '@typescript-eslint/member-ordering': [
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
    // `undefined` and absent are one thing to the compiler here, so they are one in the code; not in what handlers get and templates hold.
    files: ['lib/**/*.ts', 'patterns/**/*.ts'],
    ignores: ['lib/runtime/**', 'lib/core/model/aws-types/**'],
    rules: {
      'no-restricted-syntax': [
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
      'jsdoc/require-jsdoc': [
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
    ignores: ['**/workers/**'],
    rules: {
      'no-restricted-syntax': [
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
);
