import { spawnSync } from 'node:child_process';
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { resolve } from 'node:path';

const home = '.cache/test/plugins';
beforeEach(() => mkdirSync(home, { recursive: true }));
afterEach(() => rmSync(home, { recursive: true }));

test('keeps apart what plugins print and the answer', () => {
  writeFileSync(`${home}/plugins.mjs`, "console.log('printed');\nexport default [];");
  writeFileSync(`${home}/h.ts`, 'export const handler = 1;');
  const options = { entryPoints: [`${home}/h.ts`], write: false, metafile: true };
  const request = { options, plugins: resolve(home, 'plugins.mjs'), esbuild: require.resolve('esbuild') };
  const { stdout, stderr } = spawnSync(process.execPath, ['lib/core/bundle/build-with-plugins.js'], {
    input: JSON.stringify(request),
    encoding: 'utf8',
  });
  expect(JSON.parse(stdout)).toMatchObject({ errors: [], outputFiles: [{ path: expect.any(String) as string }] });
  expect(stderr).toBe('printed\n');
});
