import type { RemovalPolicy } from 'aws-cdk-lib';
import type { TableEncryptionV2 } from 'aws-cdk-lib/aws-dynamodb';
import type { IBucket } from 'aws-cdk-lib/aws-s3';
import type { ITopic } from 'aws-cdk-lib/aws-sns';
import type { AlarmsOf } from '../alarms/watched-by';

/** Personal fields by event type: which of an event's data are encrypted. */
export type PersonalFields = Readonly<Record<string, readonly string[]>>;

/** Props of an `EventStore`. */
export interface EventStoreProps {
  /**
   * Keeps snapshots of aggregates in a table, so that those with many events load from the latest one.
   * @default false
   */
  readonly snapshots?: boolean;
  /**
   * What carries events to projections: the table's own stream, which supports two readers per shard, or a Kinesis stream,
   * which supports five, is billed by the hour and the gigabyte, and may deliver twice.
   * @default 'table'
   */
  readonly stream?: 'table' | 'kinesis';
  /**
   * Personal fields by event type: `{ OrderPlaced: ['name', 'email'] }`. They are encrypted with their subject's key,
   * kept in a separate table; without the key they read as `undefined`.
   * @default - none
   */
  readonly personal?: PersonalFields;
  /**
   * Stores events too large for a 400 KB item in a bucket: a new one, or the team's.
   * @default false - such events are refused, with their size
   */
  readonly claimCheck?: boolean | IBucket;
  /**
   * Bucket to which the events are exported, so that replays list aggregates there instead of scanning. In the store's account
   * and region.
   * @default - replays scan
   */
  readonly exports?: IBucket;
  /**
   * What puts events: each appender itself, or one function that does it for them and sets the condition. No policy can stop
   * someone who may put from overwriting; the function prevents what is otherwise only detected, at the price of an invocation.
   * @default 'caller'
   */
  readonly writer?: 'caller' | 'function';
  /**
   * Regions that hold a read-only copy of the events. Needs `writeRegion`.
   * @default - none
   */
  readonly replicas?: readonly string[];
  /**
   * The only region in which events are appended: the stack's. Two regions could both append version 6, and one of the
   * two events would be lost.
   * @default - required with `replicas`
   */
  readonly writeRegion?: string;
  /**
   * The key that encrypts all tables.
   * @default - an AWS-owned key, free of charge
   */
  readonly encryption?: TableEncryptionV2;
  /**
   * What happens to the tables when the stack is deleted; DESTROY also lifts deletion protection.
   * @default RemovalPolicy.RETAIN
   */
  readonly removalPolicy?: RemovalPolicy;
  /**
   * Topic that alarms notify.
   * @default - no notifications; the alarms still exist
   */
  readonly alarmTopic?: ITopic;
  /**
   * Alarm thresholds and durations, or alarms switched off with a reason:
   * `{ errorRate: 5, deadLetters: { off: 'swept by hand each morning' } }`.
   * @default - as AWS recommends
   */
  readonly alarms?: AlarmsOf<'EventStore'>;
}
