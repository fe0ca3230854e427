import { randomUUID } from 'node:crypto';
import { GetObjectCommand, PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { CLAIM } from './claim';

/** What a distributed map says of the files that it has written. */
interface Manifest {
  readonly ResultFiles: { readonly SUCCEEDED: readonly { readonly Key: string }[] };
}

let s3: S3Client | undefined;

function client(): S3Client {
  return (s3 ??= new S3Client({}));
}

/** Leaves a JSON text in the bucket, under a key of its own. */
export async function leave(bucket: string, prefix: string, json: string): Promise<{ readonly [CLAIM]: string }> {
  const key = `${prefix}${randomUUID()}`;
  await put(bucket, key, json);
  return { [CLAIM]: key };
}

/** Puts a JSON text into the bucket, under a key that is known. */
export async function put(bucket: string, Key: string, json: string): Promise<void> {
  await client().send(new PutObjectCommand({ Bucket: bucket, Key, Body: json, ContentType: 'application/json' }));
}

/** Takes a value out of the bucket. */
export async function take(bucket: string, key: string): Promise<unknown> {
  const { Body } = await client().send(new GetObjectCommand({ Bucket: bucket, Key: key }));
  return JSON.parse(await Body!.transformToString()) as unknown;
}

/** Takes the results of a distributed map out of its files, in the order of the items. */
export async function takeResults(
  bucket: string,
  manifest: string,
): Promise<readonly { readonly index: number; readonly result: unknown }[]> {
  const { ResultFiles } = (await take(bucket, manifest)) as Manifest;
  const files = await Promise.all(ResultFiles.SUCCEEDED.map(({ Key }) => take(bucket, Key)));
  const results = files.flat() as { readonly index: number; readonly result: unknown }[];
  return results.map(({ index, result }) => ({ index, result })).sort((a, b) => a.index - b.index);
}
