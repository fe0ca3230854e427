import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { App, Stack } from 'aws-cdk-lib';
import type * as Esbuild from 'esbuild';
import { buildSync } from 'esbuild';
import { ServiceFunction } from '../../lib/aws/service-function';

jest.mock('esbuild', () => {
  const { version, buildSync: build } = jest.requireActual<typeof Esbuild>('esbuild');
  return { version, buildSync: jest.fn(build) };
});

const start = process.cwd();
const builds = jest.mocked(buildSync);
let home: string;

beforeEach(() => {
  home = mkdtempSync(join(tmpdir(), 'lintel-bundle-cache-'));
  process.chdir(home);
  mkdirSync('src');
  writeFileSync('package.json', '{}');
  for (const name of ['a', 'b', 'c']) writeFileSync(`src/${name}.ts`, `export const handler = () => '${name}';`);
  writeFileSync('src/helper.ts', 'export const help = 1;');
  writeFileSync('src/a.test.ts', 'test(');
  // What was written just now may have changed under the bundler.
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 15);
});
afterEach(() => {
  process.chdir(start);
  rmSync(home, { recursive: true });
});

/** How often esbuild is called by a synthesis of these handlers. */
function calls(context: Record<string, unknown> = {}, names = ['a', 'b', 'c']): number {
  builds.mockClear();
  const app = new App({ builtinCloudFormationValidation: false, context });
  const stack = new Stack(app, 'Shop');
  for (const name of names) new ServiceFunction(stack, name, { entry: `src/${name}.ts`, onFailure: 'none' });
  app.synth();
  return builds.mock.calls.length;
}

test('bundles the handlers of a folder in one call, also where each function is made by itself', () => {
  writeFileSync('src/stack.ts', "import { Stack } from 'aws-cdk-lib';\nexport const handler = new Stack();");
  writeFileSync('src/other.ts', "export function notThis() { return 'handler'; }");
  expect(calls()).toBe(1);
  const [{ entryPoints }] = builds.mock.calls[0]! as [{ entryPoints: { in: string }[] }];
  expect(entryPoints.map((entry) => basename(entry.in)).sort()).toEqual(['a.ts', 'b.ts', 'c.ts']);
});

test('starts no bundler for a second synthesis of what is unchanged', () => {
  calls();
  expect(calls()).toBe(0);
  writeFileSync('src/b.ts', 'export const handler = () => 2;');
  expect(calls()).toBe(1);
});

test.each([false, 'false'])('bundles everything anew where the context says so: %p', (off) => {
  calls();
  expect(calls({ 'lintel:bundleCache': off })).toBe(1);
});

test('refuses another setting of the cache', () => {
  expect(() => calls({ 'lintel:bundleCache': 'no' })).toThrow(
    "'lintel:bundleCache' in the context must be true or false, got 'no'; remove it, or set it to false to rebundle everything (Shop/a)",
  );
});
