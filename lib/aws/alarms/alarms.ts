import { Aspects, Duration, Names } from 'aws-cdk-lib';
import { Alarm, type AlarmProps, ComparisonOperator, TreatMissingData } from 'aws-cdk-lib/aws-cloudwatch';
import { SnsAction } from 'aws-cdk-lib/aws-cloudwatch-actions';
import type { ITable } from 'aws-cdk-lib/aws-dynamodb';
import type { IEventBus, IRule } from 'aws-cdk-lib/aws-events';
import type { EventSourceMapping, IFunction } from 'aws-cdk-lib/aws-lambda';
import type { IQueue } from 'aws-cdk-lib/aws-sqs';
import type { IStateMachine } from 'aws-cdk-lib/aws-stepfunctions';
import { Construct, type IConstruct } from 'constructs';
import { checkPlace } from '../construct-checks';
import { check } from '../../core/check/check';
import { type Kind, kindChecks, type Shape } from '../../core/check/shape';
import { checkPlacedProps } from '../placed-props';
import { iteratorAge } from '../../core/facts/cloudwatch';
import { acknowledge } from '../acknowledge';
import { defaultsIn } from '../defaults/kept';
import { TOPIC } from '../resource-kinds';
import type { Watched } from './metrics';
import { ofApi } from './of-api';
import { deadLettersIn, lostBy, waitingIn } from './of-delivery';
import { discardedBy, expiringOf, lagOf, ofFunction } from './of-function';
import { failuresOf, ofMachine } from './of-machine';
import { ofTable } from './of-table';
import type { AlarmsProps, WatchedApi, WatchedMetric } from './props';
import { type AlarmSettings, offOf, periodsOf, thresholdOf } from './settings';
import { ALL_SETTINGS } from './settings-shape';
import { WATCHED } from './watched-kinds';
import { admitCloudWatch, letPublish, topicChecks } from './topic';

/**
 * The alarms that AWS recommends, for the resources a team names: each with its resource's dimensions, silent without
 * activity, and with an action when there is a topic. Dashboards come from cdk-monitoring-constructs.
 * @see https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/Best_Practice_Recommended_Alarms_AWS_Services.html
 * @example
 * const alarms = new Alarms(this, 'Alarms', { topic });
 * alarms.function(worker);
 * alarms.deadLetters(jobs.deadLetters);
 */
export class Alarms extends Construct {
  /** Alarm thresholds set by the team. */
  readonly settings: AlarmSettings;
  private readonly actions: SnsAction[];

  constructor(scope: Construct, id: string, props: AlarmsProps = {}) {
    checkPlace(new.target, scope, id);
    super(scope, id);
    checkPlacedProps(this, props, SHAPE, undefined, NAMES);
    this.settings = props.settings ?? {};
    const topic = props.topic ?? defaultsIn(scope, 'alarms', this.node.path).topic;
    check(this, topicChecks(this, topic));
    this.actions = topic ? [new SnsAction(topic)] : [];
    if (topic?.masterKey) admitCloudWatch(this, topic.masterKey);
    // Topic policies may be added later, so look again at synthesis.
    if (topic) Aspects.of(this).add({ visit: (node) => node === this && letPublish(this, topic) });
  }

  /**
   * Errors over 1 %, throttles, p99 duration over 80 % of the timeout and, if the function has a reservation,
   * concurrency over 80 % of it. A limit known only at deployment, or of an imported function, gives no alarm, since no
   * threshold can be derived. An alias is watched as its function.
   */
  function(called: IFunction): Alarm[] {
    this.judge('function', called, WATCHED.function);
    return this.all(ofFunction(called, this.settings));
  }

  /**
   * Records that a function reads too late from a stream, whatever the cause.
   * @param maxLag age of the oldest record; AWS recommends one minute
   */
  lag(called: IFunction, maxLag = Duration.seconds(iteratorAge.value)): Alarm[] {
    this.judge('lag', maxLag, WATCHED.age);
    this.judge('lag', called, WATCHED.function);
    return this.all([lagOf(called, maxLag, this.settings)]);
  }

  /**
   * Records that a function reads so late that the stream is about to drop them.
   * @param kept the stream's retention
   */
  expiring(called: IFunction, kept: Duration): Alarm[] {
    this.judge('expiring', kept, WATCHED.age);
    this.judge('expiring', called, WATCHED.function);
    return this.all([expiringOf(called, kept, this.settings)]);
  }

  /** Any batch that a mapping gave up and sent to its failure destination; requires the mapping's metrics. */
  discarded(mapping: EventSourceMapping): Alarm[] {
    this.judge('discarded', mapping, WATCHED.mapping);
    return this.all([discardedBy(mapping, this.settings)]);
  }

  /** Any message in a dead-letter queue. */
  deadLetters(queue: IQueue): Alarm[] {
    this.judge('deadLetters', queue, WATCHED.queue);
    const why = offOf(this.settings.deadLetters);
    if (why !== undefined) acknowledge(queue, { 'Lintel::DeadLetterQueueAlarm': why });
    return this.all([deadLettersIn(queue, this.settings)]);
  }

  /** Messages that have waited in a queue longer than the `age` setting; no alarm without it. */
  waiting(queue: IQueue): Alarm[] {
    this.judge('waiting', queue, WATCHED.queue);
    const age = thresholdOf(this.settings.age);
    return age === undefined ? [] : this.all([waitingIn(queue, age)]);
  }

  /** Any event of a rule that reached neither its target nor its dead-letter queue, and is lost. */
  lostEvents(rule: IRule, bus: IEventBus): Alarm[] {
    this.judge('lostEvents', rule, WATCHED.rule);
    this.judge('lostEvents', bus, WATCHED.bus);
    return this.all([lostBy(rule, bus, this.settings)]);
  }

  /** Any throttled request, and any error on DynamoDB's side. */
  table(table: ITable): Alarm[] {
    this.judge('table', table, WATCHED.table);
    return this.all(ofTable(table, this.settings));
  }

  /** 5xx responses over 1 %, and p90 latency over 2.5 seconds. */
  api(api: WatchedApi): Alarm[] {
    this.judge('api', api, WATCHED.api);
    return this.all(ofApi(api, this.settings));
  }

  /** Timed-out and throttled executions. Failures are left to the machine. */
  stateMachine(machine: IStateMachine): Alarm[] {
    this.judge('stateMachine', machine, WATCHED.stateMachine);
    return this.all(ofMachine(machine, this.settings));
  }

  /** Failed executions, for machines whose failures are not reported otherwise. */
  failedExecutions(machine: IStateMachine): Alarm[] {
    this.judge('failedExecutions', machine, WATCHED.stateMachine);
    return this.all([failuresOf(machine, this.settings)]);
  }

  /**
   * An alarm on any other metric, with the same action: above the threshold for one period, and silent without data.
   * @param resource the metric's resource
   * @param what what the metric shows, for the alarm's id: `'Tampering'`
   */
  on(resource: IConstruct, what: string, props: WatchedMetric): Alarm[] {
    return this.all([{ resource, what, ...props }]);
  }

  private judge(method: string, value: unknown, kind: Kind): void {
    check(this, kindChecks(kind, method, value));
  }

  private all(watched: readonly Watched[]): Alarm[] {
    const enabled = watched.filter(
      ({ setting }) => setting === undefined || offOf(this.settings[setting]) === undefined,
    );
    const names = new Map<IConstruct, string>();
    return enabled.map(({ resource, what, setting, ...props }) => {
      const name = names.get(resource) ?? Names.nodeUniqueId(resource.node);
      names.set(resource, name);
      const evaluationPeriods = setting && periodsOf(this.settings[setting]);
      const alarm = new Alarm(this, `${name}${what}`, {
        comparisonOperator: ComparisonOperator.GREATER_THAN_THRESHOLD,
        evaluationPeriods: 1,
        // No activity is not a fault.
        treatMissingData: TreatMissingData.NOT_BREACHING,
        ...props,
        ...(evaluationPeriods !== undefined && { evaluationPeriods }),
      } satisfies AlarmProps);
      if (this.actions.length > 0) alarm.addAlarmAction(...this.actions);
      return alarm;
    });
  }
}

const SHAPE: Shape<AlarmsProps> = { topic: TOPIC, settings: ALL_SETTINGS };

const NAMES = { alarmTopic: "write 'topic'", alarms: "write 'settings'" };
