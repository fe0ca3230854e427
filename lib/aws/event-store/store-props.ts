import type { RemovalPolicy } from 'aws-cdk-lib';
import type { TableEncryptionV2 } from 'aws-cdk-lib/aws-dynamodb';
import type { IBucket } from 'aws-cdk-lib/aws-s3';
import type { ITopic } from 'aws-cdk-lib/aws-sns';
import type { AlarmsOf } from '../alarms/watched-by';

/** What a store says of its personal fields: which of an event's data are encrypted. */
export type PersonalFields = Readonly<Record<string, readonly string[]>>;

/** Props of an `EventStore`. */
export interface EventStoreProps {
  /**
   * Keeps a table for states of aggregates, so that those with many events are loaded from the latest one.
   * @default false
   */
  readonly snapshots?: boolean;
  /**
   * What carries the events to projections: the table's own stream, which bears two readers a shard, or a Kinesis stream,
   * which bears five, is paid for by the hour and by the gigabyte, and may deliver twice.
   * @default 'table'
   */
  readonly stream?: 'table' | 'kinesis';
  /**
   * Personal fields by type of event: `{ OrderPlaced: ['name', 'email'] }`. They are encrypted with a key of their subject,
   * which is kept in a table of its own; without the key they read `undefined`.
   * @default - none
   */
  readonly personal?: PersonalFields;
  /**
   * Keeps what is too large for an item of 400 KB in a bucket: a new one, or the team's.
   * @default false - such events are refused, with their size
   */
  readonly claimCheck?: boolean | IBucket;
  /**
   * Bucket into which the events are exported, for replays that list the aggregates there and not by a scan. In the account and
   * the region of the store.
   * @default - replays scan
   */
  readonly exports?: IBucket;
  /**
   * Who puts events: whoever appends, or one function that does it for them and sets the condition itself. No policy can forbid
   * an overwrite to somebody who may put; so this prevents what is otherwise told of, at the price of an invocation.
   * @default 'caller'
   */
  readonly writer?: 'caller' | 'function';
  /**
   * Regions that hold a copy of the events, for reading. Needs `writeRegion`.
   * @default - none
   */
  readonly replicas?: readonly string[];
  /**
   * The one region in which events are appended: that of the stack. Two regions could both append version 6, and one of the
   * two events would vanish.
   * @default - required with `replicas`
   */
  readonly writeRegion?: string;
  /**
   * The key of all tables.
   * @default - a key of DynamoDB's own, always on and free
   */
  readonly encryption?: TableEncryptionV2;
  /**
   * What becomes of the tables when the stack is deleted; DESTROY also lifts their protection.
   * @default RemovalPolicy.RETAIN
   */
  readonly removalPolicy?: RemovalPolicy;
  /**
   * Who is told of alarms.
   * @default - nobody; the alarms are there
   */
  readonly alarmTopic?: ITopic;
  /**
   * What the alarms are raised at, how long it must last, or that there is none, and why:
   * `{ errorRate: 5, deadLetters: { off: 'swept by hand each morning' } }`.
   * @default - what AWS recommends
   */
  readonly alarms?: AlarmsOf<'EventStore'>;
}
