import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { main } from '../../../lib/cli/main';
import { recorded } from './recorded';

const ROOT = path.resolve(__dirname, '../../..');
const folder = mkdtempSync(path.join(tmpdir(), 'lintel-watched-'));
const io = recorded();
let ended: Promise<number>;
let url: string;

const write = (name: string, content: string) => {
  mkdirSync(path.dirname(path.join(folder, name)), { recursive: true });
  writeFileSync(path.join(folder, name), content);
};
const GREET = `import { DynamoDBClient, GetItemCommand, UpdateItemCommand } from '@aws-sdk/client-dynamodb';
import { word } from './word';
const dynamodb = new DynamoDBClient({});
const visits = { TableName: process.env.NOTES, Key: { id: { S: 'visits' } } };
const one = { UpdateExpression: 'ADD n :one', ExpressionAttributeValues: { ':one': { N: '1' } } };
export const handler = async (event: { rawPath: string }) => {
  if (event.rawPath !== '/') await dynamodb.send(new UpdateItemCommand({ ...visits, ...one }));
  if (event.rawPath === '/slow') await new Promise((resolve) => setTimeout(resolve, 3000));
  const { Item } = await dynamodb.send(new GetItemCommand(visits));
  return \`\${process.env.GREETING} \${word} \${Item?.n?.N}\`;
};`;
const ask = async (place = '/') => (await fetch(`${url}${place}`)).text();

beforeAll(async () => {
  const tsx = path.join(ROOT, 'node_modules/.bin/tsx');
  const app = `${tsx} --tsconfig ${ROOT}/tsconfig.json ${ROOT}/test/cli/watch/fixtures/app.ts`;
  write('cdk.json', JSON.stringify({ app }));
  write('package.json', '{}');
  write('settings.json', '{ "greeting": "Hello" }');
  write('src/word.ts', `export const word: string = 'world';`);
  write('src/greet.ts', GREET);
  ended = main(['run', folder, '--watch'], io);
  await io.until('Stop with Ctrl-C.');
  url = /Shop\/Api: (http:\/\/127\.0\.0\.1:\d+)/.exec(io.text())![1]!;
}, 60_000);
afterAll(async () => {
  process.emit('SIGINT');
  await ended;
  rmSync(folder, { recursive: true });
});

test('an app is synthesized at the start, by the command of its cdk.json', async () => {
  expect(io.text()).toContain('watch: the app was synthesized');
  expect(await ask('/first')).toBe('Hello world 1');
});

test('a changed source is swapped in within a second; what runs ends on the old, and data stay', async () => {
  const slow = ask('/slow');
  await new Promise((resolve) => setTimeout(resolve, 500));
  write('src/word.ts', `export const word: string = 'there';`);
  const begun = performance.now();
  await io.until('watch: Shop/Greet has new code after');
  expect(performance.now() - begun).toBeLessThan(1500);
  expect(await ask()).toBe('Hello there 2');
  expect(await slow).toBe('Hello world 2');
});

test('what does not build is said with its place, and the code stays until it is mended', async () => {
  write('src/word.ts', `export const word = ;`);
  await io.until('src/word.ts:1:21: Unexpected ";"');
  await io.until('watch: Shop/Greet keeps its code until that is fixed');
  expect(await ask()).toBe('Hello there 2');
  write('src/word.ts', `export const word: string = 'again';`);
  await io.until('watch: Shop/Greet has new code after');
  expect(await ask()).toBe('Hello again 2');
});

test('what changes the stacks makes them run anew, on their ports and with their data', async () => {
  write('settings.json', '{ "greeting": "Bye" }');
  await io.until('watch: the stacks changed, and were restarted after');
  expect(await ask()).toBe('Bye again 2');
  write('src/word.ts', `export const word: string = 'now';`);
  await io.until('watch: Shop/Greet has new code after');
  expect(await ask()).toBe('Bye now 2');
}, 30_000);

test('an app that cannot be synthesized is said, and what runs stays', async () => {
  write('settings.json', '{ "greeting": ');
  await io.until('watch: the app could not be synthesized; what runs stays as it is');
  await io.until('SyntaxError');
  expect(await ask()).toBe('Bye now 2');
  write('settings.json', '{ "greeting": "Back" }');
  await io.until('watch: the stacks changed, and were restarted after');
  expect(await ask()).toBe('Back now 2');
}, 30_000);
