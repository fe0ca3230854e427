import { App, Stack } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import { AttributeType, StreamViewType, TableV2 } from 'aws-cdk-lib/aws-dynamodb';
import { Stream, StreamEncryption } from 'aws-cdk-lib/aws-kinesis';
import { Key } from 'aws-cdk-lib/aws-kms';
import * as lambda from 'aws-cdk-lib/aws-lambda';
import { Bucket } from 'aws-cdk-lib/aws-s3';
import { Topic } from 'aws-cdk-lib/aws-sns';
import {
  FileProcessor,
  QueueWorker,
  Saga,
  ScheduledJob,
  ServerlessApi,
  ServiceFunction,
  StreamProcessor,
  WorkQueue,
} from 'lintel/aws';

const code = lambda.Code.fromInline('exports.handler = async () => {}');
const MAPPING = 'AWS::Lambda::EventSourceMapping';

type Make = (stack: Stack, handler: lambda.Function) => void;

/** Two stacks: what is made is in `Data`, and its handler in `Code`. */
function twoStacks(make: Make, warm?: number) {
  const app = new App({ builtinCloudFormationValidation: false });
  const data = new Stack(app, 'Data');
  const functions = new Stack(app, 'Code');
  const handler = new ServiceFunction(functions, 'Worker', { code, warm, onFailure: 'none' });
  make(data, handler);
  app.synth();
  const [Data, Code] = [data, functions].map((stack) => Template.fromStack(stack)) as [Template, Template];
  return {
    Data,
    Code,
    dependsOn: [data.dependencies, functions.dependencies].map((all) => all.map(({ node }) => node.id)),
  };
}

const READERS: Record<string, Make> = {
  'a worker': (stack, handler) => new QueueWorker(stack, 'Ingest', { handler, alarmTopic: new Topic(stack, 'Pager') }),
  'a worker on a queue of the team': (stack, handler) => {
    const queue = new WorkQueue(stack, 'Jobs', { consumer: handler, encryptionMasterKey: new Key(stack, 'Key') });
    new QueueWorker(stack, 'Ingest', { handler, queue });
  },
  'a stream': (stack, handler) => new StreamProcessor(stack, 'Clicks', { handler }),
  'an encrypted stream, with a bucket for failures': (stack, handler) => {
    const source = new Stream(stack, 'Source', { encryption: StreamEncryption.KMS });
    new StreamProcessor(stack, 'Clicks', { handler, source, failures: new Bucket(stack, 'Failed') });
  },
  "a table's stream": (stack, handler) => {
    const source = new TableV2(stack, 'Table', {
      partitionKey: { name: 'id', type: AttributeType.STRING },
      dynamoStream: StreamViewType.NEW_IMAGE,
    });
    new StreamProcessor(stack, 'Changes', { handler, source });
  },
  'files that make others': (stack, handler) =>
    new FileProcessor(stack, 'Imports', { handler, prefix: 'in/', outputPrefix: 'out/' }),
};

describe.each(Object.entries(READERS))('%s', (_, make) => {
  test.each([
    ['a function', undefined],
    ['a function with a warm alias', 1],
  ])('is read by %s of another stack, which alone depends on the other', (__, warm) => {
    const { Data, Code, dependsOn } = twoStacks(make, warm);
    expect(dependsOn).toEqual([[], ['Data']]);
    Data.resourceCountIs(MAPPING, 0);
    Code.resourceCountIs(MAPPING, 1);
    // The handler's alarms are beside it, those of the queue are where the queue is.
    const alarmed = (template: Template) =>
      Object.values(template.findResources('AWS::CloudWatch::Alarm')).map(({ Properties }) =>
        JSON.stringify(Properties),
      );
    expect(alarmed(Data).filter((alarm) => alarm.includes('AWS/Lambda'))).toEqual([]);
    expect(alarmed(Code).filter((alarm) => alarm.includes('AWS/SQS'))).toEqual([]);
    expect(alarmed(Code).length).toBeGreaterThanOrEqual(3);
  });
});

test('two patterns of one id may have one handler', () => {
  const app = new App({ builtinCloudFormationValidation: false });
  const handler = new ServiceFunction(new Stack(app, 'Code'), 'Worker', { code });
  for (const name of ['Eu', 'Us']) new QueueWorker(new Stack(app, name), 'Ingest', { handler });
  app.synth();
  Template.fromStack(Stack.of(handler)).resourceCountIs(MAPPING, 2);
});

const CALLERS: Record<string, Make> = {
  'a schedule': (stack, handler) => new ScheduledJob(stack, 'Nightly', { handler, schedule: 'rate(1 day)' }),
  'an HTTP API': (stack, handler) =>
    new ServerlessApi(stack, 'Api', { authorizer: 'iam', routes: { 'GET /orders': handler } }),
  'a REST API': (stack, handler) =>
    new ServerlessApi(stack, 'Api', { kind: 'rest', authorizer: 'iam', routes: { 'GET /orders': handler } }),
  'a saga': (stack, handler) =>
    new Saga(stack, 'Order', { steps: [{ name: 'Charge', action: handler, compensation: handler }] }),
};

test.each(Object.entries(CALLERS))('%s calls a function of another stack, on which it alone depends', (_, make) => {
  expect(twoStacks(make).dependsOn).toEqual([['Code'], []]);
});
