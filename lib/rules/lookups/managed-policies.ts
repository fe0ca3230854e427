import { isUnknown, toText } from '../../core/model/select';
import { Text, type Value } from '../../core/model/values';

const LOGS = ['logs:CreateLogGroup', 'logs:CreateLogStream', 'logs:PutLogEvents'];

/** What the AWS-managed policies that serverless stacks attach allow, on all resources. Read in the policy reference, 2026-11-21. */
const BODIES: Readonly<Record<string, readonly string[]>> = {
  'service-role/AWSLambdaBasicExecutionRole': LOGS,
  'service-role/AWSLambdaVPCAccessExecutionRole': [...LOGS, 'ec2:*NetworkInterface*', 'ec2:DescribeSubnets'],
  'service-role/AWSLambdaSQSQueueExecutionRole': [
    ...LOGS,
    'sqs:ReceiveMessage',
    'sqs:DeleteMessage',
    'sqs:GetQueueAttributes',
  ],
  'service-role/AWSLambdaDynamoDBExecutionRole': [
    ...LOGS,
    'dynamodb:DescribeStream',
    'dynamodb:GetRecords',
    'dynamodb:GetShardIterator',
    'dynamodb:ListStreams',
  ],
  'service-role/AWSLambdaKinesisExecutionRole': [
    ...LOGS,
    'kinesis:DescribeStream',
    'kinesis:DescribeStreamSummary',
    'kinesis:GetRecords',
    'kinesis:GetShardIterator',
    'kinesis:ListShards',
    'kinesis:ListStreams',
    'kinesis:SubscribeToShard',
  ],
  'service-role/AWSLambdaRole': ['lambda:InvokeFunction'],
  'service-role/AmazonAPIGatewayPushToCloudWatchLogs': ['logs:*'],
  AWSXRayDaemonWriteAccess: ['xray:*'],
  AWSXrayWriteOnlyAccess: ['xray:*'],
  CloudWatchLambdaInsightsExecutionRolePolicy: LOGS,
};

/**
 * The name of an AWS-managed policy (`service-role/AWSLambdaBasicExecutionRole`, `AdministratorAccess`); undefined for
 * anything else.
 */
export function managedPolicyName(policy: Value): string | undefined {
  const parts = policy instanceof Text ? policy.parts : [policy];
  if (parts.some((part) => toText(part) === undefined && !(isUnknown(part) && part.name === 'AWS::Partition'))) {
    return undefined;
  }
  return /:iam::aws:policy\/(.+)$/.exec(parts.map((part) => toText(part) ?? 'aws').join(''))?.[1];
}

/** What an AWS-managed policy allows on all resources, as patterns; undefined where its body is not known here. */
export function managedActions(policy: Value): readonly string[] | undefined {
  const name = managedPolicyName(policy);
  if (name === undefined) return undefined;
  if (name === 'AdministratorAccess') return ['*'];
  return BODIES[name];
}
