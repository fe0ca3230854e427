import { App } from 'aws-cdk-lib';
import { OrdersStack } from '../../../../examples/aws/orders-api/orders-stack';
import 'lintel/testing';
import { judge } from '../../../aws/packs';

const stackOf = () => new OrdersStack(new App({ builtinCloudFormationValidation: false }), 'OrdersApi');

test('passes the validation of CloudFormation, both packs of cdk-nag and all rules', () => {
  const app = new App({ context: { '@aws-cdk/core:validateAgainstDefaultRules': true } });
  const stack = new OrdersStack(app, 'OrdersApi');
  expect(judge(stack).errors).toEqual([]);
  expect(stack).toPassRules();
});

test('each function may do with the tables what its route needs', () => {
  const stack = stackOf();
  const { functions } = stack.api;
  const granted = (route: string, actions: string[], table: string) => {
    const names = actions.map((action) => `dynamodb:${action}`);
    expect(stack).toGrantOnly(functions[route]!, names, `OrdersApi/${table}`);
  };
  const read = ['GetItem', 'BatchGetItem', 'Query'];
  const write = ['PutItem', 'UpdateItem', 'ConditionCheckItem', 'BatchWriteItem'];

  granted('POST /orders', ['PutItem'], 'Orders');
  granted('POST /orders', [...write, 'DeleteItem'], 'Requests');
  granted('GET /orders', read, 'Orders');
  granted('GET /orders/{id}', read, 'Orders');
  granted('POST /orders/{id}/cancel', [...read, ...write], 'Orders');
  for (const reader of [functions['GET /orders'], functions['GET /orders/{id}']]) {
    expect(stack).not.toGrant(reader!, 'dynamodb:PutItem', 'OrdersApi/Requests');
  }
});
