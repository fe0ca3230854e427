import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { Code, LayerVersion } from 'aws-cdk-lib/aws-lambda';
import type { LocalRun } from 'lintel/testing';
import { fromHandlers, running, shop, stopRuns } from '../../support';

const layer = mkdtempSync(path.join(tmpdir(), 'lintel-test-'));
writeFileSync(path.join(layer, 'data.txt'), 'of the layer');

let run: LocalRun;
beforeAll(async () => {
  run = await running(
    shop((stack) => {
      const layers = [new LayerVersion(stack, 'Layer', { code: Code.fromAsset(layer) })];
      fromHandlers(stack, 'Call', 'files', { handler: 'index.call', layers });
      fromHandlers(stack, 'Stream', 'files', { handler: 'index.stream' });
      fromHandlers(stack, 'Share', 'files', { handler: 'index.share', layers });
      fromHandlers(stack, 'Links', 'files', { handler: 'index.links' });
      fromHandlers(stack, 'Thread', 'files', { handler: 'index.thread', memorySize: 512 });
      fromHandlers(stack, 'Named', 'files', { handler: 'named.handler' });
    }),
  );
});
afterAll(async () => {
  await stopRuns();
  rmSync(layer, { recursive: true });
});

const call = (name: string, ...args: unknown[]) => run.invoke('Call', { name, args });
const each = (ending: string) => ({ sync: ending, promise: ending, callback: ending });

test.each([
  ['writeFile', 'new.txt', 'x'],
  ['writeFile', 'index.js', 'x'],
  ['appendFile', 'index.js', 'x'],
  ['mkdir', 'folder'],
  ['mkdir', 'a/b', { recursive: true }],
  ['mkdtemp', 'prefix-'],
  ['rm', 'index.js'],
  ['unlink', '/opt/data.txt'],
  ['rename', 'index.js', '/tmp/index.js'],
  ['copyFile', 'index.js', 'copy.js'],
  ['cp', 'index.js', 'copy.js', {}],
  ['symlink', 'index.js', 'link.js'],
  ['open', 'index.js', 'r+'],
  ['open', 'new.txt', 'w'],
  ['access', 'index.js', 2],
  ['chmod', 'index.js', 0o600],
  ['truncate', 'index.js'],
  ['writeFile', '/etc/lintel-test', 'x'],
])('%s %s: nothing but /tmp is writable', async (name, ...args) => {
  expect(await call(name, ...args)).toEqual(each('EROFS'));
});

test.each([
  ['open', 'ENOENT', 'missing.txt', 'r+'],
  ['writeFile', 'ENOENT', 'missing/new.txt', 'x'],
  ['unlink', 'ENOENT', 'missing.txt'],
  ['mkdir', 'EEXIST', '/var/task'],
  ['readFile', 'done', 'index.js'],
  ['readFile', 'done', '/opt/data.txt'],
  ['stat', 'done', '/var/task/index.js'],
  ['writeFile', 'done', '/tmp/file', 'x'],
  ['mkdir', 'done', '/tmp/a/b', { recursive: true }],
  ['mkdtemp', 'done', '/tmp/prefix-'],
  ['writeFile', 'done', '/dev/null', 'x'],
  ['link', 'EXDEV', '/var/task/index.js', '/tmp/hard'],
  ['link', 'ENOENT', '/var/task/missing', '/tmp/hard'],
  ['link', 'EROFS', 'index.js', 'hard'],
])('%s ends with %s where that is no matter of it', async (name, ending, ...args) => {
  expect(await call(name, ...args)).toEqual(each(ending));
});

test('a stream says so when it is opened', async () => {
  expect(await run.invoke('Stream', { file: 'new.txt' })).toBe('EROFS');
  expect(await run.invoke('Stream', { file: '/tmp/new.txt' })).toBe('done');
});

test('what a module imports by name is limited as well', async () => {
  expect(await run.invoke('Named')).toEqual(['EROFS', 'EROFS']);
});

test('/tmp, /opt and /var/task are those of the environment', async () => {
  expect(await run.invoke('Share')).toEqual({
    files: ['by-name', 'by-tmpdir'],
    there: true,
    layer: 'of the layer',
    task: true,
  });
  expect(existsSync('/tmp/by-name')).toBe(false);
});

test('links in /tmp may lead anywhere, and nothing is written where they lead out of it', async () => {
  const refused = { directory: 'EROFS', below: 'EROFS', missing: 'EROFS', own: 'EROFS', circle: 'ELOOP' };
  expect(await run.invoke('Links')).toEqual({ ...refused, read: true, inside: 'done', removed: 'done' });
  expect(existsSync('/etc/lintel-test')).toBe(false);
});

test('threads of a handler are limited as it is, and so are theirs', async () => {
  const found = { outside: 'EROFS', task: 'EROFS', tmp: 'x', module: 'function', sdk: 'function' };
  expect(await run.invoke('Thread')).toEqual({ ...found, inner: found });
});
