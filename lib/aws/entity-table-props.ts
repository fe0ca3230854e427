import * as dynamodb from 'aws-cdk-lib/aws-dynamodb';

/** A key of a table or index: the name of a string attribute, or name and type. */
export type KeyAttribute = string | dynamodb.Attribute;

/** A global secondary index: its partition key, or props. */
export type TableIndex = string | TableIndexProps;

/** Props of a global secondary index. */
export interface TableIndexProps {
  /** The partition key of the index. */
  readonly partitionKey: KeyAttribute;
  /**
   * The sort key of the index.
   * @default - none
   */
  readonly sortKey?: KeyAttribute;
  /**
   * Non-key attributes projected into the index, if it need not return whole items.
   * @default - all attributes
   */
  readonly attributes?: readonly string[];
}

/** Props of the L2 that an `EntityTable` renames. */
type Reworded =
  | 'partitionKey'
  | 'sortKey'
  | 'globalSecondaryIndexes'
  | 'timeToLiveAttribute'
  | 'dynamoStream'
  | 'pointInTimeRecovery'
  | 'contributorInsights'
  | 'replicas';

/** A replica: its region, or props. */
export type TableReplica = string | TableReplicaProps;

/**
 * Props of a replica, as on the L2. Omitted ones are taken from the table: deletion protection, point-in-time
 * recovery, insights, class and tags. Kinesis streams and policies are regional, and are not taken over.
 */
export type TableReplicaProps = Omit<dynamodb.ReplicaTableProps, 'pointInTimeRecovery' | 'contributorInsights'>;

/** Props of an `EntityTable`, plus all further options of the L2. */
export interface EntityTableProps extends Omit<dynamodb.TablePropsV2, Reworded> {
  /** The partition key: `'id'`. */
  readonly partitionKey: KeyAttribute;
  /**
   * The sort key.
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
   * The number attribute holding the time, in seconds since 1970, after which DynamoDB deletes an item.
   * @default - items stay
   * @see https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/TTL.html
   */
  readonly timeToLive?: string;
  /**
   * What stream records contain.
   * @default - no stream
   */
  readonly stream?: dynamodb.StreamViewType;
  /**
   * Other regions that hold the table too: `['eu-central-1']`, or `[{ region: 'eu-central-1', tags: [...] }]`. Each can be
   * read and written, and every change, `timeToLive` deletions included, reaches the others. The stack must have a region. A
   * stream carries the changes of all regions, and allows one reader besides replication.
   * @default - none
   * @see https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/V2globaltables_HowItWorks.html
   */
  readonly replicas?: readonly TableReplica[];
}

/** A replica as the L2 expects it, with what it takes over from the table. */
export function replicaOf(
  replica: TableReplica,
  tags: EntityTableProps['tags'] = [],
): dynamodb.ReplicaTableProps & { readonly region: string } {
  const props: TableReplicaProps = typeof replica === 'string' ? { region: replica } : replica;
  const own = props.tags ?? [];
  // The L2 applies the table's tags to its own region only.
  const all = [...tags.filter(({ key }) => !own.some((tag) => tag.key === key)), ...own];
  return { ...props, ...(all.length > 0 && { tags: all }) };
}

/** A key as the L2 expects it; a string by default. */
export function attributeOf(key: KeyAttribute): dynamodb.Attribute {
  return typeof key === 'string' ? { name: key, type: dynamodb.AttributeType.STRING } : key;
}
