import { App, Aws, CfnParameter, RemovalPolicy, Stack } from 'aws-cdk-lib';
import { Match, Template } from 'aws-cdk-lib/assertions';
import {
  AttributeType,
  Billing,
  Capacity,
  MultiRegionConsistency,
  StreamViewType,
  TableEncryptionV2,
} from 'aws-cdk-lib/aws-dynamodb';
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

describe('replicas', () => {
  test('refuses one that is added afterwards, unjudged', () => {
    const stack = new Stack(undefined, 'Late', { env: { account: '111111111111', region: 'eu-west-1' } });
    const late = new EntityTable(stack, 'Orders', { partitionKey: 'id', replicas: ['eu-west-2'] });
    expect(() => late.addReplica({ region: 'eu-central-1' })).toThrow(
      "'addReplica' must not be called, since what a replica needs is judged with the table, got 'eu-central-1'; name it in 'replicas' (Late/Orders)",
    );
  });

  beforeEach(() => {
    stack = new Stack(stack.node.root, 'Ireland', { env: { region: 'eu-west-1' } });
  });

  const KEYS = { 'eu-central-1': 'arn:aws:kms:eu-central-1:111111111111:key/a' };
  const STRONG = MultiRegionConsistency.STRONG;

  test('are protected, restorable and tagged as the table is, unless they say otherwise', () => {
    table({
      tags: [
        { key: 'team', value: 'shop' },
        { key: 'tier', value: '1' },
      ],
      contributorInsightsSpecification: { enabled: true },
      encryption: TableEncryptionV2.customerManagedKey(Key.fromKeyArn(stack, 'Key', 'arn:aws:kms:eu-west-1:1:key/b'), {
        ...KEYS,
        'us-east-1': 'arn:aws:kms:us-east-1:111111111111:key/c',
      }),
      replicas: [
        'eu-central-1',
        {
          region: 'us-east-1',
          tags: [{ key: 'tier', value: '2' }],
          deletionProtection: false,
          pointInTimeRecoverySpecification: { pointInTimeRecoveryEnabled: true, recoveryPeriodInDays: 7 },
          contributorInsightsSpecification: { enabled: false },
        },
      ],
    }).hasResourceProperties(TABLE, {
      StreamSpecification: { StreamViewType: 'NEW_AND_OLD_IMAGES' },
      Replicas: [
        {
          Region: 'eu-central-1',
          DeletionProtectionEnabled: true,
          PointInTimeRecoverySpecification: { PointInTimeRecoveryEnabled: true },
          ContributorInsightsSpecification: { Enabled: true },
          SSESpecification: { KMSMasterKeyId: KEYS['eu-central-1'] },
          Tags: [
            { Key: 'team', Value: 'shop' },
            { Key: 'tier', Value: '1' },
          ],
        },
        {
          Region: 'us-east-1',
          DeletionProtectionEnabled: false,
          PointInTimeRecoverySpecification: { PointInTimeRecoveryEnabled: true, RecoveryPeriodInDays: 7 },
          ContributorInsightsSpecification: { Enabled: false },
          Tags: [
            { Key: 'team', Value: 'shop' },
            { Key: 'tier', Value: '2' },
          ],
        },
        { Region: 'eu-west-1', DeletionProtectionEnabled: true },
      ],
    });
  });

  test('go with the stack of a table that goes with it', () => {
    table({ removalPolicy: RemovalPolicy.DESTROY, replicas: ['eu-central-1'] }).hasResourceProperties(TABLE, {
      Replicas: [{ DeletionProtectionEnabled: false }, { DeletionProtectionEnabled: false }],
    });
  });

  test.each<[Partial<EntityTableProps>]>([
    [{ replicas: ['eu-west-2', 'eu-central-1'] }],
    [{ replicas: ['eu-west-2'], witnessRegion: 'eu-west-3' }],
  ])('are strongly consistent in three regions, of which one may be a witness', (props) => {
    table({ ...props, multiRegionConsistency: STRONG }).hasResourceProperties(TABLE, {
      MultiRegionConsistency: 'STRONG',
    });
  });

  test('may be in a region that CDK does not know yet', () => {
    table({ replicas: ['eu-central-7', 'xx-nowhere-1'] });
  });

  test('refuses all that is wrong at once', () => {
    const typo = { region: 'eu-central-1', deletionProtecton: true };
    const props = { replicas: ['eu-west-1', 'eu-central-1', typo] as never, stream: StreamViewType.KEYS_ONLY };
    expect(() => table(props)).toThrow(
      /'replicas.2.deletionProtecton' must not be given[^\n]*did you mean 'deletionProtection'[^]*'stream' must be 'NEW_AND_OLD_IMAGES' with 'replicas'[^]*'replicas.0' must not be the stack's region[^]*'replicas.2' must be in distinct regions/,
    );
  });

  test.each<[Partial<EntityTableProps>, string]>([
    [
      { replicas: ['eu-centrl-1'] },
      "'replicas.0' must be an AWS region, got 'eu-centrl-1'; did you mean 'eu-central-1'?",
    ],
    [{ replicas: ['Frankfurt'] }, "'replicas.0' must be an AWS region, got 'Frankfurt'"],
    [{ replicas: ['cn-north-1'] }, "'replicas.0' must be in the partition of eu-west-1"],
    [{ replicas: [Aws.REGION] }, "'replicas.0' must be a region, or an object with one, known when the program runs"],
    [{ replicas: [{}] as never }, "'replicas.0.region' must be given"],
    [
      { replicas: [{ region: 'eu-central-1', deletionProtection: true }], removalPolicy: RemovalPolicy.DESTROY },
      "'replicas.0.deletionProtection' must not be true with 'removalPolicy' DESTROY",
    ],
    [
      { replicas: [{ region: 'eu-central-1', readCapacity: Capacity.fixed(5) }] },
      "'replicas.0.readCapacity' must not be given without 'billing: Billing.provisioned(...)'",
    ],
    [
      { replicas: [{ region: 'eu-central-1', globalSecondaryIndexOptions: { byDya: {} } }], indexes: { byDay: 'day' } },
      "'replicas.0.globalSecondaryIndexOptions.byDya' must be one of 'indexes', got 'byDya'; did you mean 'byDay'?",
    ],
    [
      {
        replicas: [
          {
            region: 'eu-central-1',
            pointInTimeRecoverySpecification: { pointInTimeRecoveryEnabled: true, recoveryPeriodInDays: 36 },
          },
        ],
      },
      "'replicas.0.pointInTimeRecoverySpecification.recoveryPeriodInDays' must be a whole number from 1 to 35, got 36",
    ],
    [
      { replicas: ['eu-central-1'], witnessRegion: 'eu-west-3' },
      "'witnessRegion' must not be given without 'multiRegionConsistency' STRONG",
    ],
    [{ multiRegionConsistency: STRONG, replicas: ['eu-central-1'] }, "'multiRegionConsistency' must have 3 regions"],
    [
      { multiRegionConsistency: STRONG, replicas: ['eu-central-1', 'eu-west-2'], witnessRegion: 'eu-west-3' },
      "'multiRegionConsistency' must have 3 regions",
    ],
    [
      { multiRegionConsistency: STRONG, replicas: ['eu-central-1', 'us-east-1'] },
      "'replicas.1' must be a region that supports STRONG together with eu-west-1, got 'us-east-1'",
    ],
    [
      { multiRegionConsistency: STRONG, replicas: ['eu-central-1'], witnessRegion: 'eu-north-1' },
      "'witnessRegion' must be a region that supports STRONG together with eu-west-1",
    ],
    [
      { multiRegionConsistency: STRONG, replicas: ['eu-central-1', 'eu-west-2'], timeToLive: 'expires' },
      "'timeToLive' must not be given with 'multiRegionConsistency' STRONG, which does not support it",
    ],
  ])('refuses %j', (props, message) => {
    expect(() => table(props)).toThrow(message);
  });

  test('refuses a table whose region is known only at deployment', () => {
    stack = new Stack(stack.node.root, 'Anywhere');
    expect(() => table({ replicas: ['eu-central-1'] })).toThrow(
      "'replicas' must be on a table whose region is known at synthesis, got ['eu-central-1']; give its stack a region: env: { region: 'eu-west-1' }",
    );
  });

  test.each<[string, Record<string, string>, string]>([
    ['none of a replica', {}, "'encryption' must have a key in eu-central-1, where a replica is, got []"],
    [
      'one of the table itself',
      { ...KEYS, 'eu-west-1': 'arn:aws:kms:eu-west-1:1:key/b' },
      "a key for the stack's own region",
    ],
    ['one of no replica', { ...KEYS, 'eu-west-2': 'arn:aws:kms:eu-west-2:1:key/b' }, 'keys for regions with a replica'],
    [
      'one elsewhere',
      { 'eu-central-1': 'arn:aws:kms:eu-west-2:1:key/b' },
      'must name the ARN of a key in eu-central-1',
    ],
  ])('refuses keys with %s', (_, keys, message) => {
    const encryption = TableEncryptionV2.customerManagedKey(new Key(stack, 'Key'), keys);
    expect(() => table({ replicas: ['eu-central-1'], encryption })).toThrow(message);
  });
});
