import { Duration } from 'aws-cdk-lib';
import type * as cloudwatch from 'aws-cdk-lib/aws-cloudwatch';
import * as events from 'aws-cdk-lib/aws-events';
import { LambdaFunction } from 'aws-cdk-lib/aws-events-targets';
import type * as lambda from 'aws-cdk-lib/aws-lambda';
import type { RetentionDays } from 'aws-cdk-lib/aws-logs';
import type { IBucket } from 'aws-cdk-lib/aws-s3';
import type { ITopic } from 'aws-cdk-lib/aws-sns';
import type * as sqs from 'aws-cdk-lib/aws-sqs';
import type { StateMachine } from 'aws-cdk-lib/aws-stepfunctions';
import type { Construct } from 'constructs';
import { PatternConstruct } from '../../lib/aws/pattern-construct';
import { alarmSettings } from '../../lib/aws/alarms/settings-shape';
import type { AlarmsOf } from '../../lib/aws/alarms/watched-by';
import { Access } from '../../lib/aws/access/access';
import { Capability } from '../../lib/aws/access/capability';
import { acknowledge } from '../../lib/aws/acknowledge';
import { patternAlarms } from '../../lib/aws/alarms/pattern-alarms';
import { deadLetterQueue } from '../../lib/aws/dead-letter-queue';
import { EntityTable } from '../../lib/aws/entity-table';
import { namesBeside } from '../../lib/aws/handler-settings';
import { BUCKET, RETENTION, TOPIC } from '../../lib/aws/resource-kinds';
import { Claims, claimsBucket } from '../../lib/aws/saga/claims/access';
import { knownOf } from '../../lib/aws/saga/known';
import { backstop, longest } from '../../lib/aws/saga/limits';
import { type DurableEngine, durableEngine } from '../../lib/aws/saga/durable/durable-engine';
import { type MachineEngine, machineEngine } from '../../lib/aws/saga/machine-engine';
import { picture } from '../../lib/aws/saga/picture';
import type { SagaPlan } from '../../lib/aws/saga/plan';
import { planOf } from '../../lib/aws/saga/planned';
import { NODE, sagaChecks } from '../../lib/aws/saga/saga-checks';
import { stepFunctions } from '../../lib/aws/saga/step-functions';
import { type SagaNode, stepsOf } from '../../lib/aws/saga/steps';
import { ServiceFunction } from '../../lib/aws/service-function';
import { shippedModule } from '../../lib/aws/shipped-module';
import { duration, either, flag, known, list, needed, oneOf } from '../../lib/core/check/kinds';
import type { Shape } from '../../lib/core/check/shape';
import { checkPlacedProps } from '../../lib/aws/placed-props';
import { PatternError } from '../../lib/core/errors';
import { standardDuration } from '../../lib/core/facts/step-functions';
import { longestRetries } from '../../lib/aws/target-retries';

/** Props of a `Saga`. */
export interface SagaProps {
  /** The steps in order, each with what undoes it: steps, `{ parallel: [...] }`, `{ each, step, maxItems }`. */
  readonly steps: readonly SagaNode[];
  /**
   * What runs it: a state machine, or a durable function, which takes handlers only and needs the package
   * `@aws/durable-execution-sdk-js`. Changing it creates another resource: let running sagas end before the old one goes.
   * @default 'step-functions'
   */
  readonly engine?: 'step-functions' | 'durable-function';
  /**
   * Time after which no further step starts, and completed ones are undone. A step already running is not extended.
   * @default - as long as the steps take with all their retries
   */
  readonly timeout?: Duration;
  /**
   * Whether a step that refused, and so says that nothing was done, is undone as well. A step with an unknown outcome always is.
   * @default false
   */
  readonly undoFailed?: boolean;
  /**
   * Stores step results too large to travel with the saga, and such an input of `start()`, in a bucket: a new
   * one, or the team's, whose objects must outlive a saga and the 14 days of its parked message. Handlers get them whole; they
   * receive paths.
   * @default false - input and all results share 200 KiB; a step whose result does not fit is undone
   */
  readonly claimCheck?: boolean | IBucket;
  /**
   * How long log events are kept.
   * @default - as the team keeps its logs, or a month
   */
  readonly logRetention?: RetentionDays;
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
  readonly alarms?: AlarmsOf<'Saga'>;
}

/** How a saga may be started. */
export interface SagaStartOptions {
  /**
   * Remembers what was started beyond the engine's 90 days, with one item per saga.
   * @default - 90 days after a saga ends
   */
  readonly remember?: 'forever';
}

/**
 * A business transaction across services: it ends with everything done, with everything undone (`SagaUndone`), or
 * parked (`SagaParked`) with an alarm and a message saying what is left to undo.
 *
 * A step completes, refuses, or has an unknown outcome: it timed out, or its function crashed. An unknown one is undone too, once
 * it can no longer be running; so a compensation must accept that its action never happened. Compensations run in reverse, one
 * by one, each retried for a quarter of an hour. Parallel steps all end before anything is undone.
 *
 * It runs on a Standard state machine, never Express, which may run twice; or on a durable function. What neither can catch
 * (a stop, the service's own timeout) is found by a rule, and by an hourly sweep of executions in case its event was lost.
 * @example
 * new Saga(this, 'Order', { steps: [{ name: 'charge', action: 'src/charge.ts', compensation: 'src/refund.ts' }] });
 */
export class Saga extends PatternConstruct {
  /** Sagas that neither succeeded nor could be undone wait here for 14 days. */
  readonly parked: sqs.Queue;
  /** Holds what is too large to travel with a saga, with `claimCheck`. */
  readonly claims?: IBucket;
  /** What the keeper has reported, and what is remembered forever. */
  readonly records: EntityTable;
  /** Parks executions that ended otherwise than planned. */
  readonly keeper: ServiceFunction;
  /** The steps' functions, by name: `charge`, and `charge undo`. A task has none. */
  readonly handlers: ReadonlyMap<string, lambda.Function>;
  /** Alarms on parked sagas, throttled or timed-out executions, and the keeper. */
  readonly alarms: readonly cloudwatch.Alarm[];
  /** The longest a saga can take, from its start until it is done, undone or parked. */
  readonly longest: Duration;
  /** The saga as a Mermaid flowchart. */
  readonly picture: string;
  private readonly engine: MachineEngine | DurableEngine;
  private readonly claimed?: Claims;

  /** @throws PatternError when a step is not well-formed, or the saga could exceed the limits of an execution */
  constructor(scope: Construct, id: string, props: SagaProps) {
    super(scope, id);
    checkPlacedProps(this, props, SHAPE, sagaChecks, namesBeside(NAMES));
    const plan = planOf(props);
    this.picture = picture(plan);
    this.longest = Duration.seconds(longest(plan).total);
    const { claimCheck } = props;
    if (claimCheck) {
      this.claims = claimCheck === true ? claimsBucket(this, plan) : claimCheck;
      this.claimed = new Claims(this.claims, plan);
    }

    const steps = props.steps.flatMap((node, index) => stepsOf(node, `steps.${index}`));
    const { calls, handlers } = stepFunctions(this, steps, this.claimed);
    this.handlers = handlers;
    this.parked = deadLetterQueue(this, 'Parked');
    acknowledge(this.parked, {
      'AwsSolutions::AwsSolutions-SQS3': PEOPLE_READ,
      'Lintel::QueueDeadLetterQueue': PEOPLE_READ,
    });
    this.engine = (props.engine === 'durable-function' ? durableEngine : machineEngine)(this, {
      plan,
      calls,
      parked: this.parked,
      claims: this.claims,
      logRetention: props.logRetention,
    });

    this.records = new EntityTable(this, 'Records', { partitionKey: 'id', timeToLive: 'expires' });
    this.keeper = this.makeKeeper(plan);
    this.watch();
    const alarms = patternAlarms(this, { topic: props.alarmTopic, settings: props.alarms });
    this.alarms = [
      ...alarms.deadLetters(this.parked),
      ...this.engine.alarms(alarms),
      ...alarms.function(this.keeper),
      ...alarms.deadLetters(this.keeper.deadLetterQueue!),
    ];
  }

  /**
   * The state machine.
   * @throws PatternError when a durable function runs the saga
   */
  get machine(): StateMachine {
    if ('machine' in this.engine) return this.engine.machine;
    const message = "'machine' must not be read when the engine is a durable function; read 'handler'";
    throw new PatternError(this.node.path, [{ prop: 'machine', message }]);
  }

  /**
   * The durable function.
   * @throws PatternError when a state machine runs the saga
   */
  get handler(): ServiceFunction {
    if ('handler' in this.engine) return this.engine.handler;
    const message = "'handler' must not be read when the engine is a state machine; read 'machine'";
    throw new PatternError(this.node.path, [{ prop: 'handler', message }]);
  }

  /**
   * Starts and resumes sagas; the variable holds an ARN, for `saga()` of `lintel/runtime`.
   * @param options `remember: 'forever'` remembers what was started beyond the engine's 90 days
   */
  start({ remember }: SagaStartOptions = {}): Capability {
    const start = this.claimed ? this.engine.start.and(this.claimed.start()) : this.engine.start;
    if (remember === undefined) return start;
    const { statements } = this.records.write();
    return start.and(new Capability({ variables: { RECORDS: this.records.tableName }, statements }));
  }

  /** Answers to steps with `waitFor: 'callback'`: done, refused, or still working. */
  answer(): Capability {
    return this.claimed ? this.engine.answer.and(this.claimed.answer()) : this.engine.answer;
  }

  /** Sagas started. */
  metricStarted(options?: cloudwatch.MetricOptions): cloudwatch.Metric {
    return this.engine.metric('started', options);
  }

  /** Sagas that ended with everything done. */
  metricDone(options?: cloudwatch.MetricOptions): cloudwatch.Metric {
    return this.engine.metric('done', options);
  }

  /** Sagas that ended with everything undone, or parked. */
  metricFailed(options?: cloudwatch.MetricOptions): cloudwatch.Metric {
    return this.engine.metric('failed', options);
  }

  /** Milliseconds from start to end of a saga, on average. */
  metricDuration(options?: cloudwatch.MetricOptions): cloudwatch.Metric {
    return this.engine.metric('time', options);
  }

  /** Sagas waiting for a human decision. */
  metricParked(options?: cloudwatch.MetricOptions): cloudwatch.Metric {
    return this.parked.metricApproximateNumberOfMessagesVisible(options);
  }

  private makeKeeper(plan: SagaPlan): ServiceFunction {
    return new ServiceFunction(this, 'Keeper', {
      entry: shippedModule(this.engine.keeper),
      timeout: Duration.minutes(5),
      environment: {
        LONGEST: String(Math.min(backstop(longest(plan)), standardDuration.value)),
        STEPS: JSON.stringify(knownOf(plan, this.engine.settle)),
      },
      access: {
        PARKED: Access.queue(this.parked).send(),
        RECORDS: this.records.write(),
        SAGA: this.engine.read,
        ...(this.claimed && { CLAIMS: this.claimed.keep() }),
      },
    });
  }

  /** Execution status events are delivered on a best-effort basis, so a sweep looks as well. */
  private watch(): void {
    const failures = this.keeper.deadLetterQueue!;
    const target = { deadLetterQueue: failures, ...longestRetries() };
    new events.Rule(this, 'Ended', {
      description: 'Executions of the saga that ended otherwise than done, undone or parked',
      eventPattern: this.engine.ended,
      targets: [new LambdaFunction(this.keeper.trigger, target)],
    });
    new events.Rule(this, 'Sweep', {
      description: 'Finds saga executions that ended without a report',
      schedule: events.Schedule.rate(Duration.hours(1)),
      targets: [
        new LambdaFunction(this.keeper.trigger, {
          ...target,
          event: events.RuleTargetInput.fromObject({ sweep: { hours: SWEPT } }),
        }),
      ],
    });
  }
}

const PEOPLE_READ = 'Nothing consumes this queue: its alarm tells people to read it';

/** Hours that a sweep looks back: two in a row may fail, and their own alarm reports it. */
const SWEPT = 3;

const SHAPE: Shape<SagaProps> = {
  steps: needed(
    list(NODE, "[{ name: 'charge', action: 'src/charge.ts', compensation: 'src/refund.ts' }]"),
    'name what the saga does',
  ),
  engine: known(oneOf('step-functions', 'durable-function')),
  timeout: known(duration({ min: 1, max: standardDuration.value })),
  undoFailed: flag,
  claimCheck: either('must be true, false or a bucket', () => 'write true for a new bucket', flag, BUCKET),
  logRetention: RETENTION,
  alarmTopic: TOPIC,
  alarms: alarmSettings('Saga'),
};

/** CDK's names for a state machine's props, and their equivalents here. */
const NAMES = {
  definition: "write 'steps'",
  definitionBody: "write 'steps'",
  stateMachineType: 'leave it out: a saga is a Standard workflow, since Express may run twice',
  tracingEnabled: 'leave it out: traces are on',
  logs: "write 'logRetention'",
};
