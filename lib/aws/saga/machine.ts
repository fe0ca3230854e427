import { Aws, Duration } from 'aws-cdk-lib';
import * as iam from 'aws-cdk-lib/aws-iam';
import type * as lambda from 'aws-cdk-lib/aws-lambda';
import type { IBucket } from 'aws-cdk-lib/aws-s3';
import type { IQueue } from 'aws-cdk-lib/aws-sqs';
import { QueryLanguage, StateGraph, type StateMachine, type TaskStateBase } from 'aws-cdk-lib/aws-stepfunctions';
import type { Construct } from 'constructs';
import { acknowledgeWildcards } from '../access/apply';
import type { AccessStatement } from '../access/capability';
import { ENCRYPT, throughService } from '../access/encryption';
import { document, loggedMachine } from '../logged-machine';
import { ServiceFunction } from '../service-function';
import { shippedModule } from '../shipped-module';
import { Claims } from './claims/access';
import { allGuarded } from './claims/guard';
import { machineDefinition } from './definition';
import type { SagaEngineProps } from './engine';
import type { Invocation, StepInvocations } from './invocation';
import { backstop, LIST_TIMEOUT, longest } from './limits';
import { distributedSteps } from './plan';
import { CALLS } from '../../core/iam/platform-actions';
import type { JsonObject } from '../../core/record';

/** What a step calls: a function, or a task with the statements it needs. */
export type Called = lambda.IFunction | CalledTask;

/** What a step calls to act, and to undo that. */
export interface StepCalls {
  readonly action: Called;
  readonly compensation?: Called;
}

/** A Step Functions task. */
export interface CalledTask {
  /** The state's JSON. */
  readonly state: JsonObject;
  /** What the machine must be allowed to do for it. */
  readonly statements: readonly iam.PolicyStatement[];
}

/** A state machine with its own role and log group; the log contains no payloads. */
export function sagaMachine(
  scope: Construct,
  { plan, calls, parked, claims, logRetention }: SagaEngineProps,
): StateMachine {
  const distributed = distributedSteps(plan);
  const lists =
    claims === undefined || distributed.length === 0 ? undefined : listReader(scope, { plan, claims, logRetention });
  const times = longest(plan);
  const invocations = new Map(
    [...calls].map(([name, { action, compensation }]) => {
      const callback = plan.nodes.flatMap(({ steps }) => steps).find((step) => step.name === name)!.action.callback;
      return [name, invocationsOf(action, compensation, callback)];
    }),
  );
  const definition = machineDefinition(plan, {
    invocations,
    queueUrl: parked.queueUrl,
    claims: claims?.bucketName,
    lists: lists?.functionArn,
    partition: Aws.PARTITION,
    backstop: backstop(times),
    comment: `Ends within ${times.forward + times.undo + times.park} seconds: ${times.forward} to do, ${times.undo} to undo, ${times.park} to park`,
  });
  const files = claims === undefined || distributed.length === 0 ? [] : resultFiles(claims, distributed);
  const policies = {
    ...policiesOf([...calls.values()], parked, lists),
    ...(files.length > 0 && { Results: document(files) }),
  };
  const machine = loggedMachine(scope, { definition, policies, logRetention });
  if (files.length > 0) {
    for (const statement of files) acknowledgeWildcards(machine.role.node.defaultChild!, statement);
    admitParts(scope, machine);
  }
  return machine;
}

/** Evaluates a saga's distributed lists, fetching from the bucket what they need. */
function listReader(
  scope: Construct,
  { plan, claims, logRetention }: Pick<SagaEngineProps, 'plan' | 'logRetention'> & { readonly claims: IBucket },
): ServiceFunction {
  return new ServiceFunction(scope, 'Lists', {
    entry: shippedModule('saga/claims/lists'),
    description: 'Reads lists of the saga, and leaves them in its bucket for a distributed map',
    timeout: Duration.seconds(LIST_TIMEOUT - LIST_MARGIN),
    memorySize: 1769,
    logRetention,
    onFailure: 'none',
    access: { CLAIMS: new Claims(claims, plan).lists(distributedSteps(plan)) },
  });
}

/** Allowance for a late start of a function and for its response. */
const LIST_MARGIN = 30;

/** What distributed maps read and write, manifests included. */
function resultFiles(claims: IBucket, steps: readonly string[]): readonly AccessStatement[] {
  return [
    {
      actions: ['s3:PutObject', 's3:GetObject', 's3:ListMultipartUploadParts', 's3:AbortMultipartUpload'],
      resources: steps.map((step) => claims.arnForObjects(`${step}/*`)),
      wildcard: 'The names of the files of a distributed map are made when it runs',
    },
    ...throughService(claims.encryptionKey, 's3', ENCRYPT),
  ];
}

/** Lets a distributed map start executions of its own machine; a separate policy, since the machine must exist first. */
function admitParts(scope: Construct, machine: StateMachine): void {
  const executions = `arn:${Aws.PARTITION}:states:${Aws.REGION}:${Aws.ACCOUNT_ID}:execution:${machine.stateMachineName}`;
  const statements: readonly AccessStatement[] = [
    { actions: CALLS.stateMachine.granted, resources: [machine.stateMachineArn] },
    {
      actions: ['states:DescribeExecution', 'states:StopExecution'],
      resources: [`${executions}:*`, `${executions}/*`],
      wildcard: 'The names of what a distributed map runs are part of their ARNs, and are made when it runs',
    },
  ];
  const policy = new iam.Policy(scope, 'Parts', { document: document(statements), roles: [machine.role] });
  for (const statement of statements) acknowledgeWildcards(policy, statement);
}

/**
 * A task, in the form a step calls it.
 * @param claims whether what its expressions read may be in a bucket, where they would see nothing
 */
export function calledTask(task: TaskStateBase, claims: boolean): CalledTask {
  const { policyStatements: statements } = new StateGraph(task, `step '${task.node.id}'`);
  const state = task.toStateJson(QueryLanguage.JSONATA) as JsonObject;
  return { state: claims ? { ...state, Arguments: allGuarded(state.Arguments) } : state, statements };
}

/** Whether it is a task. */
export function isCalledTask(called: Called): called is CalledTask {
  return 'state' in called;
}

function invocationsOf(action: Called, compensation: Called | undefined, callback: boolean): StepInvocations {
  return {
    action: invocationOf(action, callback),
    ...(compensation && { compensation: invocationOf(compensation, false) }),
  };
}

function invocationOf(called: Called, callback: boolean): Invocation {
  if (isCalledTask(called)) {
    const { Resource: resource, Arguments: parameters, Credentials } = called.state;
    return {
      resource: resource as string,
      arguments: () => (parameters ?? {}) as JsonObject,
      result: '$states.result',
      ...(Credentials !== undefined && { fields: { Credentials } }),
    };
  }
  return {
    resource: `arn:${Aws.PARTITION}:states:::lambda:invoke${callback ? '.waitForTaskToken' : ''}`,
    arguments: (event) => ({ FunctionName: called.functionArn, Payload: event }),
    result: callback ? '$states.result' : '$states.result.Payload',
  };
}

function policiesOf(
  calls: readonly StepCalls[],
  parked: IQueue,
  lists: lambda.IFunction | undefined,
): Record<string, iam.PolicyDocument> {
  const called = calls.flatMap(({ action, compensation }) => [action, ...(compensation ? [compensation] : [])]);
  const own = called.flatMap((one) => (isCalledTask(one) ? [] : [one.functionArn]));
  const functions = [...new Set([...own, ...(lists ? [lists.functionArn] : [])])];
  const tasks = called.flatMap((one) => (isCalledTask(one) ? one.statements : []));
  return {
    ...(functions.length > 0 && {
      Functions: document([{ actions: CALLS.function.granted, resources: functions }]),
    }),
    ...(tasks.length > 0 && { Tasks: new iam.PolicyDocument({ statements: [...tasks] }) }),
    Parked: document([
      { actions: CALLS.queue.granted, resources: [parked.queueArn] },
      ...throughService(parked.encryptionMasterKey, 'sqs', ENCRYPT),
    ]),
  };
}
