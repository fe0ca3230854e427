import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { App, Stack, Stage } from 'aws-cdk-lib';
import { Annotations, Match, Template } from 'aws-cdk-lib/assertions';
import type { BundlingOptions } from '../../lib/aws/bundle';
import { bundleHandlers, ServiceFunction, type ServiceFunctionProps } from '../../lib/aws/service-function';

const start = process.cwd();
const ENTRY = 'test/aws/handlers/get-order.ts';
let home: string;

beforeEach(() => {
  home = mkdtempSync(join(tmpdir(), 'lintel-bundle-'));
});

afterEach(() => {
  process.chdir(start);
  jest.dontMock('esbuild');
  rmSync(home, { recursive: true });
});

/** A project directory with these files. */
function project(name: string, files: Record<string, string>): string {
  const directory = join(home, name);
  mkdirSync(join(directory, 'src'), { recursive: true });
  writeFileSync(join(directory, 'package.json'), '{}');
  for (const [path, text] of Object.entries(files)) writeFileSync(join(directory, path), text);
  return directory;
}

function newStack(context: Record<string, unknown> = {}): Stack {
  return new Stack(new App({ builtinCloudFormationValidation: false, context }), 'Shop');
}

/** The key of the function's asset, and its files. */
function bundled(
  entry: string,
  bundling?: BundlingOptions,
  stack = newStack(),
): { key: string; files: Map<string, string> } {
  new ServiceFunction(stack, 'F', { entry, bundling, onFailure: 'none' });
  const [fn] = Object.values(Template.fromStack(stack).findResources('AWS::Lambda::Function'));
  const { S3Key: key } = fn!.Properties.Code as { S3Key: string };
  const directory = join(Stage.of(stack)!.assetOutdir, `asset.${key.replace('.zip', '')}`);
  const files = readdirSync(directory).map((name): [string, string] => [
    name,
    readFileSync(join(directory, name), 'utf8'),
  ]);
  return { key, files: new Map(files) };
}

test('bundles a handler with what it imports, and leaves the SDK to the runtime', () => {
  const { files } = bundled(ENTRY);
  expect([...files.keys()].sort()).toEqual(['index.js', 'index.js.map']);
  expect(files.get('index.js')).toContain('ORDERS is not set');
  expect(files.get('index.js')).toContain('require("@aws-sdk/client-dynamodb")');
  expect(files.get('index.js')).toContain('//# sourceMappingURL=index.js.map');
});

test('maps stack traces to the sources as the project knows them', () => {
  const map = JSON.parse(bundled(ENTRY).files.get('index.js.map')!) as { sources: string[] };
  expect(map.sources.sort()).toEqual([ENTRY, 'test/aws/handlers/settings.ts']);
});

test('gives unchanged sources an unchanged hash in any directory, from any working directory, alone or together', () => {
  // A CommonJS package is wrapped under its path, which must not tell where the project is.
  const sources = {
    'src/a.ts':
      "import { legacy } from './legacy.cjs';\nimport { own } from './own';\nexport const handler = () => legacy + own;",
    'src/own.ts': "export const own = 'own';",
    'src/legacy.cjs': "exports.legacy = 'legacy';",
    'src/b.ts': 'export const handler = () => 1;',
  };
  const [one, two] = [project('one', sources), project(join('deeply', 'nested', 'two'), sources)];
  process.chdir(one);
  const { key, files } = bundled('src/a.ts');
  expect([...files.values()].join()).toContain('legacy.cjs');
  expect([...files.values()].join()).not.toMatch(/one|lintel-bundle/);

  process.chdir(home);
  expect(bundled('one/src/a.ts').key).toBe(key);
  expect(bundled('deeply/nested/two/src/a.ts').key).toBe(key);
  process.chdir(two);
  const stack = newStack();
  bundleHandlers(stack, ['src/b.ts', { entry: 'src/a.ts' }]);
  expect(bundled('src/a.ts', undefined, stack).key).toBe(key);
});

test('gives changed sources another hash', () => {
  process.chdir(project('shop', { 'src/a.ts': 'export const handler = () => 1;' }));
  const before = bundled('src/a.ts').key;
  writeFileSync('src/a.ts', 'export const handler = () => 2;');
  expect(bundled('src/a.ts').key).not.toBe(before);
});

test('bundles an entry once for an app, however many functions use it', () => {
  const stack = newStack();
  new ServiceFunction(stack, 'First', { entry: ENTRY, onFailure: 'none' });
  jest.doMock('esbuild', () => {
    throw new Error('not again');
  });
  expect(() => new ServiceFunction(stack, 'Second', { entry: ENTRY, onFailure: 'none' })).not.toThrow();
  expect(() => new ServiceFunction(stack, 'Third', { entry: ENTRY, bundling: { format: 'esm' } })).toThrow('esbuild');
});

test('bundles ES modules that await at the top level and use CommonJS packages', () => {
  const source = "import * as cjs from './cjs.cjs';\nexport const handler = await Promise.resolve(() => cjs.sep);";
  process.chdir(project('shop', { 'src/a.ts': source, 'src/cjs.cjs': "exports.sep = require('node:path').sep;" }));
  const { files } = bundled('src/a.ts', { format: 'esm' });
  expect([...files.keys()].sort()).toEqual(['index.mjs', 'index.mjs.map']);
  writeFileSync('index.mjs', files.get('index.mjs')!);
  const run = "import('./index.mjs').then(({ handler }) => process.stdout.write(handler()))";
  expect(execFileSync(process.execPath, ['--eval', run], { encoding: 'utf8' })).toBe('/');
});

test('leaves out what is named external', () => {
  process.chdir(project('shop', { 'src/a.ts': "export { x as handler } from 'not-installed';" }));
  expect(bundled('src/a.ts', { external: ['not-installed'] }).files.get('index.js')).toContain(
    'require("not-installed")',
  );
});

test('bundles nothing for a stack that the command does not deploy', () => {
  const stack = newStack({ 'aws:cdk:bundling-stacks': ['Other'] });
  new ServiceFunction(stack, 'F', { entry: ENTRY, onFailure: 'none' });
  Template.fromStack(stack).hasResourceProperties('AWS::Lambda::Function', {
    Code: { ZipFile: '// not bundled: this stack is not deployed' },
  });
});

test('refuses a broken handler in the words of esbuild, with file, line, column and construct', () => {
  process.chdir(project('shop', { 'src/a.ts': "import './b';\nexport const handler = (;", 'src/b.ts': 'let' }));
  expect(() => bundled('src/a.ts')).toThrow(
    `'entry' must bundle without an error, got 'src/a.ts': src/a.ts:2:25: Unexpected ";"; fix the source (Shop/F)`,
  );
});

test('reports every broken import at once', () => {
  process.chdir(project('shop', { 'src/a.ts': "import 'x-missing';\nimport 'y-missing';\nexport const handler = 1;" }));
  expect(() => bundled('src/a.ts')).toThrow(
    /src\/a.ts:1:8: Could not resolve "x-missing".*\(Shop\/F\)\n.*src\/a.ts:2:8: Could not resolve "y-missing".*\(Shop\/F\)/,
  );
});

test('reports a broken handler where its function is, though it was bundled together with others', () => {
  process.chdir(project('shop', { 'src/a.ts': 'export const handler = 1;', 'src/b.ts': '(' }));
  const stack = newStack();
  bundleHandlers(stack, ['src/a.ts', 'src/b.ts', 'src/missing.ts']);
  expect(() => bundled('src/b.ts', undefined, stack)).toThrow('src/b.ts:1:2: Unexpected end of file');
  expect(() => bundled('src/missing.ts', undefined, newStack())).toThrow("'entry' must be the path of a file");
});

test('says what to install when esbuild is missing', () => {
  jest.doMock('esbuild', () => {
    throw new Error("Cannot find module 'esbuild'");
  });
  expect(() => bundled(ENTRY)).toThrow(
    `'entry' must be bundled by esbuild, which is not installed, got '${ENTRY}'; run 'npm install --save-dev esbuild', or give 'code' and 'handler' (Shop/F)`,
  );
});

test('bundles many handlers at once', () => {
  const names = Array.from({ length: 30 }, (_, index) => `src/handler-${index}.ts`);
  process.chdir(
    project('shop', Object.fromEntries(names.map((name) => [name, `export const handler = () => '${name}';`]))),
  );
  const stack = newStack();
  bundleHandlers(stack, names);
  names.forEach((entry, index) => new ServiceFunction(stack, `F${index}`, { entry, onFailure: 'none' }));
  const made = Object.values(Template.fromStack(stack).findResources('AWS::Lambda::Function'));
  const keys = made.map(({ Properties }) => (Properties as { Code: { S3Key: string } }).Code.S3Key);
  expect(new Set(keys).size).toBe(30);
});

describe('what Lambda would find out too late', () => {
  const files = {
    'src/none.ts': 'export const main = async () => 1;\n',
    'src/default.ts': 'export default async () => 1;\n',
    'src/again.ts': "export * from './ok';\n",
    'src/ok.ts': 'export const handler = async () => 1;\nexport const other = handler;\n',
    'src/commonjs.js': 'exports.handler = async () => 1;\n',
    'src/meta.ts': 'export const handler = async () => import.meta.url;\n',
    'src/await.ts': 'const one = await Promise.resolve(1);\nexport const handler = async () => one;\n',
    'src/paths.ts': 'export const handler = async () => [__dirname, __filename];\n',
    'src/sql.ts': "import query from './q.sql';\nexport const handler = async () => query;\n",
    'src/q.sql': 'SELECT 1;\n',
    'src/quoted.ts': "const text = '0&&(module.exports={other});';\nexport const handler = async () => text;\n",
    'src/missing.ts': "import 'left-pad';\nexport const handler = async () => 1;\n",
  };
  const made = (entry: string, props: Partial<ServiceFunctionProps> = {}) => {
    process.chdir(project('late', files));
    return new ServiceFunction(newStack(), 'F', { entry: `src/${entry}`, onFailure: 'none', ...props });
  };

  test.each<[string, string, Partial<ServiceFunctionProps>, string]>([
    [
      'a module without the export',
      'none.ts',
      {},
      "'entry' must export 'handler', which Lambda calls, got 'src/none.ts'; export it, or set 'handler' to one of its exports: 'index.main' (Shop/F)",
    ],
    ['a default export', 'default.ts', {}, "'entry' must export 'handler', which Lambda calls"],
    ['an export of another name', 'ok.ts', { handler: 'index.nope' }, "'entry' must export 'nope', which Lambda calls"],
    [
      'the name of the export alone',
      'none.ts',
      { handler: 'main' },
      "'handler' must start with 'index.', the file that 'entry' is bundled to, got 'main'; write it as 'index.main' (Shop/F)",
    ],
    ['the file of the source', 'none.ts', { handler: 'src/none.main' }, "write it as 'index.main'"],
    [
      'a CommonJS module that is made an ES module',
      'commonjs.js',
      { bundling: { format: 'esm' } },
      "'entry' must export 'handler'",
    ],
    ['import.meta in CommonJS, where it is empty', 'meta.ts', {}, "set 'bundling' to { format: 'esm' }"],
    ['await at the top level of CommonJS', 'await.ts', {}, "set 'bundling' to { format: 'esm' }"],
    ['a file of an unknown kind', 'sql.ts', {}, "name one in 'bundling.loader', such as { '.sql': 'text' }"],
    ['a package that is not installed', 'missing.ts', {}, "install the package, or name it in 'bundling.external'"],
  ])('refuses %s', (_, entry, props, message) => {
    expect(() => made(entry, props)).toThrow(message);
  });

  test.each<[string, string, Partial<ServiceFunctionProps>]>([
    ['an export of another name that the function names', 'none.ts', { handler: 'index.main' }],
    ['an export that comes from another module', 'again.ts', {}],
    ['what CommonJS exports when it runs', 'commonjs.js', {}],
    ['import.meta and await in an ES module', 'await.ts', { bundling: { format: 'esm' } }],
    ['text that looks like exports', 'quoted.ts', {}],
    ['files by their loader', 'sql.ts', { bundling: { loader: { '.sql': 'text' } } }],
  ])('accepts %s', (_, entry, props) => {
    expect(() => made(entry, props)).not.toThrow();
  });

  test('refuses decorators whose types would be lost', () => {
    const decorated = {
      'src/h.ts':
        '@injectable()\nclass Orders {}\nfunction injectable() { return (it: unknown) => void it; }\nexport const handler = async () => new Orders();\n',
      'base.json': '{ "compilerOptions": { "experimentalDecorators": true, "emitDecoratorMetadata": true } }',
      'tsconfig.json': '{\n  // shared\n  "extends": ["./base.json", "./strict.json"]\n}',
      'strict.json': '{ "compilerOptions": { "strict": true } }',
    };
    process.chdir(project('decorated', decorated));
    const make = () => new ServiceFunction(newStack(), 'F', { entry: 'src/h.ts', onFailure: 'none' });
    expect(make).toThrow(
      "'entry' must not need 'emitDecoratorMetadata', which esbuild does not emit (src/h.ts has decorators), got 'src/h.ts'",
    );
    writeFileSync(
      'tsconfig.json',
      '{ "extends": "./base.json", "compilerOptions": { "emitDecoratorMetadata": false } }',
    );
    expect(make).not.toThrow();
  });

  test('warns at the function whose source it is, also where several are bundled together', () => {
    process.chdir(
      project('warned', {
        'src/a.ts': 'export const handler = async (x: number) => (x === -0 ? 1 : 2);\n',
        'src/b.ts': 'export const handler = async () => 1;\n',
      }),
    );
    const stack = newStack();
    bundleHandlers(stack, ['src/a.ts', 'src/b.ts']);
    for (const name of ['a', 'b']) new ServiceFunction(stack, name, { entry: `src/${name}.ts`, onFailure: 'none' });
    const warnings = Annotations.fromStack(stack).findWarning('*', Match.anyValue());
    const told = warnings.map(({ entry }) => String(entry.data)).filter((text) => text.includes('src/'));
    expect(told).toEqual([expect.stringMatching(/^src\/a\.ts:1:\d+: .*-0.* \(Shop\/a\)/)]);
  });

  test('gives an ES module its directory and file', async () => {
    process.chdir(project('paths', files));
    const stack = newStack();
    const { files: output } = bundled('src/paths.ts', { format: 'esm' }, stack);
    const module = join(home, 'index.mjs');
    writeFileSync(module, output.get('index.mjs')!);
    const script = `import(${JSON.stringify(module)}).then(({ handler }) => handler()).then((it) => console.log(JSON.stringify(it)))`;
    expect(JSON.parse(execFileSync(process.execPath, ['-e', script], { encoding: 'utf8' }))).toEqual([home, module]);
  });

  test('replaces names, and bundles the SDK when asked', () => {
    process.chdir(
      project('define', { 'src/h.ts': 'declare const BUILD: string;\nexport const handler = async () => BUILD;\n' }),
    );
    expect(bundled('src/h.ts', { define: { BUILD: '"2026-11"' } }).files.get('index.js')).toContain('2026-11');
    process.chdir(start);
    expect(bundled(ENTRY, { sdk: true }).files.get('index.js')).not.toContain('require("@aws-sdk/client-dynamodb")');
  });
});
