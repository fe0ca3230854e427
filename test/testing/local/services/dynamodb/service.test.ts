import { DynamoDBClient, PutItemCommand, ScanCommand } from '@aws-sdk/client-dynamodb';
import { AttributeType, ProjectionType, StreamViewType, TableV2 } from 'aws-cdk-lib/aws-dynamodb';
import { Effect, ManagedPolicy, PermissionsBoundary, PolicyStatement } from 'aws-cdk-lib/aws-iam';
import type { Function as LambdaFunction } from 'aws-cdk-lib/aws-lambda';
import type { Stack } from 'aws-cdk-lib';
import type { LocalRun } from 'lintel/testing';
import { fromHandlers, ordersTable, running, shop, stopRuns } from '../../support';

afterAll(stopRuns);

interface Answer {
  readonly output?: Readonly<Record<string, unknown>>;
  readonly error?: {
    readonly name: string;
    readonly message: string;
    readonly status: number;
    readonly reasons?: unknown;
  };
}

let run: LocalRun;
let table: string;

beforeAll(async () => {
  run = await running(
    shop((stack) => {
      const orders = new TableV2(stack, 'Orders', {
        partitionKey: { name: 'id', type: AttributeType.STRING },
        globalSecondaryIndexes: [
          {
            indexName: 'byCustomer',
            partitionKey: { name: 'customer', type: AttributeType.STRING },
            projectionType: ProjectionType.ALL,
          },
        ],
        timeToLiveAttribute: 'expires',
        dynamoStream: StreamViewType.NEW_AND_OLD_IMAGES,
      });
      const allow = (id: string, actions: string[], resources = [orders.tableArn], conditions?: object) => {
        const fn: LambdaFunction = fromHandlers(stack, id, 'dynamodb');
        fn.addToRolePolicy(
          new PolicyStatement({
            actions: actions.map((a) => `dynamodb:${a}`),
            resources,
            ...(conditions && { conditions: conditions }),
          }),
        );
        return fn;
      };
      allow('Writer', ['PutItem', 'UpdateItem', 'ConditionCheckItem', 'BatchWriteItem', 'DescribeTable']);
      allow('Deleter', ['DeleteItem', 'PutItem']);
      allow('Reader', ['GetItem', 'BatchGetItem', 'Query']);
      allow('IndexReader', ['Query'], [`${orders.tableArn}/index/*`]);
      allow('Sql', ['PartiQLSelect', 'PartiQLInsert']);
      allow('Own', ['GetItem', 'PutItem', 'Query'], [orders.tableArn], {
        'ForAllValues:StringEquals': { 'dynamodb:LeadingKeys': ['ann'] },
      });
      allow('Transactional', ['PutItem'], [orders.tableArn], {
        'ForAnyValue:StringEquals': { 'dynamodb:EnclosingOperation': ['TransactWriteItems'] },
      });
      const bounded = allow('Bounded', ['GetItem', 'Scan']);
      const getOnly = new PolicyStatement({ actions: ['dynamodb:Get*'], resources: ['*'] });
      const boundary = new ManagedPolicy(stack, 'Boundary', { statements: [getOnly] });
      PermissionsBoundary.of(bounded.role!).apply(boundary);
      const forbidden = allow('Forbidden', ['*']);
      forbidden.addToRolePolicy(
        new PolicyStatement({ effect: Effect.DENY, actions: ['dynamodb:Scan'], resources: ['*'] }),
      );
    }),
  );
  table = run.tables['Shop/Orders']!;
  const client = run.client(DynamoDBClient);
  for (const id of ['ann', 'bob']) {
    await client.send(new PutItemCommand({ TableName: table, Item: { id: { S: id }, customer: { S: 'c1' } } }));
  }
});

const send = (fn: string, command: string, input: Readonly<Record<string, unknown>>) =>
  run.invoke<Answer>(fn, { command, input: { TableName: table, ...input } });
const put = (id: string) => ({ Put: { TableName: table, Item: { id: { S: id } } } });

test('a call without its grant is refused in the words of AWS', async () => {
  const { error } = await send('Reader', 'PutItem', { Item: { id: { S: 'x' } } });
  const arn = `arn:aws:dynamodb:us-east-1:123456789012:table/${table}`;
  expect(error).toMatchObject({ name: 'AccessDeniedException', status: 400 });
  expect(error?.message).toMatch(
    new RegExp(
      `^User: arn:aws:sts::123456789012:assumed-role/Shop-ReaderServiceRole\\w+/Shop-Reader\\w+ is not authorized to perform: ` +
        `dynamodb:PutItem on resource: ${arn} because no identity-based policy allows the dynamodb:PutItem action$`,
    ),
  );
});

test('an explicit deny is named as one', async () => {
  const { error } = await send('Forbidden', 'Scan', {});
  expect(error?.message).toMatch(/with an explicit deny in an identity-based policy$/);
  expect((await send('Forbidden', 'GetItem', { Key: { id: { S: 'ann' } } })).output).toBeDefined();
});

test('a boundary limits what a policy allows', async () => {
  expect((await send('Bounded', 'GetItem', { Key: { id: { S: 'ann' } } })).output).toHaveProperty('Item');
  expect((await send('Bounded', 'Scan', {})).error?.message).toMatch(
    /because no permissions boundary allows the dynamodb:Scan action$/,
  );
});

describe('a transaction', () => {
  test('needs the action of each of its items', async () => {
    expect(
      (await send('Writer', 'TransactWriteItems', { TransactItems: [put('t1'), put('t2')] })).error,
    ).toBeUndefined();
    const withDelete = { TransactItems: [put('t3'), { Delete: { TableName: table, Key: { id: { S: 't1' } } } }] };
    expect((await send('Writer', 'TransactWriteItems', withDelete)).error?.message).toContain('dynamodb:DeleteItem');
    expect((await send('Deleter', 'TransactWriteItems', withDelete)).error).toBeUndefined();
    const check = { ConditionExpression: 'attribute_exists(id)', TableName: table, Key: { id: { S: 'ann' } } };
    const withCheck = { TransactItems: [put('t4'), { ConditionCheck: check }] };
    expect((await send('Deleter', 'TransactWriteItems', withCheck)).error?.message).toContain(
      'dynamodb:ConditionCheckItem',
    );
    expect((await send('Writer', 'TransactWriteItems', withCheck)).error).toBeUndefined();
    const get = { TransactItems: [{ Get: { TableName: table, Key: { id: { S: 'ann' } } } }] };
    expect((await send('Writer', 'TransactGetItems', get)).error?.message).toContain('dynamodb:GetItem');
    expect((await send('Reader', 'TransactGetItems', get)).output).toMatchObject({
      Responses: [{ Item: { id: { S: 'ann' } } }],
    });
  });

  test('is cancelled as a whole, with the reason of each item', async () => {
    const fresh = { Put: { ...put('ann').Put, ConditionExpression: 'attribute_not_exists(id)' } };
    const { error } = await send('Writer', 'TransactWriteItems', { TransactItems: [put('never'), fresh] });
    expect(error).toMatchObject({
      name: 'TransactionCanceledException',
      reasons: [{ Code: 'None' }, { Code: 'ConditionalCheckFailed' }],
    });
    expect((await send('Reader', 'GetItem', { Key: { id: { S: 'never' } } })).output).not.toHaveProperty('Item');
  });

  test('may be the only way that a policy allows', async () => {
    expect((await send('Transactional', 'TransactWriteItems', { TransactItems: [put('t5')] })).error).toBeUndefined();
    expect((await send('Transactional', 'PutItem', { Item: { id: { S: 't6' } } })).error?.name).toBe(
      'AccessDeniedException',
    );
  });
});

test('a batch needs the batch action, not those of its items', async () => {
  const requests = { RequestItems: { [table]: [{ PutRequest: { Item: { id: { S: 'b1' } } } }] } };
  expect((await send('Writer', 'BatchWriteItem', requests)).error).toBeUndefined();
  expect((await send('Deleter', 'BatchWriteItem', requests)).error?.message).toContain('dynamodb:BatchWriteItem');
  const keys = { RequestItems: { [table]: { Keys: [{ id: { S: 'ann' } }] } } };
  expect((await send('Reader', 'BatchGetItem', keys)).error).toBeUndefined();
});

test('a query of an index needs the index', async () => {
  const query = {
    IndexName: 'byCustomer',
    KeyConditionExpression: 'customer = :c',
    ExpressionAttributeValues: { ':c': { S: 'c1' } },
  };
  expect((await send('IndexReader', 'Query', query)).output).toMatchObject({ Count: 2 });
  expect((await send('Reader', 'Query', query)).error?.message).toContain(`table/${table}/index/byCustomer`);
});

test('a PartiQL statement needs the action of its kind', async () => {
  const sql = (Statement: string, fn = 'Sql') =>
    run.invoke<Answer>(fn, { command: 'ExecuteStatement', input: { Statement } });
  expect((await sql(`SELECT * FROM "${table}" WHERE id = 'ann'`)).output).toMatchObject({
    Items: [{ id: { S: 'ann' } }],
  });
  expect((await sql(`INSERT INTO "${table}" VALUE {'id': 'sql'}`)).error).toBeUndefined();
  expect((await sql(`DELETE FROM "${table}" WHERE id = 'sql'`)).error?.message).toContain('dynamodb:PartiQLDelete');
  expect((await sql(`UPDATE "${table}" SET x = 1 WHERE id = 'sql'`)).error?.message).toContain(
    'dynamodb:PartiQLUpdate',
  );
  expect((await sql(`SELECT * FROM "${table}"."byCustomer" WHERE customer = 'c1'`)).error?.message).toContain(
    '/index/byCustomer',
  );
});

test('a condition on the leading key is judged', async () => {
  expect((await send('Own', 'GetItem', { Key: { id: { S: 'ann' } } })).output).toHaveProperty('Item');
  expect((await send('Own', 'GetItem', { Key: { id: { S: 'bob' } } })).error?.name).toBe('AccessDeniedException');
  const query = (value: string) => ({
    KeyConditionExpression: '#k = :v',
    ExpressionAttributeNames: { '#k': 'id' },
    ExpressionAttributeValues: { ':v': { S: value } },
  });
  expect((await send('Own', 'Query', query('ann'))).output).toMatchObject({ Count: 1 });
  expect((await send('Own', 'Query', query('bob'))).error?.name).toBe('AccessDeniedException');
});

test('a table says the names of the template, not those of the engine', async () => {
  const { output } = await send('Writer', 'DescribeTable', {});
  const arn = `arn:aws:dynamodb:us-east-1:123456789012:table/${table}`;
  expect(output).toMatchObject({
    Table: {
      TableArn: arn,
      LatestStreamArn: expect.stringMatching(`^${arn}/stream/`),
      GlobalSecondaryIndexes: [{ IndexName: 'byCustomer', IndexArn: `${arn}/index/byCustomer` }],
    },
  });
  const byArn = await send('Reader', 'GetItem', { TableName: arn, Key: { id: { S: 'ann' } } });
  expect(byArn.output).toMatchObject({ Item: { id: { S: 'ann' } } });
});

test('a table that is in no template is not found by who may ask for it', async () => {
  const { error } = await send('Forbidden', 'GetItem', { TableName: 'Nothing', Key: { id: { S: 'x' } } });
  expect(error?.name).toBe('AccessDeniedException');
  const client = run.client(DynamoDBClient);
  await expect(client.send(new ScanCommand({ TableName: 'Nothing' }))).rejects.toThrow(
    expect.objectContaining({ name: 'ResourceNotFoundException' }),
  );
});

test('a client may act as a function', async () => {
  const client = run.client(DynamoDBClient, 'Reader');
  await expect(client.send(new ScanCommand({ TableName: table }))).rejects.toThrow(
    /is not authorized to perform: dynamodb:Scan/,
  );
});

test('what is not done with a table is reported', () => {
  expect(run.unsupported).toEqual([
    {
      resource: 'Shop/Orders',
      type: 'AWS::DynamoDB::GlobalTable',
      reason: 'expired items are not deleted: handlers see them, as they may on AWS for days',
    },
  ]);
});

test('two runs of the same templates share nothing', async () => {
  const app = shop((stack: Stack) => void ordersTable(stack));
  const [one, two] = await Promise.all([running(app), running(app)]);
  const name = one.tables['Shop/Orders']!;
  await one.client(DynamoDBClient).send(new PutItemCommand({ TableName: name, Item: { id: { S: '1' } } }));
  const count = async (of: LocalRun) =>
    (await of.client(DynamoDBClient).send(new ScanCommand({ TableName: name }))).Count;
  expect([await count(one), await count(two)]).toEqual([1, 0]);
});
