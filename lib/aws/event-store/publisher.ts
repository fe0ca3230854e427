import { GetObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { plainOf, type Typed } from './plain';

/** A change of the events table, as a pipe receives it from the table's stream, or in a Kinesis record's data. */
export type PipeRecord = Change | { readonly data: string };

interface Change {
  readonly eventName: string;
  readonly dynamodb: {
    readonly Keys: { readonly id: { readonly S: string }; readonly version: { readonly N: string } };
    readonly NewImage?: Readonly<Record<string, Typed>>;
  };
}

/** A published event. */
export interface PublishedEvent {
  /** CloudEvents version. */
  readonly specversion: '1.0';
  /** `<aggregate>/<version>`: the same whenever it is published. */
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
  /** Position in the aggregate, from 1. */
  readonly aggregateversion: number;
  /** Schema version of `data`. */
  readonly schemaversion: number;
  /** As stored, without personal fields. */
  readonly data: unknown;
  readonly [extension: string]: unknown;
}

let s3: S3Client | undefined;

/**
 * Turns new events into CloudEvents for the bus, without personal fields: deleting a key could not reach them there.
 * A change other than a new event is logged, and not published.
 */
export async function handler(records: readonly PipeRecord[]): Promise<PublishedEvent[]> {
  const changes = records.map(changeOf);
  const tampered = changes.filter(({ eventName }) => eventName !== 'INSERT');
  for (const { eventName, dynamodb } of tampered) {
    const [aggregate, version] = [dynamodb.Keys.id.S, Number(dynamodb.Keys.version.N)];
    // eslint-disable-next-line no-console -- the alarm watches the log
    console.error({ tampering: true, publisher: process.env.SOURCE, aggregate, version, eventName });
  }
  const added = changes.filter(({ eventName }) => eventName === 'INSERT');
  return Promise.all(added.map(({ dynamodb }) => published(plainOf(dynamodb.NewImage ?? {}))));
}

function changeOf(record: PipeRecord): Change {
  return 'data' in record ? (JSON.parse(Buffer.from(record.data, 'base64').toString()) as Change) : record;
}

/** The CloudEvent of an item converted to plain JSON. */
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

/** Metadata given at append that CloudEvents has attributes for. */
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
