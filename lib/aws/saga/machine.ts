import { Aws, Names, RemovalPolicy, Stack } from 'aws-cdk-lib';
import * as iam from 'aws-cdk-lib/aws-iam';
import type * as lambda from 'aws-cdk-lib/aws-lambda';
import { LogGroup, type RetentionDays } from 'aws-cdk-lib/aws-logs';
import type { IQueue } from 'aws-cdk-lib/aws-sqs';
import {
  DefinitionBody,
  LogLevel,
  QueryLanguage,
  StateGraph,
  StateMachine,
  StateMachineType,
  type TaskStateBase,
} from 'aws-cdk-lib/aws-stepfunctions';
import type { Construct } from 'constructs';
import { ENCRYPT, throughService } from '../access/encryption';
import { acknowledge } from '../acknowledge';
import { machineDefinition } from './definition';
import type { Invocation, Json, StepInvocations } from './invocation';
import { backstop, longest } from './limits';
import type { SagaPlan } from './plan';
import { CALLS } from '../../core/iam/platform-actions';

/** What a step calls: a function, or a task with the statements that it needs. */
export type Called = lambda.IFunction | CalledTask;

/** A task of Step Functions. */
export interface CalledTask {
  /** The state as it is written. */
  readonly state: Json;
  /** What the machine must be allowed for it. */
  readonly statements: readonly iam.PolicyStatement[];
}

/** What a machine is made of. */
export interface SagaMachineProps {
  readonly plan: SagaPlan;
  /** What each step calls, by its name. */
  readonly calls: ReadonlyMap<string, { readonly action: Called; readonly compensation?: Called }>;
  readonly parked: IQueue;
  /** How long log events are kept. */
  readonly logRetention: RetentionDays;
}

/** A state machine with a role and a log group of its own; the log has no payloads. */
export function sagaMachine(scope: Construct, { plan, calls, parked, logRetention }: SagaMachineProps): StateMachine {
  const logGroup = new LogGroup(scope, 'Logs', {
    // The prefix keeps the account's resource policy for logs, which has a size, from growing with each machine.
    logGroupName: `/aws/vendedlogs/states/${Names.uniqueResourceName(scope, { maxLength: 200, separator: '-' })}`,
    retention: logRetention,
    removalPolicy: RemovalPolicy.DESTROY,
  });
  const role = machineRole(scope, [...calls.values()], parked);
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
    partition: Aws.PARTITION,
    backstop: backstop(times),
    comment: `Ends within ${times.forward + times.undo + times.park} seconds: ${times.forward} to do, ${times.undo} to undo, ${times.park} to park`,
  });
  return new StateMachine(scope, 'Machine', {
    definitionBody: DefinitionBody.fromString(Stack.of(scope).toJsonString(definition)),
    stateMachineType: StateMachineType.STANDARD,
    role: role.withoutPolicyUpdates(),
    logs: { destination: logGroup, level: LogLevel.ALL, includeExecutionData: false },
    tracingEnabled: true,
  });
}

/** A task as a step calls it. */
export function calledTask(task: TaskStateBase): CalledTask {
  const { policyStatements } = new StateGraph(task, `step '${task.node.id}'`);
  return { state: task.toStateJson(QueryLanguage.JSONATA) as Json, statements: policyStatements };
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
      arguments: () => (parameters ?? {}) as Json,
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

/** What Step Functions does to write a log. */
const LOG_DELIVERY = [
  'logs:CreateLogDelivery',
  'logs:GetLogDelivery',
  'logs:UpdateLogDelivery',
  'logs:DeleteLogDelivery',
  'logs:ListLogDeliveries',
  'logs:PutResourcePolicy',
  'logs:DescribeResourcePolicies',
  'logs:DescribeLogGroups',
];

const TRACING = [
  'xray:PutTraceSegments',
  'xray:PutTelemetryRecords',
  'xray:GetSamplingRules',
  'xray:GetSamplingTargets',
];

function machineRole(
  scope: Construct,
  calls: readonly { readonly action: Called; readonly compensation?: Called }[],
  parked: IQueue,
): iam.Role {
  const called = calls.flatMap(({ action, compensation }) => [action, ...(compensation ? [compensation] : [])]);
  const functions = [...new Set(called.flatMap((one) => (isCalledTask(one) ? [] : [one.functionArn])))];
  const tasks = called.flatMap((one) => (isCalledTask(one) ? one.statements : []));
  const key = throughService(parked.encryptionMasterKey, 'sqs', ENCRYPT);
  const role = new iam.Role(scope, 'Role', {
    assumedBy: new iam.ServicePrincipal('states.amazonaws.com', {
      conditions: { StringEquals: { 'aws:SourceAccount': Aws.ACCOUNT_ID } },
    }),
    inlinePolicies: {
      ...(functions.length > 0 && { Functions: document(CALLS.function.granted, functions) }),
      ...(tasks.length > 0 && { Tasks: new iam.PolicyDocument({ statements: [...tasks] }) }),
      Parked: new iam.PolicyDocument({
        statements: [
          new iam.PolicyStatement({ actions: [...CALLS.queue.granted], resources: [parked.queueArn] }),
          ...key.map(
            ({ actions, resources, conditions }) =>
              new iam.PolicyStatement({ actions: [...actions], resources: [...resources], conditions }),
          ),
        ],
      }),
      // Neither log deliveries nor traces have a resource-level permission.
      Logs: document(LOG_DELIVERY, ['*']),
      Tracing: document(TRACING, ['*']),
    },
  });
  const reason = 'The actions by which Step Functions delivers logs and traces have no resource-level permission';
  acknowledge(role.node.defaultChild!, { 'AwsSolutions::AwsSolutions-IAM5[Resource::*]': reason });
  return role;
}

function document(actions: readonly string[], resources: string[]): iam.PolicyDocument {
  return new iam.PolicyDocument({ statements: [new iam.PolicyStatement({ actions: [...actions], resources })] });
}
