import {
  DescribeExecutionCommand,
  RedriveExecutionCommand,
  SendTaskFailureCommand,
  SFNClient,
  StartExecutionCommand,
  StartSyncExecutionCommand,
} from '@aws-sdk/client-sfn';
import type { Stack } from 'aws-cdk-lib';
import { PolicyStatement } from 'aws-cdk-lib/aws-iam';
import {
  CfnStateMachineAlias,
  CfnStateMachineVersion,
  DefinitionBody,
  StateMachine,
  StateMachineType,
} from 'aws-cdk-lib/aws-stepfunctions';
import type { LocalRun } from 'lintel/testing';
import { setTimeout as sleep } from 'node:timers/promises';
import { inline, running, shop, stopRuns } from '../../support';

const DAY = 86_400;
/** Days of the services that pass in a second here. */
const DAYS_A_SECOND = 100;
const PARTS = 45;

let run: LocalRun;
let sfn: SFNClient;

const machine = (stack: Stack, id: string, states: object, stateMachineType = StateMachineType.STANDARD) =>
  new StateMachine(stack, id, {
    stateMachineType,
    definitionBody: DefinitionBody.fromString(
      JSON.stringify({ QueryLanguage: 'JSONata', StartAt: 'A', States: states }),
    ),
  });

/** Variables of 240,000 letters, so many that they are more than 10 MiB together. */
function variables(): object {
  const names = Array.from({ length: PARTS }, (_, index) => index);
  const pad = '{% $pad("", 240000, "x") %}';
  const states = names.map((index) => [
    index === 0 ? 'A' : `S${index}`,
    { Type: 'Pass', Assign: { [`v${index}`]: pad }, Output: {}, Next: index === PARTS - 1 ? 'Done' : `S${index + 1}` },
  ]);
  return { ...Object.fromEntries(states), Done: { Type: 'Succeed' } };
}

function build(stack: Stack): void {
  machine(stack, 'Slow', { A: { Type: 'Wait', Seconds: 2_000_000, End: true } }, StateMachineType.EXPRESS);
  machine(stack, 'Fails', { A: { Type: 'Fail', Error: 'No' } });
  machine(stack, 'Full', variables());
  const released = machine(stack, 'Released', { A: { Type: 'Succeed' } });
  const version = new CfnStateMachineVersion(stack, 'Version', { stateMachineArn: released.stateMachineArn });
  const alias = new CfnStateMachineAlias(stack, 'Live', {
    name: 'live',
    routingConfiguration: [{ stateMachineVersionArn: version.attrArn, weight: 100 }],
  });
  inline(stack, 'Starter', 'exports.handler = async () => [process.env.VERSION, process.env.ALIAS];', {
    environment: { VERSION: version.attrArn, ALIAS: alias.attrArn },
  }).addToRolePolicy(new PolicyStatement({ actions: ['states:StartExecution'], resources: [alias.attrArn] }));
}

beforeAll(async () => {
  run = await running(shop(build), { timeScale: DAYS_A_SECOND * DAY });
  sfn = run.client(SFNClient);
});
afterAll(stopRuns);

test('refuses a cause of more than 32 KB, and an error name of more than 256 characters', async () => {
  const token = { taskToken: 'any' };
  const words = (name: string, most: number) =>
    `at '${name}' failed to satisfy constraint: Member must have length less than or equal to ${most}`;
  const fail = (failure: object) => sfn.send(new SendTaskFailureCommand({ ...token, ...failure }));
  await expect(fail({ cause: 'x'.repeat(32_769) })).rejects.toThrow(words('cause', 32_768));
  await expect(fail({ error: 'x'.repeat(257) })).rejects.toThrow(words('error', 256));
  await expect(fail({})).rejects.toMatchObject({ name: 'InvalidToken' });
});

test('an Express execution ends after five minutes', async () => {
  const { status, startDate, stopDate } = await sfn.send(
    new StartSyncExecutionCommand({ stateMachineArn: run.machine('Slow').arn }),
  );
  expect(status).toBe('TIMED_OUT');
  expect(Number(stopDate) - Number(startDate)).toBeGreaterThanOrEqual(300_000);
});

test('more than 10 MiB of variables end the execution', async () => {
  const { status, error, states } = await run.machine('Full').start().wait();
  expect([status, error]).toEqual(['FAILED', 'States.DataLimitExceeded']);
  // 43 times 240,000 letters and their quotes and names are less than 10,485,760, 44 times are more.
  expect(states.at(-1)).toBe('S43');
});

test('a failed execution is redriven within 14 days, and its name is taken for 90', async () => {
  const stateMachineArn = run.machine('Fails').arn;
  const start = () => sfn.send(new StartExecutionCommand({ stateMachineArn, name: 'order-1' }));
  const { executionArn } = await start();
  const ended = async () => {
    while ((await sfn.send(new DescribeExecutionCommand({ executionArn }))).status === 'RUNNING') await sleep(1);
  };
  await ended();
  await expect(start()).rejects.toMatchObject({ name: 'ExecutionAlreadyExists' });
  await sleep((15 / DAYS_A_SECOND) * 1000);
  const late = sfn.send(new RedriveExecutionCommand({ executionArn }));
  await expect(late).rejects.toMatchObject({
    name: 'ExecutionNotRedrivable',
    message: expect.stringContaining('Execution has exceeded redrive period'),
  });
  expect(await sfn.send(new DescribeExecutionCommand({ executionArn }))).toMatchObject({
    redriveStatus: 'NOT_REDRIVABLE',
  });
  await sleep((80 / DAYS_A_SECOND) * 1000);
  await expect(start()).resolves.toBeDefined();
});

test('a machine is started by the ARN of a version and of an alias, where the policy names it', async () => {
  const [version, alias] = await run.invoke<string[]>('Starter');
  expect(version).toMatch(/:stateMachine:[^:]+:\d+$/);
  expect(alias).toMatch(/:stateMachine:[^:]+:live$/);
  for (const stateMachineArn of [version, alias]) {
    const { executionArn } = await sfn.send(new StartExecutionCommand({ stateMachineArn }));
    expect(executionArn).toContain(`:execution:${run.nameOf('Released')}:`);
  }
  const own = run.client(SFNClient, 'Starter');
  await expect(own.send(new StartExecutionCommand({ stateMachineArn: alias }))).resolves.toBeDefined();
  await expect(own.send(new StartExecutionCommand({ stateMachineArn: version }))).rejects.toMatchObject({
    name: 'AccessDeniedException',
  });
  const none = sfn.send(new StartExecutionCommand({ stateMachineArn: `${run.machine('Released').arn}:none` }));
  await expect(none).rejects.toMatchObject({ name: 'StateMachineDoesNotExist' });
});
