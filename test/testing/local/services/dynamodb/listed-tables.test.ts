import { DynamoDBClient, GetItemCommand } from '@aws-sdk/client-dynamodb';
import { App, Stack } from 'aws-cdk-lib';
import { AttributeType, CfnTable, TableV2 } from 'aws-cdk-lib/aws-dynamodb';
import { CfnEventSourceMapping } from 'aws-cdk-lib/aws-lambda';
import { PolicyStatement } from 'aws-cdk-lib/aws-iam';
import { inline, ordersTable, running, shop, stopRuns } from '../../support';

afterAll(stopRuns);

test.each([
  ['without a stream', false],
  ['with a stream that a function reads', true],
])('a table that the engine refuses is listed with its reason, %s, and the others run', async (_, streamed) => {
  const run = await running(
    shop((stack) => {
      ordersTable(stack);
      const table = new CfnTable(stack, 'Bad', {
        keySchema: [{ attributeName: 'id', keyType: 'HASH' }],
        attributeDefinitions: [{ attributeName: 'other', attributeType: 'S' }],
        billingMode: 'PAY_PER_REQUEST',
        ...(streamed && { streamSpecification: { streamViewType: 'NEW_IMAGE' } }),
      });
      if (!streamed) return;
      const reader = inline(stack, 'Reader', 'exports.handler = async () => {};');
      reader.addToRolePolicy(new PolicyStatement({ actions: ['dynamodb:*'], resources: ['*'] }));
      new CfnEventSourceMapping(stack, 'Mapping', {
        functionName: reader.functionName,
        eventSourceArn: table.attrStreamArn,
        startingPosition: 'LATEST',
      });
    }),
  );
  expect(run.unsupported).toContainEqual({
    resource: 'Shop/Bad',
    type: 'AWS::DynamoDB::Table',
    reason: expect.stringContaining('CreateTable failed') as string,
  });
  const mappings = run.unsupported.filter(({ type }) => type === 'AWS::Lambda::EventSourceMapping');
  expect(mappings).toHaveLength(streamed ? 1 : 0);
  const read = (name: string) =>
    run.client(DynamoDBClient).send(new GetItemCommand({ TableName: run.nameOf(name), Key: { id: { S: '1' } } }));
  expect((await read('Orders')).Item).toBeUndefined();
  await expect(read('Bad')).rejects.toMatchObject({ name: 'ResourceNotFoundException' });
  await run.idle();
});

test('a table with copies in other regions is run, and the copies are listed', async () => {
  const app = new App({ builtinCloudFormationValidation: false });
  const stack = new Stack(app, 'Shop', { env: { account: '123456789012', region: 'eu-west-1' } });
  const partitionKey = { name: 'id', type: AttributeType.STRING };
  new TableV2(stack, 'Orders', { partitionKey, replicas: [{ region: 'eu-central-1' }] });
  const run = await running(app);
  expect(run.unsupported).toEqual([
    {
      resource: 'Shop/Orders',
      type: 'AWS::DynamoDB::GlobalTable',
      reason: 'its replicas in eu-central-1 are not run: nothing is replicated to or from there',
    },
  ]);
});
