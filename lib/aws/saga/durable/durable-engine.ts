import { Duration, RemovalPolicy, Stack } from 'aws-cdk-lib';
import * as iam from 'aws-cdk-lib/aws-iam';
import * as lambda from 'aws-cdk-lib/aws-lambda';
import type { IBucket } from 'aws-cdk-lib/aws-s3';
import { Construct } from 'constructs';
import { above } from '../../alarms/settings';
import { durableExecutionTimeout, durableRetention } from '../../../core/facts/lambda';
import { acknowledge } from '../../acknowledge';
import { Access } from '../../access/access';
import { acknowledgeWildcards } from '../../access/apply';
import { Capability } from '../../access/capability';
import { atHome } from '../../access/target';
import { ServiceFunction } from '../../service-function';
import { shippedModule } from '../../shipped-module';
import { Claims } from '../claims/access';
import type { SagaEngine, SagaEngineProps } from '../engine';
import { backstop, longest, PART_BEGINS, PART_LATE, partTime } from '../limits';
import { type Called, isCalledTask } from '../machine';
import { distributedSteps, isInParts, type PlanNode, type SagaPlan } from '../plan';
import type { DurablePlan } from './durable-plan';
import { checkSdk } from './sdk';
import { CALLS } from '../../../core/iam/platform-actions';

/**
 * Lambda supports durable functions on few runtimes, so the team's default does not apply.
 * @see https://docs.aws.amazon.com/lambda/latest/dg/durable-supported-runtimes.html
 */
const DURABLE_RUNTIME = lambda.Runtime.NODEJS_24_X;

/** A durable function that runs a saga, with the alias that starts it. */
export interface DurableEngine extends SagaEngine {
  readonly handler: ServiceFunction;
  readonly live: lambda.Alias;
}

const ORCHESTRATOR = 'saga/durable/orchestrator';
const PART_WORKER = 'saga/durable/part-worker';

/** The function only decides what comes next: a replay takes less than a second, and what it calls runs separately. */
const TIMEOUT = Duration.minutes(1);

const EVERY_VERSION = 'Executions belong to a version of the function, and their ARNs end in names and ids';

/**
 * One durable function per saga: it invokes the steps' functions, and is started through its alias `live`, so that an
 * execution ends on the version it started on. Versions are retained: an execution may take long.
 */
export function durableEngine(scope: Construct, props: SagaEngineProps): DurableEngine {
  const { plan, parked, claims, logRetention } = props;
  checkSdk(scope.node.path, shippedModule(ORCHESTRATOR));
  const { calls, functions } = placesOf(props.calls);
  const durablePlan: DurablePlan = { ...plan, calls };
  const parts = plan.nodes.some(isInParts) ? partWorker(scope, props, { plan: durablePlan, functions }) : undefined;
  const own = functions.filter((fn) => callersOf(plan, props.calls, fn).some((node) => !isInParts(node)));
  const handler = new ServiceFunction(scope, 'Handler', {
    ...settingsOf(scope, { plan: durablePlan, functions, logRetention }),
    runtime: DURABLE_RUNTIME,
    entry: shippedModule(ORCHESTRATOR),
    description: 'Runs the saga: decides which step comes next',
    durableConfig: {
      executionTimeout: Duration.seconds(Math.min(backstop(longest(plan)), durableExecutionTimeout.value.max)),
      retentionPeriod: Duration.days(durableRetention.value.max),
    },
    access: {
      PARKED: Access.queue(parked).send(),
      ...(own.length > 0 && { STEP: calling(own) }),
      ...(claims && { CLAIMS: claimsOf(plan, claims) }),
      ...(parts && {
        PARTS: new Capability({
          // Parts are split and numbered by the version that started the saga, whatever was deployed since.
          variables: { '': parts.currentVersion.functionArn },
          statements: [
            { actions: CALLS.function.granted, resources: [`${parts.functionArn}:*`], wildcard: EVERY_VERSION },
          ],
        }),
      }),
    },
  });
  const arn = handler.functionArn;
  const versions = `${arn}:*`;
  checkpoints(handler, versions);
  if (parts) answers(parts, versions);
  const live = new lambda.Alias(handler, 'Live', { aliasName: 'live', version: handler.currentVersion });
  const variables = { '': live.functionArn };
  const home = () => atHome('a saga', handler);
  return {
    handler,
    live,
    start: new Capability({
      variables,
      statements: [{ actions: CALLS.function.granted, resources: [live.functionArn], of: home }],
    }),
    answer: new Capability({
      variables,
      statements: [
        {
          actions: [
            'lambda:SendDurableExecutionCallbackSuccess',
            'lambda:SendDurableExecutionCallbackFailure',
            'lambda:SendDurableExecutionCallbackHeartbeat',
          ],
          resources: [versions, ...(parts ? [`${parts.functionArn}:*`] : [])],
          of: home,
          wildcard: EVERY_VERSION,
        },
      ],
    }),
    read: new Capability({
      variables: { '': arn },
      statements: [
        { actions: ['lambda:ListDurableExecutionsByFunction'], resources: [arn], of: home },
        {
          actions: ['lambda:GetDurableExecution', 'lambda:GetDurableExecutionHistory'],
          resources: [versions],
          wildcard: EVERY_VERSION,
        },
      ],
    }),
    keeper: 'saga/durable/keeper',
    // The event does not contain an execution's error: the keeper reads it.
    ended: {
      source: ['aws.lambda'],
      detailType: ['Durable Execution Status Change'],
      detail: { functionArn: [{ prefix: `${arn}:` }], status: ['FAILED', 'TIMED_OUT', 'STOPPED'] },
    },
    ...(parts && { settle: Math.max(...plan.nodes.map((node) => (isInParts(node) ? partTime(node) + PART_LATE : 0))) }),
    metric: (what, options) =>
      handler.metric(METRICS[what], { statistic: what === 'time' ? 'Average' : 'Sum', ...options }),
    alarms: (alarms) => [
      ...alarms.function(handler),
      ...(parts ? alarms.function(parts) : []),
      ...alarms.on(handler, 'ExecutionsTimedOut', {
        metric: handler.metric('DurableExecutionTimedOut', { period: Duration.minutes(5), statistic: 'Sum' }),
        setting: 'timeouts',
        threshold: above(alarms.settings.timeouts, 0),
        alarmDescription: 'Executions were ended by the timeout of the durable function: see what they waited for',
      }),
    ],
  };
}

/** @see https://docs.aws.amazon.com/lambda/latest/dg/durable-monitoring.html */
const METRICS = {
  started: 'DurableExecutionStarted',
  done: 'DurableExecutionSucceeded',
  failed: 'DurableExecutionFailed',
  time: 'DurableExecutionDuration',
} as const;

/** The function that processes parts of distributed lists, each in a separate execution. */
function partWorker(
  scope: Construct,
  { calls, claims, logRetention }: SagaEngineProps,
  { plan, functions }: { readonly plan: DurablePlan; readonly functions: readonly lambda.IFunction[] },
): ServiceFunction {
  const called = functions.filter((fn) => callersOf(plan, calls, fn).some(isInParts));
  const time = Math.max(...plan.nodes.map((node) => (isInParts(node) ? partTime(node) : 0)));
  // In its own scope, since `handler` of a saga is the function that runs it.
  const handler = new ServiceFunction(new Construct(scope, 'Lists'), 'Parts', {
    ...settingsOf(scope, { plan, functions, logRetention }),
    runtime: DURABLE_RUNTIME,
    entry: shippedModule(PART_WORKER),
    description: 'Does a part of a list of the saga, and undoes it',
    currentVersionOptions: { ...KEPT, maxEventAge: Duration.seconds(PART_BEGINS) },
    durableConfig: {
      executionTimeout: Duration.seconds(Math.min(time, durableExecutionTimeout.value.max)),
      retentionPeriod: Duration.days(durableRetention.value.max),
    },
    access: { STEP: calling(called), CLAIMS: claimsOf(plan, claims!) },
  });
  acknowledge(handler.currentVersion, {
    'Serverless::Serverless-LambdaAsyncFailureDestination':
      'The saga waits for an answer: of a part that was not begun it knows when that comes no more',
  });
  checkpoints(handler, `${handler.functionArn}:*`);
  return handler;
}

/** An execution ends on the version it started on. */
const KEPT = { removalPolicy: RemovalPolicy.RETAIN };

/** Shared settings of the functions that decide what comes next. */
function settingsOf(
  scope: Construct,
  {
    plan,
    functions,
    logRetention,
  }: Pick<SagaEngineProps, 'logRetention'> & {
    readonly plan: DurablePlan;
    readonly functions: readonly lambda.IFunction[];
  },
) {
  return {
    bundling: { define: { LINTEL_SAGA: JSON.stringify(plan) } },
    timeout: TIMEOUT,
    logRetention,
    onFailure: 'none' as const,
    currentVersionOptions: KEPT,
    environment: { FUNCTIONS: Stack.of(scope).toJsonString(functions.map((fn) => fn.functionName)) },
  };
}

function calling(functions: readonly lambda.IFunction[]): Capability {
  const resources = functions.map((fn) => fn.functionArn);
  return new Capability({ variables: {}, statements: [{ actions: CALLS.function.granted, resources }] });
}

/** The bucket's name for messages; for distributed lists, also access to read and write them. */
function claimsOf(plan: SagaPlan, claims: IBucket): Capability {
  const lists = distributedSteps(plan);
  if (lists.length > 0) return new Claims(claims, plan).lists(lists);
  return new Capability({ variables: { '': claims.bucketName }, statements: [] });
}

/** Nodes whose steps call a function. */
function callersOf({ nodes }: SagaPlan, calls: SagaEngineProps['calls'], fn: lambda.IFunction): readonly PlanNode[] {
  return nodes.filter(({ steps }) =>
    steps.some(({ name }) => {
      const { action, compensation } = calls.get(name)!;
      return action === fn || compensation === fn;
    }),
  );
}

/** A separate policy, for the same reason as `checkpoints`: a part answers the execution that started it. */
function answers(parts: lambda.Function, versions: string): void {
  const actions = ['lambda:SendDurableExecutionCallbackSuccess'];
  const resources = [versions];
  const policy = new iam.Policy(parts, 'Answers', {
    roles: [parts.role!],
    statements: [new iam.PolicyStatement({ actions, resources })],
  });
  acknowledgeWildcards(policy, { actions, resources, wildcard: EVERY_VERSION });
}

/** A separate policy, not the role's own: the function waits for that one, and this one refers to the function. */
function checkpoints(handler: lambda.Function, versions: string): void {
  const actions = ['lambda:CheckpointDurableExecution', 'lambda:GetDurableExecutionState'];
  const resources = [versions];
  const policy = new iam.Policy(handler, 'Checkpoints', {
    roles: [handler.role!],
    statements: [new iam.PolicyStatement({ actions, resources })],
  });
  acknowledgeWildcards(policy, { actions, resources, wildcard: EVERY_VERSION });
}

/** The functions to call, without duplicates, and the index of each step's. */
function placesOf(all: SagaEngineProps['calls']): {
  readonly functions: readonly lambda.IFunction[];
  readonly calls: DurablePlan['calls'];
} {
  const functions: lambda.IFunction[] = [];
  const place = (called: Called): number => {
    if (isCalledTask(called)) throw new Error('a durable function runs no task of Step Functions');
    const known = functions.indexOf(called);
    return known < 0 ? functions.push(called) - 1 : known;
  };
  const calls = Object.fromEntries(
    [...all].map(([name, { action, compensation }]) => [
      name,
      { action: place(action), ...(compensation && { compensation: place(compensation) }) },
    ]),
  );
  return { functions, calls };
}
