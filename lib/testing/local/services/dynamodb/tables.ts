import type { Deployed } from '../../kernel/deployment';
import { type JsonRecord, record, records } from '../../kernel/json';

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

function indexes(properties: JsonRecord, kind: string): JsonRecord {
  const found = records(properties[kind]).map(({ IndexName, KeySchema, Projection }) => ({
    IndexName,
    KeySchema,
    Projection,
  }));
  return found.length > 0 ? { [kind]: found } : {};
}
