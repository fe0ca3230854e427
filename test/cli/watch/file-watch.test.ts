import { mkdirSync, mkdtempSync, renameSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { FileWatch } from '../../../lib/cli/watch/file-watch';

const folder = mkdtempSync(path.join(tmpdir(), 'lintel-watched-'));
const changes: string[][] = [];
const at = (name: string) => path.join(folder, name);
const write = (name: string, content: string) => {
  mkdirSync(path.dirname(at(name)), { recursive: true });
  writeFileSync(at(name), content);
};

const failures: unknown[] = [];
let watch: FileWatch;
beforeAll(() => {
  for (const name of ['a.ts', 'deep/b.ts', 'node_modules/x/index.js', '.git/HEAD', 'out/c.js']) write(name, '1');
  symlinkSync(folder, at('deep/loop'));
  watch = new FileWatch(
    () => ({ roots: [folder], excluded: [at('out')] }),
    (files) => changes.push(files.map((file) => path.relative(folder, file)).sort()),
    (error) => failures.push(error),
  );
});
afterAll(() => {
  watch.stop();
  rmSync(folder, { recursive: true });
  expect(failures).toEqual([]);
});

/** What was told of, once nothing more comes. */
async function told(): Promise<string[][]> {
  await new Promise((resolve) => setTimeout(resolve, 700));
  return changes.splice(0);
}

test('files that change, come, go and are replaced are told of together', async () => {
  write('a.ts', '2');
  write('deep/new/d.ts', '1');
  write('deep/b.ts.tmp', '2');
  renameSync(at('deep/b.ts.tmp'), at('deep/b.ts'));
  expect(
    (await told())
      .flat()
      .filter((name) => !name.endsWith('.tmp'))
      .sort(),
  ).toEqual(['a.ts', 'deep/b.ts', 'deep/new/d.ts']);
  rmSync(at('a.ts'));
  expect(await told()).toEqual([['a.ts']]);
});

test('what is written with the same content is no change, nor are packages, dot folders and what is left out', async () => {
  write('deep/b.ts', '2');
  for (const name of ['node_modules/x/index.js', '.git/HEAD', 'out/c.js']) write(name, '2');
  expect(await told()).toEqual([]);
});
