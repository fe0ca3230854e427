import { RemovalPolicy } from 'aws-cdk-lib';
import * as dynamodb from 'aws-cdk-lib/aws-dynamodb';
import type { Construct } from 'constructs';
import type { Check } from '../core/check/check';
import { anything, either, filled, flag, list, needed, object, oneOf, record, text } from '../core/check/kinds';
import { globalIndexes } from '../core/facts/dynamodb';
import { checkProps, type Shape } from '../core/check/shape';
import type { Capability } from './access/capability';
import { TableAccess, type TableReadOptions, type TableWriteOptions } from './access/table';

/** A key of a table or index: the name of a text attribute, or name and type. */
export type KeyAttribute = string | dynamodb.Attribute;

/** A global secondary index: its partition key alone, or with more. */
export type TableIndex = string | TableIndexProps;

/** Props of a global secondary index. */
export interface TableIndexProps {
  /** What items are found by. */
  readonly partitionKey: KeyAttribute;
  /**
   * What items of one partition key are sorted by.
   * @default - none
   */
  readonly sortKey?: KeyAttribute;
  /**
   * Attributes that the index holds besides the keys, for an index that need not answer with whole items.
   * @default - all attributes
   */
  readonly attributes?: readonly string[];
}

/** What of the L2's props an `EntityTable` says in other words. */
type Reworded =
  | 'partitionKey'
  | 'sortKey'
  | 'globalSecondaryIndexes'
  | 'timeToLiveAttribute'
  | 'dynamoStream'
  | 'pointInTimeRecovery'
  | 'contributorInsights';

/** Props of an `EntityTable`. All further options are the L2's. */
export interface EntityTableProps extends Omit<dynamodb.TablePropsV2, Reworded> {
  /** What items are found by: `'id'`. */
  readonly partitionKey: KeyAttribute;
  /**
   * What items of one partition key are sorted by.
   * @default - none
   */
  readonly sortKey?: KeyAttribute;
  /**
   * Global secondary indexes by name: `{ byCustomer: 'customerId' }`, or
   * `{ byCustomer: { partitionKey: 'customerId', sortKey: 'placedAt' } }`.
   * @default - none
   */
  readonly indexes?: Readonly<Record<string, TableIndex>>;
  /**
   * The number attribute that holds the time, in seconds since 1970, after which DynamoDB deletes an item.
   * @default - items stay
   * @see https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/TTL.html
   */
  readonly timeToLive?: string;
  /**
   * What the table's stream tells of a change.
   * @default - no stream
   */
  readonly stream?: dynamodb.StreamViewType;
}

/**
 * A table ready for production: on demand, so nothing is to be sized; point-in-time recovery over 35 days; protected
 * from deletion, and kept when its stack is deleted. Encrypted with a key of DynamoDB's own, which is always on and free;
 * set `encryption` to `awsManagedKey()` for an audit trail of the key's use, or to a customer-managed key to hold the
 * switch, both at the price of KMS requests.
 *
 * `removalPolicy: RemovalPolicy.DESTROY` also lifts the protection, for stacks that come and go.
 * @example
 * const orders = new EntityTable(this, 'Orders', { partitionKey: 'id', indexes: { byCustomer: 'customerId' } });
 */
export class EntityTable extends dynamodb.TableV2 {
  /**
   * The capabilities of a table that the app already has, of either version, imported ones too. Makes no resource: an
   * `EntityTable` in the place of a `dynamodb.Table` would change the type under a logical id, which CloudFormation refuses.
   * @example
   * const orders = EntityTable.adopt(table);
   * new ServiceFunction(this, 'Place', { entry: 'src/place.ts', access: { ORDERS: orders.write() } });
   */
  static adopt(table: dynamodb.ITable): TableAccess {
    return new TableAccess(table);
  }

  constructor(scope: Construct, id: string, props: EntityTableProps) {
    checkProps([scope.node.path, id].filter(Boolean).join('/'), props, SHAPE, checksOf, NAMES);
    const { partitionKey, sortKey, indexes = {}, timeToLive, stream, ...options } = props;
    const removalPolicy = options.removalPolicy ?? RemovalPolicy.RETAIN;

    super(scope, id, {
      pointInTimeRecoverySpecification: { pointInTimeRecoveryEnabled: true },
      deletionProtection: removalPolicy !== RemovalPolicy.DESTROY,
      ...options,
      removalPolicy,
      partitionKey: attributeOf(partitionKey),
      sortKey: sortKey === undefined ? undefined : attributeOf(sortKey),
      globalSecondaryIndexes: Object.entries(indexes).map(([name, index]) => indexOf(name, index)),
      timeToLiveAttribute: timeToLive,
      dynamoStream: stream,
    });
  }

  /** `GetItem`, `BatchGetItem` and `Query`, on the table and on its indexes by name; `Scan` only by asking. */
  read(options?: TableReadOptions): Capability {
    return new TableAccess(this).read(options);
  }

  /**
   * `PutItem`, `UpdateItem` and condition checks, alone, in batches or in transactions; not `DeleteItem`. IAM cannot keep a
   * batch from deleting: `write({ batch: false })` leaves batches out.
   */
  write(options?: TableWriteOptions): Capability {
    return new TableAccess(this).write(options);
  }

  /** `DeleteItem`. */
  delete(): Capability {
    return new TableAccess(this).delete();
  }

  /** `read()` and `write()`; not `DeleteItem`. */
  readWrite(options?: TableReadOptions & TableWriteOptions): Capability {
    return new TableAccess(this).readWrite(options);
  }

  /** `PutItem` without looking at what was there, for events and logs. */
  append(): Capability {
    return new TableAccess(this).append();
  }
}

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

const SHAPE: Shape<EntityTableProps> = {
  partitionKey: needed(KEY, ATTRIBUTE, NAMES_ATTRIBUTE),
  sortKey: KEY,
  indexes: record(INDEX, "{ byCustomer: 'customerId' }"),
  timeToLive: filled('expiresAt'),
  stream: oneOf('NEW_IMAGE', 'OLD_IMAGE', 'NEW_AND_OLD_IMAGES', 'KEYS_ONLY'),
  tableName: text('orders'),
  removalPolicy: text('retain'),
  billing: anything,
  replicas: list(anything, "[{ region: 'eu-central-1' }]"),
  globalTableSettingsReplicationMode: anything,
  witnessRegion: text('eu-west-3'),
  multiRegionConsistency: anything,
  localSecondaryIndexes: list(anything, '[{ indexName, sortKey }]'),
  encryption: anything,
  warmThroughput: anything,
  contributorInsightsSpecification: anything,
  deletionProtection: flag,
  pointInTimeRecoverySpecification: anything,
  tableClass: anything,
  kinesisStream: anything,
  tags: list(anything, "[{ key: 'team', value: 'shop' }]"),
  resourcePolicy: anything,
  streamResourcePolicy: anything,
};

/** Names of CDK's tables, and what says the same here. */
const NAMES = {
  timeToLiveAttribute: "write 'timeToLive'",
  dynamoStream: "write 'stream'",
  globalSecondaryIndexes: "write 'indexes'",
  pointInTimeRecovery: "leave it out: it is on; 'pointInTimeRecoverySpecification' says more",
  contributorInsights: "write 'contributorInsightsSpecification'",
  billingMode: "write 'billing'",
  readCapacity: "write 'billing: Billing.provisioned(...)'",
  writeCapacity: "write 'billing: Billing.provisioned(...)'",
};

/** @see https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/HowItWorks.NamingRulesDataTypes.html */
const INDEX_NAME = /^[a-zA-Z0-9_.-]{3,255}$/;

function checksOf(props: EntityTableProps): Check[] {
  const { partitionKey, sortKey, indexes = {}, timeToLive, removalPolicy, deletionProtection, tableName } = props;
  const keys = [partitionKey, sortKey].flatMap((key) => (key === undefined ? [] : [attributeOf(key).name]));
  return [
    ...keysChecks('', partitionKey, sortKey),
    ...Object.entries(indexes).flatMap(([name, index]) => [
      {
        prop: `indexes.${name}`,
        value: name,
        valid: () => INDEX_NAME.test(name),
        rule: 'must be named with 3 to 255 letters, digits, underscores, dots or hyphens',
        remedy: 'choose another name',
      },
      ...(typeof index === 'string' ? [] : keysChecks(`indexes.${name}.`, index.partitionKey, index.sortKey)),
    ]),
    {
      prop: 'indexes',
      value: Object.keys(indexes).length,
      valid: () => Object.keys(indexes).length <= globalIndexes.value,
      rule: `must be at most ${globalIndexes.value}`,
      remedy: 'let one index serve several questions, or divide the table',
    },
    {
      prop: 'tableName',
      value: tableName,
      valid: () => tableName === undefined || INDEX_NAME.test(tableName),
      rule: 'must be 3 to 255 letters, digits, underscores, dots or hyphens',
      remedy: 'correct it, or leave it out',
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
  ];
}

function keysChecks(prefix: string, partitionKey: KeyAttribute, sortKey: KeyAttribute | undefined): Check[] {
  const attribute = (prop: string, key: KeyAttribute): Check => ({
    prop: `${prefix}${prop}`,
    value: key,
    valid: () => attributeOf(key).name.length >= 1 && attributeOf(key).name.length <= 255,
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

function attributeOf(key: KeyAttribute): dynamodb.Attribute {
  return typeof key === 'string' ? { name: key, type: dynamodb.AttributeType.STRING } : key;
}

function indexOf(indexName: string, index: TableIndex): dynamodb.GlobalSecondaryIndexPropsV2 {
  const props: TableIndexProps = typeof index === 'string' ? { partitionKey: index } : index;
  const { partitionKey, sortKey, attributes } = props;
  return {
    indexName,
    partitionKey: attributeOf(partitionKey),
    sortKey: sortKey === undefined ? undefined : attributeOf(sortKey),
    ...(attributes === undefined
      ? {}
      : { projectionType: dynamodb.ProjectionType.INCLUDE, nonKeyAttributes: [...attributes] }),
  };
}
