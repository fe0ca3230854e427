import {
  CreateScheduleCommand,
  type CreateScheduleCommandInput,
  CreateScheduleGroupCommand,
  DeleteScheduleCommand,
  DeleteScheduleGroupCommand,
  GetScheduleCommand,
  ListScheduleGroupsCommand,
  ListSchedulesCommand,
  SchedulerClient,
  UpdateScheduleCommand,
} from '@aws-sdk/client-scheduler';
import type { Stack } from 'aws-cdk-lib';
import { PolicyStatement, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { CfnSchedule } from 'aws-cdk-lib/aws-scheduler';
import { Queue } from 'aws-cdk-lib/aws-sqs';
import type { LocalRun } from 'lintel/testing';
import { inline, running, shop, stopRuns } from '../../support';

function stack(stack: Stack): void {
  const queue = new Queue(stack, 'Due');
  const role = new Role(stack, 'Role', { assumedBy: new ServicePrincipal('scheduler.amazonaws.com') });
  queue.grantSendMessages(role);
  new Role(stack, 'Untrusted', { assumedBy: new ServicePrincipal('lambda.amazonaws.com') });
  new CfnSchedule(stack, 'Nightly', {
    name: 'nightly',
    flexibleTimeWindow: { mode: 'OFF' },
    scheduleExpression: 'cron(0 3 * * ? *)',
    target: { arn: queue.queueArn, roleArn: role.roleArn },
  });
  const may = (id: string, ...actions: string[]) =>
    inline(stack, id, 'exports.handler = async () => {};', {
      initialPolicy: [new PolicyStatement({ actions, resources: ['*'] })],
    });
  may('Maker', 'scheduler:CreateSchedule', 'iam:PassRole');
  may('Passless', 'scheduler:CreateSchedule');
}

let run: LocalRun;
let scheduler: SchedulerClient;
let Target: { Arn: string; RoleArn: string; Input?: string };
let untrusted: string;
const FAST = 600;
beforeAll(async () => {
  run = await running(shop(stack), { timeScale: FAST });
  scheduler = run.client(SchedulerClient);
  const role = (name: string) => `arn:aws:iam::123456789012:role/${run.nameOf(name)}`;
  Target = { Arn: run.queue('Due').arn, RoleArn: role('Role') };
  untrusted = role('Untrusted');
});
afterAll(stopRuns);
beforeEach(() => run.queue('Due').purge());

const create = (Name: string, rest: Partial<CreateScheduleCommandInput> = {}, client = scheduler) =>
  client.send(
    new CreateScheduleCommand({
      Name,
      ScheduleExpression: 'rate(1 hour)',
      FlexibleTimeWindow: { Mode: 'OFF' },
      Target: { ...Target, Input: JSON.stringify({ who: Name, at: '<aws.scheduler.scheduled-time>' }) },
      State: 'DISABLED',
      ...rest,
    }),
  );
const due = () =>
  run
    .queue('Due')
    .messages()
    .map(({ body }) => JSON.parse(body) as { who: string; at: string });
const at = (time: number) => `at(${new Date(time).toISOString().slice(0, 19)})`;

/** Waits for what the clock of the run brings, for a second at most. */
async function arrived(count: number): Promise<void> {
  for (let tries = 0; due().length < count && tries < 100; tries++) await new Promise((done) => setTimeout(done, 10));
}

test('a reminder that a handler makes runs once by the clock of the run, and is deleted', async () => {
  const time = Date.now() + 120_000;
  const made = { ScheduleExpression: at(time), State: undefined, ActionAfterCompletion: 'DELETE' as const };
  await create('reminder', made, run.client(SchedulerClient, 'Maker'));
  expect(due()).toEqual([]);
  await arrived(1);
  expect(due()).toEqual([{ who: 'reminder', at: `${new Date(time).toISOString().slice(0, 19)}Z` }]);
  const get = scheduler.send(new GetScheduleCommand({ Name: 'reminder' }));
  await expect(get).rejects.toMatchObject({ name: 'ResourceNotFoundException' });
});

test('a rate runs again and again until it is disabled', async () => {
  await create('often', { ScheduleExpression: 'rate(1 minute)', State: 'ENABLED' });
  await arrived(2);
  expect(due().length).toBeGreaterThanOrEqual(2);
  const {
    Name,
    ScheduleExpression,
    FlexibleTimeWindow,
    Target: target,
  } = await scheduler.send(new GetScheduleCommand({ Name: 'often' }));
  const settings = { Name, ScheduleExpression, FlexibleTimeWindow, Target: target };
  await scheduler.send(new UpdateScheduleCommand({ ...settings, State: 'DISABLED' }));
  await run.idle();
  const before = due().length;
  await new Promise((done) => setTimeout(done, 300));
  expect(due()).toHaveLength(before);
});

test('a test fires what a handler made, by its name, and lets time pass for it', async () => {
  await create('by-hand', { State: undefined, ScheduleExpression: 'cron(0 12 * * ? *)' });
  await run.fire('by-hand', { at: new Date('2026-01-31T12:00:00Z') });
  await run.idle();
  expect(due()).toEqual([{ who: 'by-hand', at: '2026-01-31T12:00:00Z' }]);
  const fired = await run.passTime(new Date('2026-02-01T00:00Z'), new Date('2026-02-02T00:00Z'));
  expect(fired.map(({ schedule }) => schedule)).toEqual(['Shop/Nightly', 'default/by-hand']);
  await scheduler.send(new DeleteScheduleCommand({ Name: 'by-hand' }));
  await expect(run.fire('by-hand')).rejects.toThrow("there is no schedule 'by-hand'");
});

test('a schedule of the templates can be read', async () => {
  const {
    ScheduleExpression,
    State,
    Target: target,
  } = await scheduler.send(new GetScheduleCommand({ Name: 'nightly' }));
  expect([ScheduleExpression, State, target]).toEqual(['cron(0 3 * * ? *)', 'ENABLED', Target]);
});

test('groups hold schedules, and take them along', async () => {
  await scheduler.send(new CreateScheduleGroupCommand({ Name: 'team' }));
  await create('in-team', { GroupName: 'team' });
  await create('in-default');
  const list = async (input: object) =>
    (await scheduler.send(new ListSchedulesCommand(input))).Schedules?.map(({ Name }) => Name);
  expect(await list({ GroupName: 'team' })).toEqual(['in-team']);
  expect(await list({ NamePrefix: 'in-' })).toEqual(['in-team', 'in-default']);
  await scheduler.send(new DeleteScheduleGroupCommand({ Name: 'team' }));
  expect(await list({ NamePrefix: 'in-' })).toEqual(['in-default']);
  const { ScheduleGroups } = await scheduler.send(new ListScheduleGroupsCommand({}));
  expect(ScheduleGroups?.map(({ Name }) => Name)).toEqual(['default']);
});

test('refuses a maker that may not pass the role', async () => {
  const passless = create('passless', {}, run.client(SchedulerClient, 'Passless'));
  await expect(passless).rejects.toThrow('not authorized to perform: iam:PassRole');
});

test.each<[string, Partial<CreateScheduleCommandInput>, string]>([
  ['a name that is taken', { Name: 'nightly' }, 'ConflictException'],
  ['a group that is not there', { GroupName: 'nowhere' }, 'ResourceNotFoundException'],
  ['four fields of cron', { ScheduleExpression: 'cron(0 3 * *)' }, 'ValidationException'],
  ['a rate of nothing', { ScheduleExpression: 'rate(0 minutes)' }, 'ValidationException'],
  ['a time with a zone in it', { ScheduleExpression: 'at(2026-01-31T08:30:00Z)' }, 'ValidationException'],
  ['an unknown time zone', { ScheduleExpressionTimezone: 'Mars/Olympus' }, 'ValidationException'],
  ['a name with a space', { Name: 'a b' }, 'ValidationException'],
  [
    'a window of more than a day',
    { FlexibleTimeWindow: { Mode: 'FLEXIBLE', MaximumWindowInMinutes: 1441 } },
    'ValidationException',
  ],
])('refuses %s', async (_, rest, name) => {
  await expect(create('refused', rest)).rejects.toMatchObject({ name });
});

const ago = (seconds: number) => new Date(Date.now() - seconds * 1000);

test.each<[string, Partial<CreateScheduleCommandInput>, string]>([
  ['a window without its length', { FlexibleTimeWindow: { Mode: 'FLEXIBLE' } }, 'must be provided'],
  [
    'a window that is off, and has a length',
    { FlexibleTimeWindow: { Mode: 'OFF', MaximumWindowInMinutes: 5 } },
    'must not be provided when FlexibleTimeWindowMode is set to OFF',
  ],
  [
    'a window of no known mode',
    { FlexibleTimeWindow: { Mode: 'SOMETIMES' as 'OFF' } },
    "Value 'SOMETIMES' at 'flexibleTimeWindow.mode' failed to satisfy constraint: Member must satisfy enum value set",
  ],
  ['a start before today', { StartDate: ago(301) }, 'cannot be earlier than 5 minutes ago'],
  [
    'a start after the end',
    { StartDate: ago(-7200), EndDate: ago(-3600) },
    'The StartDate you specify must come before the EndDate',
  ],
  ['an end in the past', { EndDate: ago(60) }, 'The EndDate you specify must be in the future'],
  ['a time in the past', { ScheduleExpression: at(Date.now() - 120_000) }, 'It is in the past'],
  ['a state that is none', { State: 'PAUSED' as 'ENABLED' }, "Value 'PAUSED' at 'state'"],
])('refuses %s', async (_, rest, message) => {
  const name = 'ValidationException';
  await expect(create('refused', rest)).rejects.toMatchObject({ name, message: expect.stringContaining(message) });
});

test.each<[string, object, string]>([
  ['parameters of another target', { KinesisParameters: { PartitionKey: 'x' } }, 'KinesisParameters not supported'],
  ['a group of a queue that has none', { SqsParameters: { MessageGroupId: 'x' } }, 'MessageGroupId not valid'],
  ['a target elsewhere', { Arn: 'arn:aws:sqs:ap-south-2:123456789012:x' }, 'does not match the current region'],
])('refuses a target with %s', async (_, rest, message) => {
  await expect(create('refused', { Target: { ...Target, ...rest } })).rejects.toThrow(message);
});

test('dates do not count for a schedule that runs once, nor does an old start for one that exists', async () => {
  await create('single', { ScheduleExpression: at(Date.now() + 3_600_000), StartDate: ago(900), EndDate: ago(60) });
  await create('repeated', { StartDate: ago(240) });
  const settings = { ScheduleExpression: 'rate(2 hours)', FlexibleTimeWindow: { Mode: 'OFF' as const }, Target };
  await scheduler.send(new UpdateScheduleCommand({ Name: 'repeated', StartDate: ago(900), ...settings }));
  for (const Name of ['single', 'repeated']) await scheduler.send(new DeleteScheduleCommand({ Name }));
});

test('refuses a group named as the one that every account has', async () => {
  const group = scheduler.send(new CreateScheduleGroupCommand({ Name: 'default' }));
  await expect(group).rejects.toThrow('cannot be performed on schedule group default');
});

test('refuses more than 185 retries', async () => {
  const many = create('refused', { Target: { ...Target, RetryPolicy: { MaximumRetryAttempts: 186 } } });
  await expect(many).rejects.toThrow("'186' at 'target.retryPolicy.maximumRetryAttempts'");
});

test('refuses a role that Scheduler cannot assume, and a target that is not run', async () => {
  const asUntrusted = create('refused', { Target: { ...Target, RoleArn: untrusted } });
  await expect(asUntrusted).rejects.toThrow('must allow AWS EventBridge Scheduler to assume the role');
  const Arn = 'arn:aws:scheduler:::aws-sdk:rds:stopDBInstance';
  await expect(create('refused', { Target: { ...Target, Arn } })).rejects.toMatchObject({
    name: 'LocalRunUnsupported',
  });
  expect(run.report().unsupportedCalls).toContainEqual({
    caller: 'tests',
    service: 'scheduler',
    operation: 'CreateSchedule',
    count: 1,
  });
});

test('a request with a token of its sender that comes again is done once', async () => {
  const token = { ClientToken: 'made-once' };
  const { ScheduleArn } = await create('once', token);
  expect((await create('once', token)).ScheduleArn).toBe(ScheduleArn);
  await expect(create('once')).rejects.toMatchObject({ name: 'ConflictException' });
  await expect(create('other', token)).rejects.toMatchObject({ name: 'ConflictException' });
  const remove = () => scheduler.send(new DeleteScheduleCommand({ Name: 'once', ClientToken: 'deleted-once' }));
  await remove();
  await expect(remove()).resolves.toBeDefined();
  await expect(scheduler.send(new DeleteScheduleCommand({ Name: 'once' }))).rejects.toMatchObject({
    name: 'ResourceNotFoundException',
  });
});

test('refuses to list more at once than the model says, by its number', async () => {
  const words =
    "Value '101' at 'maxResults' failed to satisfy constraint: Member must have value less than or equal to";
  await expect(scheduler.send(new ListSchedulesCommand({ MaxResults: 101 }))).rejects.toThrow(words);
  await expect(scheduler.send(new ListScheduleGroupsCommand({ MaxResults: 101 }))).rejects.toThrow(words);
  const { Schedules } = await scheduler.send(new ListSchedulesCommand({ MaxResults: 1 }));
  expect(Schedules).toHaveLength(1);
});
