import { Duration, RemovalPolicy, Stack } from 'aws-cdk-lib';
import type { HttpStage } from 'aws-cdk-lib/aws-apigatewayv2';
import { Alarm, ComparisonOperator, type IMetric, MathExpression, TreatMissingData } from 'aws-cdk-lib/aws-cloudwatch';
import { PolicyDocument, PolicyStatement, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import {
  Architecture,
  type CfnFunction,
  Code,
  EventSourceMapping,
  Function,
  type FunctionProps,
  LoggingFormat,
  Runtime,
} from 'aws-cdk-lib/aws-lambda';
import { LogGroup, RetentionDays } from 'aws-cdk-lib/aws-logs';
import { type CfnQueue, Queue, type QueueProps, QueueEncryption, RedrivePermission } from 'aws-cdk-lib/aws-sqs';
import type { Construct } from 'constructs';

/** A handler that needs no bundling. */
export const code = Code.fromInline('exports.handler = async () => ({ statusCode: 200 });');

/** What a line of an access log holds. */
export const ACCESS_LOG = {
  requestId: '$context.requestId',
  requestTime: '$context.requestTime',
  ip: '$context.identity.sourceIp',
  userAgent: '$context.identity.userAgent',
  method: '$context.httpMethod',
  route: '$context.routeKey',
  path: '$context.path',
  protocol: '$context.protocol',
  status: '$context.status',
  responseLength: '$context.responseLength',
  latency: '$context.responseLatency',
  integrationLatency: '$context.integration.latency',
  integrationError: '$context.integration.error',
  authorizerError: '$context.authorizer.error',
  error: '$context.error.message',
};

/** A function with its own role and log group. */
export function functionByHand(scope: Construct, id: string, props: Partial<FunctionProps> = {}): Function {
  const logGroup = new LogGroup(scope, `${id}Logs`, {
    retention: RetentionDays.ONE_MONTH,
    removalPolicy: RemovalPolicy.DESTROY,
  });
  const allow = (actions: string[], resource: string) =>
    new PolicyDocument({ statements: [new PolicyStatement({ actions, resources: [resource] })] });
  const role = new Role(scope, `${id}Role`, {
    assumedBy: new ServicePrincipal('lambda.amazonaws.com'),
    inlinePolicies: {
      Logs: allow(['logs:CreateLogStream', 'logs:PutLogEvents'], logGroup.logGroupArn),
      Tracing: allow(['xray:PutTraceSegments', 'xray:PutTelemetryRecords'], '*'),
    },
  });
  const fn = new Function(scope, id, {
    code,
    role,
    logGroup,
    handler: 'index.handler',
    runtime: Runtime.NODEJS_24_X,
    architecture: Architecture.ARM_64,
    loggingFormat: LoggingFormat.JSON,
    timeout: Duration.seconds(10),
    memorySize: 512,
    ...props,
  });
  // With the L2's prop, the permission would be there twice.
  (fn.node.defaultChild as CfnFunction).tracingConfig = { mode: 'Active' };
  return fn;
}

/** A statement for a function's role. */
export function allow(fn: Function, actions: string[], resource: string, sid?: string): void {
  fn.addToRolePolicy(new PolicyStatement({ sid, actions, resources: [resource] }));
}

/** A queue, encrypted and TLS only. */
export function queueByHand(scope: Construct, id: string, props: QueueProps): Queue {
  return new Queue(scope, id, { encryption: QueueEncryption.SQS_MANAGED, enforceSSL: true, ...props });
}

/** A queue for what failed, which keeps it as long as a queue can. */
export function deadLettersByHand(scope: Construct): Queue {
  return queueByHand(scope, 'DeadLetters', { retentionPeriod: Duration.days(14) });
}

/** What a worker by hand is made of. */
export interface WorkerByHand {
  readonly fn: Function;
  readonly queue: Queue;
  readonly deadLetters: Queue;
}

/** A queue with its dead-letter queue, a function that works on it, and their alarms. */
export function workerByHand(scope: Construct, props: QueueProps = {}): WorkerByHand {
  const fn = functionByHand(scope, 'Worker');
  const queueName = `${Stack.of(scope).stackName}-jobs`;
  const deadLetters = deadLettersByHand(scope);
  (deadLetters.node.defaultChild as CfnQueue).redriveAllowPolicy = {
    redrivePermission: RedrivePermission.BY_QUEUE,
    sourceQueueArns: [Stack.of(scope).formatArn({ service: 'sqs', resource: queueName })],
  };
  const queue = queueByHand(scope, 'Jobs', {
    queueName,
    visibilityTimeout: Duration.seconds(60),
    deadLetterQueue: { queue: deadLetters, maxReceiveCount: 5 },
    ...props,
  });
  allow(fn, ['sqs:ReceiveMessage', 'sqs:DeleteMessage', 'sqs:GetQueueAttributes'], queue.queueArn);
  new EventSourceMapping(scope, 'Mapping', {
    target: fn,
    eventSourceArn: queue.queueArn,
    batchSize: 10,
    reportBatchItemFailures: true,
    maxConcurrency: 10,
  });
  functionAlarms(scope, fn);
  deadLettersAlarm(scope, deadLetters);
  return { fn, queue, deadLetters };
}

const period = Duration.minutes(5);

/** Errors, throttles and duration of a function. @param slow milliseconds */
export function functionAlarms(scope: Construct, fn: Function, slow = 8000): void {
  const sum = { period, statistic: 'Sum' };
  const usingMetrics = { errors: fn.metricErrors(sum), invocations: fn.metricInvocations(sum) };
  const expression = '100 * errors / invocations';
  alarm(scope, 'ErrorRate', new MathExpression({ expression, usingMetrics, label: 'errors in percent', period }), 1);
  alarm(scope, 'Throttles', fn.metricThrottles(sum), 0);
  alarm(scope, 'Duration', fn.metricDuration({ period, statistic: 'p99' }), slow, 3);
}

/** The age of what a function reads from a stream. */
export function lagAlarm(scope: Construct, fn: Function): void {
  alarm(scope, 'IteratorAge', fn.metric('IteratorAge', { period, statistic: 'Maximum' }), 300_000);
}

/** Any message in a dead-letter queue. */
export function deadLettersAlarm(scope: Construct, queue: Queue): void {
  alarm(scope, 'Depth', queue.metricApproximateNumberOfMessagesVisible({ period, statistic: 'Maximum' }), 0);
}

/** Answers of 5xx, and the latency of a stage. */
export function stageAlarms(scope: Construct, stage: HttpStage): void {
  const sum = { period, statistic: 'Sum' };
  const requests = stage.metricCount({ ...sum, statistic: 'SampleCount' });
  const usingMetrics = { errors: stage.metricServerError(sum), requests };
  const expression = '100 * errors / requests';
  alarm(scope, 'ServerErrors', new MathExpression({ expression, usingMetrics, label: 'errors in percent', period }), 1);
  alarm(scope, 'Latency', stage.metricLatency({ period, statistic: 'p90' }), 2500, 3);
}

function alarm(scope: Construct, id: string, metric: IMetric, threshold: number, evaluationPeriods = 1): void {
  new Alarm(scope, id, {
    metric,
    threshold,
    evaluationPeriods,
    comparisonOperator: ComparisonOperator.GREATER_THAN_THRESHOLD,
    treatMissingData: TreatMissingData.NOT_BREACHING,
    alarmDescription: `${id}: see the log of the function, repair the cause, and redrive what has failed`,
  });
}
