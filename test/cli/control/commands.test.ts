import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { App, Stack } from 'aws-cdk-lib';
import { Rule, Schedule } from 'aws-cdk-lib/aws-events';
import { LambdaFunction as Target } from 'aws-cdk-lib/aws-events-targets';
import { Code, Function as LambdaFunction, Runtime } from 'aws-cdk-lib/aws-lambda';
import { SqsEventSource } from 'aws-cdk-lib/aws-lambda-event-sources';
import { Queue } from 'aws-cdk-lib/aws-sqs';
import { type LocalRun, runLocally } from 'lintel/testing';
import { offerControl, type Control } from '../../../lib/cli/control/server';
import { runningHere } from '../../../lib/cli/control/place';
import { main } from '../../../lib/cli/main';

const CODE = `exports.handler = async (event) => {
  console.log('got ' + JSON.stringify(event.Records?.map(({ body }) => body) ?? event.time ?? event));
  if (event.fail) throw new Error('no luck');
  return { seen: event };
};`;
const directory = mkdtempSync(path.join(tmpdir(), 'lintel-test-'));

let run: LocalRun;
let control: Control;
beforeAll(async () => {
  const app = new App({ builtinCloudFormationValidation: false });
  const stack = new Stack(app, 'Shop');
  const fn = new LambdaFunction(stack, 'Fn', {
    runtime: Runtime.NODEJS_22_X,
    handler: 'index.handler',
    code: Code.fromInline(CODE),
  });
  fn.addEventSource(new SqsEventSource(new Queue(stack, 'Jobs')));
  new Rule(stack, 'Hourly', { schedule: Schedule.cron({ minute: '0' }), targets: [new Target(fn)] });
  run = await runLocally(app, { disorder: 0 });
  control = await offerControl(() => run);
});
afterAll(async () => {
  await control.close();
  await run.stop();
  rmSync(directory, { recursive: true });
});

async function lintel(...argv: string[]): Promise<{ code: number; out: string; notes: string }> {
  let out = '';
  let notes = '';
  const io = { out: (text: string) => void (out += text), note: (text: string) => void (notes += text), colour: false };
  return { code: await main(argv, io), out, notes };
}
const logged = () =>
  run
    .logs('Fn')
    .map(({ message }) => message)
    .join('\n');

test('invoke prints what the handler answers', async () => {
  const { code, out } = await lintel('invoke', 'Shop/Fn', '{"id":"1"}');
  expect([code, JSON.parse(out)]).toEqual([0, { seen: { id: '1' } }]);
  const file = path.join(directory, 'event.json');
  writeFileSync(file, '{"id":"2"}');
  expect(JSON.parse((await lintel('invoke', 'Fn', `@${file}`)).out)).toEqual({ seen: { id: '2' } });
});

test('invoke ends with exit 1 when the handler fails', async () => {
  const { code, out, notes } = await lintel('invoke', 'Fn', '{"fail":true}');
  expect([code, out]).toEqual([1, '']);
  expect(notes).toContain('no luck');
});

test('send puts a message into a queue, which its function reads', async () => {
  const { code, out } = await lintel('send', 'Shop/Jobs', 'hello');
  expect([code, out.trim()]).toEqual([0, expect.stringMatching(/^[\da-f-]{36}$/)]);
  await run.idle();
  expect(logged()).toContain('["hello"]');
});

test('fire runs a schedule, as if it were some time', async () => {
  expect((await lintel('fire', 'Hourly', '--at', '2026-01-31T03:00:00Z')).code).toBe(0);
  await run.idle();
  expect(logged()).toContain('2026-01-31T03:00:00Z');
});

test.each([
  [['invoke'], 'name one function'],
  [['invoke', 'Fn', 'nonsense'], 'the event must be JSON'],
  [['invoke', 'Nothing'], "there is no function 'Nothing'"],
  [['send', 'Jobs'], 'name one queue and one body'],
  [['send', 'Nothing', 'x'], "there is no queue 'Nothing'"],
  [['fire', 'Hourly', '--at', 'noon'], '--at must be a time'],
])('refuses %j with exit 2', async (argv, message) => {
  const { code, notes } = await lintel(...argv);
  expect([code, notes]).toEqual([2, expect.stringContaining(message)]);
});

test('refuses whoever does not show the token', async () => {
  const { url } = runningHere()!;
  const response = await fetch(`${url}/invoke`, { method: 'POST', body: '{"name":"Fn"}' });
  expect(response.status).toBe(403);
});

test('refuses when nothing runs in the directory', async () => {
  const here = process.cwd();
  process.chdir(directory);
  try {
    expect(await lintel('invoke', 'Fn')).toMatchObject({
      code: 2,
      notes: expect.stringContaining('nothing is running') as string,
    });
  } finally {
    process.chdir(here);
  }
});
