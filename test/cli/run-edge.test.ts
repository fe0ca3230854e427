import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { Io } from '../../lib/cli/io';
import { main } from '../../lib/cli/main';

/** What a command wrote, and whether it has written something. */
function recorded() {
  let text = '';
  let notes = '';
  const io: Io = {
    out: (more) => void (text += more),
    note: (more) => void (notes += `${more}\n`),
    colour: false,
  };
  return {
    io,
    text: () => text,
    notes: () => notes,
    until: async (part: string) => {
      for (let count = 0; count < 1500 && !(text + notes).includes(part); count++) {
        await new Promise((resolve) => setTimeout(resolve, 10));
      }
      expect(text).toContain(part);
    },
  };
}

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  await new Promise((resolve) => server.close(resolve));
  return typeof address === 'object' && address ? address.port : 0;
}

test('runs a Pulumi project until it is interrupted, without an account', async () => {
  const output = recorded();
  const port = await freePort();
  const ended = main(['run', 'examples/edge/links', '--port', String(port), '--secret', 'API_KEY=k3y'], output.io);
  await output.until('Stop with Ctrl-C.');
  expect(output.text()).toContain(`Workers\n  api: http://127.0.0.1:${port}/\n  cleanup: http://127.0.0.1:`);
  const created = await fetch(`http://127.0.0.1:${port}/links`, {
    method: 'POST',
    body: JSON.stringify({ url: 'https://example.com', slug: 'spring' }),
    headers: { authorization: 'Bearer k3y' },
  });
  expect(created.status).toBe(201);
  process.emit('SIGINT');
  expect(await ended).toBe(0);
  await expect(fetch(`http://127.0.0.1:${port}/spring`)).rejects.toThrow();
});

test('asks for the values that only the stack knows', async () => {
  const output = recorded();
  expect(await main(['run', 'examples/edge/links'], output.io)).toBe(2);
  expect(output.notes()).toContain('pass a value for api.API_KEY');
  expect(output.notes()).toContain('--secret api.API_KEY=...');
});

test('takes configuration, and says what is wrong with the program without it', async () => {
  const project = '.cache/test/run-edge';
  mkdirSync(project, { recursive: true });
  writeFileSync(`${project}/Pulumi.yaml`, 'name: asks\nruntime: nodejs\nmain: index.js\n');
  const program = "new (require('@pulumi/pulumi').Config)().require('greeting');";
  writeFileSync(`${project}/index.js`, program);
  const [asked, given] = [recorded(), recorded()];
  expect(await main(['run', project], asked.io)).toBe(2);
  expect(asked.notes()).toContain("Missing required configuration variable 'asks:greeting'");
  expect(await main(['run', project, '--config', 'asks:greeting=hello'], given.io)).toBe(2);
  expect(given.notes()).toBe('lintel run: the program declares no Worker\n');
});

test('runs a graph that was written to a file', async () => {
  const directory = mkdtempSync(path.join(tmpdir(), 'lintel-graph-'));
  const file = path.join(directory, 'graph.json');
  writeFileSync(file, JSON.stringify({ resources: [], outputs: {} }));
  const output = recorded();
  expect(await main(['run', file], output.io)).toBe(2);
  expect(output.notes()).toBe('lintel run: the program declares no Worker\n');
  rmSync(directory, { recursive: true });
});
