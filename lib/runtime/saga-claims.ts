import { randomUUID } from 'node:crypto';
import type { S3Client } from '@aws-sdk/client-s3';

let shared: S3Client | undefined;

/** Bytes of a text as the machine counts them, where what is not ASCII takes up to three. */
export function sizeOf(text: string): number {
  return text.length + 2 * text.replace(/[ -~]+/g, '').length;
}

/**
 * A value, or what refers to it in the bucket where it is too large to travel with a saga.
 * @param bucket none where the saga has none: then everything travels
 * @param prefix with which its key begins
 * @param most bytes that may travel, where what is not ASCII takes up to three
 */
export async function leave(
  bucket: string | undefined,
  prefix: string,
  value: unknown,
  most: number,
): Promise<unknown> {
  const Body = JSON.stringify(value ?? null);
  if (bucket === undefined || sizeOf(Body) <= most) return value;
  const { PutObjectCommand, S3Client } = await import('@aws-sdk/client-s3');
  shared ??= new S3Client({});
  const Key = `${prefix}${randomUUID()}`;
  await shared.send(new PutObjectCommand({ Bucket: bucket, Key, Body, ContentType: 'application/json' }));
  return { 'lintel:claim': Key };
}
