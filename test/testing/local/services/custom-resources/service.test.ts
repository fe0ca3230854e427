import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { KinesisClient, ListStreamsCommand } from '@aws-sdk/client-kinesis';
import { GetSecretValueCommand, SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { GetObjectCommand, ListObjectsV2Command, S3Client } from '@aws-sdk/client-s3';
import { GetParameterCommand, SSMClient } from '@aws-sdk/client-ssm';
import { CustomResource, Duration, Fn, RemovalPolicy, SecretValue, type Stack } from 'aws-cdk-lib';
import { HttpApi } from 'aws-cdk-lib/aws-apigatewayv2';
import { HttpLambdaIntegration } from 'aws-cdk-lib/aws-apigatewayv2-integrations';
import { AttributeType, TableV2 } from 'aws-cdk-lib/aws-dynamodb';
import { PolicyStatement } from 'aws-cdk-lib/aws-iam';
import { Stream } from 'aws-cdk-lib/aws-kinesis';
import { LogRetention, RetentionDays } from 'aws-cdk-lib/aws-logs';
import { Bucket } from 'aws-cdk-lib/aws-s3';
import { Code, Function as LambdaFunction, Runtime } from 'aws-cdk-lib/aws-lambda';
import { Asset } from 'aws-cdk-lib/aws-s3-assets';
import { SqsEventSource } from 'aws-cdk-lib/aws-lambda-event-sources';
import { CfnSchedule } from 'aws-cdk-lib/aws-scheduler';
import { Secret } from 'aws-cdk-lib/aws-secretsmanager';
import { Queue } from 'aws-cdk-lib/aws-sqs';
import { StringParameter } from 'aws-cdk-lib/aws-ssm';
import {
  AwsCustomResource,
  AwsCustomResourcePolicy,
  type AwsSdkCall,
  PhysicalResourceId,
  Provider,
} from 'aws-cdk-lib/custom-resources';
import { type LocalRun, runLocally } from 'lintel/testing';
import { inline, running, shop, stopRuns } from '../../support';

/** Answers what it was asked for, in capitals. */
const CAPITALS = `const response = require('cfn-response');
exports.handler = (event, context) => {
  console.log('got ' + JSON.stringify(event));
  const { Word } = event.ResourceProperties;
  if (Word === 'bad') return response.send(event, context, response.FAILED, {}, 'none');
  response.send(event, context, response.SUCCESS, { Capitals: Word.toUpperCase() }, 'id-of-' + Word);
};`;
/** Answers with the name of the error that a table gives, or with `found`. */
const LOOKS_FOR_TABLE = `const response = require('cfn-response');
const { DynamoDBClient, ScanCommand } = require('@aws-sdk/client-dynamodb');
exports.handler = async (event, context) => {
  const saw = await new DynamoDBClient({}).send(new ScanCommand({ TableName: 'later' })).then(() => 'found', ({ name }) => name);
  await response.send(event, context, response.SUCCESS, { Saw: saw }, 'looked');
};`;
const READER = `const { DynamoDBClient, ScanCommand } = require('@aws-sdk/client-dynamodb');
exports.handler = async () => {
  const { Count } = await new DynamoDBClient({}).send(new ScanCommand({ TableName: process.env.TABLE }));
  return { Count };
};`;
/** Calls what is not answered here, again and again. */
const TRIES = `const { LambdaClient, ListFunctionsCommand } = require('@aws-sdk/client-lambda');
exports.handler = async () => {
  for (;;) await new LambdaClient({}).send(new ListFunctionsCommand({})).catch(() => new Promise((done) => setTimeout(done, 500)));
};`;
const TELL = 'exports.handler = async () => ({ ...process.env });';

const custom = (stack: Stack, id: string, serviceToken: string, properties: Record<string, unknown>) =>
  new CustomResource(stack, id, { serviceToken, properties, resourceType: 'Custom::Capitals' });

function chained(stack: Stack): void {
  const { functionArn } = inline(stack, 'Maker', CAPITALS);
  // Written first, made second.
  const second = custom(stack, 'Second', functionArn, { Word: 'b', Count: 2, Deep: [{ On: true }] });
  const first = custom(stack, 'First', functionArn, { Word: 'hello' });
  second.node.addDependency(first);
  inline(stack, 'Tell', TELL, {
    environment: { WORD: first.getAttString('Capitals'), ID: first.ref, OTHER: `-${second.getAttString('Capitals')}-` },
  });
}

afterEach(stopRuns);

const lines = (run: Awaited<ReturnType<typeof running>>, name: string) => run.logs(name).map(({ message }) => message);

test('a custom resource is made by its function when the run starts, and its answer is what the templates refer to', async () => {
  const run = await running(shop(chained));
  expect(run.unsupported).toEqual([]);
  expect(await run.invoke('Tell')).toMatchObject({ WORD: 'HELLO', ID: 'id-of-hello', OTHER: '-B-' });
  const events = lines(run, 'Maker').flatMap((line) => {
    const found = /got (.*)$/.exec(line)?.[1];
    return found === undefined ? [] : [JSON.parse(found) as Record<string, unknown>];
  });
  expect(events).toMatchObject([{ LogicalResourceId: 'First' }, { LogicalResourceId: 'Second' }]);
  expect(events[1]).toEqual({
    RequestType: 'Create',
    RequestId: expect.any(String),
    ResponseURL: expect.stringMatching(/^http/),
    StackId: expect.stringMatching(/^arn:aws:cloudformation:us-east-1:123456789012:stack\/Shop\//),
    ServiceToken: expect.stringContaining(':function:'),
    ResourceType: 'Custom::Capitals',
    LogicalResourceId: 'Second',
    // CloudFormation hands over numbers and booleans as texts.
    ResourceProperties: { ServiceToken: expect.any(String), Word: 'b', Count: '2', Deep: [{ On: 'true' }] },
  });
});

test('CDK’s provider framework runs, with its two functions', async () => {
  const run = await running(
    shop((stack) => {
      const onEventHandler = inline(
        stack,
        'OnEvent',
        `exports.handler = async ({ ResourceProperties: { Word } }) => ({ PhysicalResourceId: Word, Data: { Twice: Word + Word } });`,
      );
      const { serviceToken } = new Provider(stack, 'Provider', { onEventHandler });
      const made = custom(stack, 'Made', serviceToken, { Word: 'ab' });
      inline(stack, 'Tell', TELL, { environment: { TWICE: made.getAttString('Twice'), ID: made.ref } });
    }),
  );
  expect(run.unsupported).toEqual([]);
  expect(await run.invoke('Tell')).toMatchObject({ TWICE: 'abab', ID: 'ab' });
});

describe('CDK’s provider framework that asks until something is complete', () => {
  const slow = (totalTimeout: Duration) =>
    shop((stack) => {
      const onEventHandler = inline(
        stack,
        'OnEvent',
        `exports.handler = async () => ({ PhysicalResourceId: 'slow' });`,
      );
      const isCompleteHandler = inline(
        stack,
        'IsComplete',
        `let asked = 0;
        exports.handler = async () => (++asked < 3 ? { IsComplete: false } : { IsComplete: true, Data: { Asked: asked } });`,
      );
      const queryInterval = Duration.seconds(10);
      const provider = new Provider(stack, 'Provider', {
        onEventHandler,
        isCompleteHandler,
        queryInterval,
        totalTimeout,
      });
      const made = custom(stack, 'Made', provider.serviceToken, {});
      inline(stack, 'Tell', TELL, { environment: { ASKED: made.getAttString('Asked'), ID: made.ref } });
    });

  test('runs, with its state machine', async () => {
    const run = await running(slow(Duration.minutes(5)), { timeScale: 100 });
    expect(run.unsupported).toEqual([]);
    expect(await run.invoke('Tell')).toMatchObject({ ASKED: '3', ID: 'slow' });
  });

  test('fails when it takes too long', async () => {
    const run = await running(slow(Duration.seconds(10)), { timeScale: 100 });
    expect(run.unsupported[0]).toMatchObject({
      resource: 'Shop/Made',
      reason: expect.stringMatching(/its function answered FAILED: .*(timed? ?out|complete)/i),
    });
  });
});

test('another function may answer, to which the first one sends a message', async () => {
  const run = await running(
    shop((stack) => {
      const queue = new Queue(stack, 'Asked');
      const asker = inline(
        stack,
        'Asker',
        `const { SQSClient, SendMessageCommand } = require('@aws-sdk/client-sqs');
        exports.handler = (event) => new SQSClient({}).send(
          new SendMessageCommand({ QueueUrl: event.ResourceProperties.Queue, MessageBody: JSON.stringify(event) }));`,
      );
      queue.grantSendMessages(asker);
      const answerer = inline(
        stack,
        'Answerer',
        `const response = require('cfn-response');
        exports.handler = ({ Records: [{ body }] }, context) =>
          response.send(JSON.parse(body), context, response.SUCCESS, { Said: 'yes' }, 'asked');`,
      );
      answerer.addEventSource(new SqsEventSource(queue));
      const made = custom(stack, 'Made', asker.functionArn, { Queue: queue.queueUrl });
      inline(stack, 'Tell', TELL, { environment: { SAID: made.getAttString('Said') } });
    }),
  );
  expect(run.unsupported).toEqual([]);
  expect(await run.invoke('Tell')).toMatchObject({ SAID: 'yes' });
});

test('the test’s answer stands in for the function, which is not called', async () => {
  const run = await running(shop(chained), {
    customResources: { 'Shop/First': { Ref: 'mine', Capitals: 'GIVEN' }, Second: { Capitals: 'ALSO' } },
  });
  expect(await run.invoke('Tell')).toMatchObject({ WORD: 'GIVEN', ID: 'mine', OTHER: '-ALSO-' });
  expect(lines(run, 'Maker')).toEqual([]);
  expect(run.unsupported).toEqual([]);
});

test('refuses an answer for a custom resource that is not there', async () => {
  await expect(running(shop(chained), { customResources: { Third: {} } })).rejects.toThrow(
    "there is no custom resource 'Third'; there are 'Shop/Second', 'Shop/First'",
  );
});

test.each([
  ['answers FAILED', CAPITALS, 'its function answered FAILED: See the details in CloudWatch Log Stream'],
  ['throws', `exports.handler = async () => { throw new Error('no'); };`, 'its function failed: no'],
  ['answers nothing', 'exports.handler = async () => {};', 'its function ended without an answer to the ResponseURL'],
])('lists a custom resource whose function %s', async (_, code, reason) => {
  const run = await running(
    shop((stack) => void custom(stack, 'Made', inline(stack, 'Maker', code).functionArn, { Word: 'bad' })),
  );
  expect(run.unsupported).toEqual([
    { resource: 'Shop/Made', type: 'Custom::Capitals', reason: expect.stringContaining(reason) },
  ]);
  expect(run.unsupported[0]!.reason).toContain("give its result in 'customResources: { 'Shop/Made': { ... } }'");
});

test('what is made of an answer is made after it: resources, and the policies that name them', async () => {
  const run = await running(
    shop((stack) => {
      const made = custom(stack, 'Made', inline(stack, 'Maker', CAPITALS).functionArn, { Word: 'name' });
      const name = made.getAttString('Capitals');
      new Queue(stack, 'Queue', { queueName: name });
      new Bucket(stack, 'Files', { bucketName: Fn.join('-', ['files', made.ref]) });
      new Stream(stack, 'Stream', { streamName: name });
      new StringParameter(stack, 'Parameter', { parameterName: '/shop/word', stringValue: name });
      new Secret(stack, 'Secret', { secretStringValue: SecretValue.unsafePlainText(name) });
      new CfnSchedule(stack, 'Nightly', {
        name,
        flexibleTimeWindow: { mode: 'OFF' },
        scheduleExpression: 'rate(1 day)',
        target: { arn: 'arn:aws:sqs:us-east-1:123456789012:NAME', roleArn: 'arn:aws:iam::123456789012:role/none' },
      });
      new TableV2(stack, 'Table', { tableName: name, partitionKey: { name: 'id', type: AttributeType.STRING } });
      const reader = inline(stack, 'Reader', READER, { environment: { TABLE: name } });
      const resources = [`arn:aws:dynamodb:us-east-1:123456789012:table/${name}`];
      reader.addToRolePolicy(new PolicyStatement({ actions: ['dynamodb:Scan'], resources }));
    }),
  );
  expect(run.unsupported.map(({ resource }) => resource)).toEqual(['Shop/Nightly']);
  const names = ['Queue', 'Files', 'Stream', 'Table'].map((name) => run.nameOf(name));
  expect(names).toEqual(['NAME', 'files-id-of-name', 'NAME', 'NAME']);
  await run.queue('Queue').send('hello');
  expect(run.queue('Queue').url).toMatch(/\/NAME$/);
  expect(await run.invoke('Reader')).toEqual({ Count: 0 });
  const parameter = await run.client(SSMClient).send(new GetParameterCommand({ Name: '/shop/word' }));
  expect(parameter.Parameter?.Value).toBe('NAME');
  const secret = await run
    .client(SecretsManagerClient)
    .send(new GetSecretValueCommand({ SecretId: run.nameOf('Secret') }));
  expect(secret.SecretString).toBe('NAME');
  const { StreamNames } = await run.client(KinesisClient).send(new ListStreamsCommand({}));
  expect(StreamNames).toEqual(['NAME']);
});

test('what waits for a custom resource is not there while it is made', async () => {
  const run = await running(
    shop((stack) => {
      const maker = inline(stack, 'Maker', LOOKS_FOR_TABLE);
      maker.addToRolePolicy(new PolicyStatement({ actions: ['dynamodb:Scan'], resources: ['*'] }));
      const made = custom(stack, 'Made', maker.functionArn, { Word: 'a' });
      const table = new TableV2(stack, 'Table', {
        tableName: 'later',
        partitionKey: { name: 'id', type: AttributeType.STRING },
      });
      table.node.addDependency(made);
      inline(stack, 'Tell', TELL, { environment: { SAW: made.getAttString('Saw') } });
    }),
  );
  expect(run.unsupported).toEqual([]);
  expect(await run.invoke('Tell')).toMatchObject({ SAW: 'ResourceNotFoundException' });
  expect(run.tables).toEqual({ 'Shop/Table': 'later' });
});

describe('refuses to run what is made of the answer of a custom resource that failed', () => {
  let run: LocalRun;
  beforeAll(async () => {
    run = await runLocally(
      shop((stack) => {
        const maker = inline(stack, 'Maker', CAPITALS).functionArn;
        const bad = custom(stack, 'Bad', maker, { Word: 'bad' });
        custom(stack, 'Next', maker, { Word: bad.getAttString('Capitals') });
        new Queue(stack, 'Queue', { queueName: bad.getAttString('Capitals') });
        const uses = inline(stack, 'Uses', TELL, { environment: { WORD: bad.getAttString('Capitals') } });
        const waits = inline(stack, 'Waits', TELL);
        waits.node.addDependency(bad);
        new HttpApi(stack, 'Api', { defaultIntegration: new HttpLambdaIntegration('Uses', uses) });
      }),
    );
  });
  afterAll(() => run.stop());

  test('a function, a queue, another custom resource; each is listed with the remedy', async () => {
    const listed = Object.fromEntries(run.unsupported.map(({ resource, reason }) => [resource, reason]));
    const madeOf =
      "it depends on the result of 'Shop/Bad', which was not created; give its result in 'customResources: { 'Shop/Bad': { ... } }'";
    expect(listed).toMatchObject({
      'Shop/Bad': expect.stringContaining('its function answered FAILED'),
      'Shop/Next': expect.stringContaining("it depends on 'Shop/Bad'"),
      'Shop/Queue': madeOf,
      'Shop/Uses': madeOf,
    });
    expect(() => run.queue('Queue')).toThrow("there is no queue 'Queue'");
    await expect(run.invoke('Uses')).rejects.toThrow(madeOf);
  });

  test('a request to a function that does not run fails, and is no answer of the user’s', async () => {
    expect((await fetch(run.url)).status).toBe(501);
  });

  test('what only waits for it runs', async () => {
    expect(await run.invoke('Waits')).toMatchObject({ AWS_REGION: 'us-east-1' });
  });
});

test('refuses an answer without a value that somebody refers to', async () => {
  const run = await running(
    shop((stack) => {
      const made = custom(stack, 'Made', inline(stack, 'Maker', CAPITALS).functionArn, { Word: 'a' });
      inline(stack, 'Tell', TELL, { environment: { OTHER: made.getAttString('Lowercase') } });
    }),
  );
  expect(run.unsupported[0]).toMatchObject({
    resource: 'Shop/Made',
    reason: expect.stringContaining("its answer has no 'Lowercase', which 'Shop/Tell' refers to"),
  });
  await expect(run.invoke('Tell')).rejects.toThrow("it depends on the result of 'Shop/Made'");
});

test('CDK’s resource for SDK calls takes the SDK at hand, without a minute of waiting for the network', async () => {
  const run = await running(
    shop((stack) => {
      new Queue(stack, 'Jobs', { queueName: 'jobs' });
      const call: AwsSdkCall = {
        service: 'SQS',
        action: 'getQueueUrl',
        parameters: { QueueName: 'jobs' },
        physicalResourceId: PhysicalResourceId.of('jobs'),
      };
      const policy = AwsCustomResourcePolicy.fromStatements([
        new PolicyStatement({ actions: ['sqs:GetQueueUrl'], resources: ['*'] }),
      ]);
      const found = new AwsCustomResource(stack, 'Found', { onCreate: call, policy, installLatestAwsSdk: true });
      inline(stack, 'Tell', TELL, { environment: { URL: found.getResponseField('QueueUrl') } });
    }),
  );
  expect(run.unsupported).toEqual([]);
  expect(await run.invoke('Tell')).toMatchObject({ URL: expect.stringMatching(/\/jobs$/) });
});

test('a provider whose own function does not run is listed at once; one that tries what is not answered, soon', async () => {
  const began = Date.now();
  const run = await running(
    shop((stack) => {
      const onEventHandler = new LambdaFunction(stack, 'OnEvent', {
        runtime: Runtime.RUBY_3_3,
        handler: 'index.handler',
        code: Code.fromAsset(__dirname),
      });
      const { serviceToken } = new Provider(stack, 'Provider', { onEventHandler });
      custom(stack, 'Made', serviceToken, {});
      custom(stack, 'Tries', inline(stack, 'Trier', TRIES, { timeout: Duration.minutes(5) }).functionArn, {});
    }),
  );
  const reasons = Object.fromEntries(run.unsupported.map(({ resource, reason }) => [resource, reason]));
  expect(reasons['Shop/Made']).toContain("its function 'Shop/OnEvent' does not run: its runtime is ruby3.3");
  expect(reasons['Shop/Tries']).toContain(
    'it calls lambda:ListFunctions, which is not supported here, and does not end',
  );
  expect(Date.now() - began).toBeLessThan(19_000);
});

describe('CDK’s bucket deployment', () => {
  const files = mkdtempSync(path.join(tmpdir(), 'lintel-site-'));
  afterAll(() => rmSync(files, { recursive: true }));

  test('puts the files of its assets into the bucket, with the role of its function', async () => {
    mkdirSync(path.join(files, 'css'));
    for (const name of ['index.html', 'css/a b.css', 'draft.tmp']) writeFileSync(path.join(files, name), name);
    writeFileSync(path.join(files, 'config.json'), '{"queue":"<<marker:0>>"}');
    // As CDK writes it: the construct brings the command line of AWS, which takes seconds to synthesize.
    const deployment = (stack: Stack, id: string, more: Record<string, unknown>) => {
      const bucket = new Bucket(stack, id);
      const handler = inline(stack, `${id}Handler`, 'def handler(event, context): pass', {
        runtime: Runtime.PYTHON_3_13,
      });
      const site = new Asset(stack, `${id}Files`, { path: files });
      new CustomResource(stack, `${id}Deployment`, {
        resourceType: 'Custom::CDKBucketDeployment',
        serviceToken: handler.functionArn,
        properties: {
          SourceBucketNames: [site.s3BucketName],
          SourceObjectKeys: [site.s3ObjectKey],
          DestinationBucketName: bucket.bucketName,
          ...more,
        },
      });
      return { bucket, handler };
    };
    const run = await running(
      shop((stack) => {
        const { bucket, handler } = deployment(stack, 'Site', {
          SourceMarkers: [{ '<<marker:0>>': new Queue(stack, 'Jobs', { queueName: 'jobs' }).queueUrl }],
          DestinationBucketKeyPrefix: 'www',
          Exclude: ['*.tmp'],
          SystemMetadata: { 'cache-control': 'max-age=60' },
          UserMetadata: { by: 'cdk' },
          Prune: true,
        });
        bucket.grantReadWrite(handler);
        deployment(stack, 'Denied', {});
      }),
    );
    const s3 = run.client(S3Client);
    const site = run.nameOf('Site');
    const { Contents = [] } = await s3.send(new ListObjectsV2Command({ Bucket: site }));
    expect(Contents.map(({ Key }) => Key)).toEqual(['www/config.json', 'www/css/a b.css', 'www/index.html']);
    const page = await s3.send(new GetObjectCommand({ Bucket: site, Key: 'www/index.html' }));
    expect([page.ContentType, page.CacheControl, page.Metadata]).toEqual(['text/html', 'max-age=60', { by: 'cdk' }]);
    const config = await s3.send(new GetObjectCommand({ Bucket: site, Key: 'www/config.json' }));
    expect(JSON.parse(await config.Body!.transformToString())).toEqual({
      queue: 'https://sqs.us-east-1.amazonaws.com/123456789012/jobs',
    });
    expect(run.unsupported.map(({ resource }) => resource)).toEqual(['Shop/DeniedDeployment']);
    expect(run.unsupported[0]!.reason).toContain("'config.json' was not put into");
  });
});

test('CDK’s own helpers for deletion and retention are silent', async () => {
  const run = await running(
    shop((stack) => {
      new Bucket(stack, 'Files', { autoDeleteObjects: true, removalPolicy: RemovalPolicy.DESTROY });
      new LogRetention(stack, 'Retention', { logGroupName: '/aws/lambda/x', retention: RetentionDays.ONE_DAY });
    }),
  );
  expect(run.unsupported).toEqual([]);
});
