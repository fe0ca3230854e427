import { type AttributeValue, DynamoDBClient, QueryCommand } from '@aws-sdk/client-dynamodb';
import { EventBridgeClient, PutEventsCommand, type PutEventsRequestEntry } from '@aws-sdk/client-eventbridge';
import { entriesPerRequest } from '../../core/facts/events';
import { plainOf, type Typed } from './plain';
import { published } from './publisher';

/** What the machine requests: events of some aggregates, from a period. */
export interface RepublishRequest {
  readonly replay: {
    readonly aggregates: readonly string[];
    /** In ISO 8601; null from the first event. */
    readonly since: string | null;
    /** In ISO 8601; null up to now. */
    readonly until: string | null;
  };
}

/** Limits of one request to a bus. */
const [MOST_ENTRIES, MOST_BYTES] = [entriesPerRequest.value, 256 * 1024];
/** How often entries that the bus rejects are retried. */
const ATTEMPTS = 5;

const dynamodb = new DynamoDBClient({});
const bus = new EventBridgeClient({});

/** Publishes earlier events again under the same ids. A repeated request publishes them again. */
export async function handler({ replay }: RepublishRequest) {
  let applied = 0;
  for (const aggregate of replay.aggregates) {
    for await (const page of eventsOf(aggregate)) {
      const selected = page.map((item) => plainOf(item as unknown as Record<string, Typed>)).filter(within(replay));
      await put(await Promise.all(selected.map(entryOf)));
      applied += selected.length;
    }
  }
  return { aggregates: replay.aggregates.length, applied, parked: [] };
}

/** Times in one format compare as strings. */
function within({ since, until }: RepublishRequest['replay']) {
  return ({ time }: Record<string, unknown>): boolean =>
    (since === null || String(time) >= since) && (until === null || String(time) < until);
}

async function* eventsOf(id: string): AsyncGenerator<readonly Record<string, AttributeValue>[]> {
  let from: Record<string, AttributeValue> | undefined;
  do {
    const { Items = [], LastEvaluatedKey } = await dynamodb.send(
      new QueryCommand({
        TableName: process.env.EVENTS,
        KeyConditionExpression: 'id = :id',
        ExpressionAttributeValues: { ':id': { S: id } },
        ConsistentRead: true,
        ExclusiveStartKey: from,
      }),
    );
    yield Items;
    from = LastEvaluatedKey;
  } while (from);
}

async function entryOf(event: Record<string, unknown>): Promise<PutEventsRequestEntry> {
  const { source, type, time, ...rest } = await published(event);
  const detail = { ...rest, source, type, time };
  const EventBusName = process.env.BUS;
  return { EventBusName, Source: source, DetailType: type, Time: new Date(time), Detail: JSON.stringify(detail) };
}

async function put(entries: readonly PutEventsRequestEntry[]): Promise<void> {
  let request: PutEventsRequestEntry[] = [];
  let bytes = 0;
  for (const entry of entries) {
    const size = Buffer.byteLength(JSON.stringify(entry));
    if (request.length === MOST_ENTRIES || (request.length > 0 && bytes + size > MOST_BYTES)) {
      await send(request);
      [request, bytes] = [[], 0];
    }
    request.push(entry);
    bytes += size;
  }
  if (request.length > 0) await send(request);
}

async function send(request: PutEventsRequestEntry[]): Promise<void> {
  let left = request;
  for (let attempt = 1; left.length > 0; attempt++) {
    const { Entries = [] } = await bus.send(new PutEventsCommand({ Entries: left }));
    const failed = Entries.flatMap(({ ErrorCode, ErrorMessage }, index) =>
      ErrorCode === undefined ? [] : [{ entry: left[index]!, why: `${ErrorCode}: ${ErrorMessage}` }],
    );
    if (failed.length > 0 && attempt === ATTEMPTS) {
      throw new Error(`The bus did not accept ${failed.length} events: ${failed[0]!.why}`);
    }
    left = failed.map(({ entry }) => entry);
    if (left.length > 0) await new Promise((resolve) => setTimeout(resolve, Math.random() * 100 * 2 ** attempt));
  }
}
