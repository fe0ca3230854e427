import { GetObjectCommand, PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import type { CloudEvent } from './cloud-event';

/**
 * The event without its data, which are in a bucket, referred to by `dataref`.
 * @see https://github.com/cloudevents/spec/blob/main/cloudevents/extensions/dataref.md
 */
export async function leaveData({ data, ...event }: CloudEvent, bucket: string): Promise<CloudEvent> {
  const Key = ['claims', event.source, event.id].map(encodeURIComponent).join('/');
  const Body = JSON.stringify(data);
  await client().send(new PutObjectCommand({ Bucket: bucket, Key, Body, ContentType: 'application/json' }));
  return { ...event, dataref: `s3://${bucket}/${Key}` } as unknown as CloudEvent;
}

/**
 * The event with its data restored. Only data that its source stored in the hub's own bucket are fetched, since a publisher may write any URL.
 * @throws Error when they are elsewhere
 */
export async function fetchData(event: CloudEvent, bucket: string | undefined): Promise<CloudEvent> {
  const { dataref, ...rest } = event;
  if (typeof dataref !== 'string' || event.data !== undefined) return event;
  const beginning = `s3://${bucket}/claims/${encodeURIComponent(event.source)}/`;
  if (bucket === undefined || !dataref.startsWith(beginning)) {
    throw new Error(
      `The data of '${event.type}' are at ${dataref}, which is not where '${event.source}' stores them in the hub's bucket`,
    );
  }
  const Key = dataref.slice(`s3://${bucket}/`.length);
  const { Body } = await client().send(new GetObjectCommand({ Bucket: bucket, Key }));
  return { ...rest, data: JSON.parse((await Body?.transformToString()) ?? 'null') as unknown };
}

let s3: S3Client | undefined;

function client(): S3Client {
  return (s3 ??= new S3Client({}));
}
