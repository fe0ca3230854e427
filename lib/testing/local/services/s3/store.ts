import { randomBytes } from 'node:crypto';
import type { ObjectChecksum } from './checksums';

/** What is kept of an object, or of the deletion of one. */
export interface NewObject {
  /** The bytes; empty for a delete marker. */
  readonly body: Buffer;
  /** With its quotation marks. */
  readonly etag: string;
  /** What is sent back with it: `content-type`, `cache-control`, ... */
  readonly headers: Readonly<Record<string, string>>;
  /** What the user says of it, by name in lower case without `x-amz-meta-`. */
  readonly metadata: Readonly<Record<string, string>>;
  /** The checksum that came with it and was right. */
  readonly checksum?: ObjectChecksum;
  /** The sizes of the parts that it was uploaded in. */
  readonly parts?: readonly number[];
  /** Tags, by key. */
  readonly tags: Readonly<Record<string, string>>;
  /** Set for a delete marker, which stands for an object that is gone. */
  readonly marker?: true;
}

/** One version of an object. */
export interface ObjectVersion extends NewObject {
  readonly key: string;
  /** Its id; `null` where the bucket has no versions. */
  readonly versionId: string;
  readonly modified: Date;
}

/** An upload in parts that is under way. */
export interface Upload {
  readonly id: string;
  readonly key: string;
  readonly begun: Date;
  /** What the object will have beside its bytes. */
  readonly object: Omit<NewObject, 'body' | 'etag' | 'checksum' | 'parts'>;
  /** The algorithm of the checksums of the parts: `crc32`. */
  readonly algorithm?: string;
  /** Whether the object's checksum is one of the whole or one of the parts' checksums. */
  readonly whole: boolean;
  readonly parts: Map<number, Part>;
}

/** A part of an upload. */
export interface Part {
  readonly body: Buffer;
  /** With its quotation marks. */
  readonly etag: string;
  /** The checksum that came with it. */
  readonly checksum?: ObjectChecksum;
  readonly modified: Date;
}

/** How an object is encrypted. */
export interface ObjectEncryption {
  /** `AES256`, `aws:kms` or `aws:kms:dsse`. */
  readonly algorithm: string;
  /** The key of KMS, where one is named. */
  readonly key?: string;
  /** Whether the bucket has a key of its own, so that KMS is told of the bucket and not of the object. */
  readonly bucketKey?: boolean;
}

/** Whether a bucket keeps versions; `Off` where it never did. */
export type Versioning = 'Off' | 'Enabled' | 'Suspended';

export interface BucketSettings {
  readonly name: string;
  readonly region: string;
  /** Whether it keeps versions. */
  readonly versioning: Versioning;
  /** How objects are encrypted whose writer does not say. */
  readonly encryption: ObjectEncryption;
  /** Whether access control lists count; without them, the owner owns everything. */
  readonly acls: boolean;
}

/** A bucket with its objects, in memory. */
export class Bucket {
  readonly created = new Date();
  /** Uploads under way, by id. */
  readonly uploads = new Map<string, Upload>();
  private readonly objects = new Map<string, readonly ObjectVersion[]>();

  /** @param settings what it is */
  constructor(readonly settings: BucketSettings) {}

  /** The object of a key; undefined where there is none, or it was deleted. */
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

  /** All versions of a key, the latest first. */
  versions(key: string): readonly ObjectVersion[] {
    return this.objects.get(key) ?? [];
  }

  /** All keys, in the order of their bytes. */
  keys(): readonly string[] {
    return [...this.objects.keys()].sort((a, b) => Buffer.compare(Buffer.from(a), Buffer.from(b)));
  }

  /** Everything, the latest version of a key first. */
  get all(): readonly ObjectVersion[] {
    return [...this.objects.values()].flat();
  }

  /** Takes versions that an earlier run has kept, in the same order. */
  keep(versions: readonly ObjectVersion[]): void {
    for (const version of versions) this.objects.set(version.key, [...this.versions(version.key), version]);
  }

  /** Writes an object: a new version, or in place of the one without a version. */
  put(key: string, object: NewObject): ObjectVersion {
    const versionId = this.settings.versioning === 'Enabled' ? newVersionId() : 'null';
    const written: ObjectVersion = { ...object, key, versionId, modified: new Date() };
    this.objects.set(key, [written, ...this.versions(key).filter((one) => one.versionId !== versionId)]);
    return written;
  }

  /** Deletes an object: with versions, by a marker, which is given; nothing otherwise. */
  remove(key: string): ObjectVersion | undefined {
    if (this.settings.versioning !== 'Off') {
      return this.put(key, { body: Buffer.alloc(0), etag: '', headers: {}, metadata: {}, tags: {}, marker: true });
    }
    this.objects.delete(key);
    return undefined;
  }

  /** Deletes one version for good, and gives it. */
  removeVersion(key: string, versionId: string): ObjectVersion | undefined {
    const found = this.version(key, versionId);
    const left = this.versions(key).filter((one) => one !== found);
    if (left.length === 0) this.objects.delete(key);
    else this.objects.set(key, left);
    return found;
  }

  /** Changes the tags of a version. */
  tag(version: ObjectVersion, tags: Readonly<Record<string, string>>): void {
    const changed = this.versions(version.key).map((one) => (one === version ? { ...one, tags } : one));
    this.objects.set(version.key, changed);
  }
}

/** As long as S3's own. */
function newVersionId(): string {
  return randomBytes(24).toString('base64url');
}
