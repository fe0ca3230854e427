import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import type { DataDirectory } from '../../kernel/data-directory';
import { type JsonRecord, record, records } from '../../kernel/json';
import type { Bucket, ObjectVersion } from './store';

/** The file with everything but object bytes. */
const INDEX = 'buckets.json';
/** The directory of object bytes, by hash. */
const BODIES = 'objects';

/** Restores the buckets of an earlier run. */
export function loadBuckets(data: DataDirectory, buckets: Iterable<Bucket>): void {
  const directory = data.directory(BODIES);
  if (directory === undefined) return;
  const kept = record(data.read(INDEX));
  for (const bucket of buckets) {
    const versions = records(kept[bucket.settings.name]).map((one): ObjectVersion => {
      const { body, modified, ...rest } = one as unknown as Omit<ObjectVersion, 'body' | 'modified'> & Kept;
      return { ...rest, body: readFileSync(path.join(directory, body)), modified: new Date(modified) };
    });
    bucket.keep(versions);
  }
}

/** A persisted version: the hash of its bytes, and its time as a string. */
interface Kept {
  readonly body: string;
  readonly modified: string;
}

/** Saves the buckets, and what was saved of buckets no longer in any template. */
export function saveBuckets(data: DataDirectory, buckets: Iterable<Bucket>): void {
  const directory = data.owns(INDEX) ? data.directory(BODIES) : undefined;
  if (directory === undefined) return;
  const index: Record<string, readonly JsonRecord[]> = {};
  for (const [name, versions] of Object.entries(record(data.peek(INDEX)))) index[name] = records(versions);
  for (const bucket of buckets) {
    index[bucket.settings.name] = bucket.all.map((version) => ({
      ...version,
      body: keepBody(directory, version.body),
    }));
  }
  data.write(INDEX, index);
  const used = new Set(Object.values(index).flatMap((versions) => versions.map(({ body }) => body)));
  for (const file of readdirSync(directory)) if (!used.has(file)) rmSync(path.join(directory, file));
}

function keepBody(directory: string, body: Buffer): string {
  const name = createHash('sha256').update(body).digest('hex');
  const file = path.join(directory, name);
  if (!existsSync(file)) writeFileSync(file, body);
  return name;
}
