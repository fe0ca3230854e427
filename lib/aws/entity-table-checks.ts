import type * as dynamodb from 'aws-cdk-lib/aws-dynamodb';
import { RemovalPolicy } from 'aws-cdk-lib';
import { within } from '../core/facts/fact';
import type { Check } from '../core/check/check';
import {
  anything,
  either,
  filled,
  flag,
  having,
  known,
  list,
  needed,
  object,
  oneOf,
  record,
  text,
} from '../core/check/kinds';
import type { Shape } from '../core/check/shape';
import { attributeNameLength, globalIndexes, tableNameLength } from '../core/facts/dynamodb';
import { replicaChecks } from './replicas/checks';
import { REMOVAL } from './resource-kinds';
import { INSIGHTS, RECOVERY, REPLICA, TABLE_CLASS, TAGS } from './replicas/shape';
import { attributeOf, type EntityTableProps, type KeyAttribute, type TableIndexProps } from './entity-table-props';

const ATTRIBUTE = "write it as 'id', or as { name: 'id', type: AttributeType.NUMBER }";

const NAMES_ATTRIBUTE = 'must name an attribute, with 1 to 255 characters';

const KEY = either(
  NAMES_ATTRIBUTE,
  () => ATTRIBUTE,
  text('id'),
  object<dynamodb.Attribute>(
    {
      name: needed(text('id'), 'name the attribute'),
      type: needed(oneOf('S', 'N', 'B'), 'write AttributeType.NUMBER'),
    },
    ATTRIBUTE,
  ),
);

const INDEX = either(
  'must be an attribute, or { partitionKey, sortKey, attributes }',
  () => "write it as 'customerId', or { partitionKey: 'customerId', sortKey: 'placedAt' }",
  filled('customerId'),
  object<TableIndexProps>(
    {
      partitionKey: needed(KEY, ATTRIBUTE, NAMES_ATTRIBUTE),
      sortKey: KEY,
      attributes: list(filled('total'), "['total']"),
    },
    "{ partitionKey: 'customerId' }",
    {
      nonKeyAttributes: "write 'attributes'",
      projectionType: "leave it out, or name 'attributes'",
      indexName: 'write it as the name in the object',
    },
  ),
);

/** Shape of an `EntityTable`'s props. */
export const SHAPE: Shape<EntityTableProps> = {
  partitionKey: needed(KEY, ATTRIBUTE, NAMES_ATTRIBUTE),
  sortKey: KEY,
  indexes: record(INDEX, "{ byCustomer: 'customerId' }"),
  timeToLive: filled('expiresAt'),
  stream: oneOf('NEW_IMAGE', 'OLD_IMAGE', 'NEW_AND_OLD_IMAGES', 'KEYS_ONLY'),
  tableName: text('orders'),
  removalPolicy: REMOVAL,
  billing: having('a billing', '_renderReadCapacity', 'write Billing.onDemand(), or Billing.provisioned(...)'),
  replicas: known(list(REPLICA, "['eu-central-1']")),
  globalTableSettingsReplicationMode: oneOf('ENABLED'),
  witnessRegion: filled('eu-west-3'),
  multiRegionConsistency: oneOf('EVENTUAL', 'STRONG'),
  localSecondaryIndexes: list(anything, '[{ indexName, sortKey }]'),
  encryption: having(
    'an encryption',
    '_renderSseSpecification',
    'write TableEncryptionV2.awsManagedKey(), or customerManagedKey(...)',
  ),
  warmThroughput: anything,
  contributorInsightsSpecification: INSIGHTS,
  deletionProtection: flag,
  pointInTimeRecoverySpecification: RECOVERY,
  tableClass: TABLE_CLASS,
  kinesisStream: having('a Kinesis stream', 'streamArn', 'pass the stream itself'),
  tags: TAGS,
  resourcePolicy: anything,
  streamResourcePolicy: anything,
};

/** CDK's names for a table's props, and their equivalents here. */
export const NAMES = {
  timeToLiveAttribute: "write 'timeToLive'",
  dynamoStream: "write 'stream'",
  globalSecondaryIndexes: "write 'indexes'",
  pointInTimeRecovery: "leave it out: it is on; 'pointInTimeRecoverySpecification' configures it",
  contributorInsights: "write 'contributorInsightsSpecification'",
  billingMode: "write 'billing'",
  readCapacity: "write 'billing: Billing.provisioned(...)'",
  writeCapacity: "write 'billing: Billing.provisioned(...)'",
};

const isTableName = (name: string) => /^[a-zA-Z0-9_.-]+$/.test(name) && within(tableNameLength.value, name.length);

/**
 * Checks across props.
 * @param region of the table's stack
 */
export function checksOf(props: EntityTableProps, region: string): Check[] {
  const { partitionKey, sortKey, indexes = {}, timeToLive, removalPolicy, deletionProtection, tableName } = props;
  const keys = [partitionKey, sortKey].flatMap((key) => (key === undefined ? [] : [attributeOf(key).name]));
  return [
    ...keysChecks('', partitionKey, sortKey),
    ...Object.entries(indexes).flatMap(([name, index]) => [
      {
        prop: `indexes.${name}`,
        value: name,
        valid: () => isTableName(name),
        rule: 'must be named with 3 to 255 letters, digits, underscores, dots or hyphens',
        remedy: 'choose another name',
      },
      ...(typeof index === 'string' ? [] : keysChecks(`indexes.${name}.`, index.partitionKey, index.sortKey)),
    ]),
    ...typeChecks(props),
    {
      prop: 'indexes',
      value: Object.keys(indexes).length,
      valid: () => Object.keys(indexes).length <= globalIndexes.value,
      rule: `must be at most ${globalIndexes.value}`,
      remedy: 'let one index serve several queries, or split the table',
    },
    {
      prop: 'tableName',
      value: tableName,
      valid: () => tableName === undefined || isTableName(tableName),
      rule: 'must be 3 to 255 letters, digits, underscores, dots or hyphens',
      remedy: 'fix it, or leave it out',
    },
    {
      prop: 'timeToLive',
      value: timeToLive,
      reads: keys,
      valid: () => timeToLive === undefined || !keys.includes(timeToLive),
      rule: 'must not be a key of the table',
      remedy: 'name an attribute of its own, such as expiresAt',
    },
    {
      prop: 'deletionProtection',
      value: deletionProtection,
      valid: () => deletionProtection !== true || removalPolicy !== RemovalPolicy.DESTROY,
      rule: "must not be true with 'removalPolicy' DESTROY, because deleting the stack would fail",
      remedy: 'remove one of them',
    },
    ...replicaChecks(props, region),
  ];
}

/** An attribute has one type, whichever keys it is in. */
function typeChecks({ partitionKey, sortKey, indexes = {} }: EntityTableProps): Check[] {
  const types = new Map<string, { readonly type: string; readonly prop: string }>();
  const keys = [
    ['partitionKey', partitionKey],
    ['sortKey', sortKey],
    ...Object.entries(indexes).flatMap(([name, index]): [string, KeyAttribute | undefined][] =>
      typeof index === 'string'
        ? [[`indexes.${name}`, index]]
        : [
            [`indexes.${name}.partitionKey`, index.partitionKey],
            [`indexes.${name}.sortKey`, index.sortKey],
          ],
    ),
  ] as const;
  return keys.flatMap(([prop, key]): Check[] => {
    if (key === undefined) return [];
    const { name, type } = attributeOf(key);
    const first = types.get(name);
    if (first === undefined) types.set(name, { type, prop });
    const valid = () => first === undefined || first.type === type;
    const rule = `must give '${name}' the type that it has in '${first?.prop}' (${first?.type}), not ${type}`;
    return [{ prop, value: key, valid, rule, remedy: 'an attribute has one type: agree on it, or name another' }];
  });
}

function keysChecks(prefix: string, partitionKey: KeyAttribute, sortKey: KeyAttribute | undefined): Check[] {
  const attribute = (prop: string, key: KeyAttribute): Check => ({
    prop: `${prefix}${prop}`,
    value: key,
    valid: () => within(attributeNameLength.value, attributeOf(key).name.length),
    rule: NAMES_ATTRIBUTE,
    remedy: "write it as 'id', or as { name: 'id', type: AttributeType.NUMBER }",
  });
  if (sortKey === undefined) return [attribute('partitionKey', partitionKey)];
  return [
    attribute('partitionKey', partitionKey),
    attribute('sortKey', sortKey),
    {
      prop: `${prefix}sortKey`,
      value: sortKey,
      reads: [partitionKey],
      valid: () => attributeOf(sortKey).name !== attributeOf(partitionKey).name,
      rule: `must differ from '${prefix}partitionKey'`,
      remedy: 'name another attribute, or remove it',
    },
  ];
}
