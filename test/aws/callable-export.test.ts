import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { isCallable } from '../../lib/aws/callable-export';

const folder = mkdtempSync(join(tmpdir(), 'lintel-callable-'));
afterAll(() => rmSync(folder, { recursive: true }));

const judged = (text: string, file = 'module.ts') => {
  writeFileSync(join(folder, file), text);
  return isCallable(join(folder, file), 'handler');
};

test.each([
  'export const handler = { a: 1 };',
  "export const handler = { fetch() { return '}'; } };\nexport const other = 1;",
  "export const handler = 'x';",
  'export const handler: any = 5',
  'export const handler = 5 as any',
  'export const handler = new Date();',
  'export class handler {}',
  'export function* handler() {}',
  'export async function* handler() {}',
  'exports.main = async () => 1;',
  "module.exports.handler = 'x'",
  '',
])('%j exports nothing that Lambda could call', (text) => {
  expect(judged(text)).toBe(false);
});

test('neither does a file of data', () => {
  expect(judged('{ "handler": 1 }', 'data.json')).toBe(false);
});

test.each([
  'export const handler = async () => ({ a: 1 });',
  'export const handler: Handler<{ a: string }> = async (event) => 1;',
  'export const handler = { run() {} }.run;',
  'export const handler = { run() {} }\n  .run;',
  'export const handler = [run][0];',
  "export const handler = 'a'.constructor",
  'export const handler = new Proxy(run, {})',
  'export const handler = isFast ? run : walk',
  'export const handler = trueHandler;',
  'export const handlers = { a: 1 };\nexport const handler = run',
  'export let handler = null; handler = run',
  'export async function handler() {}',
  "export { handler } from './other'",
  "export * from './other'",
  'exports.handler = void 0;\nexports.handler = async () => 1;',
  'exports.handler = undefined;\nexports.handler = async () => 1;',
  'module.exports = { handler };',
  "module.exports = require('./other')",
])('%j may export what Lambda can call', (text) => {
  expect(judged(text)).toBe(true);
});
