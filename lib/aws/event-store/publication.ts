import { Aws, Duration, type RemovalPolicy } from 'aws-cdk-lib';
import * as cloudwatch from 'aws-cdk-lib/aws-cloudwatch';
import type { IEventBus } from 'aws-cdk-lib/aws-events';
import * as iam from 'aws-cdk-lib/aws-iam';
import { CfnPipe } from 'aws-cdk-lib/aws-pipes';
import type { ITopic } from 'aws-cdk-lib/aws-sns';
import type * as sqs from 'aws-cdk-lib/aws-sqs';
import type { StateMachine } from 'aws-cdk-lib/aws-stepfunctions';
import { Construct } from 'constructs';
import { alarmSettings } from '../alarms/settings-shape';
import type { AlarmsOf } from '../alarms/watched-by';
import type { Check } from '../../core/check/check';
import { filled, known, needed } from '../../core/check/kinds';
import { checkProps, type Shape } from '../../core/check/shape';
import { entriesPerRequest } from '../../core/facts/events';
import { tableStreamRetention } from '../../core/facts/streams';
import { CALLS } from '../../core/iam/platform-actions';
import { grant } from '../access/apply';
import { BucketAccess } from '../access/bucket';
import { type AccessMap, type AccessStatement, Capability } from '../access/capability';
import { acknowledge } from '../acknowledge';
import { Alarms } from '../alarms/alarms';
import { deadLetterQueue } from '../dead-letter-queue';
import { EntityTable } from '../entity-table';
import { ServiceFunction } from '../service-function';
import { shippedModule } from '../shipped-module';
import { isTable, readStatements, type StreamSource, streamArnOf } from '../stream-source';
import { ProjectionReplay } from './replay/replay';
import { onTable } from './store-access';
import type { StoreTables } from './tables';
import { tamperingAlarm } from './tampering';

/** Props of the publication of a store's events. */
export interface PublishToProps {
  /** Who publishes, as `source` of the events: `shop.orders`. */
  readonly source: string;
  /**
   * Alarm thresholds and durations, or alarms switched off with a reason:
   * `{ errorRate: 5, deadLetters: { off: 'swept by hand each morning' } }`.
   * @default - as AWS recommends
   */
  readonly alarms?: AlarmsOf<'Publication'>;
}

/** What a publication needs to know of its store. */
export interface PublishedStore {
  /** Its tables, and what carries its events. */
  readonly tables: StoreTables;
  /** Where the events go. */
  readonly bus: IEventBus;
  /** Lists the aggregates of the store. */
  readonly lister: ServiceFunction;
  /** Who is told of alarms. */
  readonly alarmTopic?: ITopic;
  /** What becomes of a table when the stack is deleted. */
  readonly removalPolicy?: RemovalPolicy;
}

/**
 * Publishes the events of a store on a bus: stored first, then published, at least once and in no order. Made by
 * `store.publishTo()`.
 *
 * A pipe reads the stream, which counts as one of its readers; a function makes CloudEvents of the records, whose `id` is
 * `<aggregate>/<version>`. A pipe is bound to the ARN of its stream: who turns the table's stream off and on again kills it,
 * which an alarm tells.
 */
export class Publication extends Construct {
  /** Reads the events, and puts them on the bus. */
  readonly pipe: CfnPipe;
  /** Makes CloudEvents of records. */
  readonly enrichment: ServiceFunction;
  /** Where batches were that were given up. */
  readonly deadLetterQueue: sqs.Queue;
  /** The state machine that publishes events of a time again; see `store.republish()`. */
  readonly republish: StateMachine;
  /** The same with what it takes to use it. */
  readonly republishing: ProjectionReplay;
  /** Batches that were given up, a pipe that stands still, tampering, the function's. */
  readonly alarms: readonly cloudwatch.Alarm[];

  /** @throws PatternError when the source is none */
  constructor(scope: Construct, id: string, props: PublishToProps, store: PublishedStore) {
    super(scope, id);
    const { tables, bus, alarmTopic, lister, removalPolicy } = store;
    checkProps(this, props, SHAPE, sourceChecks);

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
      description: `Publishes events of ${scope.node.path} as ${props.source}`,
      roleArn: role.roleArn,
      source: streamArnOf(tables.source)!,
      sourceParameters: reading(tables.source, this.deadLetterQueue),
      enrichment: this.enrichment.functionArn,
      target: bus.eventBusArn,
      targetParameters: {
        eventBridgeEventBusParameters: { source: props.source, detailType: '$.type', time: '$.time' },
      },
    });
    // A pipe is refused whose role may not yet do what it asks for.
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

    const alarms = new Alarms(this, 'Alarms', { topic: alarmTopic, settings: props.alarms });
    this.alarms = [
      ...alarms.failedExecutions(this.republish),
      ...alarms.function(this.enrichment),
      ...alarms.deadLetters(this.deadLetterQueue),
      ...tamperingAlarm(this, this.enrichment, alarms),
      ...alarms.on(this.pipe, 'Stopped', stopped(this.pipe, tables)),
    ];
  }

  /** Records of the stream that the pipe has seen. */
  metricSeen(options?: cloudwatch.MetricOptions): cloudwatch.Metric {
    return seenBy(this.pipe, options);
  }

  /** Invocations of the function that makes CloudEvents, that failed. */
  metricErrors(options?: cloudwatch.MetricOptions): cloudwatch.Metric {
    return this.enrichment.metricErrors(options);
  }

  /** Batches that were given up. */
  metricDeadLetters(options?: cloudwatch.MetricOptions): cloudwatch.Metric {
    return this.deadLetterQueue.metricApproximateNumberOfMessagesVisible(options);
  }
}

/** Events of one source, and no others. */
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
 * Three times five minutes with writes of which the pipe saw nothing. It fails in silence: a pipe whose stream has another
 * ARN does not run, and has no metrics. A sum takes what is missing for nothing.
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
      rule: "must not begin with 'aws', which EventBridge keeps for AWS",
      remedy: "choose another name, such as 'shop.orders'",
    },
  ];
}
