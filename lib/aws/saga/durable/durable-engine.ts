import { Duration, RemovalPolicy, Stack } from 'aws-cdk-lib';
import * as iam from 'aws-cdk-lib/aws-iam';
import * as lambda from 'aws-cdk-lib/aws-lambda';
import type { Construct } from 'constructs';
import { durableExecutionTimeout, durableRetention } from '../../../core/facts/lambda';
import { Access } from '../../access/access';
import { acknowledgeWildcards } from '../../access/apply';
import { Capability } from '../../access/capability';
import { ServiceFunction } from '../../service-function';
import { shippedModule } from '../../shipped-module';
import type { SagaEngine, SagaEngineProps } from '../engine';
import { backstop, longest } from '../limits';
import { type Called, isCalledTask } from '../machine';
import type { DurablePlan } from './durable-plan';
import { checkSdk } from './sdk';
import { CALLS } from '../../../core/iam/platform-actions';

/** A durable function that runs a saga, with the alias by which it is started. */
export interface DurableEngine extends SagaEngine {
  readonly handler: ServiceFunction;
  readonly live: lambda.Alias;
}

const ORCHESTRATOR = 'saga/durable/orchestrator';

/** The function only decides what comes next: a replay is over in less than a second, and what it calls runs by itself. */
const TIMEOUT = Duration.minutes(1);

const EVERY_VERSION = 'Executions belong to a version of the function, and their ARNs end in names and ids';

/**
 * A durable function of its own for one saga: it invokes what the steps name, and is started by its alias `live`, so that an
 * execution ends on the version that began it. Versions are kept: an execution may take long.
 */
export function durableEngine(scope: Construct, props: SagaEngineProps): DurableEngine {
  const { plan, parked, claims, logRetention } = props;
  checkSdk(scope.node.path, shippedModule(ORCHESTRATOR));
  const { calls, functions } = placesOf(props.calls);
  const durablePlan: DurablePlan = { ...plan, calls };
  const handler = new ServiceFunction(scope, 'Handler', {
    entry: shippedModule(ORCHESTRATOR),
    bundling: { define: { LINTEL_SAGA: JSON.stringify(durablePlan) } },
    description: 'Runs the saga: decides which step comes next',
    timeout: TIMEOUT,
    logRetention,
    onFailure: 'none',
    durableConfig: {
      executionTimeout: Duration.seconds(Math.min(backstop(longest(plan)), durableExecutionTimeout.value.max)),
      retentionPeriod: Duration.days(durableRetention.value.max),
    },
    currentVersionOptions: { removalPolicy: RemovalPolicy.RETAIN },
    environment: {
      FUNCTIONS: Stack.of(scope).toJsonString(functions.map((fn) => fn.functionName)),
      ...(claims && { CLAIMS: claims.bucketName }),
    },
    access: {
      PARKED: Access.queue(parked).send(),
      STEP: new Capability({
        variables: {},
        statements: [{ actions: CALLS.function.granted, resources: functions.map((fn) => fn.functionArn) }],
      }),
    },
  });
  const arn = handler.functionArn;
  const versions = `${arn}:*`;
  checkpoints(handler, versions);
  const live = new lambda.Alias(handler, 'Live', { aliasName: 'live', version: handler.currentVersion });
  const variables = { '': live.functionArn };
  return {
    handler,
    live,
    start: new Capability({
      variables,
      statements: [{ actions: CALLS.function.granted, resources: [live.functionArn] }],
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
          resources: [versions],
          wildcard: EVERY_VERSION,
        },
      ],
    }),
    read: new Capability({
      variables: { '': arn },
      statements: [
        { actions: ['lambda:ListDurableExecutionsByFunction'], resources: [arn] },
        {
          actions: ['lambda:GetDurableExecution', 'lambda:GetDurableExecutionHistory'],
          resources: [versions],
          wildcard: EVERY_VERSION,
        },
      ],
    }),
    keeper: 'saga/durable/keeper',
    // The event does not say with what error an execution ended: the keeper reads it.
    ended: {
      source: ['aws.lambda'],
      detailType: ['Durable Execution Status Change'],
      detail: { functionArn: [{ prefix: `${arn}:` }], status: ['FAILED', 'TIMED_OUT', 'STOPPED'] },
    },
    alarms: (alarms) => [
      ...alarms.function(handler),
      ...alarms.on(handler, 'ExecutionsTimedOut', {
        metric: handler.metric('DurableExecutionTimedOut', { period: Duration.minutes(5), statistic: 'Sum' }),
        threshold: 0,
        alarmDescription: 'Executions were ended by the timeout of the durable function: see what they waited for',
      }),
    ],
  };
}

/** Beside the role, not in its own policy: the function waits for that, and this one names the function. */
function checkpoints(handler: lambda.Function, versions: string): void {
  const actions = ['lambda:CheckpointDurableExecution', 'lambda:GetDurableExecutionState'];
  const resources = [versions];
  const policy = new iam.Policy(handler, 'Checkpoints', {
    roles: [handler.role!],
    statements: [new iam.PolicyStatement({ actions, resources })],
  });
  acknowledgeWildcards(policy, { actions, resources, wildcard: EVERY_VERSION });
}

/** The functions that are called, each once, and for each step which of them. */
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
