import { createGunzip } from 'node:zlib';
import { createInterface } from 'node:readline';
import type { Readable } from 'node:stream';
import { type AttributeValue, DynamoDBClient, ScanCommand } from '@aws-sdk/client-dynamodb';
import { GetObjectCommand, S3Client } from '@aws-sdk/client-s3';

/** A part of the events: a segment of a scan, or a file of an export. */
export type Part =
  | { readonly segment: number; readonly segments: number }
  | { readonly bucket: string; readonly file: string };

/** What a replay requests: the next aggregates of a part. */
export type ListRequest = Part & {
  /** Only aggregates with an event at this time or later, in ISO 8601. */
  readonly since: string | null;
  /** Where the previous answer ended. */
  readonly cursor: Cursor | null;
};

/** How far a part is listed: the last event, and for a file its line. */
export interface Cursor {
  readonly id: string;
  readonly version: string;
  readonly line: number;
  /** The last aggregate listed. */
  readonly listed: string | null;
}

/** The next aggregates of a part. */
export interface Listed {
  readonly aggregates: readonly string[];
  /** Number of events read. */
  readonly items: number;
  /** Where to continue; null at the end of the part. */
  readonly cursor: Cursor | null;
}

/** The relevant attributes of an event. */
interface Entry {
  readonly id: string;
  readonly version: string;
  readonly time: string;
}

/** Per answer: it passes through states of the machine, which hold 256 KiB. */
const MOST_AGGREGATES = 2000;
const MOST_BYTES = 100_000;
/** Per page, and per answer. */
const PAGE = 1000;
const MOST_ITEMS = 20_000;

const dynamodb = new DynamoDBClient({ maxAttempts: 10 });
const s3 = new S3Client({});

/**
 * Lists the aggregates in a part of the events. Only ids are taken from here: scans and exports may be stale and are
 * unordered, so the projection queries each aggregate.
 */
export async function handler(request: ListRequest): Promise<Listed> {
  const found = new Aggregates(request.since, request.cursor);
  const end = 'file' in request ? await file(request, found) : await segment(request, found);
  return { aggregates: found.ids, items: found.items, cursor: end ? null : found.cursor! };
}

/** The aggregates of one answer. */
class Aggregates {
  readonly ids: string[] = [];
  items = 0;
  private bytes = 0;
  private last: string | null;

  constructor(
    private readonly since: string | null,
    public cursor: Cursor | null,
  ) {
    this.last = cursor?.listed ?? null;
  }

  get full(): boolean {
    return this.ids.length >= MOST_AGGREGATES || this.bytes >= MOST_BYTES || this.items >= MOST_ITEMS;
  }

  /** Events of one aggregate mostly follow each other, and one is enough. */
  add({ id, version, time }: Entry, line = 0): void {
    this.items++;
    if (id !== this.last && (this.since === null || time >= this.since)) {
      this.last = id;
      this.ids.push(id);
      this.bytes += Buffer.byteLength(id) + 3;
    }
    this.at(id, version, line);
  }

  /** Marks how far the part is listed. */
  at(id: string, version: string, line = 0): void {
    this.cursor = { id, version, line, listed: this.last };
  }
}

/** @returns whether the part is listed to its end */
async function segment(
  { segment: Segment, segments }: Extract<Part, { segment: number }>,
  found: Aggregates,
): Promise<boolean> {
  for (;;) {
    const { cursor } = found;
    const { Items = [], LastEvaluatedKey } = await dynamodb.send(
      new ScanCommand({
        TableName: process.env.EVENTS,
        Segment,
        TotalSegments: segments,
        Limit: PAGE,
        ProjectionExpression: '#id, #version, #time',
        ExpressionAttributeNames: { '#id': 'id', '#version': 'version', '#time': 'time' },
        ...(cursor && { ExclusiveStartKey: { id: { S: cursor.id }, version: { N: cursor.version } } }),
      }),
    );
    for (const [index, item] of Items.entries()) {
      found.add(entryOf(item));
      if (found.full && index < Items.length - 1) return false;
    }
    if (LastEvaluatedKey === undefined) return true;
    // An empty page need not be the last one.
    found.at(LastEvaluatedKey.id!.S!, LastEvaluatedKey.version!.N!);
    if (found.full) return false;
  }
}

/**
 * A file of an export, full or incremental: gzipped, one event per line.
 * @see https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/S3DataExport.Output.html
 */
async function file({ bucket, file: Key }: Extract<Part, { file: string }>, found: Aggregates): Promise<boolean> {
  const { Body } = await s3.send(new GetObjectCommand({ Bucket: bucket, Key }));
  const lines = createInterface({ input: (Body as Readable).pipe(createGunzip()), crlfDelay: Infinity });
  const done = found.cursor?.line ?? 0;
  let line = 0;
  for await (const content of lines) {
    if (++line <= done || content.trim() === '') continue;
    const { Item, NewImage } = JSON.parse(content) as Record<string, Item | undefined>;
    const image = Item ?? NewImage;
    if (found.full) return false;
    if (image) found.add(entryOf(image), line);
  }
  return true;
}

type Item = Record<string, AttributeValue>;

function entryOf({ id, version, time }: Item): Entry {
  return { id: id?.S ?? '', version: version?.N ?? '', time: time?.S ?? '' };
}
