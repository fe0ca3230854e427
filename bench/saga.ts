import { Aws, Duration, RemovalPolicy, type Stack } from 'aws-cdk-lib';
import { Alarm, ComparisonOperator, type IMetric, TreatMissingData } from 'aws-cdk-lib/aws-cloudwatch';
import { AttributeType, Billing, TableEncryptionV2, TableV2 } from 'aws-cdk-lib/aws-dynamodb';
import { Rule, RuleTargetInput, Schedule } from 'aws-cdk-lib/aws-events';
import { LambdaFunction } from 'aws-cdk-lib/aws-events-targets';
import { PolicyDocument, PolicyStatement, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import type { Function } from 'aws-cdk-lib/aws-lambda';
import { LogGroup, RetentionDays } from 'aws-cdk-lib/aws-logs';
import type { Queue } from 'aws-cdk-lib/aws-sqs';
import {
  Chain,
  Choice,
  Condition,
  DefinitionBody,
  Fail,
  type IChainable,
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
import { Saga } from 'lintel/aws';
import { allow, code, functionAlarms, functionByHand, queueByHand } from './by-hand';
import type { Result } from './measure';
import { againstByHand } from './synthesis';

const NAMES = ['reserve', 'charge', 'ship'];
/** The role by hand may trace already: the L2 would write a policy of its own for it. */
const TRACED = { tracing: undefined };
const period = Duration.minutes(5);

function byHand(stack: Stack): void {
  const actions = NAMES.map((name) => functionByHand(stack, `${name}-action`, TRACED));
  const undos = NAMES.map((name) => functionByHand(stack, `${name}-undo`, TRACED));
  const parked = queueByHand(stack, 'Parked', { retentionPeriod: Duration.days(14) });
  const statement = (names: string[], ...resources: string[]) =>
    new PolicyDocument({ statements: [new PolicyStatement({ actions: names, resources })] });
  const role = new Role(stack, 'Role', {
    assumedBy: new ServicePrincipal('states.amazonaws.com'),
    inlinePolicies: {
      Functions: statement(['lambda:InvokeFunction'], ...[...actions, ...undos].map((fn) => fn.functionArn)),
      Parked: statement(['sqs:SendMessage'], parked.queueArn),
      Logs: statement(['logs:CreateLogDelivery', 'logs:PutResourcePolicy', 'logs:DescribeLogGroups'], '*'),
      Tracing: statement(['xray:PutTraceSegments', 'xray:PutTelemetryRecords'], '*'),
    },
  });
  const machine = new StateMachine(stack, 'Machine', {
    definitionBody: DefinitionBody.fromChainable(definition(stack, actions, undos, parked)),
    queryLanguage: QueryLanguage.JSONATA,
    role: role.withoutPolicyUpdates(),
    timeout: Duration.hours(2),
    tracingEnabled: true,
    logs: {
      destination: new LogGroup(stack, 'Logs', {
        retention: RetentionDays.ONE_MONTH,
        removalPolicy: RemovalPolicy.DESTROY,
      }),
      level: LogLevel.ALL,
    },
  });
  watched(stack, machine, parked);
}

function definition(stack: Stack, actions: Function[], undos: Function[], parked: Queue): IChainable {
  const fail = new Fail(stack, 'Failed', { error: 'Parked' });
  const body = TaskInput.fromObject({ name: '{% $states.context.Execution.Name %}' });
  const park = SqsSendMessage.jsonata(stack, 'Park', { queue: parked, messageBody: body });
  park.addRetry({ errors: ['States.ALL'], maxAttempts: 17 });
  park.next(fail);
  let undo: IChainable & { readonly startState: unknown } = new Fail(stack, 'Undone', { error: 'Undone' });
  const payload = TaskInput.fromObject({ input: '{% $states.input %}', results: '{% $results %}' });
  const tasks = NAMES.map((name, index) => {
    const invoke = (id: string, fn: Function) =>
      LambdaInvoke.jsonata(stack, id, {
        lambdaFunction: fn,
        payload,
        taskTimeout: Timeout.duration(Duration.seconds(40)),
        retryOnServiceExceptions: false,
        outputs: '{% $states.input %}',
      });
    const action = invoke(name, actions[index]!);
    action.addRetry({ errors: ['Lambda.TooManyRequestsException'], maxAttempts: 4 });
    const compensation = invoke(`Undo ${name}`, undos[index]!);
    compensation.addRetry({ errors: ['States.ALL'], maxAttempts: 9 });
    for (const errors of [['States.DataLimitExceeded'], ['States.ALL']]) compensation.addCatch(park, { errors });
    compensation.next(undo);
    undo = new Choice(stack, `Undo ${name}?`)
      .when(Condition.jsonata(`{% $lookup($outcomes, '${name}') = 'completed' %}`), compensation)
      .otherwise(undo);
    return action;
  });
  const settle = new Wait(stack, 'Settle', { time: WaitTime.duration(Duration.seconds(10)) });
  settle.next(undo);
  for (const task of tasks) {
    for (const errors of [['States.DataLimitExceeded'], ['States.ALL']]) task.addCatch(settle, { errors });
  }
  const chain = tasks.slice(1).reduce((before, task) => before.next(task), Chain.start(tasks[0]!));
  return chain.next(new Succeed(stack, 'Done'));
}

function watched(stack: Stack, machine: StateMachine, parked: Queue): void {
  const failures = queueByHand(stack, 'KeeperDeadLetters', { retentionPeriod: Duration.days(14) });
  const records = new TableV2(stack, 'Records', {
    partitionKey: { name: 'id', type: AttributeType.STRING },
    timeToLiveAttribute: 'expires',
    billing: Billing.onDemand(),
    encryption: TableEncryptionV2.awsManagedKey(),
    pointInTimeRecoverySpecification: { pointInTimeRecoveryEnabled: true },
    deletionProtection: true,
  });
  const keeper = functionByHand(stack, 'Keeper', { deadLetterQueue: failures });
  allow(keeper, ['sqs:SendMessage'], parked.queueArn);
  allow(keeper, ['dynamodb:PutItem', 'dynamodb:UpdateItem'], records.tableArn);
  allow(keeper, ['states:ListExecutions'], machine.stateMachineArn);
  const executions = `arn:${Aws.PARTITION}:states:${Aws.REGION}:${Aws.ACCOUNT_ID}:execution:${machine.stateMachineName}:*`;
  allow(keeper, ['states:DescribeExecution', 'states:GetExecutionHistory'], executions);
  const target = { deadLetterQueue: failures, maxEventAge: Duration.hours(24), retryAttempts: 185 };
  new Rule(stack, 'Ended', {
    eventPattern: { source: ['aws.states'], detail: { stateMachineArn: [machine.stateMachineArn] } },
    targets: [new LambdaFunction(keeper, target)],
  });
  const event = RuleTargetInput.fromObject({ sweep: { hours: 3 } });
  new Rule(stack, 'Sweep', {
    schedule: Schedule.rate(Duration.hours(1)),
    targets: [new LambdaFunction(keeper, { ...target, event })],
  });
  functionAlarms(stack, keeper);
  const sum = { period, statistic: 'Sum' };
  const depth = { period, statistic: 'Maximum' };
  alarm(stack, 'Parkings', parked.metricApproximateNumberOfMessagesVisible(depth));
  alarm(stack, 'KeeperFailures', failures.metricApproximateNumberOfMessagesVisible(depth));
  alarm(stack, 'TimedOut', machine.metricTimedOut(sum));
  alarm(stack, 'Throttled', machine.metricThrottled(sum));
}

function alarm(stack: Stack, id: string, metric: IMetric): void {
  new Alarm(stack, id, {
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
  return againstByHand('Saga', (stack) => new Saga(stack, 'Order', { steps }), byHand);
}
