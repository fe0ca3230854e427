import { execFileSync } from 'node:child_process';
import {
  appendFileSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  unlinkSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import type * as Esbuild from 'esbuild';
import { buildSync } from 'esbuild';
import { type Bundle, Bundler, type BundleSettings } from '../../../lib/core/bundle/bundler';

jest.mock('esbuild', () => {
  const esbuild = jest.requireActual<typeof Esbuild>('esbuild');
  return { version: esbuild.version, buildSync: jest.fn(esbuild.buildSync) };
});

const builds = jest.mocked(buildSync);
let home: string;
let settings: BundleSettings;

beforeEach(() => {
  home = mkdtempSync(join(tmpdir(), 'lintel-cache-'));
  settings = { project: home, options: { platform: 'node', format: 'cjs', sourcemap: true, sourcesContent: false } };
  builds.mockClear();
});
afterEach(() => rmSync(home, { recursive: true }));

function write(files: Readonly<Record<string, string>>): void {
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(dirname(join(home, path)), { recursive: true });
    writeFileSync(join(home, path), text);
  }
}

/** The clock of a file system goes in steps: what was written in the step of a build may have changed under it. */
const tick = () => Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 15);

/** What another program makes of the entry: its text, and whether that took esbuild. */
function next(changed: Partial<BundleSettings> = {}, entry = 'src/h.ts'): { text: string; built: boolean } {
  tick();
  builds.mockClear();
  const bundle = new Bundler(home).bundle(join(home, entry), { ...settings, ...changed });
  return { text: textOf(bundle), built: builds.mock.calls.length > 0 };
}

function textOf({ files }: Bundle): string {
  return [...files].map(([name, contents]) => `${name}: ${Buffer.from(contents).toString('utf8')}`).join('\n');
}

/** The folder of the cache. */
const cache = () => join(home, 'node_modules/.cache/lintel/bundles');

const PLAIN = {
  'package.json': '{ "name": "shop" }',
  'src/h.ts': "import { x } from './x';\nimport { dep } from 'dep';\nexport const handler = () => [x, dep];",
  'src/x.js': 'export const x = "js";',
  'node_modules/dep/package.json': '{ "name": "dep", "version": "1.0.0", "main": "main.js" }',
  'node_modules/dep/main.js': 'export const dep = "main";',
  'node_modules/dep/other.js': 'export const dep = "other";',
};

test('bundles what is unchanged once, for all programs that follow', () => {
  write(PLAIN);
  const first = next();
  expect(first.built).toBe(true);
  expect(next()).toEqual({ ...first, built: false });
  utimesSync(join(home, 'src/h.ts'), new Date(), new Date(0));
  expect(next()).toEqual({ ...first, built: false });
});

test('keeps all that is known of a bundle', () => {
  write({ ...PLAIN, 'src/h.ts': "export const handler = (x) => x === -0;\nrequire('fs');" });
  tick();
  const made = () => new Bundler(home).bundle(join(home, 'src/h.ts'), settings);
  const first = made();
  expect(first.warnings).toHaveLength(1);
  expect(first.required).toEqual(['fs']);
  expect(made()).toEqual(first);
  expect(builds).toHaveBeenCalledTimes(1);
});

const PATHS = '{ "compilerOptions": { "baseUrl": ".", "paths": { "@/*": ["gen/*", "src/*"] } } }';

test.each<[string, Readonly<Record<string, string>>, Readonly<Record<string, string>>]>([
  ['the entry', {}, { 'src/h.ts': 'export const handler = () => 2;' }],
  ['a module that it imports', {}, { 'src/x.js': 'export const x = "JS";' }],
  ['a module of a package', {}, { 'node_modules/dep/main.js': 'export const dep = "news";' }],
  [
    'a module of which nothing is left',
    { 'src/x.js': "import { y } from './y';\nexport const x = 1;", 'src/y.js': 'export const y = 1;' },
    { 'src/y.js': 'console.log("effect"); export const y = 1;' },
  ],
  [
    "a package's description",
    {},
    { 'node_modules/dep/package.json': '{ "name": "dep", "version": "1.0.0", "main": "other.js" }' },
  ],
  [
    'what a package says of its effects',
    { 'node_modules/dep/main.js': 'console.log("effect");', 'src/h.ts': "import 'dep'; export const handler = 1;" },
    { 'node_modules/dep/package.json': '{ "name": "dep", "main": "main.js", "sideEffects": false }' },
  ],
  ['a TypeScript module beside one of JavaScript', {}, { 'src/x.ts': 'export const x = "ts";' }],
  [
    'a module beside the folder of its name',
    {
      'src/x.js': '',
      'src/h.ts': "import { y } from './y'; export const handler = y;",
      'src/y/index.js': 'export const y = 1;',
    },
    { 'src/y.js': 'export const y = 2;' },
  ],
  [
    'a TypeScript module that an import of JavaScript means',
    { 'src/h.ts': "import { z } from './z.js'; export const handler = z;", 'src/z.tsx': 'export const z = 1;' },
    { 'src/z.ts': 'export const z = "ts";' },
  ],
  [
    'a package that is nearer',
    {},
    { 'src/node_modules/dep/package.json': '{}', 'src/node_modules/dep/index.js': 'export const dep = "near";' },
  ],
  [
    'a package that the code does without',
    { 'src/h.ts': "let o; try { o = require('optional'); } catch {} export const handler = o;" },
    { 'node_modules/optional/index.js': 'module.exports = "here";' },
  ],
  [
    'a nearer tsconfig.json',
    { 'src/h.ts': "import { x } from '@/x'; export const handler = x;", 'tsconfig.json': PATHS },
    {
      'src/tsconfig.json': '{ "compilerOptions": { "paths": { "@/*": ["../other/*"] } } }',
      'other/x.js': 'export const x = "other";',
    },
  ],
  [
    'a file that tsconfig.json names first',
    { 'src/h.ts': "import { x } from '@/x'; export const handler = x;", 'tsconfig.json': PATHS },
    { 'gen/x.js': 'export const x = "generated";' },
  ],
  [
    'a module of the name of a package, where tsconfig.json looks first',
    { 'tsconfig.json': '{ "compilerOptions": { "baseUrl": "src" } }' },
    { 'src/dep.ts': 'export const dep = "own";' },
  ],
  [
    "a tsconfig.json's parent",
    {
      'src/h.ts': 'class A { x = 1 } export const handler = A;',
      'tsconfig.json': '{ /* shared */ "extends": "./base", }',
      'base.json': '{ "compilerOptions": { "useDefineForClassFields": true } }',
    },
    { 'base.json': '{ "compilerOptions": { "useDefineForClassFields": false } }' },
  ],
  [
    "a tsconfig.json's parent in a package",
    {
      'src/h.ts': 'class A { x = 1 } export const handler = A;',
      'tsconfig.json': '{ "extends": "@tsconfig/own/tsconfig.json" }',
      'node_modules/@tsconfig/own/tsconfig.json': '{ "compilerOptions": { "target": "ES2022" } }',
    },
    {
      'node_modules/@tsconfig/own/tsconfig.json': '{ "compilerOptions": { "useDefineForClassFields": false } }',
    },
  ],
  [
    'the first of two parents, of which the second says nothing of it',
    {
      'tsconfig.json': '{ "extends": ["./base.json", "./strict.json"] }',
      'base.json': '{ "compilerOptions": { "baseUrl": "src" } }',
      'strict.json': '{ "compilerOptions": { "strict": true } }',
    },
    { 'src/dep.ts': 'export const dep = "own";' },
  ],
  [
    'a jsconfig.json',
    { 'src/h.ts': "import { dep } from 'dep'; export const handler = dep;" },
    {
      'jsconfig.json': '{ "compilerOptions": { "paths": { "dep": ["./src/x.js"] } } }',
      'src/x.js': 'export const dep = 5;',
    },
  ],
])('bundles anew, and to the same as without a cache, after a change of %s', (_, files, change) => {
  write({ ...PLAIN, ...files });
  const first = next();
  expect(next().built).toBe(false);
  write(change);
  const second = next();
  expect(second.built).toBe(true);
  expect(second.text).not.toBe(first.text);
  expect(second.text).toBe(next({ cache: false }).text);
});

test.each(['package.json', 'package-lock.json', 'pnpm-lock.yaml'])('bundles anew after a change of %s', (file) => {
  write({ ...PLAIN, [file]: '{}' });
  next();
  expect(next().built).toBe(false);
  write({ [file]: '{ "name": "other" }' });
  expect(next().built).toBe(true);
});

/** The resolution that Yarn writes for Plug'n'Play, with one dependency. */
function plugAndPlay(version: string): string {
  const own = ['workspace:.', { packageLocation: './', packageDependencies: [['dep', version]], linkType: 'SOFT' }];
  const packageLocation = `./.yarn/unplugged/dep-${version}/node_modules/dep/`;
  return JSON.stringify({
    dependencyTreeRoots: [{ name: 'shop', reference: 'workspace:.' }],
    enableTopLevelFallback: false,
    ignorePatternData: null,
    fallbackExclusionList: [],
    fallbackPool: [],
    packageRegistryData: [
      [null, [[null, own[1]]]],
      ['shop', [own]],
      ['dep', [[version, { packageLocation, packageDependencies: [['dep', version]], linkType: 'HARD' }]]],
    ],
  });
}

test("bundles in a project of Yarn's Plug'n'Play, and anew where its packages change", () => {
  const { 'node_modules/dep/package.json': manifest, 'node_modules/dep/main.js': main, ...others } = PLAIN;
  for (const version of ['1', '2']) {
    const dep = `.yarn/unplugged/dep-${version}/node_modules/dep`;
    write({ [`${dep}/package.json`]: manifest, [`${dep}/main.js`]: main.replace('main', `main ${version}`) });
  }
  delete (others as Record<string, string>)['node_modules/dep/other.js'];
  write({ ...others, '.pnp.data.json': plugAndPlay('1') });
  const first = next();
  expect(first.text).toContain('main 1');
  expect(next()).toEqual({ ...first, built: false });
  write({ '.pnp.data.json': plugAndPlay('2') });
  expect(next()).toMatchObject({ built: true, text: expect.stringContaining('main 2') as string });
});

test.each<[string, Readonly<Record<string, string>>]>([
  ['a module of another name', { 'src/xx.ts': '', 'src/x.test.ts': '', 'src/other.ts': '' }],
  ['another package', { 'node_modules/another/index.js': '' }],
  ['what is written beside', { 'cdk.out/manifest.json': '{}', 'README.md': '' }],
])('bundles nothing anew for %s', (_, change) => {
  write(PLAIN);
  next();
  write(change);
  expect(next().built).toBe(false);
});

test('bundles anew where a link leads elsewhere', () => {
  write({ ...PLAIN, 'one/index.js': 'export const dep = 1;', 'two/index.js': 'export const dep = 2;' });
  rmSync(join(home, 'node_modules/dep'), { recursive: true });
  symlinkSync('../one', join(home, 'node_modules/dep'));
  expect(next().text).toContain('dep = 1');
  expect(next().built).toBe(false);
  unlinkSync(join(home, 'node_modules/dep'));
  symlinkSync('../two', join(home, 'node_modules/dep'));
  expect(next().text).toContain('dep = 2');
});

test('bundles anew with another version of esbuild', () => {
  write(PLAIN);
  next();
  const esbuild = jest.requireMock<{ version: string }>('esbuild');
  const { version } = esbuild;
  esbuild.version = '0.0.1';
  expect(next().built).toBe(true);
  esbuild.version = version;
  expect(next().built).toBe(false);
});

test('bundles anew for other options, and under another NODE_PATH', () => {
  write(PLAIN);
  next();
  expect(next({ options: { ...settings.options, minify: true } }).built).toBe(true);
  expect(next({ options: { ...settings.options, define: { x: '1' } } }).built).toBe(true);
  expect(next().built).toBe(false);
  process.env.NODE_PATH = join(home, 'shared');
  try {
    expect(next().built).toBe(true);
  } finally {
    delete process.env.NODE_PATH;
  }
});

test('keeps nothing of a module that imports whatever is in a folder', () => {
  write({
    ...PLAIN,
    'src/h.ts': 'export const handler = (x) => import(`./locales/${x}.json`);',
    'src/locales/a.json': '{}',
  });
  next();
  expect(next().built).toBe(true);
});

test('keeps nothing that changed while it was bundled', () => {
  write(PLAIN);
  builds.mockImplementationOnce((options) => {
    const result = jest.requireActual<typeof Esbuild>('esbuild').buildSync(options);
    appendFileSync(join(home, 'src/x.js'), ' // changed');
    return result;
  });
  next();
  expect(next().built).toBe(true);
});

test('keeps nothing of a module that is broken', () => {
  write({ ...PLAIN, 'src/h.ts': '(' });
  expect(next).toThrow('Unexpected end of file');
  write(PLAIN);
  expect(next().built).toBe(true);
});

test.each<[string, (file: string) => void]>([
  ['cut off', (file) => writeFileSync(file, readFileSync(file).subarray(0, 500))],
  ['empty', (file) => writeFileSync(file, '')],
  ['changed', (file) => writeFileSync(file, readFileSync(file, 'utf8').replace('index.js', 'index.ts'))],
  ['a folder', (file) => (rmSync(file), mkdirSync(file))],
])('ignores an entry that is %s', (_, damage) => {
  write(PLAIN);
  const { text } = next();
  damage(join(cache(), readdirSync(cache())[0]!));
  expect(next()).toEqual({ text, built: true });
});

test('bundles as ever where nothing can be kept', () => {
  write({ ...PLAIN, 'node_modules/.cache': 'a file' });
  expect(next().built).toBe(true);
  expect(next().built).toBe(true);
});

test('keeps what is new where there is no room for all', () => {
  write(PLAIN);
  mkdirSync(cache(), { recursive: true });
  for (let index = 0; index < 1100; index++) {
    const file = join(cache(), `${index}.json`);
    writeFileSync(file, '');
    utimesSync(file, index, index);
  }
  writeFileSync(join(cache(), 'abandoned.1.draft'), '');
  utimesSync(join(cache(), 'abandoned.1.draft'), 1e9, 1e9);
  next();
  const left = readdirSync(cache());
  expect(left.length).toBeLessThanOrEqual(1000);
  expect(left).toContain('1099.json');
  expect(left).not.toContain('0.json');
  expect(left).not.toContain('abandoned.1.draft');
  expect(next().built).toBe(false);
});

test('serves programs that run at the same time', () => {
  write({ ...PLAIN, 'src/x.js': `export const x = ${JSON.stringify('x'.repeat(200_000))};` });
  const script = `
    const { Bundler } = require(${JSON.stringify(join(process.cwd(), 'lib/core/bundle/bundler.ts'))});
    const settings = ${JSON.stringify(settings)};
    for (let round = 0; round < 8; round++) {
      try {
        if (round % 4 === 3) require('node:fs').rmSync(${JSON.stringify(cache())}, { recursive: true, force: true });
      } catch {}
      const { files } = new Bundler(${JSON.stringify(home)}).bundle(${JSON.stringify(join(home, 'src/h.ts'))}, settings);
      if (files.get('index.js').length < 200_000) throw new Error('half a bundle');
    }`;
  const run = `Promise.all([1, 2, 3].map(() => new Promise((done, failed) =>
    require('node:child_process').execFile(process.execPath, ['-r', 'tsx/cjs', '-e', ${JSON.stringify(script)}], (error) =>
      error ? failed(error) : done())))).then(() => console.log('all'))`;
  expect(execFileSync(process.execPath, ['-e', run], { encoding: 'utf8' })).toBe('all\n');
});

describe('several in one call', () => {
  const handlers = Object.fromEntries(
    ['a', 'b', 'c'].map((name) => [`src/${name}.ts`, `import './shared';\nexport const handler = () => '${name}';`]),
  );
  const files = { 'package.json': '{}', 'src/shared.ts': 'console.log("shared");', ...handlers };
  const entries = () => Object.keys(handlers).map((file) => join(home, file));

  test('makes of each what it makes of it alone', () => {
    write(files);
    tick();
    const together = new Bundler(undefined);
    together.prepare(entries(), settings);
    const made = entries().map((entry) => textOf(together.bundle(entry, settings)));
    expect(builds).toHaveBeenCalledTimes(1);
    const alone = entries().map((entry) => textOf(new Bundler(undefined).bundle(entry, settings)));
    expect(made).toEqual(alone);
  });

  test('makes those that are likely to be asked for next, and keeps those that are', () => {
    write(files);
    tick();
    const bundler = new Bundler(home);
    for (const entry of entries().slice(0, 2)) bundler.bundle(entry, settings, entries);
    expect(builds).toHaveBeenCalledTimes(1);
    expect(next({}, 'src/b.ts').built).toBe(false);
    expect(next({}, 'src/c.ts').built).toBe(true);
  });

  test('lets none suffer from another that is broken', () => {
    write({ ...files, 'src/c.ts': '(' });
    const bundler = new Bundler(home);
    for (const entry of entries().slice(0, 2))
      expect(textOf(bundler.bundle(entry, settings, entries))).toContain('shared');
    expect(() => bundler.bundle(entries()[2]!, settings)).toThrow('Unexpected end of file');
  });

  test('gives each the files that belong to it', () => {
    write({ ...files, 'src/a.ts': "import w from './w.bin';\nexport const handler = w;", 'src/w.bin': 'w' });
    const bundler = new Bundler(undefined);
    const copying = { ...settings, options: { ...settings.options, loader: { '.bin': 'file' as const } } };
    bundler.prepare(entries(), copying);
    const [a, b] = entries().map((entry) => bundler.bundle(entry, copying));
    expect([...a!.files.keys()].sort()).toEqual(['index.js', 'index.js.map', expect.stringMatching(/^w-\w+\.bin$/)]);
    expect([...b!.files.keys()].sort()).toEqual(['index.js', 'index.js.map']);
  });
});
