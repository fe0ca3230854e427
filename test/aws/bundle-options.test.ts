import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { App, Stack, Stage } from 'aws-cdk-lib';
import { Architecture } from 'aws-cdk-lib/aws-lambda';
import { ServiceFunction, type ServiceFunctionProps } from '../../lib/aws/service-function';

const start = process.cwd();
let home: string;

beforeEach(() => {
  home = mkdtempSync(join(tmpdir(), 'lintel-options-'));
  process.chdir(home);
  // npm's own has what another test installed, and needs no tarball for it.
  process.env.npm_config_cache = join(home, '.npm');
  write({
    'package.json': '{ "name": "shop" }',
    'src/h.ts': "import n from 'native';\nexport const handler = () => n;",
  });
});
afterEach(() => {
  delete process.env.npm_config_cache;
  process.chdir(start);
  rmSync(home, { recursive: true });
});

function write(files: Readonly<Record<string, string | Buffer>>): void {
  for (const [path, content] of Object.entries(files)) {
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, content);
  }
}

/** The directory of a function's asset. */
function asset(bundling: ServiceFunctionProps['bundling'], props: Partial<ServiceFunctionProps> = {}): string {
  const stack = new Stack(new App({ builtinCloudFormationValidation: false }), 'Shop');
  new ServiceFunction(stack, 'F', { entry: 'src/h.ts', onFailure: 'none', ...props, ...(bundling && { bundling }) });
  const { assetOutdir } = Stage.of(stack)!;
  return join(
    assetOutdir,
    readdirSync(assetOutdir).find((name) => name.startsWith('asset.'))!,
  );
}

describe('nodeModules', () => {
  /** The header of a shared library for a processor. */
  const library = (processor: number) => Buffer.from([0x7f, ...Buffer.from('ELF'), ...Array(14).fill(0), processor, 0]);
  const ARM = 0xb7;
  const X64 = 0x3e;

  /** A package as a tarball, and as a lock file has it. */
  function packed(name: string, content: object, files: Readonly<Record<string, string | Buffer>> = {}): object {
    const folder = `packed/${name}`;
    const described = { name, version: '1.2.3', ...content };
    write({ [`${folder}/package/package.json`]: JSON.stringify(described) });
    for (const [file, text] of Object.entries(files)) write({ [`${folder}/package/${file}`]: text });
    execFileSync('tar', ['-czf', `${folder}.tgz`, '-C', folder, 'package']);
    const integrity = `sha512-${createHash('sha512')
      .update(readFileSync(`${folder}.tgz`))
      .digest('base64')}`;
    return { ...content, version: '1.2.3', resolved: `file:${folder}.tgz`, integrity };
  }

  /** A project that has a package with a binary for each processor, and one that it depends on. */
  function locked(binaries: readonly string[] = ['arm64', 'x64'], processors = { arm64: ARM, x64: X64 }): void {
    const optionalDependencies = { 'native-linux-arm64': '1.2.3', 'native-linux-x64': '1.2.3' };
    const platforms = binaries.map((cpu) => {
      const file = library(processors[cpu as keyof typeof processors]);
      const content = { os: ['linux'], cpu: [cpu] };
      return [
        `node_modules/native-linux-${cpu}`,
        { ...packed(`native-linux-${cpu}`, content, { 'n.node': file }), optional: true },
      ];
    });
    const packages = {
      '': { dependencies: { native: '^1.0.0', unused: '^1.0.0' } },
      'node_modules/native': packed(
        'native',
        { dependencies: { small: '1.2.3' }, optionalDependencies },
        { 'index.js': '' },
      ),
      'node_modules/small': packed('small', {}, { 'index.js': '' }),
      'node_modules/unused': { version: '1.0.0', resolved: 'https://registry.invalid/unused.tgz' },
      ...(Object.fromEntries(platforms) as object),
    };
    write({ 'package-lock.json': JSON.stringify({ name: 'shop', lockfileVersion: 3, packages }) });
  }

  test('installs what the lock file has, for the architecture of the function, once', () => {
    locked();
    const directory = asset({ nodeModules: ['native'] });
    expect(readFileSync(join(directory, 'index.js'), 'utf8')).toContain('require("native")');
    expect(
      readdirSync(join(directory, 'node_modules'))
        .filter((name) => !name.startsWith('.'))
        .sort(),
    ).toEqual(['native', 'native-linux-arm64', 'small']);
    rmSync('packed', { recursive: true });
    expect(
      asset({ nodeModules: ['native'] })
        .split('/')
        .at(-1),
    ).toBe(directory.split('/').at(-1));
  });

  test('installs those of another architecture for a function that has it', () => {
    locked();
    const modules = readdirSync(
      join(asset({ nodeModules: ['native'] }, { architecture: Architecture.X86_64 }), 'node_modules'),
    );
    expect(modules).toContain('native-linux-x64');
    expect(modules).not.toContain('native-linux-arm64');
  });

  const made =
    (nodeModules: readonly string[] = ['native']) =>
    () =>
      asset({ nodeModules });

  test('refuses what cannot be installed, in the words of npm', () => {
    locked();
    rmSync('packed/small.tgz');
    expect(made()).toThrow(
      /^'bundling\.nodeModules' must be installed for linux on arm64, which npm could not \(.*small\.tgz.*\), got \['native'\]; connect to the registry once; installed packages are kept until the lock file changes \(Shop\/F\)$/,
    );
    expect(readdirSync('node_modules/.cache/lintel/modules')).toEqual([]);
  });

  test('refuses a binary for another processor', () => {
    locked(undefined, { arm64: X64, x64: X64 });
    expect(made()).toThrow(
      "'bundling.nodeModules' must be built for linux on arm64 (native-linux-arm64 is for linux-x64), got ['native']; choose a package that has binaries for it",
    );
  });

  test('refuses a lock file that has the binaries of other machines only', () => {
    locked(['x64']);
    expect(made()).toThrow(
      "'bundling.nodeModules' must be locked by 'package-lock.json' for linux on arm64 (native-linux-arm64 is not), got ['native']; run npm install --os=linux --cpu=arm64 --libc=glibc --package-lock-only there (Shop/F)",
    );
  });

  test('refuses a package that is not locked, and a project without a lock file of npm', () => {
    expect(made()).toThrow('must be locked by package-lock.json, and there is none');
    write({ 'yarn.lock': '' });
    expect(made()).toThrow(
      "must be locked by package-lock.json, the only one that can be read in part, and there is 'yarn.lock'",
    );
    locked();
    expect(made(['native', 'absent'])).toThrow("(absent is not), got ['native', 'absent']");
  });

  test.each([['native@1.0.0'], ['./native'], ['native/lib']])('refuses %s, which is no name of a package', (name) => {
    expect(made([name])).toThrow("'bundling.nodeModules' must be package names");
  });

  test('refuses a package that is left out and installed', () => {
    expect(() => asset({ nodeModules: ['native'], external: ['native'] })).toThrow(
      "'bundling.nodeModules' must not name packages that 'external' leaves out (native)",
    );
  });
});

describe('plugins', () => {
  const PLUGIN = `import { appendFileSync } from 'node:fs';
export default [{ name: 'native', setup(build) {
  appendFileSync('runs', '.');
  build.onResolve({ filter: /^native$/ }, () => ({ path: 'native', namespace: 'made' }));
  build.onLoad({ filter: /.*/, namespace: 'made' }, async () => ({ contents: 'export { default } from "./src/x"', resolveDir: process.cwd() }));
} }];`;
  beforeEach(() => write({ 'src/x.ts': 'export default "made by a plugin"' }));
  const runs = () => (existsSync('runs') ? readFileSync('runs', 'utf8').length : 0);
  const tick = () => Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 15);

  test('make what esbuild does not know of', () => {
    write({ 'esbuild-plugins.mjs': PLUGIN });
    const directory = asset({ plugins: './esbuild-plugins.mjs' });
    expect(readFileSync(join(directory, 'index.js'), 'utf8')).toContain('made by a plugin');
  });

  test('run each time, unless they declare what they depend on', () => {
    write({ 'esbuild-plugins.mjs': PLUGIN });
    const make = (pluginsKey?: string) => {
      tick();
      asset({ plugins: 'esbuild-plugins.mjs', ...(pluginsKey !== undefined && { pluginsKey }) });
      return runs();
    };
    expect([make(), make()]).toEqual([1, 2]);
    expect([make('1'), make('1'), make('2')]).toEqual([3, 3, 4]);
    write({ 'esbuild-plugins.mjs': `${PLUGIN} // changed` });
    expect([make('2'), make('2')]).toEqual([5, 5]);
    write({ 'src/x.ts': 'export default "reached through a plugin"' });
    expect([make('2'), make('2')]).toEqual([6, 6]);
  });

  test.each([
    ['export default {};', 'must have a list of plugins as its default export'],
    ['throw new Error("no such thing");', 'no such thing'],
    [
      'export default [{ name: "x", setup(b) { b.onLoad({ filter: /h.ts$/ }, () => { throw new Error("in the plugin"); }); } }];',
      'in the plugin',
    ],
  ])('refuses what fails in a plugin: %s', (source, message) => {
    write({ 'esbuild-plugins.mjs': source });
    expect(() => asset({ plugins: 'esbuild-plugins.mjs' })).toThrow(message);
  });

  test.each<[ServiceFunctionProps['bundling'], string]>([
    [{ plugins: './none.mjs' }, "'bundling.plugins' must be the path of a JavaScript module"],
    [{ plugins: 'src/h.ts' }, "'bundling.plugins' must be the path of a JavaScript module"],
    [{ pluginsKey: '1' }, "'bundling.pluginsKey' must not be given without 'plugins', got '1'; remove it (Shop/F)"],
    [{ plugins: [] as never }, "'bundling.plugins' must be a string, got []; write it as './esbuild-plugins.mjs'"],
  ])('refuses %j', (bundling, message) => {
    expect(() => asset(bundling)).toThrow(message);
  });
});

test('copies the files that a loader leaves beside the code', () => {
  write({ 'src/h.ts': "import f from './data.bin';\nexport const handler = () => f;", 'src/data.bin': 'data' });
  const directory = asset({ loader: { '.bin': 'file' } });
  expect(readdirSync(directory).sort()).toEqual([expect.stringMatching(/^data-\w+\.bin$/), 'index.js', 'index.js.map']);
});
