import type { Deployed } from '../../kernel/deployment';
import { type JsonRecord, record, records, text } from '../../kernel/json';

/** A call that makes ready what the template says. */
export type SetUp = readonly [operation: string, input: JsonRecord];

/** Creates a table with its keys, indexes and stream. Capacity has no meaning on a machine, so it is on demand. */
export function createTable(table: Deployed): SetUp {
  const { properties, name } = table;
  const view = kinesisDestination(table) ? FED : viewOf(table);
  return [
    'CreateTable',
    {
      TableName: name,
      AttributeDefinitions: properties.AttributeDefinitions,
      KeySchema: properties.KeySchema,
      BillingMode: 'PAY_PER_REQUEST',
      ...indexes(properties, 'GlobalSecondaryIndexes'),
      ...indexes(properties, 'LocalSecondaryIndexes'),
      ...(view !== undefined && { StreamSpecification: { StreamEnabled: true, StreamViewType: view } }),
    },
  ];
}

/** Sets the attribute that says when an item expires, where there is one. */
export function timeToLive({ properties, name }: Deployed): SetUp | undefined {
  const { Enabled, AttributeName } = record(properties.TimeToLiveSpecification);
  if (Enabled !== true) return undefined;
  return ['UpdateTimeToLive', { TableName: name, TimeToLiveSpecification: { Enabled, AttributeName } }];
}

/** Where the changes of a table are sent. */
export interface KinesisDestination {
  /** The ARN of the Kinesis stream. */
  readonly stream: string;
  /** Of the times of changes: `MILLISECOND`, or microseconds. */
  readonly precision: string | undefined;
}

/** Where the template has the table's changes sent, in the region of the run; of a global table, its replica there says so. */
export function kinesisDestination({ properties, region }: Deployed): KinesisDestination | undefined {
  const here = records(properties.Replicas).filter(({ Region }) => Region === undefined || Region === region);
  for (const { KinesisStreamSpecification } of [properties, ...here]) {
    const { StreamArn, ApproximateCreationDateTimePrecision } = record(KinesisStreamSpecification);
    const stream = text(StreamArn);
    if (stream !== undefined) return { stream, precision: text(ApproximateCreationDateTimePrecision) };
  }
  return undefined;
}

/** The other regions that a table has copies in. */
export function regionsElsewhere({ properties }: Deployed, region: string): readonly string[] {
  const all = records(properties.Replicas).map((replica) => text(replica.Region));
  return all.filter((one): one is string => one !== undefined && one !== region);
}

/** Whether the template has the table's changes sent to a Kinesis stream, known here or not. */
export function feedsKinesis({ properties }: Deployed): boolean {
  return [properties, ...records(properties.Replicas)].some((one) => one.KinesisStreamSpecification !== undefined);
}

/** What the table's own stream shows of a change; undefined where it has none. */
export const viewOf = ({ properties }: Deployed): string | undefined =>
  text(record(properties.StreamSpecification).StreamViewType);

/** Kinesis always gets both images: they are taken from the engine's stream. */
const FED = 'NEW_AND_OLD_IMAGES';

function indexes(properties: JsonRecord, kind: string): JsonRecord {
  const found = records(properties[kind]).map(({ IndexName, KeySchema, Projection }) => ({
    IndexName,
    KeySchema,
    Projection,
  }));
  return found.length > 0 ? { [kind]: found } : {};
}

/** What a table that exists has otherwise than the template says: its keys or its indexes; undefined where it is the same. */
export function differenceOf(table: Deployed, existing: JsonRecord): string | undefined {
  const [, wanted] = createTable(table);
  const keys = (schema: unknown) =>
    records(schema).map(({ AttributeName, KeyType }) => `${text(KeyType)} ${text(AttributeName)}`);
  const indexesOf = (of: JsonRecord) =>
    ['GlobalSecondaryIndexes', 'LocalSecondaryIndexes']
      .flatMap((kind) =>
        records(of[kind]).map(({ IndexName, KeySchema }) => [text(IndexName), ...keys(KeySchema)].join(' ')),
      )
      .sort();
  if (keys(wanted.KeySchema).join() !== keys(existing.KeySchema).join()) return 'keys';
  return indexesOf(wanted).join() === indexesOf(existing).join() ? undefined : 'indexes';
}
