import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { main } from '../../../lib/cli/main';
import { recorded } from './recorded';

const ROOT = path.resolve(__dirname, '../../..');
const repository = mkdtempSync(path.join(tmpdir(), 'lintel-watched-'));
const io = recorded();
let ended: Promise<number>;
let url: string;

const write = (name: string, content: string) => {
  mkdirSync(path.dirname(path.join(repository, name)), { recursive: true });
  writeFileSync(path.join(repository, name), content);
};
/** Writes each call to a bucket, and answers with the calls so far. */
const code = (
  word: string,
) => `const { S3Client, ListObjectsV2Command, PutObjectCommand } = require('@aws-sdk/client-s3');
const s3 = new S3Client({ forcePathStyle: true });
exports.handler = async (event) => {
  await s3.send(new PutObjectCommand({ Bucket: process.env.FILES, Key: event.requestContext.requestId }));
  const { KeyCount } = await s3.send(new ListObjectsV2Command({ Bucket: process.env.FILES }));
  return '${word} ' + KeyCount;
};`;
const ask = async (place: string) => (await fetch(`${url}/${place}`, { headers: { connection: 'close' } })).text();

beforeAll(async () => {
  const tsx = path.join(ROOT, 'node_modules/.bin/tsx');
  const app = `${tsx} --tsconfig ${ROOT}/tsconfig.json ${ROOT}/test/cli/watch/fixtures/assets-app.ts`;
  write('infra/cdk.json', JSON.stringify({ app }));
  write('package-lock.json', '{}');
  write('package.json', '{}');
  write('.git/HEAD', '');
  symlinkSync(path.join(ROOT, 'node_modules'), path.join(repository, 'node_modules'));
  write('services/word.ts', `export const word: string = 'bundled';`);
  write('services/bundled.ts', `import { word } from './word';\n${code(`' + word + '`)}`);
  write('services/folder/index.js', code('folder'));
  write('services/folder/notes.md', '1');
  ended = main(['run', path.join(repository, 'infra'), '--watch'], io);
  await io.until('Stop with Ctrl-C.');
  url = /Shop\/Api: (http:\/\/127\.0\.0\.1:\d+)/.exec(io.text())![1]!;
}, 90_000);
afterAll(async () => {
  process.emit('SIGINT');
  await ended;
  rmSync(repository, { recursive: true });
});

test('folders that are copied and handlers that CDK bundles are swapped in by their sources, without the app', async () => {
  write('infra/broken', '');
  await io.until('it is broken');
  expect(await ask('folder')).toBe('folder 1');
  write('services/folder/index.js', code('changed'));
  await io.until('watch: Shop/Folder has new code after');
  expect(await ask('folder')).toBe('changed 2');
  write('services/word.ts', `export const word: string = 'again';`);
  await io.until('watch: Shop/Bundled has new code after');
  expect(await ask('bundled')).toBe('again 3');
  rmSync(path.join(repository, 'infra/broken'));
}, 30_000);

test('a file that the folder leaves out is in none of its copies; one that is new comes with the synthesis', async () => {
  write('services/folder/notes.md', '2');
  write('services/folder/word.js', `module.exports = 'more';`);
  await io.until('watch: Shop/Folder has new code after');
  write('services/folder/index.js', code(`' + require('./word') + require('fs').existsSync('notes.md') + '`));
  await io.until('watch: Shop/Folder has new code after');
  expect(await ask('folder')).toBe('morefalse 4');
}, 30_000);

test('a handler that CDK cannot bundle is said with its place, and its code stays until it is mended', async () => {
  write('services/bundled.ts', 'export const handler = ;');
  await io.until('watch: the app could not be synthesized; what runs stays as it is');
  await io.until('services/bundled.ts:1:23');
  expect(await ask('bundled')).toBe('again 5');
  write('services/bundled.ts', code('mended'));
  await io.until('watch: Shop/Bundled has new code after');
  expect(await ask('bundled')).toBe('mended 6');
}, 30_000);
