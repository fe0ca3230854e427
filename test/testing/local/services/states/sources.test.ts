import path from 'node:path';
import { Schedule, ScheduleExpression, ScheduleTargetInput } from 'aws-cdk-lib/aws-scheduler';
import { StepFunctionsStartExecution } from 'aws-cdk-lib/aws-scheduler-targets';
import {
  CfnStateMachine,
  Chain,
  DefinitionBody,
  Fail,
  Pass,
  StateMachine,
  Wait,
  WaitTime,
} from 'aws-cdk-lib/aws-stepfunctions';
import { LambdaInvoke } from 'aws-cdk-lib/aws-stepfunctions-tasks';
import { Duration } from 'aws-cdk-lib';
import { inline, running, shop, stopRuns } from '../../support';

const FILES = path.join(__dirname, '../../handlers/state-machines');
const NAME = 'exports.handler = async ({ name }) => { if (!name) throw new TypeError("no name"); return name; };';

afterAll(stopRuns);

test('definitions are read where CDK puts them: in the template, in an asset, with substitutions', async () => {
  const app = shop((stack) => {
    const name = inline(stack, 'Name', NAME);
    const task = new LambdaInvoke(stack, 'Ask', { lambdaFunction: name, payloadResponseOnly: true });
    task.addCatch(new Fail(stack, 'Bad', { error: 'NoName' }), { errors: ['TypeError'] });
    const wait = new Wait(stack, 'Wait', { time: WaitTime.duration(Duration.days(1)) });
    const chain = Chain.start(wait).next(task).next(new Pass(stack, 'Same'));
    const chained = new StateMachine(stack, 'Chained', { definitionBody: DefinitionBody.fromChainable(chain) });
    const greeter = new StateMachine(stack, 'Greeter', {
      definitionBody: DefinitionBody.fromFile(path.join(FILES, 'greeting.asl.json')),
      definitionSubstitutions: { Function: name.functionArn, Greeting: 'Hello' },
    });
    name.grantInvoke(greeter);
    new Schedule(stack, 'Daily', {
      schedule: ScheduleExpression.rate(Duration.days(1)),
      target: new StepFunctionsStartExecution(chained, { input: ScheduleTargetInput.fromObject({ name: 'Ada' }) }),
    });
    new CfnStateMachine(stack, 'Refused', {
      roleArn: greeter.role.roleArn,
      definition: { StartAt: 'A', States: { A: { Type: 'Pass', Next: 'Nowhere' } } },
    });
  });
  const run = await running(app, { timeScale: 1_000_000 });
  await expect(run.machine('Greeter').run({ name: 'Ada' })).resolves.toBe('Hello, Ada');
  const failed = await run.machine('Chained').start({}).wait();
  expect([failed.error, failed.states]).toEqual(['NoName', ['Wait', 'Ask', 'Bad']]);

  await run.fire('Daily');
  await run.idle();
  const [started] = run.machine('Chained').executions;
  await expect(started!.succeeded()).resolves.toBe('Ada');

  const reason = "cannot run: AWS refuses its definition: MISSING_TRANSITION_TARGET: Missing 'Next' target: Nowhere";
  expect(run.unsupported).toContainEqual(
    expect.objectContaining({ resource: 'Shop/Refused', reason: expect.stringContaining(reason) }),
  );
  expect(() => run.machine('Refused').start()).toThrow(`'Shop/Refused' ${reason}`);
});

test('state machines of a SAM template run, by file and inline', async () => {
  const run = await running(path.join(FILES, 'template.yaml'));
  expect(run.unsupported).toEqual([]);
  await expect(run.machine('Greeter').run({ name: 'Grace' })).resolves.toBe('Hello, Grace');
  await expect(run.machine('Inline').run({ name: 'Grace' })).resolves.toBe('Grace');
});
