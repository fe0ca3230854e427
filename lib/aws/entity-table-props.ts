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
  | 'contributorInsights'
  | 'replicas';

/** A replica: its region alone, or with settings of its own. */
export type TableReplica = string | TableReplicaProps;

/**
 * Props of a replica, as the L2 has them. What is left out is as on the table itself: deletion protection, point-in-time
 * recovery, insights, class and tags. A stream of Kinesis and policies are of one region, and are not taken over.
 */
export type TableReplicaProps = Omit<dynamodb.ReplicaTableProps, 'pointInTimeRecovery' | 'contributorInsights'>;

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
  /**
   * Other regions that have the table too: `['eu-central-1']`, or `[{ region: 'eu-central-1', tags: [...] }]`. Each of them is
   * read and written, and every change reaches the others, deletions by `timeToLive` too. The stack must have a region. A
   * stream tells of the changes of all regions, and has one reader beside the replication.
   * @default - none
   * @see https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/V2globaltables_HowItWorks.html
   */
  readonly replicas?: readonly TableReplica[];
}

/** A replica as the L2 wants it, with what it has of the table. */
export function replicaOf(
  replica: TableReplica,
  tags: EntityTableProps['tags'] = [],
): dynamodb.ReplicaTableProps & { readonly region: string } {
  const props: TableReplicaProps = typeof replica === 'string' ? { region: replica } : replica;
  const own = props.tags ?? [];
  // The L2 gives the table's tags to its own region alone.
  const all = [...tags.filter(({ key }) => !own.some((tag) => tag.key === key)), ...own];
  return { ...props, ...(all.length > 0 && { tags: all }) };
}

/** A key as the L2 wants it: text, where nothing is said. */
export function attributeOf(key: KeyAttribute): dynamodb.Attribute {
  return typeof key === 'string' ? { name: key, type: dynamodb.AttributeType.STRING } : key;
}
