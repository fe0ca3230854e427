import { App, Stack } from 'aws-cdk-lib';
import { Match, Template } from 'aws-cdk-lib/assertions';
import * as lambda from 'aws-cdk-lib/aws-lambda';
import { EventStore, type EventStoreProps, ServiceFunction } from 'lintel/aws';
import 'lintel/testing';

const code = lambda.Code.fromInline('exports.handler = async () => ({ batchItemFailures: [] })');
const handler = { code };
let app: App;
let stack: Stack;

beforeEach(() => {
  app = new App({ builtinCloudFormationValidation: false });
  stack = new Stack(app, 'Shop');
});

const store = (props: EventStoreProps = {}) => new EventStore(stack, 'Orders', props);
const template = () => Template.fromStack(stack);

/** What a function may do, as `action resource`. */
function granted(of: string): string[] {
  return Object.entries(template().findResources('AWS::IAM::Policy'))
    .filter(([id]) => id.startsWith(of))
    .flatMap(
      ([, { Properties }]) => Properties.PolicyDocument.Statement as { Action: string | string[]; Resource: object }[],
    )
    .flatMap(({ Action, Resource }) =>
      [Action].flat().map((action) => `${action} ${JSON.stringify(Resource).replace(/.*?"(\w+)[0-9A-F]{8}".*/, '$1')}`),
    );
}

const CHANGES = ['PutItem', 'UpdateItem', 'DeleteItem', 'ConditionCheckItem'];

test('keeps events by aggregate and version, recoverable, protected, with both images in the stream', () => {
  store();
  template().hasResourceProperties('AWS::DynamoDB::GlobalTable', {
    KeySchema: [
      { AttributeName: 'id', KeyType: 'HASH' },
      { AttributeName: 'version', KeyType: 'RANGE' },
    ],
    AttributeDefinitions: Match.arrayWith([{ AttributeName: 'version', AttributeType: 'N' }]),
    StreamSpecification: { StreamViewType: 'NEW_AND_OLD_IMAGES' },
    Replicas: [
      Match.objectLike({
        DeletionProtectionEnabled: true,
        PointInTimeRecoverySpecification: { PointInTimeRecoveryEnabled: true },
      }),
    ],
  });
});

test('lets who appends put and read, and neither update, delete, batch, use PartiQL nor scan', () => {
  new ServiceFunction(stack, 'Place', { code, access: { ORDERS: store({ snapshots: true }).append() } });
  expect(granted('Place').filter((one) => one.startsWith('dynamodb:'))).toEqual([
    'dynamodb:GetItem OrdersEvents',
    'dynamodb:Query OrdersEvents',
    'dynamodb:GetItem OrdersSnapshots',
    'dynamodb:PutItem OrdersEvents',
    'dynamodb:GetItem OrdersCommands',
    'dynamodb:PutItem OrdersCommands',
    'dynamodb:PutItem OrdersSnapshots',
  ]);
});

test('gives a projection exactly what its helper needs', () => {
  store().project('ByCustomer', { handler });
  expect(granted('OrdersByCustomerHandler')).toEqual([
    'dynamodb:GetItem OrdersEvents',
    'dynamodb:Query OrdersEvents',
    ...['GetItem', 'Query', ...CHANGES].map((action) => `dynamodb:${action} OrdersByCustomerCheckpoints`),
    ...['GetItem', 'BatchGetItem', 'Query', ...CHANGES].map((action) => `dynamodb:${action} OrdersByCustomerReadModel`),
    'sqs:SendMessage OrdersByCustomerParked',
    ...['DescribeStream', 'GetRecords', 'GetShardIterator', 'ListStreams'].map(
      (action) => `dynamodb:${action} OrdersEvents`,
    ),
    's3:ListBucket OrdersFailures',
    's3:PutObject OrdersFailures',
  ]);
});
