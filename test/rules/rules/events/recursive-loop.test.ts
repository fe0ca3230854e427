import { recursiveLoop } from '../../../../lib/rules/rules/events/recursive-loop';
import { judged } from '../../judged';
import { arn, describeFaults, OPEN } from '../faults';
import { allow, goodFunction } from '../parts';
import { queues } from '../queues/templates';
import { READ_TABLE, streamArn, streams } from '../streams/templates';
import { bucketWithFunction } from './templates';

describeFaults(recursiveLoop, bucketWithFunction, [
  {
    mistake: 'a function that writes below the prefix that calls it',
    change: { 'ImporterRole.Policies.0.PolicyDocument.Statement.3.Resource': { 'Fn::Sub': '${Bucket.Arn}/*' } },
    message: 'is called by Shop/Bucket and may write to it',
    open: {
      'Bucket.NotificationConfiguration.LambdaConfigurations': [
        {
          Event: 's3:ObjectCreated:*',
          Function: arn('Importer'),
          Filter: { S3Key: { Rules: [{ Name: 'prefix', Value: OPEN }] } },
        },
      ],
    },
  },
]);

describeFaults(recursiveLoop, queues, [
  {
    mistake: 'a function that may send to its own queue',
    change: { 'WorkerRole.Policies.0.PolicyDocument.Statement.3': allow('sqs:SendMessage', arn('Jobs')) },
    message: 'is called by Shop/Jobs and may write to it',
    openButFine: { 'WorkerRole.Policies.0.PolicyDocument.Statement.3': allow('sqs:SendMessage', OPEN) },
  },
  {
    mistake: 'a loop that is not declared',
    change: {
      'WorkerRole.Policies.0.PolicyDocument.Statement.3': allow('sqs:SendMessage', arn('Jobs')),
      'Worker.RecursiveLoop': 'Terminate',
    },
    message: 'is called by Shop/Jobs and may write to it',
    open: {
      'WorkerRole.Policies.0.PolicyDocument.Statement.3': allow('sqs:SendMessage', arn('Jobs')),
      'Worker.RecursiveLoop': OPEN,
    },
  },
]);

describeFaults(recursiveLoop, streams, [
  {
    mistake: 'a function that writes to the table whose changes call it',
    change: { 'FirstRole.Policies.0.PolicyDocument.Statement.5': allow('dynamodb:PutItem', arn('Orders')) },
    message: 'is called by Shop/Orders and may write to it',
    openButFine: {
      First: undefined,
      ...goodFunction('First', [allow(READ_TABLE, streamArn), allow('dynamodb:PutItem', arn('Orders'))], {
        RecursiveLoop: 'Allow',
      }),
    },
  },
]);

test('refuses a function that writes to the stream that it reads by a consumer', () => {
  const mapping = { EventSourceArn: { 'Fn::GetAtt': ['Fan', 'ConsumerARN'] }, FunctionName: { Ref: 'Keeper' } };
  const read = {
    Clicks: streams.Clicks,
    Fan: { Type: 'AWS::Kinesis::StreamConsumer', Properties: { ConsumerName: 'fan', StreamARN: arn('Clicks') } },
    ...goodFunction('Keeper', [allow('kinesis:PutRecord', arn('Clicks'))]),
    KeeperMapping: { Type: 'AWS::Lambda::EventSourceMapping', Properties: mapping },
  };
  expect(judged(recursiveLoop, read).findings).toEqual(['Keeper Role: is called by T/Clicks and may write to it']);
});

test('refuses a function that writes to the table whose changes come to it through a Kinesis stream', () => {
  const mapping = { EventSourceArn: arn('Clicks'), FunctionName: { Ref: 'Keeper' }, StartingPosition: 'TRIM_HORIZON' };
  const fed = {
    Orders: {
      Type: 'AWS::DynamoDB::GlobalTable',
      Properties: {
        Replicas: [{ Region: 'eu-west-1', KinesisStreamSpecification: { StreamArn: arn('Clicks') } }],
      },
    },
    Clicks: streams.Clicks,
    ...goodFunction('Keeper', [allow('dynamodb:PutItem', arn('Orders'))]),
    KeeperMapping: { Type: 'AWS::Lambda::EventSourceMapping', Properties: mapping },
  };
  expect(judged(recursiveLoop, fed).findings).toEqual(['Keeper Role: is called by T/Orders and may write to it']);
});
