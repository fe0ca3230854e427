import { App, Duration, Stack } from 'aws-cdk-lib';
import * as lambda from 'aws-cdk-lib/aws-lambda';
import { Secret } from 'aws-cdk-lib/aws-secretsmanager';
import * as sqs from 'aws-cdk-lib/aws-sqs';
import { EventHub, FileProcessor, QueueWorker, WebhookReceiver } from 'lintel/aws';
import { readAssembly } from '../../lib/core/model/read-assembly';

const handler = { code: lambda.Code.fromInline('exports.handler = async () => {};') };

/** The number of the line that calls it. */
const here = () => Number(/pattern-construct\.test\.ts:(\d+)/.exec(new Error().stack!.split('\n')[2]!)![1]);

/** Lines of this file where resources were made, by their path in the stack, as a finding names them. */
function linesIn(app: App): Map<string, number | undefined> {
  const resources = [...readAssembly(app.synth().directory).resources.values()];
  return new Map(
    resources.map(({ path, origin }) => [
      path!.replace(/^Shop\//, ''),
      origin?.file === __filename ? origin.line : undefined,
    ]),
  );
}

test('each resource of a pattern was made where the user wrote the pattern, however deep it is', () => {
  const app = new App();
  const [, line] = [new FileProcessor(new Stack(app, 'Shop'), 'Files', { handler }), here()];
  const lines = linesIn(app);
  expect(lines.get('Files/Worker/QueueDeadLetterQueue/Policy/Resource')).toBe(line);
  expect([...new Set(lines.values())]).toEqual([line]);
});

test('what a method of a pattern makes was made where it is called', () => {
  const app = new App();
  const [hub, above] = [new EventHub(new Stack(app, 'Shop'), 'Hub'), here()];
  const [, below] = [hub.subscribe('Billing', { types: ['OrderPlaced'], handler }), here()];
  const lines = linesIn(app);
  expect(lines.get('Hub/Bus/Resource')).toBe(above);
  expect(lines.get('Hub/Billing/Worker/Handler/Resource')).toBe(below);
});

test('what is added to a pattern later has the line of the pattern', () => {
  const app = new App();
  const [jobs, line] = [new QueueWorker(new Stack(app, 'Shop'), 'Jobs', { handler }), here()];
  new sqs.Queue(jobs, 'More');
  expect(linesIn(app).get('Jobs/More/Resource')).toBe(line);
});

test('an app that wants no creation stacks has none', () => {
  const app = new App({ context: { 'aws:cdk:disable-creation-stack-traces': true } });
  new QueueWorker(new Stack(app, 'Shop'), 'Jobs', { handler });
  expect([...new Set(linesIn(app).values())]).toEqual([undefined]);
});

test('what has a creation stack of its own keeps it, as all have while an app is debugged', () => {
  const app = new App();
  const [jobs, line] = [new QueueWorker(new Stack(app, 'Shop'), 'Jobs', { handler }), here()];
  const { node } = jobs.queue.node.defaultChild!;
  node.addMetadata('aws:cdk:creationStack', [`debugged (${__filename}:1:1)`]);
  const lines = linesIn(app);
  expect(lines.get('Jobs/Queue/Resource')).toBe(1);
  expect(lines.get('Jobs/Mapping/Resource')).toBe(line);
});

describe('what is wrong with the queue that a pattern is made of is told with all else', () => {
  const entry = 'test/patterns/aws/handlers/hello.ts';
  const queue = {
    handler: { entry, reservedConcurrency: 3, timeout: Duration.minutes(1) },
    batch: { size: 500 },
    maxConcurrency: 5,
    alarms: { age: Duration.days(20) },
  };
  const faultsOf = (make: () => unknown) => {
    try {
      make();
    } catch (error) {
      return [...new Set((error as Error).message.split('\n').map((line) => /'(.*?)'/.exec(line)![1]))];
    }
    return [];
  };
  const ofQueue = ['alarms.age', 'batch.size', 'maxConcurrency'];

  test.each<[string, (stack: Stack) => unknown, string[]]>([
    ['FileProcessor', (stack) => new FileProcessor(stack, 'Files', { ...queue, prefix: '/in' } as never), ['prefix']],
    [
      'WebhookReceiver',
      (stack) => {
        const signature = { preset: 'github', secret: new Secret(stack, 'Secret') };
        return new WebhookReceiver(stack, 'Hook', { ...queue, signature, headers: ['no header'] } as never);
      },
      ['headers'],
    ],
    [
      'Subscription',
      (stack) => new EventHub(stack, 'Hub').subscribe('Billing', { ...queue, types: [] } as never),
      ['types'],
    ],
  ])('%s', (_, make, own) => {
    const app = new App();
    expect(faultsOf(() => make(new Stack(app, 'Shop'))).sort()).toEqual([...ofQueue, ...own].sort());
  });
});
