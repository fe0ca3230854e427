import { Duration } from 'aws-cdk-lib';
import { ScheduledJob, type ScheduledJobProps } from 'lintel/aws';
import type { LocalRun } from 'lintel/testing';
import { mutated } from '../../testing/local/mutated';
import { inline, running, shop, stopRuns } from '../../testing/local/support';

const JOB = `exports.handler = async (event) => {
  console.log('run ' + JSON.stringify(event));
  if (event.broken) throw new Error('broken');
};`;

const app = (props: Partial<ScheduledJobProps> = {}) =>
  shop((stack) => {
    new ScheduledJob(stack, 'Nightly', {
      handler: inline(stack, 'Work', JOB, { timeout: Duration.seconds(10) }),
      schedule: 'cron(0 3 * * ? *)',
      ...props,
    });
  });
const dead = (run: LocalRun) => run.queue('Nightly/DeadLetterQueue').messages();
const ran = (run: LocalRun) => run.logs('Work').flatMap(({ message }) => /run (.*)$/.exec(message)?.[1] ?? []);

afterEach(stopRuns);

test('fired by hand, the job gets the time that it was meant for', async () => {
  const run = await running(app());
  await run.fire('Nightly', { at: new Date('2026-01-31T03:00:00Z') });
  await run.idle();
  expect(ran(run)).toHaveLength(1);
  expect(JSON.parse(ran(run)[0]!)).toEqual({
    scheduledTime: '2026-01-31T03:00:00Z',
    executionId: expect.stringMatching(/^[\da-f-]{36}$/),
  });
  expect(dead(run)).toEqual([]);
});

test('the report tells what became of the permissions of the schedule’s role', async () => {
  const run = await running(app());
  expect(run.report().roles).toMatchObject([{ used: [], denied: [] }]);
  await run.fire('Nightly');
  await run.idle();
  const [role] = run.report().roles;
  expect(role).toMatchObject({
    name: expect.stringMatching(/^Shop\/.*Role$/),
    assumedBy: ['Shop/Nightly/Schedule'],
    used: [{ action: 'lambda:InvokeFunction', count: 1 }],
    denied: [],
  });
  // No run failed, so nothing was sent to the dead-letter queue.
  expect(role?.unused).toContainEqual({ action: 'sqs:SendMessage', resource: expect.stringContaining(':sqs:') });
});

test('as time passes, the job runs when its time zone says so', async () => {
  const run = await running(app({ timeZone: 'Europe/Berlin' }));
  const fired = await run.passTime(new Date('2026-03-27T12:00Z'), new Date('2026-03-30T12:00Z'));
  expect(fired.map(({ schedule, at }) => `${schedule} ${at.toISOString()}`)).toEqual([
    'Shop/Nightly/Schedule 2026-03-28T02:00:00.000Z',
    'Shop/Nightly/Schedule 2026-03-29T01:00:00.000Z',
    'Shop/Nightly/Schedule 2026-03-30T01:00:00.000Z',
  ]);
  expect(ran(run)).toHaveLength(3);
});

test('refuses to fire a schedule that is disabled', async () => {
  const run = await running(app({ enabled: false }));
  await expect(run.fire('Nightly')).rejects.toThrow("'Shop/Nightly/Schedule' is disabled");
});

test('without the grant of its role, the run waits in the dead-letter queue', async () => {
  const directory = mutated(app(), 'AWS::IAM::Policy', (properties) => {
    const document = properties.PolicyDocument as { Statement: { Action: unknown }[] };
    document.Statement = document.Statement.filter(({ Action }) => Action !== 'lambda:InvokeFunction');
  });
  const run = await running(directory);
  await run.fire('Nightly');
  await run.idle();
  expect(ran(run)).toEqual([]);
  expect(dead(run)).toMatchObject([{ attributes: { ERROR_CODE: 'AccessDeniedException' } }]);
});
