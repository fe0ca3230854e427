import { Aws, Duration, type RemovalPolicy } from 'aws-cdk-lib';
import * as cloudwatch from 'aws-cdk-lib/aws-cloudwatch';
import type { IEventBus } from 'aws-cdk-lib/aws-events';
import * as iam from 'aws-cdk-lib/aws-iam';
import { CfnPipe } from 'aws-cdk-lib/aws-pipes';
import type { ITopic } from 'aws-cdk-lib/aws-sns';
import type * as sqs from 'aws-cdk-lib/aws-sqs';
import type { StateMachine } from 'aws-cdk-lib/aws-stepfunctions';
import type { Construct } from 'constructs';
import { alarmSettings } from '../alarms/settings-shape';
import type { AlarmsOf } from '../alarms/watched-by';
import type { Check } from '../../core/check/check';
import { filled, known, needed } from '../../core/check/kinds';
import type { Shape } from '../../core/check/shape';
import { checkPlacedProps } from '../placed-props';
import { entriesPerRequest, pipeDescription } from '../../core/facts/events';
import { tableStreamRetention } from '../../core/facts/streams';
import { CALLS } from '../../core/iam/platform-actions';
import { grant } from '../access/apply';
import { BucketAccess } from '../access/bucket';
import { type AccessMap, type AccessStatement, Capability } from '../access/capability';
import { acknowledge } from '../acknowledge';
import { patternAlarms } from '../alarms/pattern-alarms';
import { checkStore } from '../construct-checks';
import { deadLetterQueue } from '../dead-letter-queue';
import { EntityTable } from '../entity-table';
import { ServiceFunction } from '../service-function';
import { shippedModule } from '../shipped-module';
import { isTable, readStatements, type StreamSource, streamArnOf } from '../stream-source';
import { PatternConstruct } from '../pattern-construct';
import { ProjectionReplay } from './replay/replay';
import { onTable } from './store-access';
import type { StoreTables } from './tables';
import { tamperingAlarm } from './tampering';

/** Props of `publishTo()`. */
export interface PublishToProps {
  /** The `source` of the published events: `shop.orders`. */
  readonly source: string;
  /**
   * Alarm thresholds and durations, or alarms switched off with a reason:
   * `{ errorRate: 5, deadLetters: { off: 'swept by hand each morning' } }`.
   * @default - as AWS recommends
   */
  readonly alarms?: AlarmsOf<'Publication'>;
}

/** What a publication needs of its store. */
export interface PublishedStore {
  /** Its tables, and what carries its events. */
  readonly tables: StoreTables;
  /** The bus to publish to. */
  readonly bus: IEventBus;
  /** Lists the aggregates of the store. */
  readonly lister: ServiceFunction;
  /** Topic that alarms notify. */
  readonly alarmTopic?: ITopic;
  /** What happens to a table when the stack is deleted. */
  readonly removalPolicy?: RemovalPolicy;
}

/**
 * Publishes a store's events to a bus: stored first, then published, at least once and unordered. Created by
 * `store.publishTo()`.
 *
 * A pipe reads the stream, and counts as one of its readers; a function turns the records into CloudEvents, whose `id` is
 * `<aggregate>/<version>`. A pipe is bound to its stream's ARN: turning the table's stream off and on again breaks it,
 * which raises an alarm.
 */
export class Publication extends PatternConstruct {
  /** Reads the events, and puts them on the bus. */
  readonly pipe: CfnPipe;
  /** Turns records into CloudEvents. */
  readonly enrichment: ServiceFunction;
  /** Records the stream position of batches that were given up. */
  readonly deadLetterQueue: sqs.Queue;
  /** The state machine that publishes the events of a period again; see `store.republish()`. */
  readonly republish: StateMachine;
  /** The replay construct, with access to the machine. */
  readonly republishing: ProjectionReplay;
  /** Alarms on batches given up, a stopped pipe, tampering and the function. */
  readonly alarms: readonly cloudwatch.Alarm[];

  /** @throws PatternError when the source is not an exact name */
  constructor(scope: Construct, id: string, props: PublishToProps, store: PublishedStore) {
    checkStore(new.target, store, 'store.publishTo');
    super(scope, id);
    const { tables, bus, alarmTopic, lister, removalPolicy } = store;
    checkPlacedProps(this, props, SHAPE, sourceChecks);

    this.deadLetterQueue = deadLetterQueue(this, 'DeadLetterQueue');
    acknowledge(this.deadLetterQueue, {
      'AwsSolutions::AwsSolutions-SQS3':
        'This queue is itself where failed batches of a stream end: nothing consumes it',
    });
    const environment = { SOURCE: props.source };
    const payloads: AccessMap = tables.payloads ? { EVENTS_BUCKET: new BucketAccess(tables.payloads).read() } : {};
    this.enrichment = new ServiceFunction(this, 'Enrichment', {
      entry: shippedModule('event-store/publisher'),
      onFailure: 'none',
      environment,
      access: payloads,
    });
    const putEvents = putEventsOf(bus, props.source);
    const role = pipeRole(this, [
      ...readStatements(tables.source),
      { actions: CALLS.function.granted, resources: [this.enrichment.functionArn] },
      { actions: CALLS.queue.granted, resources: [this.deadLetterQueue.queueArn] },
      putEvents,
    ]);
    this.pipe = new CfnPipe(this, 'Pipe', {
      description: `Publishes events of ${scope.node.path} as ${props.source}`.slice(0, pipeDescription.value),
      roleArn: role.roleArn,
      source: streamArnOf(tables.source)!,
      sourceParameters: reading(tables.source, this.deadLetterQueue),
      enrichment: this.enrichment.functionArn,
      target: bus.eventBusArn,
      targetParameters: {
        eventBridgeEventBusParameters: { source: props.source, detailType: '$.type', time: '$.time' },
      },
    });
    // Creating a pipe fails until its role has the permissions.
    this.pipe.node.addDependency(role);

    const republisher = new ServiceFunction(this, 'Republisher', {
      entry: shippedModule('event-store/republisher'),
      timeout: Duration.minutes(5),
      onFailure: 'none',
      environment,
      access: {
        ...payloads,
        EVENTS: new Capability({
          variables: { '': tables.events.tableName },
          statements: onTable(tables.events, ['Query']),
        }),
        BUS: new Capability({ variables: { '': bus.eventBusName }, statements: [putEvents] }),
      },
    });
    this.republishing = new ProjectionReplay(this, 'Republish', {
      projection: id,
      handler: republisher,
      events: tables.events,
      checkpoints: new EntityTable(this, 'Progress', {
        partitionKey: 'aggregate',
        sortKey: 'projection',
        removalPolicy,
      }),
      lister,
      concurrency: 10,
      publishes: true,
    });
    this.republish = this.republishing.machine;

    const alarms = patternAlarms(this, { topic: alarmTopic, settings: props.alarms });
    this.alarms = [
      ...alarms.failedExecutions(this.republish),
      ...alarms.function(this.enrichment),
      ...alarms.deadLetters(this.deadLetterQueue),
      ...tamperingAlarm(this, this.enrichment, alarms),
      ...alarms.on(this.pipe, 'Stopped', stopped(this.pipe, tables)),
    ];
  }

  /** Stream records that the pipe has read. */
  metricSeen(options?: cloudwatch.MetricOptions): cloudwatch.Metric {
    return seenBy(this.pipe, options);
  }

  /** Failed invocations of the function that creates CloudEvents. */
  metricErrors(options?: cloudwatch.MetricOptions): cloudwatch.Metric {
    return this.enrichment.metricErrors(options);
  }

  /** Batches given up. */
  metricDeadLetters(options?: cloudwatch.MetricOptions): cloudwatch.Metric {
    return this.deadLetterQueue.metricApproximateNumberOfMessagesVisible(options);
  }
}

/** Puts events of one source only. */
function putEventsOf(bus: IEventBus, source: string): AccessStatement {
  return {
    actions: CALLS.bus.granted,
    resources: [bus.eventBusArn],
    conditions: { 'ForAllValues:StringEquals': { 'events:source': [source] }, Null: { 'events:source': 'false' } },
  };
}

function reading(source: StreamSource, failures: sqs.Queue): CfnPipe.PipeSourceParametersProperty {
  const parameters = {
    startingPosition: 'TRIM_HORIZON',
    batchSize: entriesPerRequest.value,
    maximumRetryAttempts: 19,
    maximumRecordAgeInSeconds: Duration.hours(tableStreamRetention.value - 1).toSeconds(),
    onPartialBatchItemFailure: 'AUTOMATIC_BISECT',
    deadLetterConfig: { arn: failures.queueArn },
  };
  return isTable(source) ? { dynamoDbStreamParameters: parameters } : { kinesisStreamParameters: parameters };
}

/** @see https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-pipes-permissions.html */
function pipeRole(scope: Construct, statements: readonly AccessStatement[]): iam.Role {
  const role = new iam.Role(scope, 'Role', {
    assumedBy: new iam.ServicePrincipal('pipes.amazonaws.com', {
      conditions: { StringEquals: { 'aws:SourceAccount': Aws.ACCOUNT_ID } },
    }),
  });
  for (const statement of statements) grant(role, 'PIPE', statement);
  return role;
}

function seenBy(pipe: CfnPipe, options?: cloudwatch.MetricOptions): cloudwatch.Metric {
  return new cloudwatch.Metric({
    namespace: 'AWS/EventBridge/Pipes',
    metricName: 'EventCount',
    dimensionsMap: { PipeName: pipe.ref },
    statistic: 'Sum',
    ...options,
  });
}

/**
 * Three periods of five minutes with writes that the pipe did not see. It fails silently: a pipe whose stream has a new
 * ARN does not run, and has no metrics. A sum treats missing data as zero.
 */
function stopped(pipe: CfnPipe, { events }: StoreTables) {
  const options = { period: Duration.minutes(5), statistic: 'Sum' };
  return {
    metric: new cloudwatch.MathExpression({
      expression: 'IF(writes > 0 AND SUM([seen, writes * 0]) == 0, 1, 0)',
      usingMetrics: {
        writes: events.metricConsumedWriteCapacityUnits(options),
        seen: seenBy(pipe, options),
      },
      label: 'writes of which the pipe saw nothing',
      period: options.period,
    }),
    setting: 'stopped' as const,
    threshold: 0,
    evaluationPeriods: 3,
    alarmDescription:
      'Events are stored and none is published: a pipe whose stream was turned off and on again must be made anew, then republish',
  };
}

const SHAPE: Shape<PublishToProps> = {
  source: known(needed(filled('shop.orders'), "name who publishes: 'shop.orders'")),
  alarms: alarmSettings('Publication'),
};

function sourceChecks({ source }: PublishToProps): Check[] {
  return [
    {
      prop: 'source',
      value: source,
      valid: () => !/^aws\b/i.test(source),
      rule: "must not start with 'aws', which EventBridge reserves for AWS",
      remedy: "choose another name, such as 'shop.orders'",
    },
  ];
}
