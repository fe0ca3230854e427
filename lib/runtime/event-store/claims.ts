import type { S3Client } from '@aws-sdk/client-s3';

let shared: S3Client | undefined;

/** Stores an event's data in a bucket, under a new key. */
export async function putClaim(bucket: string, key: string, body: string): Promise<void> {
  const { PutObjectCommand, S3Client } = await import('@aws-sdk/client-s3');
  shared ??= new S3Client({});
  await shared.send(new PutObjectCommand({ Bucket: bucket, Key: key, Body: body, ContentType: 'application/json' }));
}

/** An event's data; undefined if the object is gone. */
export async function getClaim(bucket: string, key: string): Promise<string | undefined> {
  const { GetObjectCommand, S3Client } = await import('@aws-sdk/client-s3');
  shared ??= new S3Client({});
  try {
    const { Body } = await shared.send(new GetObjectCommand({ Bucket: bucket, Key: key }));
    return await Body?.transformToString();
  } catch (error) {
    if ((error as Error).name === 'NoSuchKey') return undefined;
    throw error;
  }
}
