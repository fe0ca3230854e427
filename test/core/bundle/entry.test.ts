import { mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { App, Stack } from 'aws-cdk-lib';
import { QueueWorker, ServiceFunction } from 'lintel/aws';
import { findEntry } from '../../../lib/core/bundle/entry';
import { bundle } from '../../../lib/edge/bundle';

const start = process.cwd();
let home: string;
beforeEach(() => {
  home = realpathSync(mkdtempSync(join(tmpdir(), 'lintel-entry-')));
  process.chdir(home);
  mkdirSync('fixtures');
});
afterEach(() => {
  process.chdir(start);
  rmSync(home, { recursive: true });
});

const BESIDE = join(__dirname, 'fixtures/beside.ts');
const here = (name: string) => {
  writeFileSync(name, 'export const handler = async () => 1;');
  return join(home, name);
};

test('finds a module in the working directory, by its absolute path, and by its URL', () => {
  const file = here('fixtures/own.ts');
  for (const entry of ['fixtures/own.ts', './fixtures/own.ts', file, pathToFileURL(file).href])
    expect(findEntry(entry)).toMatchObject({ file, ambiguous: false });
});

test('finds a module beside the file that makes the construct, however deep the construct', () => {
  for (const entry of ['fixtures/beside.ts', './fixtures/beside.ts', '../bundle/fixtures/beside.ts'])
    expect(findEntry(entry)).toMatchObject({ file: BESIDE, ambiguous: false });
  const stack = new Stack(new App({ builtinCloudFormationValidation: false }), 'Shop');
  expect(() => new ServiceFunction(stack, 'F', { entry: './fixtures/beside.ts' })).not.toThrow();
  expect(() => new QueueWorker(stack, 'Q', { handler: './fixtures/beside.ts' })).not.toThrow();
  expect(bundle('worker', './fixtures/beside.ts')).toMatchObject({ errors: [], exports: ['handler'] });
});

test('takes the one of the working directory where a path does not begin with a dot', () => {
  const file = here('fixtures/beside.ts');
  expect(findEntry('fixtures/beside.ts')).toMatchObject({ file });
});

test('refuses a path with a dot that means two files', () => {
  here('fixtures/beside.ts');
  const stack = new Stack(new App({ builtinCloudFormationValidation: false }), 'Shop');
  expect(() => new ServiceFunction(stack, 'F', { entry: './fixtures/beside.ts' })).toThrow(
    /'entry' must be the path of one file \(there is 'fixtures\/beside\.ts' and '.*\/fixtures\/beside\.ts'\), got '\.\/fixtures\/beside\.ts'; leave the dot out for the first, or write path\.join\(__dirname, '\.\.\.'\) for the one next to the file that refers to it \(Shop\/F\)/,
  );
  expect(bundle('worker', './fixtures/beside.ts').errors).toEqual([
    expect.stringMatching(/^specify which: there is 'fixtures\/beside\.ts' and '.*'$/),
  ]);
});

test('refuses a path that means none, with the places where it was looked for', () => {
  const stack = new Stack(new App({ builtinCloudFormationValidation: false }), 'Shop');
  expect(() => new ServiceFunction(stack, 'F', { entry: './none.ts' })).toThrow(
    /'entry' must be the path of a file, relative to the working directory \(there is none at 'none\.ts'\), .*, and there is none at '.*\/bundle\/none\.ts' either \(Shop\/F\)/,
  );
});
