import { Duration, type Stack } from 'aws-cdk-lib';
import { Effect, PolicyStatement, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { CfnSchedule, CfnScheduleGroup, Schedule, ScheduleExpression, ScheduleGroup } from 'aws-cdk-lib/aws-scheduler';
import { LambdaInvoke } from 'aws-cdk-lib/aws-scheduler-targets';
import type { LocalRun } from 'lintel/testing';
import { inline, running, shop, stopRuns } from '../../support';

const SAY = `exports.handler = async (event) => console.log('got ' + JSON.stringify(event));`;

function schedules(stack: Stack): void {
  const say = inline(stack, 'Say', SAY);
  const hourly = ScheduleExpression.rate(Duration.hours(1));
  new Schedule(stack, 'Plain', { schedule: hourly, target: new LambdaInvoke(say) });
  const scheduleGroup = new ScheduleGroup(stack, 'Group');
  new Schedule(stack, 'Grouped', { schedule: hourly, target: new LambdaInvoke(say), scheduleGroup });

  const withRole = (id: string, principal: ServicePrincipal, expression = 'rate(1 hour)') => {
    const role = new Role(stack, `${id}Role`, { assumedBy: principal });
    role.addToPolicy(
      new PolicyStatement({ effect: Effect.ALLOW, actions: ['lambda:InvokeFunction'], resources: [say.functionArn] }),
    );
    new CfnSchedule(stack, id, {
      flexibleTimeWindow: { mode: 'OFF' },
      scheduleExpression: expression,
      target: { arn: say.functionArn, roleArn: role.roleArn },
    });
  };
  const source = (arn: string) => ({ conditions: { ArnEquals: { 'aws:SourceArn': arn } } });
  const at = (rest: string) => `arn:aws:scheduler:us-east-1:123456789012:${rest}`;
  withRole('Untrusted', new ServicePrincipal('events.amazonaws.com'));
  withRole('ItsOwn', new ServicePrincipal('scheduler.amazonaws.com', source(at('schedule/default/*'))));
  withRole('Malformed', new ServicePrincipal('scheduler.amazonaws.com'), 'cron(0 22-3 * * ? *)');
  withRole('ItsGroup', new ServicePrincipal('scheduler.amazonaws.com', source(at('schedule-group/default'))));
}

/** Settings that AWS refuses, and why. */
const REFUSED: Readonly<Record<string, readonly [settings: object, why: string]>> = {
  Ended: [{ EndDate: '2026-01-01T00:00:00.000Z' }, 'The EndDate you specify must be in the future'],
  Backwards: [
    { StartDate: '2999-01-02T00:00:00.000Z', EndDate: '2999-01-01T00:00:00.000Z' },
    'The StartDate you specify must come before the EndDate',
  ],
  Coarse: [{ EndDate: '2999-01-01T00:00:00Z' }, 'EndDate needs to follow the format yyyy-MM-ddTHH:mm:ss.SSSZ'],
  Passed: [{ ScheduleExpression: 'at(2026-01-01T00:00:00)' }, 'It is in the past'],
  Endless: [{ FlexibleTimeWindow: { Mode: 'FLEXIBLE' } }, 'MaximumWindowInMinutes must be provided'],
  Windowless: [{ 'FlexibleTimeWindow.Mode': 'NEVER' }, "Value 'NEVER' at 'flexibleTimeWindow.mode'"],
  Grouped: [{ GroupName: 'nowhere' }, "its group 'nowhere' is in no template"],
  Streaming: [{ 'Target.KinesisParameters': { PartitionKey: 'x' } }, 'KinesisParameters not supported for the target'],
  Unreadable: [{ 'Target.Input': '{ "a": ' }, 'JSON syntax error in input for the target'],
};

function refused(stack: Stack): void {
  const say = inline(stack, 'Say', SAY);
  const role = new Role(stack, 'Role', { assumedBy: new ServicePrincipal('scheduler.amazonaws.com') });
  say.grantInvoke(role);
  for (const [id, [settings]] of Object.entries(REFUSED)) {
    const schedule = new CfnSchedule(stack, id, {
      flexibleTimeWindow: { mode: 'OFF' },
      scheduleExpression: 'rate(1 hour)',
      target: { arn: say.functionArn, roleArn: role.roleArn },
    });
    for (const [path, value] of Object.entries(settings)) schedule.addPropertyOverride(path, value);
  }
  for (const name of ['default', 'twice', 'twice']) new CfnScheduleGroup(stack, `${name}${counter++}`, { name });
}
let counter = 0;

let run: LocalRun;

beforeAll(async () => {
  run = await running(shop(schedules));
});
afterAll(stopRuns);

const said = () => run.logs('Say').filter(({ message }) => message.includes('got')).length;

test.each(['Plain', 'Grouped', 'ItsGroup'])('%s runs: its role trusts the schedule’s group', async (name) => {
  const before = said();
  await run.fire(name);
  await run.idle();
  expect(said()).toBe(before + 1);
});

test.each([
  [
    'Untrusted',
    "the role 'Shop/UntrustedRole' cannot be assumed: its trust policy does not let scheduler.amazonaws.com",
  ],
  // Scheduler sends the ARN of the group, never the schedule's own.
  ['ItsOwn', "for 'arn:aws:scheduler:us-east-1:123456789012:schedule-group/default'"],
])('refuses to fire %s, whose role cannot be assumed, and lists it from the start', async (name, reason) => {
  expect(run.unsupported).toContainEqual({
    resource: `Shop/${name}`,
    type: 'AWS::Scheduler::Schedule',
    reason: expect.stringContaining(reason),
  });
  await expect(run.fire(name)).rejects.toThrow(reason);
  await expect(run.fire(name)).rejects.toThrow(`'Shop/${name}' cannot run: `);
});

test('lists nothing else', () => {
  expect(run.unsupported.map(({ resource }) => resource)).toEqual(['Shop/Malformed', 'Shop/Untrusted', 'Shop/ItsOwn']);
});

test('refuses to fire a schedule that AWS refuses, and lists it from the start', async () => {
  const reason =
    "never runs: its schedule 'cron(0 22-3 * * ? *)' has '22-3' for its hour, which takes 0 to 23, which AWS refuses";
  expect(run.unsupported).toContainEqual({ resource: 'Shop/Malformed', type: 'AWS::Scheduler::Schedule', reason });
  await expect(run.fire('Malformed')).rejects.toThrow(reason);
});

test('lists what AWS refuses in schedules and groups of the templates', async () => {
  const { unsupported } = await running(shop(refused));
  const reasons = (id: string) =>
    unsupported.filter(({ resource }) => resource === `Shop/${id}`).map(({ reason }) => reason);
  for (const [id, [, why]] of Object.entries(REFUSED))
    expect([id, ...reasons(id)]).toEqual([id, expect.stringContaining(why)]);
  expect(reasons('default0')).toEqual([expect.stringContaining("every account has the group 'default'")]);
  expect([...reasons('twice1'), ...reasons('twice2')]).toEqual([expect.stringContaining("has its name 'twice'")]);
});
