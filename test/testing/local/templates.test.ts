import path from 'node:path';
import { DynamoDBClient, ScanCommand } from '@aws-sdk/client-dynamodb';
import { running, stopRuns } from './support';

const template = (name: string) => path.join(__dirname, 'handlers', 'templates', name);

afterAll(stopRuns);

test('a SAM template runs: code and layers by their folders, its API, its policies', async () => {
  const run = await running(template('template.yaml'));
  const response = await fetch(`${run.url}/orders/7`, { method: 'PUT' });
  expect([response.status, await response.text()]).toEqual([200, 'kept 7']);
  const { Items } = await run.client(DynamoDBClient).send(new ScanCommand({ TableName: run.nameOf('Items') }));
  expect(Items).toEqual([{ id: { S: '7' } }]);
  await expect(run.invoke('Stranger')).rejects.toThrow('is not authorized to perform: dynamodb:PutItem');
  await expect(run.invoke('Missing')).rejects.toThrow("build it first, as with 'sam build'");
});

test('a template of CloudFormation runs: inline code, and a folder as before it is packaged', async () => {
  const run = await running(template('raw.json'));
  expect(await run.invoke('Echo', { a: 1 })).toEqual({ echo: { a: 1 } });
  expect(await run.invoke('Packaged')).toEqual(['app.js']);
  expect(await run.invoke('Single')).toEqual(['app.js']);
});
