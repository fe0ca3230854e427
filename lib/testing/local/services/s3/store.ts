import { randomBytes } from 'node:crypto';
import type { ObjectChecksum } from './checksums';

/** The stored data of an object or delete marker. */
export interface NewObject {
  /** The bytes; empty for a delete marker. */
  readonly body: Buffer;
  /** With quotation marks. */
  readonly etag: string;
  /** Headers returned on reads: `content-type`, `cache-control`, ... */
  readonly headers: Readonly<Record<string, string>>;
  /** User metadata, by lower-case name without `x-amz-meta-`. */
  readonly metadata: Readonly<Record<string, string>>;
  /** The verified checksum sent with it. */
  readonly checksum?: ObjectChecksum;
  /** The sizes of its parts, for a multipart upload. */
  readonly parts?: readonly number[];
  /** Tags, by key. */
  readonly tags: Readonly<Record<string, string>>;
  /** Set for a delete marker. */
  readonly marker?: true;
}

/** One version of an object. */
export interface ObjectVersion extends NewObject {
  readonly key: string;
  /** Its id; `null` if the bucket is not versioned. */
  readonly versionId: string;
  readonly modified: Date;
}

/** A multipart upload in progress. */
export interface Upload {
  readonly id: string;
  readonly key: string;
  readonly begun: Date;
  /** The headers, metadata and tags of the future object. */
  readonly object: Omit<NewObject, 'body' | 'etag' | 'checksum' | 'parts'>;
  /** The checksum algorithm of the parts: `crc32`. */
  readonly algorithm?: string;
  /** Whether the object's checksum covers the full object instead of the parts' checksums. */
  readonly whole: boolean;
  readonly parts: Map<number, Part>;
}

/** A part of an upload. */
export interface Part {
  readonly body: Buffer;
  /** With quotation marks. */
  readonly etag: string;
  /** The checksum sent with it. */
  readonly checksum?: ObjectChecksum;
  readonly modified: Date;
}

/** How an object is encrypted. */
export interface ObjectEncryption {
  /** `AES256`, `aws:kms` or `aws:kms:dsse`. */
  readonly algorithm: string;
  /** The KMS key, if specified. */
  readonly key?: string;
  /** Whether a bucket key is used, so that KMS sees the bucket instead of the object. */
  readonly bucketKey?: boolean;
}

/** The versioning state of a bucket; `Off` if never enabled. */
export type Versioning = 'Off' | 'Enabled' | 'Suspended';

export interface BucketSettings {
  readonly name: string;
  readonly region: string;
  /** Its versioning state. */
  readonly versioning: Versioning;
  /** The default encryption. */
  readonly encryption: ObjectEncryption;
  /** Whether ACLs are enabled; otherwise the bucket owner owns every object. */
  readonly acls: boolean;
}

/** What is told of each version that is written, changed or removed. */
export interface Keeper {
  keep(version: ObjectVersion): void;
  drop(version: ObjectVersion): void;
}

/** A bucket with its objects, in memory. */
export class Bucket {
  readonly created = new Date();
  /** Multipart uploads in progress, by id. */
  readonly uploads = new Map<string, Upload>();
  private readonly objects = new Map<string, readonly ObjectVersion[]>();

  /** Its settings, and what keeps its objects between runs. */
  constructor(
    readonly settings: BucketSettings,
    private readonly keeper: Keeper,
  ) {}

  /** The current object of a key; undefined if missing or deleted. */
  current(key: string): ObjectVersion | undefined {
    const latest = this.latest(key);
    return latest?.marker ? undefined : latest;
  }

  /** The latest version of a key, a delete marker included. */
  latest(key: string): ObjectVersion | undefined {
    return this.objects.get(key)?.[0];
  }

  /** A version of a key. */
  version(key: string, versionId: string): ObjectVersion | undefined {
    return this.objects.get(key)?.find((one) => one.versionId === versionId);
  }

  /** All versions of a key, latest first. */
  versions(key: string): readonly ObjectVersion[] {
    return this.objects.get(key) ?? [];
  }

  /** All keys, in byte order. */
  keys(): readonly string[] {
    return [...this.objects.keys()].sort((a, b) => Buffer.compare(Buffer.from(a), Buffer.from(b)));
  }

  /** Restores versions from an earlier run, in the order in which they were written. */
  restore(versions: readonly ObjectVersion[]): void {
    for (const version of versions) this.objects.set(version.key, [version, ...this.versions(version.key)]);
  }

  /** Writes an object: as a new version, or over the unversioned one. */
  put(key: string, object: NewObject): ObjectVersion {
    const versionId = this.settings.versioning === 'Enabled' ? newVersionId() : 'null';
    const written: ObjectVersion = { ...object, key, versionId, modified: new Date() };
    const replaced = this.version(key, versionId);
    // The new one comes last in what is kept.
    if (replaced) this.keeper.drop(replaced);
    this.keeper.keep(written);
    this.objects.set(key, [written, ...this.versions(key).filter((one) => one !== replaced)]);
    return written;
  }

  /** Deletes an object. In a versioned bucket, adds and returns a delete marker. */
  remove(key: string): ObjectVersion | undefined {
    if (this.settings.versioning !== 'Off') {
      return this.put(key, { body: Buffer.alloc(0), etag: '', headers: {}, metadata: {}, tags: {}, marker: true });
    }
    this.versions(key).forEach((one) => this.keeper.drop(one));
    this.objects.delete(key);
    return undefined;
  }

  /** Permanently deletes a version and returns it. */
  removeVersion(key: string, versionId: string): ObjectVersion | undefined {
    const found = this.version(key, versionId);
    if (found) this.keeper.drop(found);
    const left = this.versions(key).filter((one) => one !== found);
    if (left.length === 0) this.objects.delete(key);
    else this.objects.set(key, left);
    return found;
  }

  /** Changes the tags of a version. */
  tag(version: ObjectVersion, tags: Readonly<Record<string, string>>): void {
    const changed = { ...version, tags };
    this.keeper.keep(changed);
    this.objects.set(
      version.key,
      this.versions(version.key).map((one) => (one === version ? changed : one)),
    );
  }
}

/** A version id of the same length as S3's. */
function newVersionId(): string {
  return randomBytes(24).toString('base64url');
}
