import * as dynamodb from 'aws-cdk-lib/aws-dynamodb';

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

/** A key as the L2 wants it: text, where nothing is said. */
export function attributeOf(key: KeyAttribute): dynamodb.Attribute {
  return typeof key === 'string' ? { name: key, type: dynamodb.AttributeType.STRING } : key;
}
