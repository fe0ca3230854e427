import { randomUUID } from 'node:crypto';
import type { S3Client } from '@aws-sdk/client-s3';
import { CLAIM } from './claim';

/** A distributed map's manifest of the files it has written. */
interface Manifest {
  readonly ResultFiles: { readonly SUCCEEDED: readonly { readonly Key: string }[] };
}

let client: S3Client | undefined;

/** Loaded when first used: few sagas carry anything large, and it is a fifth of the time that a keeper takes to start. */
async function s3() {
  const sdk = await import('@aws-sdk/client-s3');
  const { GetObjectCommand, PutObjectCommand } = sdk;
  return { GetObjectCommand, PutObjectCommand, client: (client ??= new sdk.S3Client({})) };
}

/** Stores JSON in the bucket, under a unique key. */
export async function leave(bucket: string, prefix: string, json: string): Promise<{ readonly [CLAIM]: string }> {
  const key = `${prefix}${randomUUID()}`;
  await put(bucket, key, json);
  return { [CLAIM]: key };
}

/** Stores JSON in the bucket, under a given key. */
export async function put(bucket: string, Key: string, json: string): Promise<void> {
  const { client, PutObjectCommand } = await s3();
  await client.send(new PutObjectCommand({ Bucket: bucket, Key, Body: json, ContentType: 'application/json' }));
}

/** Fetches a value from the bucket. */
export async function take(bucket: string, key: string): Promise<unknown> {
  const { client, GetObjectCommand } = await s3();
  const { Body } = await client.send(new GetObjectCommand({ Bucket: bucket, Key: key }));
  return JSON.parse(await Body!.transformToString()) as unknown;
}

/** Fetches a distributed map's results from its files, in the order of the items. */
export async function takeResults(
  bucket: string,
  manifest: string,
): Promise<readonly { readonly index: number; readonly result: unknown }[]> {
  const { ResultFiles } = (await take(bucket, manifest)) as Manifest;
  const files = await Promise.all(ResultFiles.SUCCEEDED.map(({ Key }) => take(bucket, Key)));
  const results = files.flat() as { readonly index: number; readonly result: unknown }[];
  return results.map(({ index, result }) => ({ index, result })).sort((a, b) => a.index - b.index);
}
