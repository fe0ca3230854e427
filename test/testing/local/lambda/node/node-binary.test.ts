import { chmodSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { Runtime } from 'aws-cdk-lib/aws-lambda';
import { inline, running, shop, stopRuns } from '../../support';

// Binaries are looked for once per process, so this file has modules of its own.
jest.resetModules();

/** Versions of Node.js that are this one: they say that they are others, and have their version as the title of the process. */
const folder = mkdtempSync(path.join(tmpdir(), 'lintel-test-'));
const before = { ...process.env };

function install(place: string, version: string): string {
  const file = path.join(folder, place);
  mkdirSync(path.dirname(file), { recursive: true });
  const script = `#!/bin/sh\n[ "$1" = --version ] && echo v${version} && exit\nexec '${process.execPath}' --title=${version} "$@"\n`;
  writeFileSync(file, script);
  chmodSync(file, 0o755);
  return file;
}

beforeAll(() => {
  install('nvm/versions/node/v22.1.0/bin/node', '22.1.0');
  install('nvm/versions/node/v22.11.0/bin/node', '22.11.0');
  install('bin/node24', '24.2.0');
  symlinkSync(process.execPath, path.join(folder, 'bin/node'));
  Object.assign(process.env, { NVM_DIR: path.join(folder, 'nvm'), PATH: path.join(folder, 'bin') });
});
afterAll(async () => {
  await stopRuns();
  Object.assign(process.env, { PATH: before.PATH, NVM_DIR: before.NVM_DIR });
  if (before.NVM_DIR === undefined) delete process.env.NVM_DIR;
  rmSync(folder, { recursive: true });
});

test("functions run on the Node.js of their runtime's major version, the newest that is found, and the run says which", async () => {
  const code = 'exports.handler = async () => process.title;';
  const app = shop((stack) => {
    for (const [id, runtime] of Object.entries({ Two: Runtime.NODEJS_22_X, Four: Runtime.NODEJS_24_X })) {
      inline(stack, id, code, { runtime });
    }
  });
  const run = await running(app);
  expect(run.engines.join()).toMatch(/Lambda on Node\.js 22\.11\.0, Node\.js 24\.2\.0/);
  expect([await run.invoke('Two'), await run.invoke('Four')]).toEqual(['22.11.0', '24.2.0']);
});
