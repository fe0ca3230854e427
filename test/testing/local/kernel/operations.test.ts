import { readFileSync } from 'node:fs';
import path from 'node:path';
import * as dynamodb from '@aws-sdk/client-dynamodb';
import * as streams from '@aws-sdk/client-dynamodb-streams';
import * as events from '@aws-sdk/client-eventbridge';
import * as kinesis from '@aws-sdk/client-kinesis';
import * as lambda from '@aws-sdk/client-lambda';
import * as s3 from '@aws-sdk/client-s3';
import * as scheduler from '@aws-sdk/client-scheduler';
import * as secrets from '@aws-sdk/client-secrets-manager';
import * as sqs from '@aws-sdk/client-sqs';
import * as ssm from '@aws-sdk/client-ssm';
import * as sts from '@aws-sdk/client-sts';
import { AttributeType, TableV2 } from 'aws-cdk-lib/aws-dynamodb';
import { PolicyStatement } from 'aws-cdk-lib/aws-iam';
import { Stream } from 'aws-cdk-lib/aws-kinesis';
import { Bucket } from 'aws-cdk-lib/aws-s3';
import { Queue } from 'aws-cdk-lib/aws-sqs';
import type { LocalRun } from 'lintel/testing';
import { findAction } from '../../../../lib/core/iam/actions';
import { inline, running, shop, stopRuns } from '../support';

const PAGE = readFileSync(path.join(__dirname, '../../../../docs/local-run.md'), 'utf8');

type Client = new (config: object) => { send(command: object): Promise<unknown>; destroy(): void };
type Command = new (input: object) => object;

/** What paths and queries of REST operations want; other operations take it as any other input. */
const INPUT = {
  ...Object.fromEntries(
    'Name Bucket Key UploadId FunctionName LayerName Qualifier StatementId CapacityProviderName CallbackId GroupName UUID RequestRoute RequestToken Id AnnotationName'
      .split(' ')
      .map((name) => [name, 'none']),
  ),
  ResourceArn: 'arn:aws:scheduler:us-east-1:123456789012:schedule-group/none',
  Resource: 'arn:aws:lambda:us-east-1:123456789012:function:none',
  Arn: 'arn:aws:lambda:us-east-1:123456789012:layer:none:1',
  CodeSigningConfigArn: 'none',
  DurableExecutionArn: 'none',
  CheckpointToken: 'none',
  PartNumber: 1,
  VersionNumber: 1,
  CopySource: 'none/none',
  RenameSource: 'none/none',
  TagKeys: ['none'],
  ObjectAttributes: ['ETag'],
  SecretId: 'none',
  SecretIdList: ['none'],
  Names: ['none'],
  ResourceType: 'Parameter',
  ResourceId: 'none',
  Entries: [{ Source: 'none', DetailType: 'none', Detail: '{}' }],
  RequestItems: { none: { Keys: [{ id: { S: '1' } }] } },
  TransactItems: [{ Get: { TableName: 'none', Key: { id: { S: '1' } } } }],
  Statement: 'SELECT * FROM "none"',
  Statements: [{ Statement: 'SELECT * FROM "none"' }],
  TransactStatements: [{ Statement: 'SELECT * FROM "none"' }],
  ConsumerARN: 'arn:aws:kinesis:us-east-1:123456789012:stream/none/consumer/none:1',
};

/** Operations that are not about the service that signs, or that go to a host of their own. */
const APART = ['WriteGetObjectResponse', 'CreateSession', 'ListDirectoryBuckets'];

const SERVICES: readonly [name: string, client: Client, module: object][] = [
  ['dynamodb', dynamodb.DynamoDBClient, dynamodb],
  ['dynamodb', streams.DynamoDBStreamsClient, streams],
  ['events', events.EventBridgeClient, events],
  ['kinesis', kinesis.KinesisClient, kinesis],
  ['lambda', lambda.LambdaClient, lambda],
  ['s3', s3.S3Client, s3],
  ['scheduler', scheduler.SchedulerClient, scheduler],
  ['secretsmanager', secrets.SecretsManagerClient, secrets],
  ['sqs', sqs.SQSClient, sqs],
  ['ssm', ssm.SSMClient, ssm],
  ['sts', sts.STSClient, sts],
];

const commandsOf = (module: object): readonly [operation: string, command: Command][] =>
  Object.entries(module)
    .filter(([name, value]) => /^[A-Z]\w+Command$/.test(name) && typeof value === 'function')
    .map(([name, value]): [string, Command] => [name.replace(/Command$/, ''), value as Command])
    .filter(([name]) => name !== '$' && !APART.includes(name));

/** What the page on the local run says of a service. */
function documented(service: string): readonly string[] {
  const row = PAGE.split('\n').find((line) => line.startsWith(`| \`${service}\` `));
  return [...(row ?? '').matchAll(/`(\w+)`/g)].map(([, operation = '']) => operation);
}

let run: LocalRun;
beforeAll(async () => {
  run = await running(
    shop((stack) => {
      new TableV2(stack, 'Orders', { partitionKey: { name: 'id', type: AttributeType.STRING } });
      new Bucket(stack, 'Files');
      new Queue(stack, 'Jobs');
      new Stream(stack, 'Clicks');
      inline(stack, 'Admin', 'exports.handler = async () => {};', {
        initialPolicy: [new PolicyStatement({ actions: ['*'], resources: ['*'] })],
      });
    }),
  );
});
afterAll(stopRuns);

// The SDK warns of a body that is a stream, which the input for all operations has.
beforeEach(() => void jest.spyOn(console, 'warn').mockImplementation());
afterEach(() => jest.restoreAllMocks());

/** What the local run says to an operation: nothing where it serves it. */
async function refusalOf(client: InstanceType<Client>, Command: Command): Promise<string | undefined> {
  try {
    await client.send(new Command(INPUT));
    return undefined;
  } catch (error) {
    const { name, message } = error as Error;
    return name === 'LocalRunUnsupported' || /UnknownOperation|local run/i.test(`${name} ${message}`)
      ? message
      : undefined;
  }
}

/** Those of a function that may do everything: what its calls took is in the report. */
function credentials(): unknown {
  let config: { credentials?: unknown } = {};
  run.client(
    class {
      constructor(given: object) {
        config = given;
      }
    },
    'Admin',
  );
  return config.credentials;
}

test.each(SERVICES)(
  '%s: each operation of the SDK is served, or refused by its name',
  async (service, Client, module) => {
    const client = new Client({ ...run.clientConfig, credentials: credentials(), maxAttempts: 1 });
    const unknown: string[] = [];
    const refused: string[] = [];
    for (const [operation, command] of commandsOf(module)) {
      const said = await refusalOf(client, command);
      if (said === undefined) continue;
      (said.includes(`:${operation}.`) ? refused : unknown).push(operation);
    }
    const served = commandsOf(module)
      .map(([operation]) => operation)
      .filter((operation) => !refused.includes(operation));
    client.destroy();
    expect(unknown).toEqual([]);
    expect(served.filter((operation) => !documented(service).includes(operation))).toEqual([]);
  },
);

test('what they take are actions that IAM has, on resources where it has them', () => {
  const [{ used } = { used: [] }] = run.report().functions;
  const wrong = used.filter(({ action, resource }) => {
    const known = findAction(action);
    return !known || (!known.hasResources && resource !== '*');
  });
  expect(wrong).toEqual([]);
  expect(used.length).toBeGreaterThan(100);
});
