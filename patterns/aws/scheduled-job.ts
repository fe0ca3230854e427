import { Duration, TimeZone } from 'aws-cdk-lib';
import type * as cloudwatch from 'aws-cdk-lib/aws-cloudwatch';
import * as iam from 'aws-cdk-lib/aws-iam';
import type * as lambda from 'aws-cdk-lib/aws-lambda';
import * as scheduler from 'aws-cdk-lib/aws-scheduler';
import { LambdaInvoke } from 'aws-cdk-lib/aws-scheduler-targets';
import type { ITopic } from 'aws-cdk-lib/aws-sns';
import type * as sqs from 'aws-cdk-lib/aws-sqs';
import type { Construct } from 'constructs';
import { HandlerConstruct } from '../../lib/aws/alarms/handler-construct';
import { handlerAlarmChecks } from '../../lib/aws/alarms/settings-checks';
import { alarmSettings } from '../../lib/aws/alarms/settings-shape';
import type { AlarmsOf } from '../../lib/aws/alarms/watched-by';
import { deadLetterQueue } from '../../lib/aws/dead-letter-queue';
import { HANDLER, namesBeside, reservationOf, timeoutOf } from '../../lib/aws/handler-settings';
import { alarmsOf, besideHandler } from '../../lib/aws/handler-side';
import { warnOfPastSchedule } from '../../lib/aws/past-schedule';
import { acknowledgeDeadLetterQueue } from '../../lib/aws/own-dead-letters';
import { TOPIC } from '../../lib/aws/resource-kinds';
import { handlerOf, triggerOf } from '../../lib/aws/service-function';
import type { HandlerSource } from '../../lib/aws/service-function-props';
import type { Check } from '../../lib/core/check/check';
import { duration, flag, isJson, isPlain, known, needed, text } from '../../lib/core/check/kinds';
import type { Shape } from '../../lib/core/check/shape';
import { checkPlacedProps } from '../../lib/aws/placed-props';
import { eventAge, flexibleWindow, scheduleLength } from '../../lib/core/facts/events';
import { asynchronousEventAge } from '../../lib/core/facts/lambda';
import { scheduleFault } from '../../lib/core/schedule/schedule';
import { shortestInterval } from '../../lib/core/schedule/interval';
import { isUnresolved } from '../../lib/core/unresolved';
import { CALLS } from '../../lib/core/iam/platform-actions';

/** Props of a `ScheduledJob`. */
export interface ScheduledJobProps {
  /**
   * What runs: a path, a path with settings, or a function the team already has, which keeps its own retries and maximum event
   * age. It gets `input` as its event.
   */
  readonly handler: HandlerSource;
  /**
   * When it runs: `rate(1 day)`, `cron(0 3 * * ? *)`, or once, `at(2030-01-31T08:30:00)`. Synthesis warns of a time that has passed.
   * @see https://docs.aws.amazon.com/scheduler/latest/UserGuide/schedule-types.html
   */
  readonly schedule: string;
  /**
   * Time zone of a cron expression or a one-time schedule, by its IANA name: `Europe/Berlin`. Daylight saving is followed.
   * @default 'Etc/UTC'
   */
  readonly timeZone?: string;
  /**
   * A run may start at any time within this window: 1 minute to 24 hours. Spreads out jobs that need not be punctual.
   * @default - starts on time
   */
  readonly flexibleWindow?: Duration;
  /**
   * The event of each run. `<aws.scheduler.execution-id>` and `<aws.scheduler.scheduled-time>` in strings are replaced.
   * @default - `{ scheduledTime, executionId }`, by which a handler detects a repeated delivery
   * @see https://docs.aws.amazon.com/scheduler/latest/UserGuide/managing-schedule-context-attributes.html
   */
  readonly input?: Readonly<Record<string, unknown>>;
  /**
   * Whether two runs may overlap without harm.
   * @default false - a late or repeated run ends before the next starts
   */
  readonly overlap?: boolean;
  /**
   * Whether the schedule fires.
   * @default true
   */
  readonly enabled?: boolean;
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
  readonly alarms?: AlarmsOf<'ScheduledJob'>;
}

/**
 * A function on an EventBridge Scheduler schedule. Runs that could not be started, or failed every attempt, wait in one
 * dead-letter queue, whose depth raises an alarm.
 *
 * Runs do not overlap unless asked: the time in which a run may still be started, and the one in which Lambda may still
 * retry it, are derived so that the last attempt has ended when the next run starts. Where that leaves less than the
 * services' minimum event age, the schedule is refused. Scheduler delivers at least once: a job that must not repeat its work
 * compares `executionId` with what it has done.
 * @example
 * new ScheduledJob(this, 'Nightly', { handler: 'src/nightly.ts', schedule: 'cron(0 3 * * ? *)', timeZone: 'Europe/Berlin' });
 */
export class ScheduledJob extends HandlerConstruct {
  /** What runs. */
  readonly handler: lambda.Function;
  /** When it runs. */
  readonly schedule: scheduler.Schedule;
  /** Runs that could not be started, or failed every attempt; kept for 14 days. */
  readonly deadLetterQueue: sqs.Queue;
  /** The handler's alarms, and the depth of the dead-letter queue. */
  readonly alarms: readonly cloudwatch.Alarm[];

  /** @throws PatternError when the schedule is malformed, can never fire, or its runs could overlap */
  constructor(scope: Construct, id: string, props: ScheduledJobProps) {
    super(scope, id);
    checkPlacedProps(this, props, SHAPE, checksOf, namesBeside(NAMES));
    const interval = intervalOf(props.schedule);
    const { timeZone = 'Etc/UTC', enabled = true } = props;
    if (enabled) warnOfPastSchedule(this, props.schedule, timeZone);

    const age = Duration.seconds(latest(props, interval));
    this.deadLetterQueue = deadLetterQueue(this, 'DeadLetterQueue');
    this.handler = handlerOf(this, 'Handler', props.handler, { onFailure: this.deadLetterQueue, maxEventAge: age });
    acknowledgeDeadLetterQueue(this.handler);
    const target = triggerOf(this.handler);
    this.schedule = new scheduler.Schedule(this, 'Schedule', {
      schedule: scheduler.ScheduleExpression.expression(props.schedule, TimeZone.of(timeZone)),
      timeWindow: props.flexibleWindow && scheduler.TimeWindow.flexible(props.flexibleWindow),
      enabled,
      target: new LambdaInvoke(target, {
        role: this.invoker(target),
        deadLetterQueue: this.deadLetterQueue,
        maxEventAge: age,
        input: scheduler.ScheduleTargetInput.fromObject(props.input ?? RUN),
      }),
    });
    const alarms = alarmsOf(this, besideHandler(this, this.handler), {
      topic: props.alarmTopic,
      settings: props.alarms,
    });
    this.alarms = [...alarms.beside.function(this.handler), ...alarms.own.deadLetters(this.deadLetterQueue)];
  }

  /** Runs that could not be started, or failed for good. */
  metricDeadLetters(options?: cloudwatch.MetricOptions): cloudwatch.Metric {
    return this.deadLetterQueue.metricApproximateNumberOfMessagesVisible(options);
  }

  /** Role that may invoke only this target; the L2's own role may invoke every version of the function. */
  private invoker(target: lambda.IFunction): iam.IRole {
    const role = new iam.Role(this, 'SchedulerRole', {
      assumedBy: new iam.ServicePrincipal('scheduler.amazonaws.com', {
        conditions: { StringEquals: { 'aws:SourceAccount': this.deadLetterQueue.env.account } },
      }),
    });
    role.addToPolicy(
      new iam.PolicyStatement({ actions: [...CALLS.function.granted], resources: [target.functionArn] }),
    );
    role.addToPolicy(
      new iam.PolicyStatement({ actions: [...CALLS.queue.granted], resources: [this.deadLetterQueue.queueArn] }),
    );
    return role.withoutPolicyUpdates();
  }
}

const SHAPE: Shape<ScheduledJobProps> = {
  handler: HANDLER,
  schedule: needed({ ...text('rate(1 day)'), remedy: scheduleMeant }, "say when it runs, such as 'rate(1 day)'"),
  timeZone: text('Europe/Berlin'),
  // What is left to retry a run derives from it.
  flexibleWindow: known(duration(undefined, undefined, 'minutes')),
  input: {
    rule: 'must be an object that can be written as JSON',
    remedy: () => "write it as { kind: 'nightly' }",
    is: (value) => isPlain(value) && isJson(value) && !('bind' in (value as object)),
  },
  overlap: flag,
  enabled: flag,
  alarmTopic: TOPIC,
  alarms: alarmSettings('ScheduledJob'),
};

/** CDK's names for a schedule's props, and their equivalents here. */
const NAMES = {
  scheduleExpression: "write 'schedule'",
  cron: "write 'schedule' as text: 'cron(0 3 * * ? *)'",
  rate: "write 'schedule' as text: 'rate(1 day)'",
  description: "set it on the handler, or on the child 'schedule'",
};

/** Suggests the text for a CDK schedule, or for a duration between runs. */
function scheduleMeant(value: unknown): string {
  const { expressionString: expression, toMinutes } = (value ?? {}) as {
    expressionString?: unknown;
    toMinutes?: unknown;
  };
  if (typeof expression === 'string') return `write it as text: '${expression}'`;
  return typeof toMinutes === 'function'
    ? `write it as text: 'rate(${(value as Duration).toMinutes({ integral: false })} minutes)'`
    : "write it as text: 'rate(1 day)'";
}

function checksOf(props: ScheduledJobProps): Check[] {
  return [
    ...expressionChecks(props),
    ...timingChecks(props, intervalOf(props.schedule)),
    ...handlerAlarmChecks(props.handler, props.alarms),
  ];
}

const RUN = { scheduledTime: '<aws.scheduler.scheduled-time>', executionId: '<aws.scheduler.execution-id>' };

function expressionChecks({ schedule, timeZone, flexibleWindow: window }: ScheduledJobProps): Check[] {
  const { min, max } = flexibleWindow.value;
  return [
    {
      prop: 'schedule',
      value: schedule,
      valid: () => scheduleFault(schedule, 'scheduler') === undefined,
      rule: `must be a schedule that can fire; it ${scheduleFault(schedule, 'scheduler')}`,
      remedy: "write it as 'rate(1 day)', 'cron(0 3 * * ? *)' or 'at(2030-01-31T08:30:00)'",
    },
    {
      prop: 'schedule',
      value: schedule,
      valid: () => schedule.length <= scheduleLength.value,
      rule: `must be at most ${scheduleLength.value} characters long, not ${schedule.length}`,
      remedy: "write ranges and steps in place of lists: '0/5', '9-17'; or use a job for each",
    },
    {
      prop: 'timeZone',
      value: timeZone,
      valid: () => timeZone === undefined || isTimeZone(timeZone),
      rule: 'must be the IANA name of a time zone',
      remedy: "write it as 'Europe/Berlin'",
    },
    {
      prop: 'flexibleWindow',
      value: window,
      valid: () => window === undefined || isWholeMinutes(window, min, max),
      rule: `must be whole minutes from ${min} to ${max}`,
      remedy: 'leave it out for a run that starts on time',
    },
  ];
}

/** The last attempt of a run must have ended before the next run starts. */
function timingChecks(props: ScheduledJobProps, interval: number | undefined): Check[] {
  const timeout = timeoutOf(props.handler);
  const window = props.flexibleWindow?.toSeconds({ integral: false }) ?? 0;
  const needed = (timeout ?? 0) + window + 2 * eventAge.value.min;
  const exclusive = props.overlap || reservationOf(props.handler) === 1;
  return [
    {
      prop: 'schedule',
      value: props.schedule,
      reads: [props.flexibleWindow],
      valid: () => interval === undefined || timeout === undefined || exclusive || interval >= needed,
      rule:
        `must leave ${needed} seconds between two runs, so that a late or repeated one ends before the next starts ` +
        `(${timeout} of the handler's timeout, ${window} of the flexible window, ${2 * eventAge.value.min} to start and retry it)`,
      remedy:
        "run it less often, set 'overlap: true' if concurrent runs are harmless, or 'reservedConcurrency: 1' on the handler",
    },
  ];
}

/** Seconds for which a run may still be started, and then still be retried. Each gets half of what is left. */
function latest({ handler, flexibleWindow: window, overlap }: ScheduledJobProps, interval: number | undefined): number {
  const { min, max } = asynchronousEventAge.value;
  const timeout = timeoutOf(handler);
  if (interval === undefined || timeout === undefined || overlap) return max;
  const left = interval - timeout - (window?.toSeconds({ integral: false }) ?? 0);
  return Math.min(max, Math.max(min, Math.floor(left / 2)));
}

/** Undefined for a one-time schedule, and for one that is malformed or known only at deployment, which other checks report. */
function intervalOf(schedule: string): number | undefined {
  const readable = !isUnresolved(schedule) && scheduleFault(schedule, 'scheduler') === undefined;
  return readable ? shortestInterval(schedule) : undefined;
}

function isTimeZone(name: string): boolean {
  try {
    const { timeZone } = new Intl.DateTimeFormat('en', { timeZone: name }).resolvedOptions();
    // Node.js reads names in any case, and EventBridge Scheduler as they are. An alias resolves to another name.
    return timeZone === name || timeZone.toLowerCase() !== name.toLowerCase();
  } catch {
    return false;
  }
}

function isWholeMinutes(window: Duration, min: number, max: number): boolean {
  const minutes = window.toMinutes({ integral: false });
  return Number.isInteger(minutes) && minutes >= min && minutes <= max;
}
