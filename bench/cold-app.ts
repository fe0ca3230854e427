import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { atMost, clocked, type Goal, inTurns, type Result } from './measure';

/** An app as it is written first: an API, a table, a job behind a queue, a schedule and a bucket. */
const OURS = `const { App, Stack } = require('aws-cdk-lib');
const { EntityTable, FileProcessor, QueueWorker, ScheduledJob, ServerlessApi } = require('lintel/aws');
const app = new App({ outdir: process.argv[2], builtinCloudFormationValidation: process.argv[3] === 'validated' });
const stack = new Stack(app, 'Shop');
const orders = new EntityTable(stack, 'Orders', { partitionKey: 'id' });
const jobs = new QueueWorker(stack, 'Jobs', { handler: { entry: 'job.ts', access: { ORDERS: orders.write() } } });
new ServerlessApi(stack, 'Api', {
  authorizer: 'iam',
  routes: {
    'POST /orders': { entry: 'place.ts', access: { JOBS: jobs.send() } },
    'GET /orders/{id}': { entry: 'get.ts', access: { ORDERS: orders.read() } },
  },
});
new ScheduledJob(stack, 'Nightly', { handler: { entry: 'nightly.ts', access: { ORDERS: orders.read() } }, schedule: 'rate(1 day)' });
new FileProcessor(stack, 'Imports', { handler: { entry: 'import.ts', access: { ORDERS: orders.write() } } });
app.synth();
`;

/** The same with what aws-cdk-lib has for it. Most of the settings that the patterns derive are left out. */
const BY_HAND = `const { App, Duration, Stack } = require('aws-cdk-lib');
const { HttpApi, HttpMethod } = require('aws-cdk-lib/aws-apigatewayv2');
const { HttpIamAuthorizer } = require('aws-cdk-lib/aws-apigatewayv2-authorizers');
const { HttpLambdaIntegration } = require('aws-cdk-lib/aws-apigatewayv2-integrations');
const { AttributeType, TableV2 } = require('aws-cdk-lib/aws-dynamodb');
const { NodejsFunction } = require('aws-cdk-lib/aws-lambda-nodejs');
const { SqsEventSource } = require('aws-cdk-lib/aws-lambda-event-sources');
const { Bucket, EventType } = require('aws-cdk-lib/aws-s3');
const { SqsDestination } = require('aws-cdk-lib/aws-s3-notifications');
const { Schedule, ScheduleExpression } = require('aws-cdk-lib/aws-scheduler');
const { LambdaInvoke } = require('aws-cdk-lib/aws-scheduler-targets');
const { Queue } = require('aws-cdk-lib/aws-sqs');
const app = new App({ outdir: process.argv[2], builtinCloudFormationValidation: process.argv[3] === 'validated' });
const stack = new Stack(app, 'Shop');
const orders = new TableV2(stack, 'Orders', { partitionKey: { name: 'id', type: AttributeType.STRING } });
const fn = (id, entry) => new NodejsFunction(stack, id, { entry, depsLockFilePath: 'package-lock.json', environment: { ORDERS: orders.tableName } });
const queue = (id) => new Queue(stack, id, {
  visibilityTimeout: Duration.minutes(1),
  deadLetterQueue: { queue: new Queue(stack, id + 'DeadLetters'), maxReceiveCount: 5 },
});
const [jobs, files] = [queue('Jobs'), queue('Files')];
const job = fn('Job', 'job.ts');
job.addEventSource(new SqsEventSource(jobs, { reportBatchItemFailures: true }));
orders.grantWriteData(job);
const api = new HttpApi(stack, 'Api', { defaultAuthorizer: new HttpIamAuthorizer() });
const [place, get] = [fn('Place', 'place.ts'), fn('Get', 'get.ts')];
jobs.grantSendMessages(place);
orders.grantReadData(get);
api.addRoutes({ path: '/orders', methods: [HttpMethod.POST], integration: new HttpLambdaIntegration('Place', place) });
api.addRoutes({ path: '/orders/{id}', methods: [HttpMethod.GET], integration: new HttpLambdaIntegration('Get', get) });
const nightly = fn('Nightly', 'nightly.ts');
orders.grantReadData(nightly);
new Schedule(stack, 'Schedule', { schedule: ScheduleExpression.rate(Duration.days(1)), target: new LambdaInvoke(nightly) });
const read = fn('Import', 'import.ts');
orders.grantWriteData(read);
read.addEventSource(new SqsEventSource(files, { reportBatchItemFailures: true }));
new Bucket(stack, 'Imports').addEventNotification(EventType.OBJECT_CREATED, new SqsDestination(files));
app.synth();
`;

const HANDLER = `import { DynamoDBClient, GetItemCommand } from '@aws-sdk/client-dynamodb';
const client = new DynamoDBClient({});
export const handler = (event: { id: string }) =>
  client.send(new GetItemCommand({ TableName: process.env.ORDERS, Key: { id: { S: event.id } } }));
`;

const inSeconds = (limit: number): Goal => ({
  text: `at most ${limit} s`,
  reached: (ours) => ours <= limit * 1000,
});

/**
 * Whole processes by the clock: start, imports, bundles of five handlers, synthesis. CDK's built-in validation takes longer than all of
 * that together, on both sides, so it has a line of its own.
 */
export function run(): Result[] {
  // Inside the package, so that its own name leads to what was built.
  const folder = path.resolve('.cache/bench');
  mkdirSync(folder, { recursive: true });
  const app = mkdtempSync(path.join(folder, 'app-'));
  try {
    writeFileSync(path.join(app, 'ours.cjs'), OURS);
    writeFileSync(path.join(app, 'by-hand.cjs'), BY_HAND);
    writeFileSync(path.join(app, 'package-lock.json'), '{}');
    for (const name of ['job', 'place', 'get', 'nightly', 'import'])
      writeFileSync(path.join(app, `${name}.ts`), HANDLER);
    const synthesize = (file: string, context: object, ...validated: string[]) => {
      const env = { ...process.env, CDK_CONTEXT_JSON: JSON.stringify(context) };
      return () => {
        const out = mkdtempSync(path.join(app, 'out-'));
        return clocked(() =>
          execFileSync(process.execPath, [file, out, ...validated], { cwd: app, env, stdio: 'ignore' }),
        );
      };
    };
    const uncached = { 'lintel:bundleCache': false };
    const cold = inTurns(5, synthesize('ours.cjs', uncached), synthesize('by-hand.cjs', {}));
    const again = inTurns(5, synthesize('ours.cjs', {}), synthesize('ours.cjs', uncached));
    const validated = inTurns(
      1,
      synthesize('ours.cjs', uncached, 'validated'),
      synthesize('by-hand.cjs', {}, 'validated'),
    );
    return [
      { name: 'an app, new process / NodejsFunction and L2s', ...cold, goal: atMost(0.4) },
      { name: '... in seconds', ...cold, goal: inSeconds(1.5) },
      { name: '... with the bundles of the last time / without', ...again, goal: atMost(1) },
      { name: "... with CDK's built-in validation", ...validated, goal: atMost(0.8) },
    ];
  } finally {
    rmSync(app, { recursive: true, force: true });
  }
}
