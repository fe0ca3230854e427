import { Aws, Names, Stack } from 'aws-cdk-lib';
import * as iam from 'aws-cdk-lib/aws-iam';
import type { RetentionDays } from 'aws-cdk-lib/aws-logs';
import { DefinitionBody, LogLevel, StateMachine, StateMachineType } from 'aws-cdk-lib/aws-stepfunctions';
import type { Construct } from 'constructs';
import type { AccessStatement } from './access/capability';
import { acknowledge } from './acknowledge';
import { patternLogGroup } from './pattern-log-group';

/** Props of a logged state machine. */
export interface LoggedMachineProps {
  /** In Amazon States Language. */
  readonly definition: object;
  /** What the machine may do besides logging and tracing, by inline policy name. */
  readonly policies: Readonly<Record<string, iam.PolicyDocument>>;
  /**
   * How long log events are kept.
   * @default - as the team keeps its logs, or a month
   */
  readonly logRetention?: RetentionDays;
}

/** A Standard state machine with its own role and log group; the log contains no payloads. */
export function loggedMachine(
  scope: Construct,
  { definition, policies, logRetention }: LoggedMachineProps,
): StateMachine {
  const logGroup = patternLogGroup(scope, 'Logs', {
    // The prefix keeps the account's size-limited log resource policy from growing with each machine.
    logGroupName: `/aws/vendedlogs/states/${Names.uniqueResourceName(scope, { maxLength: 200, separator: '-' })}`,
    retention: logRetention,
  });
  const role = new iam.Role(scope, 'Role', {
    assumedBy: new iam.ServicePrincipal('states.amazonaws.com', {
      conditions: { StringEquals: { 'aws:SourceAccount': Aws.ACCOUNT_ID } },
    }),
    inlinePolicies: {
      ...policies,
      // Neither log deliveries nor traces have a resource-level permission.
      Logs: document([{ actions: LOG_DELIVERY, resources: ['*'] }]),
      Tracing: document([{ actions: TRACING, resources: ['*'] }]),
    },
  });
  const reason = 'The actions by which Step Functions delivers logs and traces have no resource-level permission';
  acknowledge(role.node.defaultChild!, { 'AwsSolutions::AwsSolutions-IAM5[Resource::*]': reason });
  return new StateMachine(scope, 'Machine', {
    definitionBody: DefinitionBody.fromString(Stack.of(scope).toJsonString(definition)),
    stateMachineType: StateMachineType.STANDARD,
    role: role.withoutPolicyUpdates(),
    logs: { destination: logGroup, level: LogLevel.ALL, includeExecutionData: false },
    tracingEnabled: true,
  });
}

/** A policy document of statements. */
export function document(statements: readonly AccessStatement[]): iam.PolicyDocument {
  return new iam.PolicyDocument({
    statements: statements.map(
      ({ actions, resources, conditions }) =>
        new iam.PolicyStatement({ actions: [...actions], resources: [...resources], conditions }),
    ),
  });
}

/** What Step Functions needs to write a log. */
export const LOG_DELIVERY = [
  'logs:CreateLogDelivery',
  'logs:GetLogDelivery',
  'logs:UpdateLogDelivery',
  'logs:DeleteLogDelivery',
  'logs:ListLogDeliveries',
  'logs:PutResourcePolicy',
  'logs:DescribeResourcePolicies',
  'logs:DescribeLogGroups',
];

/** What Step Functions needs to send traces. */
export const TRACING = [
  'xray:PutTraceSegments',
  'xray:PutTelemetryRecords',
  'xray:GetSamplingRules',
  'xray:GetSamplingTargets',
];
