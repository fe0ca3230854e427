import type { PolicyDocument, Statement } from './policy';

/** A snapshot of an AWS managed policy. */
export interface ManagedPolicy {
  readonly document: PolicyDocument;
  /** The day on which AWS last edited it, as YYYY-MM-DD. */
  readonly edited: string;
  /** The day on which it was read here, as YYYY-MM-DD. */
  readonly read: string;
}

const READ = '2026-11-21';
const LOGS = ['logs:CreateLogGroup', 'logs:CreateLogStream', 'logs:PutLogEvents'];
const XRAY = [
  'xray:PutTraceSegments',
  'xray:PutTelemetryRecords',
  'xray:GetSamplingRules',
  'xray:GetSamplingTargets',
  'xray:GetSamplingStatisticSummaries',
];

/**
 * The AWS-managed policies that serverless stacks attach, by the part of their ARN after `policy/`. A policy missing
 * here is unknown, which is not the same as granting nothing.
 * @see https://docs.aws.amazon.com/aws-managed-policy/latest/reference/policy-list.html
 */
const POLICIES: Readonly<Record<string, ManagedPolicy>> = {
  AdministratorAccess: policy('2015-02-06', allow(['*'])),
  AmazonDynamoDBFullAccess: policy(
    '2021-01-29',
    allow([
      'dynamodb:*',
      'dax:*',
      'application-autoscaling:DeleteScalingPolicy',
      'application-autoscaling:DeregisterScalableTarget',
      'application-autoscaling:DescribeScalableTargets',
      'application-autoscaling:DescribeScalingActivities',
      'application-autoscaling:DescribeScalingPolicies',
      'application-autoscaling:PutScalingPolicy',
      'application-autoscaling:RegisterScalableTarget',
      'cloudwatch:DeleteAlarms',
      'cloudwatch:DescribeAlarmHistory',
      'cloudwatch:DescribeAlarms',
      'cloudwatch:DescribeAlarmsForMetric',
      'cloudwatch:GetMetricStatistics',
      'cloudwatch:ListMetrics',
      'cloudwatch:PutMetricAlarm',
      'cloudwatch:GetMetricData',
      'datapipeline:ActivatePipeline',
      'datapipeline:CreatePipeline',
      'datapipeline:DeletePipeline',
      'datapipeline:DescribeObjects',
      'datapipeline:DescribePipelines',
      'datapipeline:GetPipelineDefinition',
      'datapipeline:ListPipelines',
      'datapipeline:PutPipelineDefinition',
      'datapipeline:QueryObjects',
      'ec2:DescribeVpcs',
      'ec2:DescribeSubnets',
      'ec2:DescribeSecurityGroups',
      'iam:GetRole',
      'iam:ListRoles',
      'kms:DescribeKey',
      'kms:ListAliases',
      'sns:CreateTopic',
      'sns:DeleteTopic',
      'sns:ListSubscriptions',
      'sns:ListSubscriptionsByTopic',
      'sns:ListTopics',
      'sns:Subscribe',
      'sns:Unsubscribe',
      'sns:SetTopicAttributes',
      'lambda:CreateFunction',
      'lambda:ListFunctions',
      'lambda:ListEventSourceMappings',
      'lambda:CreateEventSourceMapping',
      'lambda:DeleteEventSourceMapping',
      'lambda:GetFunctionConfiguration',
      'lambda:DeleteFunction',
      'resource-groups:ListGroups',
      'resource-groups:ListGroupResources',
      'resource-groups:GetGroup',
      'resource-groups:GetGroupQuery',
      'resource-groups:DeleteGroup',
      'resource-groups:CreateGroup',
      'tag:GetResources',
      'kinesis:ListStreams',
      'kinesis:DescribeStream',
      'kinesis:DescribeStreamSummary',
    ]),
    allow(['cloudwatch:GetInsightRuleReport'], 'arn:aws:cloudwatch:*:*:insight-rule/DynamoDBContributorInsights*'),
    passRole('application-autoscaling.amazonaws.com', 'application-autoscaling.amazonaws.com.cn', 'dax.amazonaws.com'),
    {
      ...allow(['iam:CreateServiceLinkedRole']),
      Condition: {
        StringEquals: {
          'iam:AWSServiceName': [
            'replication.dynamodb.amazonaws.com',
            'dax.amazonaws.com',
            'dynamodb.application-autoscaling.amazonaws.com',
            'contributorinsights.dynamodb.amazonaws.com',
            'kinesisreplication.dynamodb.amazonaws.com',
          ],
        },
      },
    },
  ),
  AmazonS3FullAccess: policy('2021-09-27', allow(['s3:*', 's3-object-lambda:*'])),
  AmazonS3ReadOnlyAccess: policy(
    '2023-08-10',
    allow(['s3:Get*', 's3:List*', 's3:Describe*', 's3-object-lambda:Get*', 's3-object-lambda:List*']),
  ),
  AmazonSNSFullAccess: policy('2024-09-24', allow(['sns:*']), {
    ...allow([
      'sms-voice:DescribeVerifiedDestinationNumbers',
      'sms-voice:CreateVerifiedDestinationNumber',
      'sms-voice:SendDestinationNumberVerificationCode',
      'sms-voice:SendTextMessage',
      'sms-voice:DeleteVerifiedDestinationNumber',
      'sms-voice:VerifyDestinationNumber',
      'sms-voice:DescribeAccountAttributes',
      'sms-voice:DescribeSpendLimits',
      'sms-voice:DescribePhoneNumbers',
      'sms-voice:SetTextMessageSpendLimitOverride',
      'sms-voice:DescribeOptedOutNumbers',
      'sms-voice:DeleteOptedOutNumber',
    ]),
    Condition: { StringEquals: { 'aws:CalledViaLast': 'sns.amazonaws.com' } },
  }),
  AmazonSQSFullAccess: policy('2015-02-06', allow(['sqs:*'])),
  AWSXRayDaemonWriteAccess: policy('2024-02-13', allow(XRAY)),
  AWSXrayWriteOnlyAccess: policy('2018-08-28', allow(XRAY)),
  CloudWatchLambdaInsightsExecutionRolePolicy: policy(
    '2020-10-07',
    allow(['logs:CreateLogGroup']),
    allow(['logs:CreateLogStream', 'logs:PutLogEvents'], 'arn:aws:logs:*:*:log-group:/aws/lambda-insights:*'),
  ),
  CloudWatchLogsFullAccess: policy(
    '2026-02-12',
    allow([
      'logs:*',
      'cloudwatch:GenerateQuery',
      'cloudwatch:GenerateQueryResultsSummary',
      'observabilityadmin:GetS3TableIntegration',
      'observabilityadmin:ListS3TableIntegrations',
      'observabilityadmin:ListTelemetryPipelines',
    ]),
  ),
  PowerUserAccess: policy(
    '2023-07-06',
    { Effect: 'Allow', NotAction: ['iam:*', 'organizations:*', 'account:*'], Resource: '*' },
    allow([
      'iam:CreateServiceLinkedRole',
      'iam:DeleteServiceLinkedRole',
      'iam:ListRoles',
      'organizations:DescribeOrganization',
      'account:ListRegions',
      'account:GetAccountInformation',
    ]),
  ),
  'service-role/AmazonAPIGatewayPushToCloudWatchLogs': policy(
    '2015-11-11',
    allow([...LOGS, 'logs:DescribeLogGroups', 'logs:DescribeLogStreams', 'logs:GetLogEvents', 'logs:FilterLogEvents']),
  ),
  'service-role/AWSLambdaBasicDurableExecutionRolePolicy': policy(
    '2026-02-12',
    allow([...LOGS, 'lambda:CheckpointDurableExecution', 'lambda:GetDurableExecutionState']),
  ),
  'service-role/AWSLambdaBasicExecutionRole': policy('2015-04-09', allow(LOGS)),
  'service-role/AWSLambdaDynamoDBExecutionRole': policy(
    '2015-04-09',
    allow([
      'dynamodb:DescribeStream',
      'dynamodb:GetRecords',
      'dynamodb:GetShardIterator',
      'dynamodb:ListStreams',
      ...LOGS,
    ]),
  ),
  'service-role/AWSLambdaENIManagementAccess': policy(
    '2020-10-01',
    allow([
      'ec2:CreateNetworkInterface',
      'ec2:DescribeNetworkInterfaces',
      'ec2:DeleteNetworkInterface',
      'ec2:AssignPrivateIpAddresses',
      'ec2:UnassignPrivateIpAddresses',
    ]),
  ),
  'service-role/AWSLambdaKinesisExecutionRole': policy(
    '2018-11-19',
    allow([
      'kinesis:DescribeStream',
      'kinesis:DescribeStreamSummary',
      'kinesis:GetRecords',
      'kinesis:GetShardIterator',
      'kinesis:ListShards',
      'kinesis:ListStreams',
      'kinesis:SubscribeToShard',
      ...LOGS,
    ]),
  ),
  'service-role/AWSLambdaMSKExecutionRole': policy(
    '2022-08-02',
    allow([
      'kafka:DescribeCluster',
      'kafka:DescribeClusterV2',
      'kafka:GetBootstrapBrokers',
      'ec2:CreateNetworkInterface',
      'ec2:DescribeNetworkInterfaces',
      'ec2:DescribeVpcs',
      'ec2:DeleteNetworkInterface',
      'ec2:DescribeSubnets',
      'ec2:DescribeSecurityGroups',
      ...LOGS,
    ]),
  ),
  'service-role/AWSLambdaRole': policy('2015-02-06', allow(['lambda:InvokeFunction'])),
  'service-role/AWSLambdaSQSQueueExecutionRole': policy(
    '2018-06-14',
    allow(['sqs:ReceiveMessage', 'sqs:DeleteMessage', 'sqs:GetQueueAttributes', ...LOGS]),
  ),
  'service-role/AWSLambdaVPCAccessExecutionRole': policy(
    '2024-01-05',
    allow([
      ...LOGS,
      'ec2:CreateNetworkInterface',
      'ec2:DescribeNetworkInterfaces',
      'ec2:DescribeSubnets',
      'ec2:DeleteNetworkInterface',
      'ec2:AssignPrivateIpAddresses',
      'ec2:UnassignPrivateIpAddresses',
    ]),
  ),
};

/** The part of an AWS-managed policy's ARN after `policy/`; undefined for the ARN of anything else. */
export function managedPolicyName(arn: string): string | undefined {
  return /^arn:[^:]+:iam::aws:policy\/(.+)$/.exec(arn)?.[1];
}

/** An AWS managed policy, by the part of its ARN after `policy/`; undefined if unknown here. */
export function managedPolicy(name: string): ManagedPolicy | undefined {
  return Object.hasOwn(POLICIES, name) ? POLICIES[name] : undefined;
}

/** The names of the known policies. */
export function managedPolicyNames(): readonly string[] {
  return Object.keys(POLICIES);
}

function policy(edited: string, ...statements: readonly Statement[]): ManagedPolicy {
  return { document: { Version: '2012-10-17', Statement: statements }, edited, read: READ };
}

function allow(actions: readonly string[], resource = '*'): Statement {
  return { Effect: 'Allow', Action: actions, Resource: resource };
}

function passRole(...services: readonly string[]): Statement {
  return { ...allow(['iam:PassRole']), Condition: { StringLike: { 'iam:PassedToService': services } } };
}
