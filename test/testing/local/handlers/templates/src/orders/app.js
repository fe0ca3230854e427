exports.where = async () => require('node:fs').readdirSync(__dirname);

exports.handler = async (event) => {
  const { DynamoDBClient, PutItemCommand } = require('@aws-sdk/client-dynamodb');
  const greeting = require('node:fs').readFileSync('/opt/greeting.txt', 'utf8');
  const id = event.pathParameters?.id ?? 'none';
  await new DynamoDBClient({}).send(new PutItemCommand({ TableName: process.env.TABLE, Item: { id: { S: id } } }));
  return { statusCode: 200, body: `${greeting} ${id}` };
};
