import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { App, Stack } from 'aws-cdk-lib';
import { ServiceFunction } from '../../../lib/aws/service-function';
import { bundle } from '../../../lib/edge/bundle';

const start = process.cwd();
let home: string;
beforeEach(() => {
  home = mkdtempSync(join(tmpdir(), 'lintel-problems-'));
  process.chdir(home);
});
afterEach(() => {
  process.chdir(start);
  rmSync(home, { recursive: true });
});

test.each([
  ['broken.ts', 'export const handler = (;', 'broken.ts:1:25: Unexpected ";"'],
  ['lost.ts', "import './gone';", 'lost.ts:1:8: Could not resolve "./gone"'],
])('names the place of what is wrong in %s as editors do, on both clouds', (file, source, message) => {
  writeFileSync(file, source);
  const make = () => new ServiceFunction(new Stack(new App(), 'Shop'), 'F', { entry: file });
  expect(make).toThrow(message);
  expect(bundle('worker', file).errors).toEqual([message]);
});
