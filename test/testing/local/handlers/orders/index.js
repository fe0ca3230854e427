'use strict';
const { DynamoDBClient } = require('@aws-sdk/client-dynamodb');
const { DynamoDBDocumentClient, GetCommand, PutCommand, DeleteCommand } = require('@aws-sdk/lib-dynamodb');

const client = DynamoDBDocumentClient.from(new DynamoDBClient({}));
const TableName = process.env.ORDERS;

/** Creates, reads and removes orders; answers as both kinds of API take it. */
exports.handler = async (event) => {
  const method = event.requestContext.http?.method ?? event.httpMethod;
  const id = event.pathParameters?.id;
  if (method === 'POST') {
    const order = JSON.parse(event.body);
    await client.send(new PutCommand({ TableName, Item: order, ConditionExpression: 'attribute_not_exists(id)' }));
    return { statusCode: 201, headers: { 'content-type': 'application/json' }, body: JSON.stringify(order) };
  }
  if (method === 'DELETE') {
    await client.send(new DeleteCommand({ TableName, Key: { id } }));
    return { statusCode: 204 };
  }
  const { Item } = await client.send(new GetCommand({ TableName, Key: { id } }));
  return { statusCode: Item ? 200 : 404, body: JSON.stringify(Item ?? null) };
};
