import { Duration, type RemovalPolicy } from 'aws-cdk-lib';
import type * as cloudwatch from 'aws-cdk-lib/aws-cloudwatch';
import type { ITable } from 'aws-cdk-lib/aws-dynamodb';
import * as lambda from 'aws-cdk-lib/aws-lambda';
import type { IBucket } from 'aws-cdk-lib/aws-s3';
import type { ITopic } from 'aws-cdk-lib/aws-sns';
import type * as sqs from 'aws-cdk-lib/aws-sqs';
import type { StateMachine } from 'aws-cdk-lib/aws-stepfunctions';
import type { Construct } from 'constructs';
import { HandlerConstruct } from '../alarms/handler-construct';
import { iteratorAgeOf } from '../alarms/of-function';
import { ageChecks, handlerAlarmChecks } from '../alarms/settings-checks';
import { alarmSettings } from '../alarms/settings-shape';
import type { AlarmsOf } from '../alarms/watched-by';
import type { Check } from '../../core/check/check';
import { filled, having, known, list, whole } from '../../core/check/kinds';
import type { Shape } from '../../core/check/shape';
import { checkPlacedProps } from '../placed-props';
import * as facts from '../../core/facts/event-source';
import { accountConcurrency } from '../../core/facts/lambda';
import { tableStreamRetention } from '../../core/facts/streams';
import { isUnresolved } from '../../core/unresolved';
import { Access } from '../access/access';
import { Capability } from '../access/capability';
import { acknowledge } from '../acknowledge';
import { patternAlarms } from '../alarms/pattern-alarms';
import { checkStore } from '../construct-checks';
import { deadLetterQueue } from '../dead-letter-queue';
import { EntityTable } from '../entity-table';
import { HANDLER, namesBeside, reservationOf } from '../handler-settings';
import type { ServiceFunction } from '../service-function';
import type { HandlerSource } from '../service-function-props';
import { type StreamBatch, STREAM_BATCH, streamMapping } from '../stream-mapping';
import { isTable } from '../stream-source';
import { ProjectionReplay } from './replay/replay';
import { filterChecks, filtersOf } from './filters';
import { projectionHandler, variableChecks } from './projection-handler';
import { followEvents, onTable } from './store-access';
import type { StoreTables } from './tables';
import { tamperingAlarm } from './tampering';

/** Props of a projection of an `EventStore`. */
export interface ProjectionProps {
  /**
   * Maintains the read model: a path, a path with settings, or a function the team already has. Its module exports
   * `handler = projection({ key, on })` of `lintel/runtime`.
   */
  readonly handler: HandlerSource;
  /**
   * Event types that the handler knows; it is not invoked for others. Changes other than new events always arrive. A filter
   * saves invocations, but costs a query per aggregate of a batch that had other events in between.
   * @default - all
   */
  readonly eventTypes?: readonly string[];
  /**
   * Where the read model is stored: a table with the partition key `id` (string), or a capability to reach another store
   * under `MODEL`, such as `database.connect('projector')`.
   * @default - a new table
   */
  readonly readModel?: ITable | Capability;
  /**
   * How records are batched into one invocation.
   * @default - 100 records, without waiting
   */
  readonly batch?: StreamBatch;
  /**
   * Attempts to process a batch before it is given up, 1 to 10,001. Only infrastructure failures count: an aggregate whose events
   * the handler refuses is parked on its own. A failed batch is bisected between attempts, which does not count.
   * @default 20
   */
  readonly maxAttempts?: number;
  /**
   * Alarm thresholds and durations, or alarms switched off with a reason:
   * `{ errorRate: 5, deadLetters: { off: 'swept by hand each morning' } }`.
   * @default - as AWS recommends
   */
  readonly alarms?: AlarmsOf<'Projection'>;
  /**
   * Parts of the events a replay processes at once, 1 to 1,000: each keeps one invocation of the handler busy. Change a running
   * replay with `UpdateMapRun`.
   * @default - 10; with reserved concurrency, few enough to leave the stream one invocation
   */
  readonly replayConcurrency?: number;
}

/** What a projection needs of its store. */
export interface ProjectedStore {
  /** Its tables, and what carries its events. */
  readonly tables: StoreTables;
  /** Bucket for batches that were given up. */
  readonly failures: IBucket;
  /** Lists the aggregates of the store. */
  readonly lister: ServiceFunction;
  /** Bucket with exports of the events. */
  readonly exports?: IBucket;
  /** Topic that alarms notify. */
  readonly alarmTopic?: ITopic;
  /** What happens to the tables when the stack is deleted. */
  readonly removalPolicy?: RemovalPolicy;
}

/**
 * A read model that follows a store's events. Created by `store.project()`.
 * Reads the stream from its oldest record, so that nothing is missed while the mapping is created or changed. The handler
 * treats each record as a notification: an aggregate's progress is an item in `checkpoints`, written in one transaction with
 * the model, and the events in between are queried. So duplicate and reordered records do no harm.
 */
export class Projection extends HandlerConstruct {
  /** Maintains the read model. */
  readonly handler: lambda.Function;
  /** Where the read model is stored: the table, or the given capability. */
  readonly readModel: ITable | Capability;
  /** Reads the events and calls the handler. */
  readonly mapping: lambda.EventSourceMapping;
  /** Each aggregate's progress. */
  readonly checkpoints: EntityTable;
  /** Aggregates whose events the handler refused, and records other than new events; kept for 14 days. */
  readonly parked: sqs.Queue;
  /** The state machine that lets the projection catch up, or rebuilds its models; see `store.replay()`. */
  readonly replay: StateMachine;
  /** The replay construct, with access to the machine. */
  readonly replaying: ProjectionReplay;
  /** Alarms on the handler, its lag, records about to be dropped, batches given up, parked aggregates and failed replays. */
  readonly alarms: readonly cloudwatch.Alarm[];

  /** @throws PatternError when a setting is outside the service's limits */
  constructor(scope: Construct, id: string, props: ProjectionProps, store: ProjectedStore) {
    checkStore(new.target, store, 'store.project');
    super(scope, id);
    const { tables, failures, alarmTopic, removalPolicy } = store;
    const kinesis = !isTable(tables.source);
    checkPlacedProps(this, props, SHAPE, (given) => projectionChecks(this, given, kinesis), namesBeside(NAMES));

    this.readModel = props.readModel ?? new EntityTable(this, 'ReadModel', { partitionKey: 'id', removalPolicy });
    this.checkpoints = new EntityTable(this, 'Checkpoints', {
      // Partitioned by aggregate, since items of one partition key share a thousand writes per second.
      partitionKey: 'aggregate',
      sortKey: 'projection',
      removalPolicy,
    });
    this.parked = deadLetterQueue(this, 'Parked');
    acknowledge(this.parked, {
      'AwsSolutions::AwsSolutions-SQS3': PEOPLE_READ,
      'Lintel::QueueDeadLetterQueue': PEOPLE_READ,
    });
    this.handler = projectionHandler(this, props.handler, {
      PROJECTION: new Capability({ variables: { '': id }, statements: [] }),
      EVENTS: followEvents(tables),
      CHECKPOINTS: ofTable(this.checkpoints, ['GetItem', 'PutItem']),
      MODEL: modelAccess(this.readModel),
      PARKED: Access.queue(this.parked).send(),
    });
    this.mapping = streamMapping(this, 'Mapping', {
      handler: this.handler,
      source: tables.source,
      failures,
      batch: props.batch,
      maxAttempts: props.maxAttempts ?? 20,
      maxAge: MAX_RECORD_AGE,
      filters: filtersOf(props.eventTypes, kinesis),
      options: { metricsConfig: { metrics: [lambda.MetricType.EVENT_COUNT] } },
    });

    this.replaying = new ProjectionReplay(this, 'Replay', {
      projection: id,
      handler: this.handler,
      events: tables.events,
      checkpoints: this.checkpoints,
      lister: store.lister,
      exports: store.exports,
      concurrency: props.replayConcurrency ?? replayedAtOnce(props.handler),
    });
    this.replay = this.replaying.machine;

    const alarms = patternAlarms(this, { topic: alarmTopic, settings: props.alarms });
    this.alarms = [
      ...alarms.function(this.handler),
      ...alarms.lag(this.handler, Duration.minutes(5)),
      ...alarms.expiring(this.handler, KEPT),
      ...alarms.discarded(this.mapping),
      ...alarms.deadLetters(this.parked),
      ...alarms.failedExecutions(this.replay),
      ...tamperingAlarm(this, this.handler, alarms),
    ];
  }

  /** Milliseconds that the oldest record of a batch has waited. */
  metricAge(options?: cloudwatch.MetricOptions): cloudwatch.Metric {
    return iteratorAgeOf(this.handler, options);
  }

  /** Aggregates whose events the handler refused, and records other than new events. */
  metricParked(options?: cloudwatch.MetricOptions): cloudwatch.Metric {
    return this.parked.metricApproximateNumberOfMessagesVisible(options);
  }
}

const KEPT = Duration.hours(tableStreamRetention.value);

/** A batch goes to the bucket before the stream silently drops its records. */
const MAX_RECORD_AGE = Duration.hours(tableStreamRetention.value - 1);

const PEOPLE_READ = 'Nothing consumes this queue: its alarm tells people to read it';

function ofTable(table: ITable, actions: readonly string[]): Capability {
  return new Capability({ variables: { '': table.tableName }, statements: onTable(table, actions) });
}

function modelAccess(model: ITable | Capability): Capability {
  if ('statements' in model) return model;
  return ofTable(model, ['GetItem', 'PutItem', 'UpdateItem', 'DeleteItem']);
}

const SHAPE: Shape<ProjectionProps> = {
  handler: HANDLER,
  eventTypes: known(list(filled('OrderPlaced'), "['OrderPlaced']")),
  readModel: having(
    'a table, or a capability',
    ['tableArn', 'statements'],
    "pass a table whose partition key is 'id', or a capability for another store, such as 'database.connect('projector')'",
  ),
  batch: STREAM_BATCH,
  maxAttempts: whole({ min: facts.streamRetries.value.min + 1, max: facts.streamRetries.value.max + 1 }),
  alarms: alarmSettings('Projection'),
  replayConcurrency: whole({ min: 1, max: accountConcurrency.value }),
};

/** Names from CDK's event source and other libraries, and their equivalents here. */
const NAMES = {
  key: 'write it in the handler: projection({ key: (event) => ..., on: { ... } })',
  startingPosition:
    'leave it out: it is TRIM_HORIZON, since LATEST may miss events while a mapping is created or changed',
  filters: "write 'eventTypes'",
  batchSize: "write 'batch: { size: ... }'",
  maxBatchingWindow: "write 'batch: { window: ... }'",
  retryAttempts: "write 'maxAttempts', which counts the first attempt too",
  maxRecordAge: 'leave it out: records are given up an hour before the stream drops them',
  bisectBatchOnError: 'leave it out: it is always on',
  reportBatchItemFailures: 'leave it out: it is always on',
  onFailure: 'leave it out: batches that are given up go to a bucket of the store',
  maxLag: "write 'alarms: { age: ... }'",
};

/** Default concurrency of a replay, which leaves invocations to the stream. */
function replayedAtOnce(handler: HandlerSource): number {
  const reserved = knownReservation(handler);
  return reserved === undefined ? 10 : Math.max(1, Math.min(10, reserved - 1));
}

function knownReservation(handler: HandlerSource): number | undefined {
  const reserved = reservationOf(handler);
  return isUnresolved(reserved) ? undefined : reserved;
}

function projectionChecks(
  scope: Construct,
  { handler, eventTypes, replayConcurrency = 1, batch, alarms }: ProjectionProps,
  kinesis: boolean,
): Check[] {
  const reserved = knownReservation(handler);
  return [
    ...variableChecks(scope, handler),
    ...handlerAlarmChecks(handler, alarms),
    ...ageChecks(alarms, { window: batch?.window, kept: MAX_RECORD_AGE, by: 'the age at which a record is given up' }),
    {
      prop: 'replayConcurrency',
      value: replayConcurrency,
      reads: [reserved],
      valid: () => reserved === undefined || replayConcurrency === 1 || replayConcurrency < reserved,
      rule: `must be less than the ${reserved} executions reserved by 'handler', or the stream would wait for a replay`,
      remedy: 'lower it, or reserve more',
    },
    {
      prop: 'eventTypes',
      value: eventTypes,
      valid: () => eventTypes === undefined || eventTypes.length > 0,
      rule: 'must name a type, or no event would arrive',
      remedy: 'leave it out for all types',
    },
    ...filterChecks(eventTypes, kinesis),
  ];
}
