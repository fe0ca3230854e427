import { randomUUID } from 'node:crypto';
import type { S3Client } from '@aws-sdk/client-s3';

let shared: S3Client | undefined;

/** Bytes of a string as the machine counts them, with up to three per non-ASCII character. */
export function sizeOf(text: string): number {
  return text.length + 2 * text.replace(/[ -~]+/g, '').length;
}

/**
 * A value, or a reference to it in the bucket if it is too large to travel with a saga.
 * @param bucket undefined if the saga has none: then everything travels
 * @param prefix of its key
 * @param most bytes that may travel, with up to three per non-ASCII character
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
