import type { Deployed } from '../../kernel/deployment';
import { type JsonRecord, record, records, text } from '../../kernel/json';

/** A call that makes ready what the template says. */
export type SetUp = readonly [operation: string, input: JsonRecord];

/** Creates a table with its keys, indexes and stream. Capacity has no meaning on a machine, so it is on demand. */
export function createTable(table: Deployed): SetUp {
  const { properties, name } = table;
  const stream = record(properties.StreamSpecification);
  return [
    'CreateTable',
    {
      TableName: name,
      AttributeDefinitions: properties.AttributeDefinitions,
      KeySchema: properties.KeySchema,
      BillingMode: 'PAY_PER_REQUEST',
      ...indexes(properties, 'GlobalSecondaryIndexes'),
      ...indexes(properties, 'LocalSecondaryIndexes'),
      ...(stream.StreamViewType !== undefined && {
        StreamSpecification: { StreamEnabled: true, StreamViewType: stream.StreamViewType },
      }),
    },
  ];
}

/** Sets the attribute that says when an item expires, where there is one. */
export function timeToLive({ properties, name }: Deployed): SetUp | undefined {
  const { Enabled, AttributeName } = record(properties.TimeToLiveSpecification);
  if (Enabled !== true) return undefined;
  return ['UpdateTimeToLive', { TableName: name, TimeToLiveSpecification: { Enabled, AttributeName } }];
}

/** Whether the template has the table's changes sent to a Kinesis stream. */
export function feedsKinesis({ properties }: Deployed): boolean {
  return [properties, ...records(properties.Replicas)].some((one) => one.KinesisStreamSpecification !== undefined);
}

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
