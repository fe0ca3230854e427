import { Aws, Duration, RemovalPolicy, type Stack } from 'aws-cdk-lib';
import { Alarm, ComparisonOperator, type IMetric, Metric, TreatMissingData } from 'aws-cdk-lib/aws-cloudwatch';
import { AttributeType, Operation, StreamViewType, TableV2, type TablePropsV2 } from 'aws-cdk-lib/aws-dynamodb';
import { Policy, PolicyDocument, PolicyStatement, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { EventSourceMapping, type Function, MetricType, StartingPosition } from 'aws-cdk-lib/aws-lambda';
import { FilterPattern, LogGroup, MetricFilter, RetentionDays } from 'aws-cdk-lib/aws-logs';
import { BlockPublicAccess, Bucket, BucketEncryption, type BucketProps, type CfnBucket } from 'aws-cdk-lib/aws-s3';
import { DefinitionBody, LogLevel, StateMachine, StateMachineType } from 'aws-cdk-lib/aws-stepfunctions';
import { EventStore } from 'lintel/aws';
import { replayDefinition } from '../lib/aws/event-store/replay/definition';
import { allow, code, deadLettersAlarm, deadLettersByHand, functionAlarms, functionByHand, lagAlarm } from './by-hand';
import type { Result } from './measure';
import { againstTypes } from './synthesis';

const period = Duration.minutes(5);

const OPERATIONS = [
  Operation.GET_ITEM,
  Operation.BATCH_GET_ITEM,
  Operation.QUERY,
  Operation.SCAN,
  Operation.PUT_ITEM,
  Operation.UPDATE_ITEM,
  Operation.DELETE_ITEM,
  Operation.BATCH_WRITE_ITEM,
  Operation.TRANSACT_GET_ITEMS,
  Operation.TRANSACT_WRITE_ITEMS,
];

function byHand(stack: Stack): void {
  const events = table(stack, 'Events', {
    sortKey: { name: 'version', type: AttributeType.NUMBER },
    dynamoStream: StreamViewType.NEW_AND_OLD_IMAGES,
  });
  table(stack, 'Commands', { timeToLiveAttribute: 'expires' });
  const model = table(stack, 'ReadModel');
  const checkpoints = table(stack, 'Checkpoints', {
    partitionKey: { name: 'aggregate', type: AttributeType.STRING },
    sortKey: { name: 'projection', type: AttributeType.STRING },
  });
  const operations = OPERATIONS;
  alarm(stack, 'TableThrottles', events.metricThrottledRequestsForOperations({ operations, period }));
  alarm(stack, 'SystemErrors', events.metricSystemErrorsForOperations({ operations, period }));
  const failures = bucket(stack);
  const parked = deadLettersByHand(stack);

  const lister = functionByHand(stack, 'Lister');
  allow(lister, ['dynamodb:Scan'], events.tableArn);
  const fn = functionByHand(stack, 'Handler');
  allow(fn, ['dynamodb:Query'], events.tableArn);
  allow(fn, ['dynamodb:GetItem', 'dynamodb:PutItem'], checkpoints.tableArn);
  const changes = ['GetItem', 'PutItem', 'UpdateItem', 'DeleteItem'].map((action) => `dynamodb:${action}`);
  allow(fn, changes, model.tableArn);
  allow(fn, ['sqs:SendMessage'], parked.queueArn);
  allow(fn, ['dynamodb:DescribeStream', 'dynamodb:GetRecords', 'dynamodb:GetShardIterator'], events.tableStreamArn!);
  allow(fn, ['dynamodb:ListStreams'], `${events.tableArn}/stream/*`);
  allow(fn, ['s3:ListBucket'], failures.bucketArn);
  allow(fn, ['s3:PutObject'], failures.arnForObjects('aws/lambda/*'));
  const mapping = new EventSourceMapping(stack, 'Mapping', {
    target: fn,
    eventSourceArn: events.tableStreamArn,
    startingPosition: StartingPosition.TRIM_HORIZON,
    batchSize: 100,
    retryAttempts: 19,
    maxRecordAge: Duration.hours(23),
    bisectBatchOnError: true,
    reportBatchItemFailures: true,
    onFailure: { bind: () => ({ destination: failures.bucketArn }) },
    supportS3OnFailureDestination: true,
    metricsConfig: { metrics: [MetricType.EVENT_COUNT] },
  });
  const machine = replay(stack, [fn, lister], [events, checkpoints]);
  functionAlarms(stack, fn);
  lagAlarm(stack, fn);
  deadLettersAlarm(stack, parked);
  alarm(stack, 'Expiring', fn.metric('IteratorAge', { period, statistic: 'Maximum' }), 43_200_000);
  alarm(
    stack,
    'Discarded',
    new Metric({
      namespace: 'AWS/Lambda',
      metricName: 'OnFailureDestinationDeliveredEventCount',
      dimensionsMap: { EventSourceMappingUUID: mapping.eventSourceMappingId },
      period,
      statistic: 'Sum',
    }),
  );
  alarm(stack, 'Failed', machine.metricFailed({ period, statistic: 'Sum' }));
  const filter = new MetricFilter(stack, 'Tampering', {
    logGroup: fn.logGroup,
    filterPattern: FilterPattern.booleanValue('$.message.tampering', true),
    metricNamespace: 'EventStore',
    metricName: 'Tampering',
  });
  alarm(stack, 'Tampered', filter.metric({ period, statistic: 'Sum' }));
}

function table(stack: Stack, id: string, props: Partial<TablePropsV2> = {}): TableV2 {
  return new TableV2(stack, id, {
    partitionKey: { name: 'id', type: AttributeType.STRING },
    pointInTimeRecoverySpecification: { pointInTimeRecoveryEnabled: true },
    deletionProtection: true,
    removalPolicy: RemovalPolicy.RETAIN,
    ...props,
  });
}

function bucket(stack: Stack): Bucket {
  const safe = {
    blockPublicAccess: BlockPublicAccess.BLOCK_ALL,
    encryption: BucketEncryption.S3_MANAGED,
    enforceSSL: true,
    removalPolicy: RemovalPolicy.RETAIN,
  } satisfies BucketProps;
  const abortIncompleteMultipartUploadAfter = Duration.days(7);
  const logs = new Bucket(stack, 'AccessLogs', {
    ...safe,
    lifecycleRules: [{ expiration: Duration.days(90), abortIncompleteMultipartUploadAfter }],
  });
  const made = new Bucket(stack, 'Failures', {
    ...safe,
    versioned: true,
    lifecycleRules: [{ noncurrentVersionExpiration: Duration.days(30), abortIncompleteMultipartUploadAfter }],
  });
  (made.node.defaultChild as CfnBucket).loggingConfiguration = { destinationBucketName: logs.bucketName };
  logs.addToResourcePolicy(
    new PolicyStatement({
      principals: [new ServicePrincipal('logging.s3.amazonaws.com')],
      actions: ['s3:PutObject'],
      resources: [logs.arnForObjects('*')],
    }),
  );
  return made;
}

function replay(stack: Stack, functions: readonly Function[], [events, checkpoints]: readonly TableV2[]): StateMachine {
  const statement = (actions: string[], ...resources: string[]) => new PolicyStatement({ actions, resources });
  const document = (...statements: PolicyStatement[]) => new PolicyDocument({ statements });
  const logs = new LogGroup(stack, 'ReplayLogs', {
    retention: RetentionDays.ONE_MONTH,
    removalPolicy: RemovalPolicy.DESTROY,
  });
  const role = new Role(stack, 'ReplayRole', {
    assumedBy: new ServicePrincipal('states.amazonaws.com'),
    inlinePolicies: {
      Functions: document(statement(['lambda:InvokeFunction'], ...functions.map((fn) => fn.functionArn))),
      Tables: document(
        statement(['dynamodb:DescribeTable'], events!.tableArn),
        statement(['dynamodb:PutItem'], checkpoints!.tableArn),
      ),
      Logs: document(statement(['logs:CreateLogDelivery', 'logs:PutResourcePolicy'], '*')),
      Tracing: document(statement(['xray:PutTraceSegments'], '*')),
    },
  });
  // The very definition: what a machine does is no matter of who writes it down.
  const definition = replayDefinition({
    partition: Aws.PARTITION,
    projection: 'ByCustomer',
    handler: functions[0]!.functionArn,
    handlerTimeout: 60,
    lister: functions[1]!.functionArn,
    events: events!.tableName,
    checkpoints: checkpoints!.tableName,
    concurrency: 10,
  });
  const machine = new StateMachine(stack, 'Replay', {
    definitionBody: DefinitionBody.fromString(stack.toJsonString(definition)),
    stateMachineType: StateMachineType.STANDARD,
    role: role.withoutPolicyUpdates(),
    logs: { destination: logs, level: LogLevel.ALL, includeExecutionData: false },
    tracingEnabled: true,
  });
  const executions = `arn:${Aws.PARTITION}:states:${Aws.REGION}:${Aws.ACCOUNT_ID}:execution:${machine.stateMachineName}`;
  new Policy(stack, 'Parts', {
    roles: [role],
    document: document(
      statement(['states:StartExecution'], machine.stateMachineArn),
      statement(['states:DescribeExecution', 'states:StopExecution'], `${executions}:*`),
      statement(['states:RedriveExecution'], `${executions}/Replay:*`),
    ),
  });
  return machine;
}

function alarm(stack: Stack, id: string, metric: IMetric, threshold = 0): void {
  new Alarm(stack, id, {
    metric,
    threshold,
    evaluationPeriods: 1,
    comparisonOperator: ComparisonOperator.GREATER_THAN_THRESHOLD,
    treatMissingData: TreatMissingData.NOT_BREACHING,
    alarmDescription: `${id}: see the page of event sourcing`,
  });
}

/** A store with a projection against the same resources by hand. */
export function run(): Result[] {
  const ours = (stack: Stack) => new EventStore(stack, 'Orders').project('ByCustomer', { handler: { code } });
  return againstTypes('EventStore with a projection', ours, byHand, 1.1);
}
