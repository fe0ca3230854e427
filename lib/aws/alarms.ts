import { Aspects, Duration, Fn, Names, Token } from 'aws-cdk-lib';
import {
  Alarm,
  type AlarmProps,
  ComparisonOperator,
  type IMetric,
  MathExpression,
  Metric,
  type MetricOptions,
  TreatMissingData,
} from 'aws-cdk-lib/aws-cloudwatch';
import { SnsAction } from 'aws-cdk-lib/aws-cloudwatch-actions';
import { type ITable, Operation } from 'aws-cdk-lib/aws-dynamodb';
import type { IEventBus, IRule } from 'aws-cdk-lib/aws-events';
import type { EventSourceMapping, IFunction } from 'aws-cdk-lib/aws-lambda';
import type { IQueue } from 'aws-cdk-lib/aws-sqs';
import type { IStateMachine } from 'aws-cdk-lib/aws-stepfunctions';
import { Construct, type IConstruct } from 'constructs';
import { apiLatency, concurrencyShare, durationShare, errorRate, iteratorAge } from '../core/facts/cloudwatch';
import { checkProps } from '../core/check/shape';
import type { AlarmsProps, WatchedApi, WatchedMetric } from './alarm-props';
import { admitCloudWatch, letPublish } from './alarm-topic';
import { reservationOf, timeoutOf } from './handler-settings';
import { TOPIC } from './resource-kinds';
import { definedFunction } from './service-function';

/** What a table's throttles and errors are counted by; an expression takes ten. */
const OPERATIONS = [
  Operation.GET_ITEM,
  Operation.BATCH_GET_ITEM,
  Operation.QUERY,
  Operation.SCAN,
  Operation.PUT_ITEM,
  Operation.UPDATE_ITEM,
  Operation.DELETE_ITEM,
  Operation.BATCH_WRITE_ITEM,
  Operation.TRANSACT_GET_ITEMS,
  Operation.TRANSACT_WRITE_ITEMS,
];

/** Failures are counted over this time, and one such time is enough: a job that runs once an hour is watched, too. */
const PERIOD = Duration.minutes(5);

/** What comes and goes, a latency or a load, must last for three periods. */
const LASTING = { evaluationPeriods: 3 };

/**
 * The alarms that AWS recommends, for the resources that a team names: each with its resource's dimensions, quiet while
 * nothing happens, and with an action when there is a topic. Dashboards come from cdk-monitoring-constructs.
 * @see https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/Best_Practice_Recommended_Alarms_AWS_Services.html
 * @example
 * const alarms = new Alarms(this, 'Alarms', { topic });
 * alarms.function(worker);
 * alarms.deadLetters(jobs.deadLetters);
 */
export class Alarms extends Construct {
  private readonly actions: SnsAction[];

  constructor(scope: Construct, id: string, props: AlarmsProps = {}) {
    super(scope, id);
    checkProps(this, props, { topic: TOPIC }, undefined, { alarmTopic: "write 'topic'" });
    this.actions = props.topic ? [new SnsAction(props.topic)] : [];
    if (props.topic?.masterKey) admitCloudWatch(this, props.topic.masterKey);
    // What comes later has a policy to be told of as well.
    if (props.topic) Aspects.of(this).add({ visit: (node) => node === this && letPublish(this, props.topic!) });
  }

  /**
   * Errors over 1 %, throttles, a 99th percentile over 80 % of the timeout, and, where the function has a reservation,
   * concurrency over 80 % of it. A limit that is known only at deployment, or of an imported function, gives no alarm: no
   * threshold can be derived. An alias is watched as its function.
   */
  function(called: IFunction): Alarm[] {
    const fn = definedFunction(called) ?? called;
    const timeout = timeoutOf(fn);
    const reserved = knownReservation(fn);
    const sum: MetricOptions = { period: PERIOD, statistic: 'Sum' };
    return [
      this.alarm(fn, 'ErrorRate', {
        metric: percentage('errors', fn.metricErrors(sum), 'invocations', fn.metricInvocations(sum)),
        threshold: errorRate.value,
        alarmDescription: `More than ${errorRate.value} % of the invocations fail: see the function's log`,
      }),
      this.alarm(fn, 'Throttles', {
        metric: fn.metricThrottles(sum),
        threshold: 0,
        alarmDescription: "Invocations are refused: raise the function's reservation or the account's concurrency",
      }),
      ...(timeout === undefined ? [] : [this.slow(fn, timeout)]),
      ...(reserved === undefined ? [] : [this.crowded(fn, reserved)]),
    ];
  }

  /**
   * Records that a function reads too late from a stream, for whatever reason.
   * @param maxLag age of the oldest record; AWS recommends one minute
   */
  lag(called: IFunction, maxLag = Duration.seconds(iteratorAge.value)): Alarm[] {
    const fn = definedFunction(called) ?? called;
    return [
      this.alarm(fn, 'IteratorAge', {
        metric: fn.metric('IteratorAge', { period: PERIOD, statistic: 'Maximum' }),
        threshold: maxLag.toMilliseconds(),
        alarmDescription: `Records wait longer than ${maxLag.toHumanString()}: the function fails, or is too slow`,
      }),
    ];
  }

  /**
   * Records that a function reads so late that the stream is about to drop them.
   * @param kept how long the stream keeps a record
   */
  expiring(called: IFunction, kept: Duration): Alarm[] {
    const fn = definedFunction(called) ?? called;
    const half = Duration.seconds(kept.toSeconds() / 2);
    return [
      this.alarm(fn, 'Expiring', {
        metric: fn.metric('IteratorAge', { period: PERIOD, statistic: 'Maximum' }),
        threshold: half.toMilliseconds(),
        alarmDescription: `Records wait longer than ${half.toHumanString()}, and are gone after ${kept.toHumanString()}`,
      }),
    ];
  }

  /** Any batch that a mapping gave up and put into its failure destination; the mapping counts its events. */
  discarded(mapping: EventSourceMapping): Alarm[] {
    return [
      this.alarm(mapping, 'Discarded', {
        metric: new Metric({
          namespace: 'AWS/Lambda',
          metricName: 'OnFailureDestinationDeliveredEventCount',
          dimensionsMap: { EventSourceMappingUUID: mapping.eventSourceMappingId },
          period: PERIOD,
          statistic: 'Sum',
        }),
        threshold: 0,
        alarmDescription: 'Records were given up: what they would have changed is stale until it is repaired',
      }),
    ];
  }

  /** Any message in a dead-letter queue. */
  deadLetters(queue: IQueue): Alarm[] {
    return [
      this.alarm(queue, 'DeadLetters', {
        metric: queue.metricApproximateNumberOfMessagesVisible({ period: PERIOD, statistic: 'Maximum' }),
        threshold: 0,
        alarmDescription: 'Messages failed for good: look at them, repair the cause, and redrive',
      }),
    ];
  }

  /**
   * Any event of a rule that reached neither its target nor its dead-letter queue: it is lost. The metric of a rule on a bus
   * of one's own has the bus among its dimensions, which the L2's does not.
   * @see https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-monitoring.html
   */
  lostEvents(rule: IRule, bus: IEventBus): Alarm[] {
    // A rule's name alone is in its ARN; what it refers to has the bus in front of it.
    const name = Fn.select(2, Fn.split('/', rule.ruleArn));
    return [
      this.alarm(rule, 'LostEvents', {
        metric: new Metric({
          namespace: 'AWS/Events',
          metricName: 'InvocationsFailedToBeSentToDlq',
          dimensionsMap: { EventBusName: bus.eventBusName, RuleName: name },
          period: PERIOD,
          statistic: 'Sum',
        }),
        threshold: 0,
        alarmDescription:
          'Events are lost: the dead-letter queue of the rule does not take them; see its policy and its key',
      }),
    ];
  }

  /** Any throttled request, and any error of DynamoDB's own. */
  table(table: ITable): Alarm[] {
    const options = { operations: OPERATIONS, period: PERIOD };
    return [
      this.alarm(table, 'Throttles', {
        metric: table.metricThrottledRequestsForOperations(options),
        threshold: 0,
        alarmDescription: 'Requests are throttled: a partition key is too hot, or a maximum throughput is reached',
      }),
      this.alarm(table, 'SystemErrors', {
        metric: table.metricSystemErrorsForOperations(options),
        threshold: 0,
        alarmDescription: 'DynamoDB fails: see the AWS Health Dashboard',
      }),
    ];
  }

  /** Answers of 5xx over 1 %, and a 90th percentile of the latency over 2.5 seconds. */
  api(api: WatchedApi): Alarm[] {
    const sum: MetricOptions = { period: PERIOD, statistic: 'Sum' };
    return [
      this.alarm(api, 'ServerErrorRate', {
        metric: percentage(
          'errors',
          api.metricServerError(sum),
          'requests',
          api.metricCount({ ...sum, statistic: 'SampleCount' }),
        ),
        threshold: errorRate.value,
        alarmDescription: `More than ${errorRate.value} % of the answers are 5xx: see the access log`,
      }),
      this.alarm(api, 'Latency', {
        ...LASTING,
        metric: api.metricLatency({ period: PERIOD, statistic: 'p90' }),
        threshold: apiLatency.value,
        alarmDescription: `One answer in ten takes more than ${apiLatency.value} ms`,
      }),
    ];
  }

  /** Executions that timed out, and executions that were throttled. What failed is the machine's own matter. */
  stateMachine(machine: IStateMachine): Alarm[] {
    const sum: MetricOptions = { period: PERIOD, statistic: 'Sum' };
    return [
      this.alarm(machine, 'TimedOut', {
        metric: machine.metricTimedOut(sum),
        threshold: 0,
        alarmDescription: 'Executions were ended by the timeout of the machine: see which state they were in',
      }),
      this.alarm(machine, 'Throttles', {
        metric: machine.metricThrottled(sum),
        threshold: 0,
        alarmDescription: 'State transitions are throttled: raise the quota of the account, or start fewer at once',
      }),
    ];
  }

  /**
   * An alarm on any other metric, with the same action: above the threshold in one period, and quiet without data.
   * @param resource whose metric it is
   * @param what the metric tells, for the alarm's id: `'Tampering'`
   */
  on(resource: IConstruct, what: string, props: WatchedMetric): Alarm[] {
    return [this.alarm(resource, what, props)];
  }

  /** Executions that failed, for machines whose failures nobody else tells of. */
  failedExecutions(machine: IStateMachine): Alarm[] {
    return [
      this.alarm(machine, 'Failed', {
        metric: machine.metricFailed({ period: PERIOD, statistic: 'Sum' }),
        threshold: 0,
        alarmDescription: 'Executions failed: see why, mend it, and redrive them',
      }),
    ];
  }

  private slow(fn: IFunction, timeout: number): Alarm {
    return this.alarm(fn, 'Duration', {
      ...LASTING,
      metric: fn.metricDuration({ period: PERIOD, statistic: 'p99' }),
      threshold: (timeout * 1000 * durationShare.value) / 100,
      alarmDescription: `One invocation in a hundred takes more than ${durationShare.value} % of the timeout`,
    });
  }

  private crowded(fn: IFunction, reserved: number): Alarm {
    return this.alarm(fn, 'Concurrency', {
      ...LASTING,
      metric: fn.metric('ConcurrentExecutions', { period: PERIOD, statistic: 'Maximum' }),
      threshold: (reserved * concurrencyShare.value) / 100,
      alarmDescription: `More than ${concurrencyShare.value} % of the reserved concurrency is in use`,
    });
  }

  private alarm(resource: IConstruct, what: string, props: WatchedMetric): Alarm {
    const alarm = new Alarm(this, `${Names.nodeUniqueId(resource.node)}${what}`, {
      comparisonOperator: ComparisonOperator.GREATER_THAN_THRESHOLD,
      evaluationPeriods: 1,
      // Nothing invoked, sent or read is nothing wrong.
      treatMissingData: TreatMissingData.NOT_BREACHING,
      ...props,
    } satisfies AlarmProps);
    alarm.addAlarmAction(...this.actions);
    return alarm;
  }
}

function percentage(part: string, partMetric: IMetric, whole: string, wholeMetric: IMetric): MathExpression {
  return new MathExpression({
    expression: `100 * ${part} / ${whole}`,
    usingMetrics: { [part]: partMetric, [whole]: wholeMetric },
    label: `${part} of ${whole}, in percent`,
    period: PERIOD,
  });
}

/** Reservations are known to the template alone. */
function knownReservation(fn: IFunction): number | undefined {
  const reserved = reservationOf(fn);
  return reserved === undefined || reserved === 0 || Token.isUnresolved(reserved) ? undefined : reserved;
}
