import {
  CreateActivityCommand,
  DeleteActivityCommand,
  DescribeActivityCommand,
  GetActivityTaskCommand,
  ListActivitiesCommand,
  SendTaskFailureCommand,
  SendTaskHeartbeatCommand,
  SendTaskSuccessCommand,
  SFNClient,
} from '@aws-sdk/client-sfn';
import type { Stack } from 'aws-cdk-lib';
import { Activity, DefinitionBody, StateMachine } from 'aws-cdk-lib/aws-stepfunctions';
import type { LocalRun } from 'lintel/testing';
import { inline, running, shop, stopRuns } from '../../support';

let run: LocalRun;
let sfn: SFNClient;

function build(stack: Stack): void {
  const activity = new Activity(stack, 'Pack', { activityName: 'Pack' });
  activity.grant(inline(stack, 'Worker', 'exports.handler = async () => 1;'), 'states:GetActivityTask');
  const machine = (id: string, resource: string, limits: object) =>
    new StateMachine(stack, id, {
      definitionBody: DefinitionBody.fromString(
        JSON.stringify({
          QueryLanguage: 'JSONata',
          StartAt: 'Pack',
          States: {
            Pack: {
              Type: 'Task',
              Resource: resource,
              Arguments: { order: '{% $states.input.id %}' },
              ...limits,
              Catch: [{ ErrorEquals: ['States.ALL'], Next: 'Failed' }],
              End: true,
            },
            Failed: { Type: 'Succeed' },
          },
        }),
      ),
    });
  machine('Order', activity.activityArn, { TimeoutSeconds: 900, HeartbeatSeconds: 300 });
  machine('Ghost', `arn:aws:states:${stack.region}:${stack.account}:activity:Nobody`, { TimeoutSeconds: 60 });
}

beforeAll(async () => {
  run = await running(shop(build), { timeScale: 1000 });
  sfn = run.client(SFNClient);
});
afterAll(stopRuns);

const task = (client = sfn) => client.send(new GetActivityTaskCommand({ activityArn: pack(), workerName: 'ann' }));
const pack = () => `arn:aws:states:${run.clientConfig.region}:123456789012:activity:Pack`;

/** The next task; a worker asks again when it got none. */
async function nextTask(): ReturnType<typeof task> {
  for (;;) {
    const found = await task();
    if (found.taskToken !== undefined) return found;
  }
}

test('a worker gets the input, keeps the task alive, and answers', async () => {
  const execution = run.machine('Order').start({ id: '1' });
  const { taskToken, input } = await nextTask();
  expect(input).toBe('{"order":"1"}');
  await sfn.send(new SendTaskHeartbeatCommand({ taskToken }));
  await sfn.send(new SendTaskSuccessCommand({ taskToken, output: '{"packed":true}' }));
  await execution.wait();
  expect(execution.output).toEqual({ packed: true });
  expect(execution.history.map(({ event }) => event).slice(2, 5)).toEqual([
    'ActivityScheduled',
    'ActivityStarted',
    'ActivitySucceeded',
  ]);
  expect(execution.events[3]).toMatchObject({ activityStartedEventDetails: { workerName: 'ann' } });
});

test('a worker that waits gets the next task, and the failure that it reports is that of the state', async () => {
  const waiting = nextTask();
  const execution = run.machine('Order').start({ id: '2' });
  const { taskToken } = await waiting;
  await sfn.send(new SendTaskFailureCommand({ taskToken, error: 'Broken', cause: 'the box' }));
  await execution.wait();
  expect(execution.output).toEqual({ Error: 'Broken', Cause: 'the box' });
});

test('heartbeats count from when a worker has the task, the timeout from before', async () => {
  const silent = run.machine('Order').start({ id: '3' });
  await nextTask();
  await silent.wait();
  const [begun, ended] = ['ActivityStarted', 'ActivityTimedOut'].map(
    (type) => silent.events.find((event) => event.type === type)!.timestamp,
  );
  expect(Math.round((ended! - begun!) / 60)).toBeGreaterThanOrEqual(5);
  const alone = run.machine('Order').start({ id: '4' });
  await alone.wait();
  expect(alone.events.some(({ type }) => type === 'ActivityStarted')).toBe(false);
  expect(alone.output).toMatchObject({ Error: 'States.Timeout' });
});

test('without work a worker is told so after a minute', async () => {
  expect((await task()).taskToken).toBeUndefined();
});

test('activities are made, described, listed and deleted', async () => {
  const { activityArn } = await sfn.send(new CreateActivityCommand({ name: 'Ship' }));
  expect(await sfn.send(new DescribeActivityCommand({ activityArn }))).toMatchObject({ name: 'Ship' });
  expect((await sfn.send(new ListActivitiesCommand({}))).activities).toHaveLength(2);
  await sfn.send(new DeleteActivityCommand({ activityArn }));
  await expect(sfn.send(new DescribeActivityCommand({ activityArn }))).rejects.toMatchObject({
    name: 'ActivityDoesNotExist',
  });
});

test('a worker may ask where its policies say so', async () => {
  const own = run.client(SFNClient, 'Worker');
  await expect(task(own)).resolves.toBeDefined();
  await expect(own.send(new ListActivitiesCommand({}))).rejects.toMatchObject({ name: 'AccessDeniedException' });
});

test('an activity that is in no template is listed before, and ends the execution', async () => {
  expect(run.unsupported).toEqual([
    expect.objectContaining({
      reason: expect.stringMatching(/its state 'Pack' calls '.*:activity:Nobody', which is not run/),
    }),
  ]);
  const execution = run.machine('Ghost').start({ id: '5' });
  await execution.wait();
  expect(execution.status).toBe('FAILED');
});
