import { optimised } from '../../../../../../lib/testing/local/services/states/integrations/optimised';

const sent = (api: string, parameters: object): unknown => {
  const caller = { execution: 'e', machine: 'm' };
  return JSON.parse(String(optimised('dynamodb', api)!.request(api, { ...parameters }, caller).body));
};

test('text stands for itself in items, keys and values of expressions, at any depth', () => {
  const Item = { id: 'a', n: { N: '1' }, deep: { M: { x: 'b', list: { L: ['c', { S: 'd' }] } } } };
  const deep = { M: { x: { S: 'b' }, list: { L: [{ S: 'c' }, { S: 'd' }] } } };
  expect(sent('putItem', { TableName: 'T', Item })).toEqual({
    TableName: 'T',
    Item: { id: { S: 'a' }, n: { N: '1' }, deep },
  });
  expect(sent('getItem', { Key: { id: 'a' } })).toEqual({ Key: { id: { S: 'a' } } });
  expect(sent('updateItem', { ExpressionAttributeValues: { ':a': 'b', ':n': 5 } })).toEqual({
    ExpressionAttributeValues: { ':a': { S: 'b' }, ':n': 5 },
  });
});
