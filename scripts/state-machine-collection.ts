// Reads every state machine definition of a folder, and runs those of which everything is supported with stubs for what
// their tasks call.
//   npx tsx scripts/state-machine-collection.ts <folder>
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { allStates, parseDefinition } from '../lib/core/asl/definition';
import { definitionFaults } from '../lib/core/asl/faults';
import { taskCall } from '../lib/core/asl/task';
import { isRecord, type JsonObject, parseJson, recordOf, text } from '../lib/testing/local/kernel/json';
import { isDistributed } from '../lib/testing/local/services/states/engine/map';
import { integrationOf } from '../lib/testing/local/services/states/integrations/find';
import { passState, type Stub } from './pass-state';

interface Found {
  readonly file: string;
  readonly definition: JsonObject;
}

async function main(folder: string): Promise<void> {
  const found = [...definitionsIn(folder)];
  const ends = new Map<string, string[]>();
  const refused: string[] = [];
  let unsupported = 0;
  for (const { file, definition } of found) {
    const faults = definitionFaults(JSON.stringify(definition), false);
    refused.push(...faults.map(({ code, message, location }) => `${file}: ${code} ${message} at ${location}`));
    if (faults.length > 0) continue;
    if (!isSupported(definition)) {
      unsupported++;
      continue;
    }
    const { status, error, cause } = await passState(definition, inputFor(definition), stubFor(definition), 5);
    const end = [status, error].filter((part) => part !== undefined).join(' ');
    ends.set(end, [...(ends.get(end) ?? []), `${file}: ${cause ?? ''}`]);
  }
  console.log(
    `${found.length} definitions are read; AWS would refuse ${new Set(refused.map((one) => one.split(': ')[0])).size}:`,
  );
  for (const one of refused) console.log(`  ${one}`);
  console.log(`${unsupported} call something that is not run here, or have a distributed map; of the others end:`);
  for (const [end, files] of ends) {
    console.log(`  ${files.length} ${end}`);
    if (end !== 'SUCCEEDED') for (const file of files) console.log(`      ${file.slice(0, 300)}`);
  }
}

function isSupported(definition: JsonObject): boolean {
  const parsed = parseDefinition(JSON.stringify(definition));
  if ('fault' in parsed) return false;
  return allStates(parsed.machine).every(({ body, inner }) => {
    const call = taskCall(body.Resource);
    return (!call || integrationOf(call)) && !inner.some(isDistributed);
  });
}

/** What paths of the definition read, so that most of them lead somewhere: fields in fields, lists where they are gone through. */
function inputFor(definition: JsonObject): JsonObject {
  const input: Record<string, unknown> = {};
  const source = JSON.stringify(definition);
  for (const [, path] of source.matchAll(/(?:\$|\$states\.(?:input|result))\.([A-Za-z_][\w.-]*(?:\[[^\]]*\])?)/g)) {
    const names = path!
      .replace(/\[.*$/, '')
      .split('.')
      .filter((name) => name !== '');
    let at = input;
    for (const [index, name] of names.entries()) {
      const last = index === names.length - 1;
      if (!isRecord(at[name])) at[name] = last ? (path!.endsWith(']') ? [{}] : {}) : {};
      if (!last) at = at[name] as Record<string, unknown>;
    }
  }
  for (const [, field, path] of source.matchAll(
    /"(ItemsPath|SecondsPath|TimestampPath|TimeoutSecondsPath)":"\$\.([\w.]+)"/g,
  )) {
    const names = path!.split('.');
    const holder = names.slice(0, -1).reduce((all, name) => recordOf(all[name]), input as JsonObject);
    (holder as Record<string, unknown>)[names.at(-1)!] = VALUES[field as keyof typeof VALUES];
  }
  return input;
}

const VALUES = { ItemsPath: [{}], SecondsPath: 1, TimestampPath: '2020-01-01T00:00:00Z', TimeoutSecondsPath: 60 };

/** Answers that have every name which the definition reads. Who waits for a token gets its answer at once. */
function stubFor(definition: JsonObject): Stub {
  const named = inputFor(definition);
  const answer = { ...named, Payload: named, Output: named, Item: named, Items: [], StatusCode: 200 };
  return { call: async () => answer, finished: async () => answer, answers: JSON.stringify(answer) };
}

function* definitionsIn(folder: string): Iterable<Found> {
  for (const entry of readdirSync(folder, { withFileTypes: true, recursive: true })) {
    if (!entry.isFile() || !entry.name.endsWith('.json')) continue;
    const file = path.join(entry.parentPath, entry.name);
    const content = parseJson(
      readFileSync(file, 'utf8')
        .replaceAll(/"\$\{(\w+)\}"/g, '"$1"')
        .replaceAll(/\$\{(\w+)\}/g, '$1'),
    );
    if (isRecord(content) && text(content.StartAt) !== undefined && isRecord(content.States)) {
      yield { file: path.relative(folder, file), definition: content };
    }
  }
}

const [folder] = process.argv.slice(2);
if (folder === undefined) throw new Error('name a folder with definitions');
main(folder)
  .then(() => process.exit(0))
  .catch((error: unknown) => {
    console.error(error);
    process.exitCode = 1;
  });
