import { GetObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { plainOf, type Typed } from './plain';

/** A change of the events table, as a pipe has it of the table's stream, or in the data of a Kinesis stream. */
export type PipeRecord = Change | { readonly data: string };

interface Change {
  readonly eventName: string;
  readonly dynamodb: {
    readonly Keys: { readonly id: { readonly S: string }; readonly version: { readonly N: string } };
    readonly NewImage?: Readonly<Record<string, Typed>>;
  };
}

/** An event as it is published. */
export interface PublishedEvent {
  /** Version of CloudEvents. */
  readonly specversion: '1.0';
  /** `<aggregate>/<version>`: the same each time it is published. */
  readonly id: string;
  /** Who publishes. */
  readonly source: string;
  /** What happened. */
  readonly type: string;
  /** When it was appended. */
  readonly time: string;
  /** The aggregate. */
  readonly subject: string;
  readonly datacontenttype: 'application/json';
  /** Place in the aggregate, from 1. */
  readonly aggregateversion: number;
  /** Version of the schema of `data`. */
  readonly schemaversion: number;
  /** As it was stored, without what is personal. */
  readonly data: unknown;
  readonly [extension: string]: unknown;
}

let s3: S3Client | undefined;

/**
 * CloudEvents of new events, for the bus. What is personal is not among them: no key that is deleted would reach it there.
 * A change that is no new event is told of, and not published.
 */
export async function handler(records: readonly PipeRecord[]): Promise<PublishedEvent[]> {
  const changes = records.map(changeOf);
  const tampered = changes.filter(({ eventName }) => eventName !== 'INSERT');
  for (const { eventName, dynamodb } of tampered) {
    const [aggregate, version] = [dynamodb.Keys.id.S, Number(dynamodb.Keys.version.N)];
    // eslint-disable-next-line no-console -- the log is where the alarm looks
    console.error({ tampering: true, publisher: process.env.SOURCE, aggregate, version, eventName });
  }
  const added = changes.filter(({ eventName }) => eventName === 'INSERT');
  return Promise.all(added.map(({ dynamodb }) => published(plainOf(dynamodb.NewImage ?? {}))));
}

function changeOf(record: PipeRecord): Change {
  return 'data' in record ? (JSON.parse(Buffer.from(record.data, 'base64').toString()) as Change) : record;
}

/** The event of an item that has been made plain. */
export async function published(event: Readonly<Record<string, unknown>>): Promise<PublishedEvent> {
  const { id, version, type, time, schema, claim, meta } = event;
  const data = claim === undefined ? event.data : await claimed(claim as string);
  return {
    specversion: '1.0',
    id: `${id as string}/${version as number}`,
    source: process.env.SOURCE!,
    type: type as string,
    time: time as string,
    subject: id as string,
    datacontenttype: 'application/json',
    aggregateversion: version as number,
    schemaversion: (schema as number | undefined) ?? 1,
    ...traceOf((meta ?? {}) as Readonly<Record<string, unknown>>),
    data,
  };
}

/** What is said at an append of where an event came from, and is known to CloudEvents. */
const TRACE = ['correlationid', 'causationid', 'traceparent', 'tracestate'];

function traceOf(meta: Readonly<Record<string, unknown>>): Record<string, string> {
  return Object.fromEntries(
    TRACE.flatMap((name): [string, string][] => {
      const value = meta[name];
      return typeof value === 'string' ? [[name, value]] : [];
    }),
  );
}

async function claimed(key: string): Promise<unknown> {
  s3 ??= new S3Client({});
  const { Body } = await s3.send(new GetObjectCommand({ Bucket: process.env.EVENTS_BUCKET, Key: key }));
  return JSON.parse(await Body!.transformToString());
}
