import { PhysicalName } from 'aws-cdk-lib';
import * as iam from 'aws-cdk-lib/aws-iam';
import * as lambda from 'aws-cdk-lib/aws-lambda';
import type { ILogGroup } from 'aws-cdk-lib/aws-logs';
import type { Construct } from 'constructs';
import { acknowledge } from './acknowledge';

/** What the platform does on a function's behalf. */
export interface ExecutionRoleProps {
  /** The only log group that the role may write to. */
  readonly logGroup: ILogGroup;
  /** Whether traces are sent. */
  readonly tracing: lambda.Tracing;
  /** Whether the function runs in a VPC. */
  readonly network: boolean;
}

/** Network interfaces in the team's subnets, which Lambda creates and deletes with the function's role. */
const NETWORK_INTERFACES = [
  'ec2:CreateNetworkInterface',
  'ec2:DescribeNetworkInterfaces',
  'ec2:DescribeSubnets',
  'ec2:DeleteNetworkInterface',
  'ec2:AssignPrivateIpAddresses',
  'ec2:UnassignPrivateIpAddresses',
];

/**
 * The role of one function, without managed policies. Its inline policies hold what the platform needs; whatever `access`
 * names is separate, in the role's default policy.
 */
export function executionRole(
  scope: Construct,
  id: string,
  { logGroup, tracing, network }: ExecutionRoleProps,
): iam.Role {
  const traced = tracing !== lambda.Tracing.DISABLED;
  const role = new iam.Role(scope, id, {
    // Gets a name only if a resource policy in another account refers to it.
    roleName: PhysicalName.GENERATE_IF_NEEDED,
    assumedBy: new iam.ServicePrincipal('lambda.amazonaws.com'),
    inlinePolicies: {
      Logs: document({ actions: ['logs:CreateLogStream', 'logs:PutLogEvents'], resources: [logGroup.logGroupArn] }),
      ...(traced ? { Tracing: tracingPolicy() } : {}),
      ...(network ? { Network: networkPolicy() } : {}),
    },
  });
  if (!traced && !network) return role;
  const actions = [traced ? 'X-Ray' : '', network ? 'network interface' : ''].filter(Boolean).join(' and ');
  const reason = `The ${actions} actions that Lambda takes in the function's name have no resource-level permission`;
  // On the role itself, not on its default policy: a wildcard that a team adds there is still reported.
  acknowledge(role.node.defaultChild!, {
    'AwsSolutions::AwsSolutions-IAM5[Resource::*]': reason,
    'Serverless::Serverless-LambdaStarPermissions': reason,
  });
  return role;
}

/** X-Ray's actions have no resource-level permission. */
function tracingPolicy(): iam.PolicyDocument {
  return document({ actions: ['xray:PutTraceSegments', 'xray:PutTelemetryRecords'], resources: ['*'] });
}

/**
 * Lambda creates the interfaces before the function runs; the function's own code is denied these actions.
 * @see https://docs.aws.amazon.com/lambda/latest/dg/configuration-vpc.html#configuration-vpc-best-practice
 */
function networkPolicy(): iam.PolicyDocument {
  const interfaces = { actions: NETWORK_INTERFACES, resources: ['*'] };
  return document(interfaces, {
    ...interfaces,
    effect: iam.Effect.DENY,
    conditions: { Null: { 'lambda:SourceFunctionArn': 'false' } },
  });
}

function document(...statements: iam.PolicyStatementProps[]): iam.PolicyDocument {
  return new iam.PolicyDocument({ statements: statements.map((statement) => new iam.PolicyStatement(statement)) });
}
