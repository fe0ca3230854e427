import type { Deployed } from '../../kernel/deployment';
import { type JsonObject, recordOf, records, text } from '../../kernel/json';

/** A setup call. */
export type SetUp = readonly [operation: string, input: JsonObject];

/** Creates a table with its keys, indexes and stream. Capacity is meaningless here, so it is on demand. */
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

/** What DynamoDB refuses in the capacity of a table, which the engine does not get. */
export function capacityFault({ type, given }: Pick<Deployed, 'type' | 'given'>): string | undefined {
  if (type !== 'AWS::DynamoDB::Table') return undefined;
  const { BillingMode = 'PROVISIONED', ProvisionedThroughput } = given;
  if (BillingMode === 'PROVISIONED' && ProvisionedThroughput === undefined)
    return 'ReadCapacityUnits and WriteCapacityUnits must both be specified when BillingMode is PROVISIONED';
  if (BillingMode === 'PAY_PER_REQUEST' && ProvisionedThroughput !== undefined)
    return 'Neither ReadCapacityUnits nor WriteCapacityUnits can be specified when BillingMode is PAY_PER_REQUEST';
  return undefined;
}

/** Sets the TTL attribute, if any. */
export function timeToLive({ properties, name }: Deployed): SetUp | undefined {
  const { Enabled, AttributeName } = recordOf(properties.TimeToLiveSpecification);
  if (Enabled !== true) return undefined;
  return ['UpdateTimeToLive', { TableName: name, TimeToLiveSpecification: { Enabled, AttributeName } }];
}

/** Where a table's changes are sent. */
export interface KinesisDestination {
  /** The ARN of the Kinesis stream. */
  readonly stream: string;
  /** Precision of change times: `MILLISECOND`, or else microseconds. */
  readonly precision: string | undefined;
}

/**
 * The template's Kinesis stream for a table's changes in the run's region; a global table sets it on its replica there.
 */
export function kinesisDestination({ properties, region }: Deployed): KinesisDestination | undefined {
  const here = records(properties.Replicas).filter(({ Region }) => Region === undefined || Region === region);
  for (const { KinesisStreamSpecification } of [properties, ...here]) {
    const { StreamArn, ApproximateCreationDateTimePrecision } = recordOf(KinesisStreamSpecification);
    const stream = text(StreamArn);
    if (stream !== undefined) return { stream, precision: text(ApproximateCreationDateTimePrecision) };
  }
  return undefined;
}

/** The other regions with replicas of a table. */
export function regionsElsewhere({ properties }: Deployed, region: string): readonly string[] {
  const all = records(properties.Replicas).map((replica) => text(replica.Region));
  return all.filter((one): one is string => one !== undefined && one !== region);
}

/** Whether the template sends the table's changes to a Kinesis stream, known here or not. */
export function feedsKinesis({ properties }: Deployed): boolean {
  return [properties, ...records(properties.Replicas)].some((one) => one.KinesisStreamSpecification !== undefined);
}

/** The view of the table's own stream; undefined if it has none. */
export const viewOf = ({ properties }: Deployed): string | undefined =>
  text(recordOf(properties.StreamSpecification).StreamViewType);

/** Kinesis always gets both images, from the engine's stream. */
const FED = 'NEW_AND_OLD_IMAGES';

function indexes(properties: JsonObject, kind: string): JsonObject {
  const found = records(properties[kind]).map(({ IndexName, KeySchema, Projection }) => ({
    IndexName,
    KeySchema,
    Projection,
  }));
  return found.length > 0 ? { [kind]: found } : {};
}

/** How an existing table differs from the template: in its keys or indexes; undefined if it does not. */
export function differenceOf(table: Deployed, existing: JsonObject): string | undefined {
  const [, wanted] = createTable(table);
  const keys = (schema: unknown) =>
    records(schema).map(({ AttributeName, KeyType }) => `${text(KeyType)} ${text(AttributeName)}`);
  const indexesOf = (of: JsonObject) =>
    ['GlobalSecondaryIndexes', 'LocalSecondaryIndexes']
      .flatMap((kind) =>
        records(of[kind]).map(({ IndexName, KeySchema }) => [text(IndexName), ...keys(KeySchema)].join(' ')),
      )
      .sort();
  if (keys(wanted.KeySchema).join() !== keys(existing.KeySchema).join()) return 'keys';
  return indexesOf(wanted).join() === indexesOf(existing).join() ? undefined : 'indexes';
}
