import type * as Esbuild from 'esbuild';
import { buildSync } from 'esbuild';
import { runEsbuild } from '../../../lib/core/bundle/esbuild';

jest.mock('esbuild', () => {
  const esbuild = jest.requireActual<typeof Esbuild>('esbuild');
  return { version: esbuild.version, buildSync: jest.fn(esbuild.buildSync) };
});

const { GOGC } = process.env;
const seen: (string | undefined)[] = [];

beforeEach(() => {
  seen.length = 0;
  delete process.env.GOGC;
  const { buildSync: build } = jest.requireActual<typeof Esbuild>('esbuild');
  jest.mocked(buildSync).mockImplementation((options) => {
    seen.push(process.env.GOGC);
    return build(options);
  });
});
afterAll(() => {
  if (GOGC !== undefined) process.env.GOGC = GOGC;
});

const entry = (contents: string) => ({ stdin: { contents }, bundle: true, outdir: '.' });

test('lets esbuild collect garbage less often, and leaves the environment as it was', () => {
  runEsbuild(entry('export const a = 1;'));
  expect(seen).toEqual(['400']);
  expect(process.env).not.toHaveProperty('GOGC');
});

test('leaves the environment as it was when a build fails', () => {
  expect(() => runEsbuild(entry('export const = 1;'))).toThrow('Expected identifier');
  expect(seen).toEqual(['400']);
  expect(process.env).not.toHaveProperty('GOGC');
});

test('keeps what the user has set for the garbage collector', () => {
  process.env.GOGC = '50';
  runEsbuild(entry('export const a = 1;'));
  expect(seen).toEqual(['50']);
  expect(process.env.GOGC).toBe('50');
});
