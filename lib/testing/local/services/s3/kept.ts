import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import type { DataDirectory } from '../../kernel/data-directory';
import type { KeptEntries } from '../../kernel/kept-entries';
import type { Bucket, Keeper, ObjectVersion } from './store';

/** The file with everything but object bytes. */
const INDEX = 'buckets.jsonl';
/** The directory of object bytes, by hash. */
const BODIES = 'objects';

/** A kept version: its bucket, the hash of its bytes, and its time as a string. */
type Kept = Omit<ObjectVersion, 'body' | 'modified'> & {
  readonly bucket: string;
  readonly body: string;
  readonly modified: string;
};

/** The objects that outlive the run. */
export class KeptObjects {
  private readonly index: KeptEntries<Kept>;
  private directory: string | undefined;

  /** @param data where they are kept */
  constructor(private readonly data: DataDirectory) {
    this.index = data.entries(INDEX);
  }

  /** Reads them, and removes the bytes of those that are no longer there. */
  open(): void {
    const used = new Set([...this.index.open().values()].map(({ body }) => body));
    this.directory = this.data.directory(BODIES);
    if (this.directory === undefined) return;
    for (const file of readdirSync(this.directory)) if (!used.has(file)) rmSync(path.join(this.directory, file));
  }

  /** Restores a bucket of an earlier run. */
  load(bucket: Bucket): void {
    const { directory } = this;
    if (directory === undefined) return;
    const own = [...this.index.open().values()].filter((one) => one.bucket === bucket.settings.name);
    bucket.restore(
      own.map(({ bucket: _, body, modified, ...rest }) => ({
        ...rest,
        body: readFileSync(path.join(directory, body)),
        modified: new Date(modified),
      })),
    );
  }

  /** What keeps the objects of a bucket. */
  of(bucket: string): Keeper {
    const keyOf = ({ versionId, key }: ObjectVersion) => `${bucket}/${versionId}/${key}`;
    return {
      keep: (version) => {
        if (this.directory === undefined) return;
        const body = keepBody(this.directory, version.body);
        this.index.set(keyOf(version), { ...version, bucket, body, modified: version.modified.toISOString() });
      },
      drop: (version) => this.index.delete(keyOf(version)),
    };
  }
}

/** Writes bytes whole or not at all: a process may be killed while it writes. */
function keepBody(directory: string, body: Buffer): string {
  const name = createHash('sha256').update(body).digest('hex');
  const file = path.join(directory, name);
  if (existsSync(file)) return name;
  writeFileSync(`${file}.new`, body);
  renameSync(`${file}.new`, file);
  return name;
}
