import { setTimeout as sleep } from 'node:timers/promises';
import { DynamoDBClient, PutItemCommand } from '@aws-sdk/client-dynamodb';
import { KinesisClient, PutRecordCommand, PutRecordsCommand } from '@aws-sdk/client-kinesis';
import { DescribePipeCommand, PipesClient, StartPipeCommand, StopPipeCommand } from '@aws-sdk/client-pipes';
import { Duration, type Stack } from 'aws-cdk-lib';
import { AttributeType, StreamViewType, TableV2 } from 'aws-cdk-lib/aws-dynamodb';
import { EventBus, Rule } from 'aws-cdk-lib/aws-events';
import { SqsQueue } from 'aws-cdk-lib/aws-events-targets';
import { Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { Stream, StreamConsumer } from 'aws-cdk-lib/aws-kinesis';
import { CfnPipe } from 'aws-cdk-lib/aws-pipes';
import { Topic } from 'aws-cdk-lib/aws-sns';
import { SqsSubscription } from 'aws-cdk-lib/aws-sns-subscriptions';
import { Queue } from 'aws-cdk-lib/aws-sqs';
import { DefinitionBody, Pass, StateMachine, StateMachineType } from 'aws-cdk-lib/aws-stepfunctions';
import type { LocalRun } from 'lintel/testing';
import { mutated } from '../../mutated';
import { inline, running, shop, stopRuns } from '../../support';

const SAY = `
exports.handler = async (events) => {
  console.log('got ' + JSON.stringify(events));
  if (events.some((one) => one.data && Buffer.from(one.data, 'base64').toString().includes('poison'))) throw new Error('poison');
  const bad = events.filter((one) => one.data && Buffer.from(one.data, 'base64').toString().includes('bad'));
  return { batchItemFailures: bad.map((one) => ({ itemIdentifier: one.eventID })) };
};`;
/** Plain JSON of an item, and nothing for a record that is no insertion. */
const ENRICH = `
exports.handler = async (records) => records.filter((one) => one.eventName === 'INSERT').map(({ eventID, dynamodb }) => ({
  eventID, type: dynamodb.NewImage.type.S, data: JSON.parse(dynamodb.NewImage.data.S) }));`;

const roleOf = (stack: Stack, id: string) =>
  new Role(stack, id, { assumedBy: new ServicePrincipal('pipes.amazonaws.com') });

/** A table to a bus, a queue to a queue, a queue to a state machine, and a stream to a function. */
function pipes(stack: Stack): void {
  const role = roleOf(stack, 'Role');
  const dead = new Queue(stack, 'Dead');
  dead.grantSendMessages(role);

  const table = new TableV2(stack, 'Store', {
    partitionKey: { name: 'id', type: AttributeType.STRING },
    dynamoStream: StreamViewType.NEW_AND_OLD_IMAGES,
  });
  const bus = new EventBus(stack, 'Bus');
  const published = new Queue(stack, 'Published');
  new Rule(stack, 'All', {
    eventBus: bus,
    eventPattern: { source: ['shop'] },
    targets: [new SqsQueue(published)],
  });
  const enrich = inline(stack, 'Enrich', ENRICH);
  table.grantStreamRead(role);
  enrich.grantInvoke(role);
  bus.grantPutEventsTo(role);
  new CfnPipe(stack, 'Outbox', {
    name: 'outbox',
    roleArn: role.roleArn,
    source: table.tableStreamArn!,
    sourceParameters: {
      dynamoDbStreamParameters: { startingPosition: 'TRIM_HORIZON', batchSize: 10 },
      filterCriteria: { filters: [{ pattern: '{"dynamodb":{"NewImage":{"type":{"S":[{"prefix":"Order"}]}}}}' }] },
    },
    enrichment: enrich.functionArn,
    target: bus.eventBusArn,
    targetParameters: {
      eventBridgeEventBusParameters: { source: 'shop', detailType: '$.type' },
      inputTemplate: '{"id": <$.eventID>, "data": <$.data>, "from": "<aws.pipes.pipe-name>/<$.type>"}',
    },
  });

  const orders = new Queue(stack, 'Orders', { deadLetterQueue: { queue: dead, maxReceiveCount: 2 } });
  const out = new Queue(stack, 'Out.fifo', { fifo: true, contentBasedDeduplication: true });
  orders.grantConsumeMessages(role);
  out.grantSendMessages(role);
  new CfnPipe(stack, 'Forward', {
    name: 'forward',
    roleArn: role.roleArn,
    source: orders.queueArn,
    sourceParameters: {
      sqsQueueParameters: { batchSize: 5 },
      filterCriteria: { filters: [{ pattern: '{"body":{"total":[{"numeric":[">",10]}]}}' }] },
    },
    target: out.queueArn,
    targetParameters: {
      sqsQueueParameters: { messageGroupId: '$.body.customer' },
      inputTemplate: 'order <$.body.id> of <$.body.who> (<$.messageAttributes.missing>)',
    },
  });

  const clicks = new Stream(stack, 'Clicks', { shardCount: 1 });
  const say = inline(stack, 'Say', SAY, { timeout: Duration.seconds(5) });
  clicks.grantRead(role);
  say.grantInvoke(role);
  new CfnPipe(stack, 'Count', {
    name: 'count',
    roleArn: role.roleArn,
    source: clicks.streamArn,
    sourceParameters: {
      kinesisStreamParameters: {
        startingPosition: 'TRIM_HORIZON',
        batchSize: 4,
        maximumRetryAttempts: 1,
        onPartialBatchItemFailure: 'AUTOMATIC_BISECT',
        deadLetterConfig: { arn: dead.queueArn },
      },
    },
    target: say.functionArn,
  });

  const jobs = new Queue(stack, 'Jobs');
  jobs.grantConsumeMessages(role);
  const definitionBody = DefinitionBody.fromChainable(new Pass(stack, 'Done'));
  const express = new StateMachine(stack, 'Express', { stateMachineType: StateMachineType.EXPRESS, definitionBody });
  express.grantStartSyncExecution(role);
  new CfnPipe(stack, 'Work', {
    name: 'work',
    roleArn: role.roleArn,
    desiredState: 'STOPPED',
    source: jobs.queueArn,
    target: express.stateMachineArn,
    targetParameters: { inputTemplate: '{"job": <$.body>}' },
  });

  const alerts = new Queue(stack, 'Alerts');
  const topic = new Topic(stack, 'Topic');
  topic.addSubscription(new SqsSubscription(new Queue(stack, 'Told'), { rawMessageDelivery: true }));
  alerts.grantConsumeMessages(role);
  topic.grantPublish(role);
  new CfnPipe(stack, 'Tell', {
    name: 'tell',
    roleArn: role.roleArn,
    source: alerts.queueArn,
    target: topic.topicArn,
    targetParameters: { inputTemplate: '{"alert": "<$.body.text>"}' },
  });
}

const FAST = { timeScale: 600, retryDelay: 5, disorder: 0 };
let run: LocalRun;
beforeAll(async () => {
  run = await running(shop(pipes), FAST);
});
afterAll(stopRuns);

const bodies = (of: LocalRun, name: string) =>
  of
    .queue(name)
    .messages()
    .map(({ body }) => body);

test('runs all that it can', () => {
  expect(run.unsupported).toEqual([]);
});

test('a table’s stream is filtered, enriched and published on a bus', async () => {
  const put = (id: string, type: string) =>
    run.client(DynamoDBClient).send(
      new PutItemCommand({
        TableName: run.nameOf('Store'),
        Item: { id: { S: id }, type: { S: type }, data: { S: JSON.stringify({ id, lines: [1, 2] }) } },
      }),
    );
  await put('1', 'OrderPlaced');
  await put('2', 'Other');
  await put('1', 'OrderChanged');
  await run.idle();
  expect(bodies(run, 'Published').map((body) => JSON.parse(body) as unknown)).toMatchObject([
    {
      source: 'shop',
      'detail-type': 'OrderPlaced',
      detail: { id: expect.any(String), data: { id: '1', lines: [1, 2] }, from: 'outbox/OrderPlaced' },
    },
  ]);
});

test('a queue’s messages go to a queue, in groups and through a template; what the filter refuses is deleted', async () => {
  await run.queue('Shop/Orders').send([
    { id: 1, total: 5, customer: 'ann', who: { name: 'Ann' } },
    { id: 2, total: 50, customer: 'bob', who: { name: 'Bob' } },
  ]);
  await run.idle();
  expect(run.queue('Out.fifo').messages()).toMatchObject([{ body: 'order 2 of {name:Bob} ()', groupId: 'bob' }]);
  expect(run.queue('Shop/Orders').messages()).toEqual([]);
});

test('a topic gets one message for each record', async () => {
  await run.queue('Shop/Alerts').send([{ text: 'one' }, { text: 'two' }]);
  await run.idle();
  expect(bodies(run, 'Told').sort()).toEqual(['{"alert": "one"}', '{"alert": "two"}']);
});

test('records of a stream that fail are tried again alone, and given up to the dead-letter queue', async () => {
  run.queue('Dead').purge();
  await run.client(KinesisClient).send(
    new PutRecordsCommand({
      StreamName: run.nameOf('Clicks'),
      Records: ['a', 'poison', 'bad', 'b'].map((one) => ({ Data: Buffer.from(one), PartitionKey: 'key' })),
    }),
  );
  await run.idle();
  const got = run.logs('Say').filter(({ message }) => message.includes('got '));
  expect(got[0]!.message).toMatch(/"eventName":"aws:kinesis:record".*"partitionKey":"key"|"partitionKey":"key"/);
  expect(got.at(-1)!.message).toContain(Buffer.from('b').toString('base64'));
  expect(bodies(run, 'Dead').map((body) => JSON.parse(body) as unknown)).toMatchObject([
    {
      context: {
        partnerResourceArn: 'arn:aws:pipes:us-east-1:123456789012:pipe/count',
        condition: 'RetryAttemptsExhausted',
      },
      version: '1.0',
      KinesisBatchInfo: { batchSize: 1, streamArn: expect.stringContaining(':stream/') },
    },
    { KinesisBatchInfo: { batchSize: 1 } },
  ]);
});

test('the calls of a pipe are its role’s, and the report says so', () => {
  const used = run.report().roles.flatMap((role) => role.used.map(({ action }) => action));
  expect(used).toEqual(expect.arrayContaining(['events:PutEvents', 'lambda:InvokeFunction', 'sqs:SendMessage']));
});

test('a pipe that is stopped reads nothing until it is started', async () => {
  const client = run.client(PipesClient);
  await run.queue('Shop/Jobs').send({ n: 1 });
  await run.idle();
  expect(run.machine('Express').executions).toEqual([]);
  expect(await client.send(new DescribePipeCommand({ Name: 'work' }))).toMatchObject({ CurrentState: 'STOPPED' });
  expect(await client.send(new StartPipeCommand({ Name: 'work' }))).toMatchObject({ CurrentState: 'STARTING' });
  await run.idle();
  expect(run.machine('Express').executions.map(({ output }) => output)).toEqual([[{ job: { n: 1 } }]]);
  expect(run.queue('Shop/Jobs').messages()).toEqual([]);
  await client.send(new StopPipeCommand({ Name: 'work' }));
  await run.queue('Shop/Jobs').send({ n: 2 });
  await run.idle();
  expect(run.queue('Shop/Jobs').messages()).toHaveLength(1);
});

test('a stopped pipe goes on in its stream where it stopped', async () => {
  const client = run.client(PipesClient);
  const put = (text: string) =>
    run.client(KinesisClient).send(
      new PutRecordsCommand({
        StreamName: run.nameOf('Clicks'),
        Records: [{ Data: Buffer.from(text), PartitionKey: 'key' }],
      }),
    );
  const lines = () => run.logs('Say').filter(({ message }) => message.includes('got ')).length;
  const before = lines();
  await client.send(new StopPipeCommand({ Name: 'count' }));
  await put('later');
  await run.idle();
  // Longer than its reader looks away.
  await sleep(150);
  expect(lines()).toBe(before);
  await client.send(new StartPipeCommand({ Name: 'count' }));
  await run.idle();
  expect(lines()).toBe(before + 1);
});

test('refuses to start a pipe that there is not', async () => {
  await expect(run.client(PipesClient).send(new StartPipeCommand({ Name: 'none' }))).rejects.toMatchObject({
    name: 'NotFoundException',
  });
});

describe('what the template refuses', () => {
  const without = (action: RegExp) =>
    running(
      mutated(shop(pipes), 'AWS::IAM::Policy', (properties) => {
        const document = properties.PolicyDocument as { Statement: { Action: string | string[] }[] };
        document.Statement = document.Statement.filter(
          ({ Action }) => ![Action].flat().some((one) => action.test(one)),
        );
      }),
      FAST,
    );

  test('refuses a pipe whose role may not read its source, as AWS does when it is made', async () => {
    const other = await without(/^sqs:ReceiveMessage/);
    expect(other.unsupported).toMatchObject([
      { resource: 'Shop/Forward', reason: expect.stringContaining('not authorized to perform: sqs:ReceiveMessage') },
      { resource: 'Shop/Work' },
      { resource: 'Shop/Tell' },
    ]);
  });

  test('refuses a filter that Pipes does not take, and batches that the target does not', async () => {
    const other = await running(
      mutated(shop(pipes), 'AWS::Pipes::Pipe', (properties, id) => {
        const source = properties.SourceParameters as Record<string, unknown>;
        if (id === 'Forward') source.FilterCriteria = { Filters: [{ Pattern: '{"body":[{"wildcard":"a*"}]}' }] };
        if (id === 'Outbox') source.DynamoDBStreamParameters = { StartingPosition: 'LATEST', BatchSize: 100 };
        if (id === 'Work') properties.Target = 'arn:aws:firehose:us-east-1:123456789012:deliverystream/x';
      }),
      FAST,
    );
    expect(other.unsupported.map(({ reason }) => reason)).toEqual([
      'it does not run: AWS refuses it: its target takes 10 records at a time, but its source delivers 100',
      "it does not run: Pipes refuses its filter: the pattern has the operator 'wildcard', which Pipes does not support here",
      "it does not run: its target 'arn:aws:firehose:us-east-1:123456789012:deliverystream/x' is not run",
    ]);
  });

  test('a role that may not call the target leaves the message to the queue’s own dead letters', async () => {
    const other = await without(/^sqs:SendMessage/);
    await other.queue('Shop/Orders').send({ id: 2, total: 50, customer: 'bob' });
    await other.idle();
    expect(bodies(other, 'Dead')).toEqual([JSON.stringify({ id: 2, total: 50, customer: 'bob' })]);
    expect(other.logs('Forward').at(-1)!.message).toMatch(/ERROR AccessDenied: .*sqs:sendmessage/);
  });
});

test('a pipe reads by the consumer of a stream, with a role that may subscribe', async () => {
  const fans = await running(
    shop((stack) => {
      const stream = new Stream(stack, 'Clicks', { shardCount: 1 });
      const out = new Queue(stack, 'Out');
      for (const name of ['May', 'MayNot']) {
        const consumer = new StreamConsumer(stack, `${name}Consumer`, { stream, streamConsumerName: name });
        const role = new Role(stack, `${name}Role`, { assumedBy: new ServicePrincipal('pipes.amazonaws.com') });
        out.grantSendMessages(role);
        if (name === 'May') consumer.grantRead(role);
        else stream.grantRead(role);
        new CfnPipe(stack, name, {
          roleArn: role.roleArn,
          source: consumer.streamConsumerArn,
          sourceParameters: { kinesisStreamParameters: { startingPosition: 'TRIM_HORIZON', batchSize: 10 } },
          target: out.queueArn,
        });
      }
    }),
  );
  expect(fans.unsupported).toMatchObject([
    { resource: 'Shop/MayNot', reason: expect.stringContaining('kinesis:SubscribeToShard') },
  ]);
  const record = { StreamName: fans.nameOf('Clicks'), PartitionKey: 'k', Data: Buffer.from('tea') };
  await fans.client(KinesisClient).send(new PutRecordCommand(record));
  await fans.idle();
  expect(bodies(fans, 'Out').map((body) => JSON.parse(body) as unknown)).toMatchObject([
    { data: Buffer.from('tea').toString('base64'), eventSourceARN: expect.stringContaining('/consumer/May:') },
  ]);
});
