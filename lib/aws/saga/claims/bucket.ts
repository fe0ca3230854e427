import { randomUUID } from 'node:crypto';
import { GetObjectCommand, PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { CLAIM } from './claim';

let s3: S3Client | undefined;

function client(): S3Client {
  return (s3 ??= new S3Client({}));
}

/** Leaves a JSON text in the bucket, under a key of its own. */
export async function leave(bucket: string, prefix: string, json: string): Promise<{ readonly [CLAIM]: string }> {
  const Key = `${prefix}${randomUUID()}`;
  await client().send(new PutObjectCommand({ Bucket: bucket, Key, Body: json, ContentType: 'application/json' }));
  return { [CLAIM]: Key };
}

/** Takes a value out of the bucket. */
export async function take(bucket: string, key: string): Promise<unknown> {
  const { Body } = await client().send(new GetObjectCommand({ Bucket: bucket, Key: key }));
  return JSON.parse(await Body!.transformToString()) as unknown;
}
