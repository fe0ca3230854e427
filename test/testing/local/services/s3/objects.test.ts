import { Readable } from 'node:stream';
import {
  CompleteMultipartUploadCommand,
  CopyObjectCommand,
  CreateMultipartUploadCommand,
  DeleteObjectCommand,
  DeleteObjectsCommand,
  GetObjectAttributesCommand,
  GetObjectCommand,
  GetObjectTaggingCommand,
  HeadObjectCommand,
  ListObjectsV2Command,
  ListObjectVersionsCommand,
  paginateListObjectsV2,
  PutBucketPolicyCommand,
  PutObjectCommand,
  type PutObjectCommandInput,
  PutObjectTaggingCommand,
  S3Client,
  UploadPartCommand,
} from '@aws-sdk/client-s3';
import type { Stack } from 'aws-cdk-lib';
import { Effect, PolicyStatement } from 'aws-cdk-lib/aws-iam';
import { Bucket } from 'aws-cdk-lib/aws-s3';
import type { LocalRun } from 'lintel/testing';
import { inline, running, shop, stopRuns } from '../../support';

function stack(stack: Stack): void {
  const files = new Bucket(stack, 'Files');
  new Bucket(stack, 'Kept', { versioned: true });
  const objects = files.arnForObjects('*');
  const may = (id: string, ...actions: string[]) =>
    inline(stack, id, 'exports.handler = async () => {};', {
      initialPolicy: actions.map(
        (action) =>
          new PolicyStatement({
            actions: [action],
            resources: [action === 's3:ListBucket' ? files.bucketArn : objects],
          }),
      ),
    });
  may('Reader', 's3:GetObject');
  may('Lister', 's3:GetObject', 's3:ListBucket');
  may('Writer', 's3:PutObject');
  may('Deleter', 's3:DeleteObject').addToRolePolicy(
    PolicyStatement.fromJson({ Effect: 'Deny', Action: 's3:DeleteObject', Resource: files.arnForObjects('kept/*') }),
  );
  may('Scanned', 's3:GetObject', 's3:ListBucket', 's3:PutObject').addToRolePolicy(
    new PolicyStatement({
      effect: Effect.DENY,
      actions: ['s3:GetObject'],
      resources: [objects],
      conditions: { StringEquals: { 's3:ExistingObjectTag/scan': 'infected' } },
    }),
  );
}

let run: LocalRun;
let s3: S3Client;
let Files: string;
let Kept: string;
beforeAll(async () => {
  run = await running(shop(stack));
  s3 = run.client(S3Client);
  Files = run.nameOf('Files');
  Kept = run.nameOf('Kept');
});
afterAll(stopRuns);

const put = (Key: string, input: Partial<PutObjectCommandInput> = {}, client = s3) =>
  client.send(new PutObjectCommand({ Bucket: Files, Key, Body: 'hello', ...input }));
const get = async (Key: string, Bucket = Files) => s3.send(new GetObjectCommand({ Bucket, Key }));
const textOf = async (Key: string, Bucket?: string) => (await get(Key, Bucket)).Body!.transformToString();

test('HeadObject says length, type, metadata and checksum', async () => {
  await put('head', { ContentType: 'text/plain', CacheControl: 'no-store', Metadata: { who: 'Ann' } });
  expect(await s3.send(new HeadObjectCommand({ Bucket: Files, Key: 'head', ChecksumMode: 'ENABLED' }))).toMatchObject({
    ContentLength: 5,
    ContentType: 'text/plain',
    CacheControl: 'no-store',
    Metadata: { who: 'Ann' },
    ETag: '"5d41402abc4b2a76b9719d911017c592"',
    ChecksumCRC32: 'NhCmhg==',
    ServerSideEncryption: 'AES256',
  });
});

test('a range is a part of the bytes; refuses one outside', async () => {
  await put('range');
  const range = (Range: string) => s3.send(new GetObjectCommand({ Bucket: Files, Key: 'range', Range }));
  const part = await range('bytes=1-2');
  expect([await part.Body!.transformToString(), part.ContentRange, part.ContentLength]).toEqual([
    'el',
    'bytes 1-2/5',
    2,
  ]);
  expect(await (await range('bytes=-2')).Body!.transformToString()).toBe('lo');
  await expect(range('bytes=9-')).rejects.toMatchObject({ name: 'InvalidRange', $metadata: { httpStatusCode: 416 } });
});

describe('a conditional write', () => {
  test('takes If-None-Match once, and refuses it when the key is there', async () => {
    await put('once', { IfNoneMatch: '*' });
    await expect(put('once', { IfNoneMatch: '*', Body: 'second' })).rejects.toMatchObject({
      name: 'PreconditionFailed',
      $metadata: { httpStatusCode: 412 },
    });
    expect(await textOf('once')).toBe('hello');
  });

  test('takes If-Match with the tag of what is there, and refuses another', async () => {
    const { ETag } = await put('match');
    const { ETag: next } = await put('match', { IfMatch: ETag, Body: 'two' });
    await expect(put('match', { IfMatch: ETag, Body: 'three' })).rejects.toMatchObject({ name: 'PreconditionFailed' });
    await expect(put('not-there', { IfMatch: next })).rejects.toMatchObject({ name: 'NoSuchKey' });
    expect(await textOf('match')).toBe('two');
  });

  test('refuses If-Match without the right to read', async () => {
    const { ETag } = await put('match-access');
    const writer = run.client(S3Client, 'Writer');
    await put('match-access', {}, writer);
    await expect(put('match-access', { IfMatch: ETag }, writer)).rejects.toThrow('s3:GetObject');
  });

  test('of a deletion, refuses another tag', async () => {
    await put('delete-match');
    const remove = (IfMatch: string) =>
      s3.send(new DeleteObjectCommand({ Bucket: Files, Key: 'delete-match', IfMatch }));
    await expect(remove('"other"')).rejects.toMatchObject({ name: 'PreconditionFailed' });
    await remove('"5d41402abc4b2a76b9719d911017c592"');
    await expect(get('delete-match')).rejects.toMatchObject({ name: 'NoSuchKey' });
  });
});

describe('checksums', () => {
  test.each(['CRC32', 'CRC32C', 'SHA1', 'SHA256', 'CRC64NVME'] as const)(
    '%s is kept and given back',
    async (algorithm) => {
      const values = {
        CRC32: 'NhCmhg==',
        CRC32C: 'mnG7TA==',
        SHA1: 'qvTGHdzF6KLavt4PO0gs2a6pQ00=',
        SHA256: 'LPJNul+wow4m6DsqxbninhsWHlwfp0JecwQzYpOLmCQ=',
        CRC64NVME: 'M3eFcAZSQlc=',
      };
      const field = `Checksum${algorithm}` as const;
      await put(algorithm, { [field]: values[algorithm] });
      const head = await s3.send(new HeadObjectCommand({ Bucket: Files, Key: algorithm, ChecksumMode: 'ENABLED' }));
      expect(head[field]).toBe(values[algorithm]);
    },
  );

  test('of a stream come behind the body, and are checked', async () => {
    const Body = Readable.from([Buffer.alloc(70_000, 'a'), Buffer.alloc(10_000, 'b')]);
    await put('stream', { Body, ContentLength: 80_000, ChecksumAlgorithm: 'CRC32C' });
    const { ContentLength, ContentEncoding, Body: read } = await get('stream');
    expect([ContentLength, ContentEncoding, (await read!.transformToByteArray()).length]).toEqual([
      80_000,
      undefined,
      80_000,
    ]);
  });

  test('refuses a stream in small chunks, and takes it from a client that collects them', async () => {
    const body = () => Readable.from(Array.from({ length: 20 }, () => Buffer.alloc(1000)));
    const put = (client: S3Client) =>
      client.send(new PutObjectCommand({ Bucket: Files, Key: 'small', Body: body(), ContentLength: 20_000 }));
    const nothing = () => undefined;
    const quiet = new S3Client({
      ...run.clientConfig,
      logger: { debug: nothing, info: nothing, warn: nothing, error: nothing },
    });
    await expect(put(quiet)).rejects.toMatchObject({ name: 'InvalidChunkSizeError', Chunk: '2', BadChunkSize: '1000' });
    const collecting = new S3Client({ ...run.clientConfig, requestStreamBufferSize: 16_384 });
    expect(await put(collecting)).toMatchObject({ ETag: expect.any(String) });
    [quiet, collecting].forEach((client) => client.destroy());
  });

  test.each([
    ['another CRC32', { ChecksumCRC32: 'AAAAAA==' }, 'BadDigest'],
    ['another SHA256', { ChecksumSHA256: 'A'.repeat(43) + '=' }, 'BadDigest'],
    ['a CRC32 that is none', { ChecksumCRC32: 'nonsense' }, 'InvalidRequest'],
    ['another Content-MD5', { ContentMD5: 'A'.repeat(22) + '==' }, 'BadDigest'],
    ['a Content-MD5 that is none', { ContentMD5: 'AAAA' }, 'InvalidDigest'],
  ])('refuses %s', async (_, input, name) => {
    await expect(put('refused', input)).rejects.toMatchObject({ name });
    await expect(get('refused')).rejects.toMatchObject({ name: 'NoSuchKey' });
  });
});

describe('an upload in parts', () => {
  const begin = async (Key: string) => {
    const target = { Bucket: Files, Key };
    const { UploadId } = await s3.send(new CreateMultipartUploadCommand({ ...target, ChecksumAlgorithm: 'CRC32' }));
    return { ...target, UploadId };
  };
  const FIVE_MB = Buffer.alloc(5 * 1024 * 1024, 'x');

  test('is one object, with the tag and the parts of S3', async () => {
    const target = await begin('parts');
    const bodies = [FIVE_MB, Buffer.from('end')];
    const uploaded = bodies.map((Body, index) =>
      s3.send(new UploadPartCommand({ ...target, PartNumber: index + 1, Body })),
    );
    const Parts = (await Promise.all(uploaded)).map(({ ETag, ChecksumCRC32 }, index) => ({
      ETag,
      ChecksumCRC32,
      PartNumber: index + 1,
    }));
    const done = await s3.send(new CompleteMultipartUploadCommand({ ...target, MultipartUpload: { Parts } }));
    expect(done.ETag).toMatch(/^"[0-9a-f]{32}-2"$/);
    expect(done.ChecksumType).toBe('COMPOSITE');
    const second = await s3.send(new GetObjectCommand({ Bucket: Files, Key: 'parts', PartNumber: 2 }));
    expect([await second.Body!.transformToString(), second.PartsCount]).toEqual(['end', 2]);
  });

  test('refuses small parts, unknown parts and a wrong order', async () => {
    const target = await begin('small');
    const part = async (PartNumber: number) => {
      const { ETag } = await s3.send(new UploadPartCommand({ ...target, PartNumber, Body: 'small' }));
      return { ETag, PartNumber };
    };
    const [one, two] = [await part(1), await part(2)];
    const complete = (...Parts: { ETag: string | undefined; PartNumber: number }[]) =>
      s3.send(new CompleteMultipartUploadCommand({ ...target, MultipartUpload: { Parts } }));
    await expect(complete(one, two)).rejects.toMatchObject({ name: 'EntityTooSmall' });
    await expect(complete(two, one)).rejects.toMatchObject({ name: 'InvalidPartOrder' });
    await expect(complete({ ETag: '"other"', PartNumber: 1 })).rejects.toMatchObject({ name: 'InvalidPart' });
  });
});

describe('a bucket with versions', () => {
  test('keeps what was overwritten, and marks what was deleted', async () => {
    const write = (Body: string) => s3.send(new PutObjectCommand({ Bucket: Kept, Key: 'doc', Body }));
    const { VersionId: first } = await write('one');
    const { VersionId: second } = await write('two');
    const { DeleteMarker, VersionId: marker } = await s3.send(new DeleteObjectCommand({ Bucket: Kept, Key: 'doc' }));
    expect(DeleteMarker).toBe(true);
    await expect(get('doc', Kept)).rejects.toMatchObject({ name: 'NoSuchKey' });
    const old = await s3.send(new GetObjectCommand({ Bucket: Kept, Key: 'doc', VersionId: first }));
    expect(await old.Body!.transformToString()).toBe('one');
    const { Versions, DeleteMarkers } = await s3.send(new ListObjectVersionsCommand({ Bucket: Kept }));
    expect([Versions?.map(({ VersionId }) => VersionId), DeleteMarkers?.map(({ VersionId }) => VersionId)]).toEqual([
      [second, first],
      [marker],
    ]);
    await s3.send(new DeleteObjectCommand({ Bucket: Kept, Key: 'doc', VersionId: marker }));
    expect(await textOf('doc', Kept)).toBe('two');
  });
});

describe('tags', () => {
  test('come with an object or later, and are counted', async () => {
    await put('tagged', { Tagging: 'a=1&b=x%20y' });
    const tagged = { Bucket: Files, Key: 'tagged' };
    expect((await s3.send(new GetObjectTaggingCommand(tagged))).TagSet).toEqual([
      { Key: 'a', Value: '1' },
      { Key: 'b', Value: 'x y' },
    ]);
    await s3.send(new PutObjectTaggingCommand({ ...tagged, Tagging: { TagSet: [{ Key: 'c', Value: '' }] } }));
    expect((await s3.send(new HeadObjectCommand(tagged))).TagCount).toBe(1);
  });

  test('refuses eleven of them, and tags without the right to tag', async () => {
    const Tagging = Array.from({ length: 11 }, (_, index) => `k${index}=v`).join('&');
    await expect(put('many', { Tagging })).rejects.toMatchObject({ name: 'BadRequest' });
    await expect(put('denied', { Tagging: 'a=1' }, run.client(S3Client, 'Writer'))).rejects.toThrow(
      's3:PutObjectTagging',
    );
  });
});

test('of an object that is there decide who may read or copy it', async () => {
  await put('infected', { Tagging: 'scan=infected' });
  await put('clean', { Tagging: 'scan=clean' });
  const scanned = run.client(S3Client, 'Scanned');
  const read = (Key: string) => scanned.send(new GetObjectCommand({ Bucket: Files, Key }));
  const copy = (Key: string) =>
    scanned.send(new CopyObjectCommand({ Bucket: Files, Key: 'copied-scan', CopySource: `${Files}/${Key}` }));
  await expect(read('infected')).rejects.toThrow('with an explicit deny');
  await expect(copy('infected')).rejects.toThrow('with an explicit deny');
  await read('clean');
  await copy('clean');
  // Without a tag there is nothing to deny.
  await put('untagged');
  await read('untagged');
});

test('lists in pages, with common prefixes', async () => {
  for (const key of ['list/a/1', 'list/a/2', 'list/b', 'list/c/1', 'list/ä']) await put(key);
  const input = { Bucket: Files, Prefix: 'list/', Delimiter: '/' };
  const found: unknown[] = [];
  for await (const page of paginateListObjectsV2({ client: s3, pageSize: 2 }, input)) {
    found.push([page.Contents?.map(({ Key }) => Key), page.CommonPrefixes?.map(({ Prefix }) => Prefix)]);
  }
  expect(found).toEqual([
    [['list/b'], ['list/a/']],
    [['list/ä'], ['list/c/']],
  ]);
  const after = await s3.send(new ListObjectsV2Command({ ...input, StartAfter: 'list/b', Delimiter: undefined }));
  expect(after.Contents?.map(({ Key }) => Key)).toEqual(['list/c/1', 'list/ä']);
});

test('a copy takes metadata along, or replaces it; refuses a copy to itself that changes nothing', async () => {
  await put('from', { Metadata: { a: '1' }, ContentType: 'text/plain', Tagging: 't=1' });
  const copy = (Key: string, rest: object = {}) =>
    s3.send(new CopyObjectCommand({ Bucket: Files, Key, CopySource: `${Files}/from`, ...rest }));
  await copy('copied');
  expect(await s3.send(new HeadObjectCommand({ Bucket: Files, Key: 'copied' }))).toMatchObject({
    Metadata: { a: '1' },
    ContentType: 'text/plain',
    TagCount: 1,
  });
  await copy('replaced', { MetadataDirective: 'REPLACE', Metadata: { b: '2' } });
  expect((await s3.send(new HeadObjectCommand({ Bucket: Files, Key: 'replaced' }))).Metadata).toEqual({ b: '2' });
  await expect(copy('from')).rejects.toMatchObject({ name: 'InvalidRequest' });
});

test('refuses to read or copy what is in an archive', async () => {
  await put('archived', { StorageClass: 'DEEP_ARCHIVE' });
  const refusal = { name: 'InvalidObjectState', StorageClass: 'DEEP_ARCHIVE' };
  await expect(s3.send(new GetObjectCommand({ Bucket: Files, Key: 'archived' }))).rejects.toMatchObject(refusal);
  const copy = { Bucket: Files, Key: 'thawed', CopySource: `${Files}/archived` };
  await expect(s3.send(new CopyObjectCommand(copy))).rejects.toMatchObject({ name: 'InvalidObjectState' });
  const { StorageClass } = await s3.send(new HeadObjectCommand({ Bucket: Files, Key: 'archived' }));
  expect(StorageClass).toBe('DEEP_ARCHIVE');
});

test('GetObjectAttributes gives what is asked for', async () => {
  await put('attributes');
  const asked = { Bucket: Files, Key: 'attributes', ObjectAttributes: ['ObjectSize', 'ETag'] as const };
  const { ObjectSize, ETag, StorageClass } = await s3.send(
    new GetObjectAttributesCommand({ ...asked, ObjectAttributes: [...asked.ObjectAttributes] }),
  );
  expect([ObjectSize, ETag, StorageClass]).toEqual([5, '5d41402abc4b2a76b9719d911017c592', undefined]);
});

test('who may not list is refused a missing key, and not told that it is missing', async () => {
  const missing = new GetObjectCommand({ Bucket: Files, Key: 'missing' });
  await expect(run.client(S3Client, 'Reader').send(missing)).rejects.toMatchObject({ name: 'AccessDenied' });
  await expect(run.client(S3Client, 'Lister').send(missing)).rejects.toMatchObject({ name: 'NoSuchKey' });
});

test('of many keys, those that may not be deleted are in the answer', async () => {
  await put('kept/a');
  await put('gone/a');
  const Objects = [{ Key: 'kept/a' }, { Key: 'gone/a' }];
  const answer = await run
    .client(S3Client, 'Deleter')
    .send(new DeleteObjectsCommand({ Bucket: Files, Delete: { Objects } }));
  expect(answer.Deleted).toEqual([{ Key: 'gone/a' }]);
  expect(answer.Errors).toMatchObject([{ Key: 'kept/a', Code: 'AccessDenied' }]);
  expect(await textOf('kept/a')).toBe('hello');
});

test.each([
  ['an access control list', { ACL: 'public-read' as const }, 'AccessControlListNotSupported'],
  ['a key that is too long', { Key: 'k'.repeat(1025) }, 'KeyTooLongError'],
  ['metadata of more than 2 KB', { Metadata: { big: 'x'.repeat(2048) } }, 'MetadataTooLarge'],
  ['a bucket that is not there', { Bucket: 'nowhere' }, 'NoSuchBucket'],
  ['a retention, which is not run', { ObjectLockLegalHoldStatus: 'ON' as const }, 'LocalRunUnsupported'],
])('refuses %s', async (_, input, name) => {
  await expect(put('refused', input)).rejects.toMatchObject({ name });
});

test('refuses an operation that is not served, by its name', async () => {
  const command = new PutBucketPolicyCommand({ Bucket: Files, Policy: '{}' });
  await expect(s3.send(command)).rejects.toThrow('does not answer s3:PutBucketPolicy');
});
