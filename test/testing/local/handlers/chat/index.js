'use strict';
const { DeleteItemCommand, DynamoDBClient, PutItemCommand, ScanCommand } = require('@aws-sdk/client-dynamodb');
const { manage } = require('./manage.js');

const table = new DynamoDBClient({});
const TableName = process.env.TABLE;
const say = (what) => console.log(`SAID ${JSON.stringify(what)}`);

exports.connect = async (event) => {
  const { connectionId } = event.requestContext;
  say({ connect: event, early: (await manage(event.requestContext, 'POST', connectionId, 'too early')).status });
  const { refuse, protocol } = event.queryStringParameters ?? {};
  if (refuse === 'throw') throw new Error('no');
  if (refuse === 'nothing') return undefined;
  if (refuse) return { statusCode: Number(refuse) };
  await table.send(new PutItemCommand({ TableName, Item: { id: { S: connectionId } } }));
  return { statusCode: 200, ...(protocol && { headers: { 'Sec-WebSocket-Protocol': protocol } }) };
};

exports.disconnect = async ({ requestContext, headers }) => {
  say({ disconnect: requestContext, headers });
  await table.send(new DeleteItemCommand({ TableName, Key: { id: { S: requestContext.connectionId } } }));
  return { statusCode: 200 };
};

/** Sends to everybody, and forgets who is gone. */
exports.broadcast = async ({ requestContext, body }) => {
  const { Items } = await table.send(new ScanCommand({ TableName }));
  const told = await Promise.all(Items.map(({ id }) => manage(requestContext, 'POST', id.S, JSON.parse(body).text)));
  say({ told: told.map(({ status, error }) => `${status} ${error ?? ''}`.trim()).sort() });
  return { statusCode: 200, body: 'nobody gets this' };
};

/** Calls the management API as it is told, and answers the client with the result. */
exports.call = async ({ requestContext, body }) => {
  const { method, id = requestContext.connectionId, data, byName } = JSON.parse(body);
  const domainName = `${requestContext.apiId}.execute-api.${process.env.AWS_REGION}.amazonaws.com`;
  const place = byName ? { ...requestContext, domainName } : requestContext;
  const answer = await manage(place, method, id, data === undefined ? undefined : 'x'.repeat(data));
  return { statusCode: 200, body: JSON.stringify(answer) };
};

exports.echo = async (event) => {
  if (event.body === 'throw') throw new Error('broken');
  const said = event.body.startsWith('{') ? JSON.parse(event.body) : {};
  if ('answer' in said) return said.answer;
  return { statusCode: 200, body: JSON.stringify(event) };
};

exports.authorize = async ({ methodArn, queryStringParameters: { token }, requestContext, type }) => {
  if (token === 'unknown') throw new Error('Unauthorized');
  if (token === 'broken') throw new Error('broken');
  say({ authorize: { methodArn, eventType: requestContext.eventType, type } });
  const Effect = token === 'good' ? 'Allow' : 'Deny';
  const Statement = [{ Action: 'execute-api:Invoke', Effect, Resource: methodArn }];
  return { principalId: 'ada', policyDocument: { Version: '2012-10-17', Statement }, context: { level: 7 } };
};
