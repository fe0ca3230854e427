import { Aws, Duration, RemovalPolicy, Stack } from 'aws-cdk-lib';
import { Alarm, ComparisonOperator, type IMetric, TreatMissingData } from 'aws-cdk-lib/aws-cloudwatch';
import { AttributeType, Billing, TableEncryptionV2, TableV2 } from 'aws-cdk-lib/aws-dynamodb';
import { type EventPattern, Rule, RuleTargetInput, Schedule } from 'aws-cdk-lib/aws-events';
import { LambdaFunction } from 'aws-cdk-lib/aws-events-targets';
import { Policy, PolicyDocument, PolicyStatement, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { Alias, type Function } from 'aws-cdk-lib/aws-lambda';
import { LogGroup, RetentionDays } from 'aws-cdk-lib/aws-logs';
import type { Queue } from 'aws-cdk-lib/aws-sqs';
import {
  Chain,
  Choice,
  Condition,
  DefinitionBody,
  Fail,
  type IChainable,
  JitterType,
  LogLevel,
  QueryLanguage,
  StateMachine,
  Succeed,
  TaskInput,
  Timeout,
  Wait,
  WaitTime,
} from 'aws-cdk-lib/aws-stepfunctions';
import { LambdaInvoke, SqsSendMessage } from 'aws-cdk-lib/aws-stepfunctions-tasks';
import type { Construct } from 'constructs';
import { Saga, type SagaProps } from 'lintel/aws';
import { allow, code, functionAlarms, functionByHand, queueByHand } from './by-hand';
import type { Result } from './measure';
import { againstTypes } from './synthesis';

const NAMES = ['reserve', 'charge', 'ship'];
/** The role by hand may trace already: the L2 would write a policy of its own for it. */
const TRACED = { tracing: undefined };
const LOGS = ['Create', 'Get', 'Update', 'Delete'].map((verb) => `logs:${verb}LogDelivery`);
const period = Duration.minutes(5);

function byHand(scope: Construct): void {
  const actions = NAMES.map((name) => functionByHand(scope, `${name}-action`, TRACED));
  const undos = NAMES.map((name) => functionByHand(scope, `${name}-undo`, TRACED));
  const parked = queueByHand(scope, 'Parked', { retentionPeriod: Duration.days(14) });
  const statement = (names: string[], ...resources: string[]) =>
    new PolicyDocument({ statements: [new PolicyStatement({ actions: names, resources })] });
  const role = new Role(scope, 'Role', {
    assumedBy: new ServicePrincipal('states.amazonaws.com'),
    inlinePolicies: {
      Functions: statement(['lambda:InvokeFunction'], ...[...actions, ...undos].map((fn) => fn.functionArn)),
      Parked: statement(['sqs:SendMessage'], parked.queueArn),
      Logs: statement(LOGS, '*'),
      Tracing: statement(['xray:PutTraceSegments', 'xray:PutTelemetryRecords'], '*'),
    },
  });
  const machine = new StateMachine(scope, 'Machine', {
    definitionBody: DefinitionBody.fromChainable(definition(scope, actions, undos, parked)),
    queryLanguage: QueryLanguage.JSONATA,
    role: role.withoutPolicyUpdates(),
    timeout: Duration.hours(2),
    tracingEnabled: true,
    logs: {
      destination: new LogGroup(scope, 'Logs', {
        retention: RetentionDays.ONE_MONTH,
        removalPolicy: RemovalPolicy.DESTROY,
      }),
      level: LogLevel.ALL,
    },
  });
  const sum = { period, statistic: 'Sum' };
  watched(scope, parked, {
    arn: machine.stateMachineArn,
    pattern: { source: ['aws.states'], detail: { stateMachineArn: [machine.stateMachineArn] } },
    read: (keeper) => {
      allow(keeper, ['states:ListExecutions'], machine.stateMachineArn);
      const executions = `arn:${Aws.PARTITION}:states:${Aws.REGION}:${Aws.ACCOUNT_ID}:execution:${machine.stateMachineName}:*`;
      allow(keeper, ['states:DescribeExecution', 'states:GetExecutionHistory'], executions);
    },
  });
  alarm(scope, 'TimedOut', machine.metricTimedOut(sum));
  alarm(scope, 'Throttled', machine.metricThrottled(sum));
}

/** The same with a durable function. */
function durableByHand(scope: Construct): void {
  const actions = NAMES.map((name) => functionByHand(scope, `${name}-action`, TRACED));
  const undos = NAMES.map((name) => functionByHand(scope, `${name}-undo`, TRACED));
  const parked = queueByHand(scope, 'Parked', { retentionPeriod: Duration.days(14) });
  const names = [...actions, ...undos].map((fn) => fn.functionName);
  const handler = functionByHand(scope, 'Handler', {
    durableConfig: { executionTimeout: Duration.hours(2), retentionPeriod: Duration.days(90) },
    environment: { FUNCTIONS: Stack.of(scope).toJsonString(names), PARKED: parked.queueUrl },
    currentVersionOptions: { removalPolicy: RemovalPolicy.RETAIN },
  });
  const resources = [...actions, ...undos].map((fn) => fn.functionArn);
  handler.addToRolePolicy(new PolicyStatement({ actions: ['lambda:InvokeFunction'], resources }));
  allow(handler, ['sqs:SendMessage'], parked.queueArn);
  const versions = `${handler.functionArn}:*`;
  const own = ['lambda:CheckpointDurableExecution', 'lambda:GetDurableExecutionState'];
  const statements = [new PolicyStatement({ actions: own, resources: [versions] })];
  new Policy(scope, 'Checkpoints', { roles: [handler.role!], statements });
  new Alias(scope, 'Live', { aliasName: 'live', version: handler.currentVersion });
  watched(scope, parked, {
    arn: handler.functionArn,
    pattern: { source: ['aws.lambda'], detail: { functionArn: [{ prefix: `${handler.functionArn}:` }] } },
    read: (keeper) => {
      allow(keeper, ['lambda:ListDurableExecutionsByFunction'], handler.functionArn);
      allow(keeper, ['lambda:GetDurableExecution', 'lambda:GetDurableExecutionHistory'], versions);
    },
  });
  functionAlarms(handler, handler);
  alarm(scope, 'TimedOut', handler.metric('DurableExecutionTimedOut', { period, statistic: 'Sum' }));
}

const input = '{% $states.input %}';
const ERRORS = [['States.DataLimitExceeded'], ['States.ALL']];

/** The same states as ours, with the same data: by CDK's own classes. */
function definition(scope: Construct, actions: Function[], undos: Function[], parked: Queue): IChainable {
  const park = parking(scope, parked);
  let undo: IChainable = new Fail(scope, 'Undone', {
    error: 'SagaUndone',
    cause: "{% $failed.step & ': ' & $failed.error %}",
  });
  const tasks = NAMES.map((name, index) => {
    const action = invocation(
      scope,
      name,
      actions[index]!,
      {
        idempotencyKey: `{% $key & ':${name}' %}`,
      },
      {
        results: `{% ($r := $merge([$results, {'${name}': $states.result.Payload}]); $length($string([$input, $r])) <= 204800 ? $r : $error('TooLarge')) %}`,
        outcomes: `{% $merge([$outcomes, {'${name}': 'completed'}]) %}`,
      },
    );
    action.addRetry({
      errors: PASSING,
      maxAttempts: 4,
      interval: Duration.seconds(2),
      maxDelay: Duration.minutes(1),
      jitterStrategy: JitterType.FULL,
    });
    const keys = {
      idempotencyKey: `{% $key & ':${name}:undo' %}`,
      actionKey: `{% $key & ':${name}' %}`,
      error: '{% $failed %}',
    };
    const compensation = invocation(scope, `Undo ${name}`, undos[index]!, keys, {
      outcomes: `{% $merge([$outcomes, {'${name}': 'undone'}]) %}`,
    });
    compensation.addRetry({
      errors: ['States.ALL'],
      maxAttempts: 9,
      interval: Duration.seconds(2),
      maxDelay: Duration.minutes(5),
      jitterStrategy: JitterType.FULL,
    });
    const broken = `{% $merge([$failed, {'undo': {'step': '${name}', 'error': $states.errorOutput.Error, 'cause': $substring($states.errorOutput.Cause, 0, 1000)}}]) %}`;
    for (const errors of ERRORS) compensation.addCatch(park, { errors, assign: { failed: broken }, outputs: input });
    compensation.next(undo);
    undo = new Choice(scope, `Undo ${name}?`)
      .when(
        Condition.jsonata(`{% $count($lookup($outcomes, '${name}')[$ in ['completed', 'unknown']]) > 0 %}`),
        compensation,
      )
      .otherwise(undo);
    return action;
  });
  const unknown = `($failed.retried or $not($exists($failed.error)) or $contains($failed.error, /${UNKNOWN}/) ? 'unknown' : 'refused')`;
  const settle = Wait.jsonata(scope, 'Settle', {
    time: WaitTime.seconds(
      `{% $exists($failed.settle) ? (${unknown} = 'unknown' ? $failed.settle : 0) : $failed.wait %}`,
    ),
    assign: { outcomes: `{% $merge([{$failed.step: ${unknown}}, $outcomes]) %}` },
  });
  settle.next(undo);
  for (const [index, task] of tasks.entries()) {
    const failed = `{% {'step': '${NAMES[index]}', 'ok': false, 'error': $states.errorOutput.Error, 'cause': $substring($states.errorOutput.Cause, 0, 1000), 'retried': $states.context.State.RetryCount > 0, 'settle': 10} %}`;
    for (const errors of ERRORS) task.addCatch(settle, { errors, assign: { failed }, outputs: input });
  }
  const chain = tasks.slice(1).reduce((before, task) => before.next(task), Chain.start(tasks[0]!));
  const begin = new Choice(scope, 'Begin', {
    assign: { key: '{% $states.context.Execution.Name %}', input, results: {}, outcomes: {}, failed: {} },
  });
  return begin
    .when(Condition.jsonata('{% $contains($states.context.Execution.Name, /-resume-[0-9]+$/) %}'), settle)
    .otherwise(chain.next(new Succeed(scope, 'Done', { outputs: '{% $results %}' })));
}

const PASSING = [
  'Lambda.TooManyRequestsException',
  'Lambda.ServiceException',
  'Lambda.AWSLambdaException',
  'Lambda.SdkClientException',
];
const UNKNOWN = '^(?:States|Lambda|Sandbox|Runtime|Function|Extension|Saga)\\.|^(?:TimeoutError|AbortError|ECONN\\w+)$';

function invocation(
  scope: Construct,
  id: string,
  fn: Function,
  keys: object,
  assign: Record<string, string>,
): LambdaInvoke {
  const execution = {
    name: '{% $states.context.Execution.Name %}',
    arn: '{% $states.context.Execution.Id %}',
    startTime: '{% $states.context.Execution.StartTime %}',
  };
  return LambdaInvoke.jsonata(scope, id, {
    lambdaFunction: fn,
    payload: TaskInput.fromObject({ input: '{% $input %}', results: '{% $results %}', ...keys, execution }),
    taskTimeout: Timeout.duration(Duration.seconds(40)),
    retryOnServiceExceptions: false,
    outputs: input,
    assign,
  });
}

function parking(scope: Construct, parked: Queue): SqsSendMessage {
  const left = `{% [$map([${NAMES.map((name) => `'${name}'`).join()}][$lookup($outcomes, $) in ['completed', 'unknown']], function($s) { {'step': $s, 'outcome': $lookup($outcomes, $s), 'actionKey': $key & ':' & $s, 'idempotencyKey': $key & ':' & $s & ':undo'} })] %}`;
  const messageBody = TaskInput.fromObject({
    saga: '{% $states.context.StateMachine.Id %}',
    execution: '{% $states.context.Execution.Id %}',
    name: '{% $states.context.Execution.Name %}',
    key: '{% $key %}',
    failed: '{% $failed %}',
    outcomes: '{% $outcomes %}',
    left,
    data: "{% {'input': $input, 'results': $results} %}",
  });
  const park = SqsSendMessage.jsonata(scope, 'Park', {
    queue: parked,
    messageBody,
    taskTimeout: Timeout.duration(Duration.seconds(30)),
    outputs: input,
  });
  park.addRetry({
    errors: ['States.ALL'],
    maxAttempts: 17,
    interval: Duration.seconds(2),
    maxDelay: Duration.minutes(5),
    jitterStrategy: JitterType.FULL,
  });
  const lost = new Fail(scope, 'NotParked', { error: 'SagaNotParked', cause: '{% $failed.undo.step %}' });
  const why = "{% $merge([$failed, {'park': $states.errorOutput}]) %}";
  for (const errors of ERRORS) park.addCatch(lost, { errors, assign: { failed: why }, outputs: input });
  park.next(new Fail(scope, 'SagaParked', { error: 'SagaParked', cause: '{% $failed.undo.step %}' }));
  return park;
}

/** What the rest needs to know of what runs the saga. */
interface Watched {
  readonly arn: string;
  readonly pattern: EventPattern;
  readonly read: (keeper: Function) => void;
}

function watched(scope: Construct, parked: Queue, { arn, pattern, read }: Watched): void {
  const failures = queueByHand(scope, 'KeeperDeadLetters', { retentionPeriod: Duration.days(14) });
  const records = new TableV2(scope, 'Records', {
    partitionKey: { name: 'id', type: AttributeType.STRING },
    timeToLiveAttribute: 'expires',
    billing: Billing.onDemand(),
    encryption: TableEncryptionV2.awsManagedKey(),
    pointInTimeRecoverySpecification: { pointInTimeRecoveryEnabled: true },
    deletionProtection: true,
  });
  const environment = {
    LONGEST: '7905',
    STEPS: JSON.stringify({ undo: [...NAMES].reverse(), settle: 10 }),
    PARKED: parked.queueUrl,
    RECORDS: records.tableName,
    SAGA: arn,
  };
  const keeper = functionByHand(scope, 'Keeper', { deadLetterQueue: failures, environment });
  allow(keeper, ['sqs:SendMessage'], parked.queueArn);
  allow(keeper, ['dynamodb:PutItem', 'dynamodb:UpdateItem'], records.tableArn);
  read(keeper);
  const target = { deadLetterQueue: failures, maxEventAge: Duration.hours(24), retryAttempts: 185 };
  new Rule(scope, 'Ended', { eventPattern: pattern, targets: [new LambdaFunction(keeper, target)] });
  const event = RuleTargetInput.fromObject({ sweep: { hours: 3 } });
  new Rule(scope, 'Sweep', {
    schedule: Schedule.rate(Duration.hours(1)),
    targets: [new LambdaFunction(keeper, { ...target, event })],
  });
  functionAlarms(scope, keeper);
  const depth = { period, statistic: 'Maximum' };
  alarm(scope, 'Parkings', parked.metricApproximateNumberOfMessagesVisible(depth));
  alarm(scope, 'KeeperFailures', failures.metricApproximateNumberOfMessagesVisible(depth));
}

function alarm(scope: Construct, id: string, metric: IMetric): void {
  new Alarm(scope, id, {
    metric,
    threshold: 0,
    evaluationPeriods: 1,
    comparisonOperator: ComparisonOperator.GREATER_THAN_THRESHOLD,
    treatMissingData: TreatMissingData.NOT_BREACHING,
    alarmDescription: `${id}: see the log of the machine`,
  });
}

/** The pattern against the same resources by hand. */
export function run(): Result[] {
  const handler = { code };
  const steps = NAMES.map((name) => ({ name, action: handler, compensation: handler }));
  const made = (engine: SagaProps['engine']) => (stack: Stack) => new Saga(stack, 'Order', { engine, steps });
  return [
    ...againstTypes('Saga', made('step-functions'), byHand),
    ...againstTypes('Saga on a durable function', made('durable-function'), durableByHand),
  ];
}
