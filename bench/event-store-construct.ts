import { Aws, Duration, RemovalPolicy, Stack } from 'aws-cdk-lib';
import { Alarm, ComparisonOperator, type IMetric, Metric, TreatMissingData } from 'aws-cdk-lib/aws-cloudwatch';
import { AttributeType, Operation, StreamViewType, TableV2, type TablePropsV2 } from 'aws-cdk-lib/aws-dynamodb';
import { Policy, PolicyDocument, PolicyStatement, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { EventSourceMapping, type Function, MetricType, StartingPosition } from 'aws-cdk-lib/aws-lambda';
import { FilterPattern, LogGroup, MetricFilter, RetentionDays } from 'aws-cdk-lib/aws-logs';
import { BlockPublicAccess, Bucket, BucketEncryption, type BucketProps, type CfnBucket } from 'aws-cdk-lib/aws-s3';
import { DefinitionBody, LogLevel, StateMachine, StateMachineType } from 'aws-cdk-lib/aws-stepfunctions';
import { Construct } from 'constructs';
import { EventStore } from 'lintel/aws';
import { replayDefinition } from '../lib/aws/event-store/replay/definition';
import { LOG_DELIVERY, TRACING } from '../lib/aws/logged-machine';
import { allow, code, deadLettersAlarm, deadLettersByHand, functionAlarms, functionByHand, lagAlarm } from './by-hand';
import type { Result } from './measure';
import { againstByHand } from './synthesis';

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

function byHand(scope: Construct): void {
  const events = table(scope, 'Events', {
    sortKey: { name: 'version', type: AttributeType.NUMBER },
    dynamoStream: StreamViewType.NEW_AND_OLD_IMAGES,
  });
  table(scope, 'Commands', { timeToLiveAttribute: 'expires' });
  const operations = OPERATIONS;
  alarm(scope, 'TableThrottles', events.metricThrottledRequestsForOperations({ operations, period }));
  alarm(scope, 'SystemErrors', events.metricSystemErrorsForOperations({ operations, period }));
  const failures = bucket(scope);
  const lister = functionByHand(scope, 'Lister', {
    timeout: Duration.minutes(1),
    environment: { NODE_OPTIONS: '--enable-source-maps', EVENTS: events.tableName },
  });
  allow(lister, ['dynamodb:Scan'], events.tableArn);
  projectionByHand(new Construct(scope, 'ByCustomer'), events, lister, failures);
}

/** In a construct of its own, as there may be several. */
function projectionByHand(scope: Construct, events: TableV2, lister: Function, failures: Bucket): void {
  const model = table(scope, 'ReadModel');
  const checkpoints = table(scope, 'Checkpoints', {
    partitionKey: { name: 'aggregate', type: AttributeType.STRING },
    sortKey: { name: 'projection', type: AttributeType.STRING },
  });
  const parked = deadLettersByHand(scope);
  const fn = functionByHand(scope, 'Handler', {
    timeout: Duration.minutes(1),
    environment: {
      PROJECTION: 'ByCustomer',
      EVENTS: events.tableName,
      CHECKPOINTS: checkpoints.tableName,
      MODEL: model.tableName,
      PARKED: parked.queueUrl,
    },
  });
  allow(fn, ['dynamodb:Query'], events.tableArn);
  allow(fn, ['dynamodb:GetItem', 'dynamodb:PutItem'], checkpoints.tableArn);
  const changes = ['GetItem', 'PutItem', 'UpdateItem', 'DeleteItem'].map((action) => `dynamodb:${action}`);
  allow(fn, changes, model.tableArn);
  allow(fn, ['sqs:SendMessage'], parked.queueArn);
  allow(fn, ['dynamodb:DescribeStream', 'dynamodb:GetRecords', 'dynamodb:GetShardIterator'], events.tableStreamArn!);
  allow(fn, ['dynamodb:ListStreams'], `${events.tableArn}/stream/*`);
  allow(fn, ['s3:ListBucket'], failures.bucketArn);
  allow(fn, ['s3:PutObject'], failures.arnForObjects('aws/lambda/*'));
  const mapping = new EventSourceMapping(scope, 'Mapping', {
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
  const machine = replay(scope, [fn, lister], [events, checkpoints]);
  functionAlarms(scope, fn, 48_000);
  lagAlarm(scope, fn);
  deadLettersAlarm(scope, parked);
  alarm(scope, 'Expiring', fn.metric('IteratorAge', { period, statistic: 'Maximum' }), 43_200_000);
  alarm(
    scope,
    'Discarded',
    new Metric({
      namespace: 'AWS/Lambda',
      metricName: 'OnFailureDestinationDeliveredEventCount',
      dimensionsMap: { EventSourceMappingUUID: mapping.eventSourceMappingId },
      period,
      statistic: 'Sum',
    }),
  );
  alarm(scope, 'Failed', machine.metricFailed({ period, statistic: 'Sum' }));
  const filter = new MetricFilter(scope, 'Tampering', {
    logGroup: fn.logGroup,
    filterPattern: FilterPattern.booleanValue('$.message.tampering', true),
    metricNamespace: 'EventStore',
    metricName: `${Stack.of(scope).stackName}/Orders/ByCustomer/Tampering`,
  });
  alarm(scope, 'Tampered', filter.metric({ period, statistic: 'Sum' }));
}

function table(scope: Construct, id: string, props: Partial<TablePropsV2> = {}): TableV2 {
  return new TableV2(scope, id, {
    partitionKey: { name: 'id', type: AttributeType.STRING },
    pointInTimeRecoverySpecification: { pointInTimeRecoveryEnabled: true },
    deletionProtection: true,
    removalPolicy: RemovalPolicy.RETAIN,
    ...props,
  });
}

function bucket(scope: Construct): Bucket {
  const safe = {
    blockPublicAccess: BlockPublicAccess.BLOCK_ALL,
    encryption: BucketEncryption.S3_MANAGED,
    enforceSSL: true,
    removalPolicy: RemovalPolicy.RETAIN,
  } satisfies BucketProps;
  const abortIncompleteMultipartUploadAfter = Duration.days(7);
  const logs = new Bucket(scope, 'AccessLogs', {
    ...safe,
    lifecycleRules: [{ expiration: Duration.days(90), abortIncompleteMultipartUploadAfter }],
  });
  const made = new Bucket(scope, 'Failures', {
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
      conditions: {
        ArnLike: { 'aws:SourceArn': made.bucketArn },
        StringEquals: { 'aws:SourceAccount': Stack.of(scope).account },
      },
    }),
  );
  return made;
}

function replay(
  scope: Construct,
  functions: readonly Function[],
  [events, checkpoints]: readonly TableV2[],
): StateMachine {
  const statement = (actions: string[], ...resources: string[]) => new PolicyStatement({ actions, resources });
  const document = (...statements: PolicyStatement[]) => new PolicyDocument({ statements });
  const logs = new LogGroup(scope, 'ReplayLogs', {
    logGroupName: `/aws/vendedlogs/states/${Stack.of(scope).stackName}-replay`,
    retention: RetentionDays.ONE_MONTH,
    removalPolicy: RemovalPolicy.DESTROY,
  });
  const role = new Role(scope, 'ReplayRole', {
    assumedBy: new ServicePrincipal('states.amazonaws.com', {
      conditions: { StringEquals: { 'aws:SourceAccount': Aws.ACCOUNT_ID } },
    }),
    inlinePolicies: {
      Functions: document(statement(['lambda:InvokeFunction'], ...functions.map((fn) => fn.functionArn))),
      Tables: document(
        statement(['dynamodb:DescribeTable'], events!.tableArn),
        statement(['dynamodb:PutItem'], checkpoints!.tableArn),
      ),
      Logs: document(statement(LOG_DELIVERY, '*')),
      Tracing: document(statement(TRACING, '*')),
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
  const machine = new StateMachine(scope, 'Replay', {
    definitionBody: DefinitionBody.fromString(Stack.of(scope).toJsonString(definition)),
    stateMachineType: StateMachineType.STANDARD,
    role: role.withoutPolicyUpdates(),
    logs: { destination: logs, level: LogLevel.ALL, includeExecutionData: false },
    tracingEnabled: true,
  });
  const executions = `arn:${Aws.PARTITION}:states:${Aws.REGION}:${Aws.ACCOUNT_ID}:execution:${machine.stateMachineName}`;
  new Policy(scope, 'Parts', {
    roles: [role],
    document: document(
      statement(['states:StartExecution'], machine.stateMachineArn),
      statement(['states:DescribeExecution', 'states:StopExecution'], `${executions}:*`),
      statement(['states:RedriveExecution'], `${executions}/Replay:*`),
    ),
  });
  return machine;
}

function alarm(scope: Construct, id: string, metric: IMetric, threshold = 0): void {
  new Alarm(scope, id, {
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
  return againstByHand('EventStore with a projection', ours, byHand);
}
