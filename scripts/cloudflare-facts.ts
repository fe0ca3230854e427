import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { readPackage } from './aws-facts/provider';
import { writeFormatted } from './formatted';

/** Where our code speaks of Cloudflare's types: it makes them, runs them, reads them, judges them. */
const PLACES = ['lib/edge', 'patterns/edge', 'lib/testing/edge', 'lib/rules/lookups', 'lib/core/model'];

/**
 * Writes what the edge half is held against: the inputs and outputs of each type of @pulumi/cloudflare that our code speaks of, as
 * the installed version declares them.
 *
 *     npx tsx scripts/cloudflare-facts.ts
 */
async function main(): Promise<void> {
  const { version, types } = readPackage('node_modules/@pulumi/cloudflare');
  const spoken = new Set(PLACES.flatMap(sources).flatMap((file) => namesIn(readFileSync(file, 'utf8'))));
  const known = [...types]
    .filter(([token]) => spoken.has(token.split(':').at(-1)!))
    .sort(([a], [b]) => (a < b ? -1 : 1));
  const facts = { version, types: Object.fromEntries(known) };
  writeFormatted('test/edge/cloudflare-facts.json', JSON.stringify(facts));
}

/** Names of types as code has them: `cloudflare.Queue`, `'Queue'`, `:Queue'`. */
function namesIn(code: string): string[] {
  return [...code.matchAll(/(?:cloudflare\.|[':])([A-Z]\w+)\b/g)].map(([, name]) => name!);
}

function sources(folder: string): string[] {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && /\.(ts|mjs)$/.test(entry.name))
    .map((entry) => path.join(entry.parentPath, entry.name));
}

main().catch((error: Error) => {
  process.stderr.write(`${error.message}\n`);
  process.exitCode = 1;
});
