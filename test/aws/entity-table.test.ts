import { App, CfnParameter, RemovalPolicy, Stack } from 'aws-cdk-lib';
import { Match, Template } from 'aws-cdk-lib/assertions';
import { AttributeType, Billing, StreamViewType, TableEncryptionV2 } from 'aws-cdk-lib/aws-dynamodb';
import { Key } from 'aws-cdk-lib/aws-kms';
import { Access } from '../../lib/aws/access/access';
import { EntityTable } from '../../lib/aws/entity-table';
import type { EntityTableProps } from '../../lib/aws/entity-table-props';

const TABLE = 'AWS::DynamoDB::GlobalTable';
let stack: Stack;

beforeEach(() => {
  stack = new Stack(new App({ builtinCloudFormationValidation: false }), 'Shop');
});

function table(props: Partial<EntityTableProps> = {}): Template {
  new EntityTable(stack, 'Orders', { partitionKey: 'id', ...props });
  return Template.fromStack(stack);
}

test('creates one table, kept, protected, on demand and restorable', () => {
  const template = table();
  expect(template.toJSON().Resources).toMatchInlineSnapshot(`
    {
      "OrdersA9B65338": {
        "DeletionPolicy": "Retain",
        "Properties": {
          "AttributeDefinitions": [
            {
              "AttributeName": "id",
              "AttributeType": "S",
            },
          ],
          "BillingMode": "PAY_PER_REQUEST",
          "KeySchema": [
            {
              "AttributeName": "id",
              "KeyType": "HASH",
            },
          ],
          "Replicas": [
            {
              "DeletionProtectionEnabled": true,
              "PointInTimeRecoverySpecification": {
                "PointInTimeRecoveryEnabled": true,
              },
              "Region": {
                "Ref": "AWS::Region",
              },
            },
          ],
        },
        "Type": "AWS::DynamoDB::GlobalTable",
        "UpdateReplacePolicy": "Retain",
      },
    }
  `);
});

test('takes keys by name, or by name and type', () => {
  table({ partitionKey: 'customer', sortKey: { name: 'placedAt', type: AttributeType.NUMBER } }).hasResourceProperties(
    TABLE,
    {
      KeySchema: [
        { AttributeName: 'customer', KeyType: 'HASH' },
        { AttributeName: 'placedAt', KeyType: 'RANGE' },
      ],
      AttributeDefinitions: [
        { AttributeName: 'customer', AttributeType: 'S' },
        { AttributeName: 'placedAt', AttributeType: 'N' },
      ],
    },
  );
});

test('makes indexes by name', () => {
  table({
    indexes: {
      byCustomer: 'customer',
      byDay: { partitionKey: 'day', sortKey: { name: 'total', type: AttributeType.NUMBER }, attributes: ['status'] },
    },
  }).hasResourceProperties(TABLE, {
    GlobalSecondaryIndexes: [
      {
        IndexName: 'byCustomer',
        KeySchema: [{ AttributeName: 'customer', KeyType: 'HASH' }],
        Projection: { ProjectionType: 'ALL' },
      },
      {
        IndexName: 'byDay',
        KeySchema: [
          { AttributeName: 'day', KeyType: 'HASH' },
          { AttributeName: 'total', KeyType: 'RANGE' },
        ],
        Projection: { ProjectionType: 'INCLUDE', NonKeyAttributes: ['status'] },
      },
    ],
  });
});

test('lets items expire and tells of changes when asked', () => {
  table({ timeToLive: 'expiresAt', stream: StreamViewType.NEW_AND_OLD_IMAGES }).hasResourceProperties(TABLE, {
    TimeToLiveSpecification: { AttributeName: 'expiresAt', Enabled: true },
    StreamSpecification: { StreamViewType: 'NEW_AND_OLD_IMAGES' },
  });
});

test('lifts the protection of a table that goes with its stack', () => {
  const template = table({ removalPolicy: RemovalPolicy.DESTROY });
  template.hasResource(TABLE, { DeletionPolicy: 'Delete' });
  template.hasResourceProperties(TABLE, { Replicas: [{ DeletionProtectionEnabled: false }] });
});

test('takes the options of the L2', () => {
  // A customer-managed key in a table of many regions needs to know its own.
  stack = new Stack(stack.node.root, 'Ireland', { env: { region: 'eu-west-1' } });
  const key = new Key(stack, 'Key');
  table({
    tableName: 'orders',
    billing: Billing.onDemand({ maxReadRequestUnits: 100 }),
    encryption: TableEncryptionV2.customerManagedKey(key),
    pointInTimeRecoverySpecification: { pointInTimeRecoveryEnabled: true, recoveryPeriodInDays: 7 },
  }).hasResourceProperties(TABLE, {
    TableName: 'orders',
    SSESpecification: { SSEEnabled: true, SSEType: 'KMS' },
    Replicas: [
      {
        PointInTimeRecoverySpecification: { PointInTimeRecoveryEnabled: true, RecoveryPeriodInDays: 7 },
        ReadOnDemandThroughputSettings: { MaxReadRequestUnits: 100 },
        SSESpecification: { KMSMasterKeyId: Match.anyValue() },
      },
    ],
  });
});

test('says what may be done with it as the capabilities of any table', () => {
  const orders = new EntityTable(stack, 'Orders', { partitionKey: 'id' });
  const plain = Access.table(orders);
  const resolve = (value: unknown) => stack.resolve(JSON.parse(JSON.stringify(value))) as unknown;
  expect(resolve(orders.write())).toEqual(resolve(plain.write()));
  expect(resolve(orders.write({ batch: false }))).toEqual(resolve(plain.write({ batch: false })));
  expect(resolve(orders.delete())).toEqual(resolve(plain.delete()));
  expect(resolve(orders.append())).toEqual(resolve(plain.append()));
  expect(resolve(orders.read({ scan: true }))).toEqual(resolve(plain.read({ scan: true })));
  expect(resolve(orders.readWrite())).toEqual(resolve(plain.readWrite()));
});

test.each<[Partial<EntityTableProps>, string]>([
  [{ sortKey: 'id' }, "'sortKey' must differ from 'partitionKey', got 'id'"],
  [
    { indexes: { byDay: { partitionKey: 'day', sortKey: 'day' } } },
    "'indexes.byDay.sortKey' must differ from 'indexes.byDay.partitionKey', got 'day'",
  ],
  [{ indexes: { ab: 'x' } }, "'indexes.ab' must be named with 3 to 255 letters"],
  [{ indexes: { 'by customer': 'x' } }, "'indexes.by customer' must be named with 3 to 255 letters"],
  [{ timeToLive: 'id' }, "'timeToLive' must not be a key of the table, got 'id'"],
  [
    { deletionProtection: true, removalPolicy: RemovalPolicy.DESTROY },
    "'deletionProtection' must not be true with 'removalPolicy' DESTROY",
  ],
  [{ partitionKey: '' }, "'partitionKey' must name an attribute, with 1 to 255 characters, got ''"],
  [{ partitionKey: undefined }, "'partitionKey' must name an attribute, with 1 to 255 characters, got nothing"],
  [
    { indexes: { byDay: { partitionKey: { day: 'number' } as never } } },
    "'indexes.byDay.partitionKey.day' must not be given, since nothing reads it",
  ],
])('refuses %j', (props, message) => {
  expect(() => table(props)).toThrow(message);
  expect(() => table(props)).toThrow('(Shop/Orders)');
});

test.each([['abc'], ['a'.repeat(255)], ['by-customer_1.2']])('accepts an index named %.20s', (name) => {
  expect(() => table({ indexes: { [name]: 'x' } })).not.toThrow();
});

test('accepts names that are known only at deployment', () => {
  const name = new CfnParameter(stack, 'Name').valueAsString;
  expect(() => table({ sortKey: name, timeToLive: name, tableName: name })).not.toThrow();
});
