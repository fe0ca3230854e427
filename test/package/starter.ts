import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { symlinkSync } from 'node:fs';
import path from 'node:path';
import { type Installed, root } from './installed';

/** The commands that a newcomer's `npm install` would have put there. */
const COMMANDS = { cdk: 'aws-cdk/bin/cdk', tsc: 'typescript-7/bin/tsc' };

/** What a newcomer does, in an empty folder, as the steps that are printed say. */
export function describeStarter(of: () => Installed): void {
  const bin = (name: string) => path.join(of().app, 'node_modules/.bin', name);
  const npm = (...args: string[]) => of().run('npm', args, of().starter);
  const lintel = (...args: string[]) => of().run(bin('lintel'), args, of().starter);

  beforeAll(() => {
    for (const [name, file] of Object.entries(COMMANDS)) symlinkSync(path.join(root, 'node_modules', file), bin(name));
  });

  test('its tests pass', () => {
    expect(npm('test')).toMatch(/# pass 4\n# fail 0/);
  }, 180_000);

  test('it passes the rules, and its declaration is that of the app', () => {
    expect(npm('run', 'check')).toContain('0 errors, 0 warnings, 0 unknown, 0 acknowledged');
    lintel('types', 'cdk.out', '--out', 'src/lintel.d.ts', '--check');
    expect(lintel('access', 'cdk.out')).toContain('TeamNotes/Notes');
  }, 180_000);

  test('it is served, and takes the request of its page', async () => {
    const args = ['run', 'cdk.out', '--issue-tokens', '--claims', '{"sub":"ann"}', '--log-format', 'text'];
    const served = spawn(bin('lintel'), args, { cwd: of().starter, stdio: ['ignore', 'pipe', 'pipe'] });
    const said: string[] = [];
    try {
      const { url, token } = await new Promise<{ url: string; token: string }>((resolve, reject) => {
        const look = (chunk: Buffer) => {
          said.push(String(chunk));
          const [, url] = /(http:\/\/127\.0\.0\.1:\d+)\n/.exec(said.join('')) ?? [];
          const [, token] = /(ey[\w-]+\.[\w-]+\.[\w-]+)/.exec(said.join('')) ?? [];
          if (url && token && said.join('').includes('Stop with Ctrl-C')) resolve({ url, token });
        };
        served.stdout.on('data', look);
        served.stderr.on('data', look);
        served.once('exit', () => reject(new Error(said.join(''))));
      });
      const answer = await fetch(`${url}/notes`, {
        method: 'POST',
        headers: { authorization: `Bearer ${token}` },
        body: '{"text":"buy tea"}',
      });
      expect([answer.status, await answer.json()]).toEqual([201, expect.objectContaining({ owner: 'ann' })]);
    } finally {
      served.kill('SIGINT');
      if (served.exitCode === null) await once(served, 'exit');
    }
  }, 180_000);
}
