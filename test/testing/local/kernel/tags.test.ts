import { App, Stack, Tags as CdkTags } from 'aws-cdk-lib';
import { AttributeType, TableV2 } from 'aws-cdk-lib/aws-dynamodb';
import { Effect, PolicyStatement } from 'aws-cdk-lib/aws-iam';
import { StringParameter } from 'aws-cdk-lib/aws-ssm';
import { Secret } from 'aws-cdk-lib/aws-secretsmanager';
import { Queue } from 'aws-cdk-lib/aws-sqs';
import { inline, running, shop, stopRuns } from '../support';

const CODE = `
const { DynamoDBClient, QueryCommand } = require('@aws-sdk/client-dynamodb');
const { GetSecretValueCommand, SecretsManagerClient } = require('@aws-sdk/client-secrets-manager');
const { SendMessageCommand, SQSClient } = require('@aws-sdk/client-sqs');
const { GetParameterCommand, SSMClient } = require('@aws-sdk/client-ssm');
const { OPEN, GUARDED, SECRET, TABLE } = process.env;
const send = (QueueUrl) => new SQSClient().send(new SendMessageCommand({ QueueUrl, MessageBody: 'x' }));
const query = { TableName: TABLE, IndexName: 'byKind', KeyConditionExpression: 'kind = :k', ExpressionAttributeValues: { ':k': { S: 'k' } } };
const calls = {
  open: () => send(OPEN),
  guarded: () => send(GUARDED),
  secret: () => new SecretsManagerClient().send(new GetSecretValueCommand({ SecretId: SECRET })),
  parameter: () => new SSMClient().send(new GetParameterCommand({ Name: '/shop/own' })),
  index: () => new DynamoDBClient().send(new QueryCommand(query)),
};
exports.handler = async () => Object.fromEntries(await Promise.all(Object.entries(calls).map(
  async ([name, call]) => [name, await call().then(() => 'ok', ({ name }) => /Denied/.test(name) ? 'denied' : name)],
)));`;

afterAll(stopRuns);

test('conditions read the tags of resources and of roles: what they allow, and what they deny', async () => {
  const run = await running(
    shop((stack) => {
      const open = new Queue(stack, 'Open');
      const guarded = new Queue(stack, 'Guarded');
      const secret = new Secret(stack, 'Secret');
      const parameter = new StringParameter(stack, 'Parameter', { parameterName: '/shop/own', stringValue: 'x' });
      const table = new TableV2(stack, 'Table', {
        partitionKey: { name: 'id', type: AttributeType.STRING },
        globalSecondaryIndexes: [{ indexName: 'byKind', partitionKey: { name: 'kind', type: AttributeType.STRING } }],
      });
      CdkTags.of(guarded).add('stage', 'live');
      for (const one of [secret, parameter, table]) CdkTags.of(one).add('team', 'sales');
      const environment = {
        OPEN: open.queueUrl,
        GUARDED: guarded.queueUrl,
        SECRET: secret.secretArn,
        TABLE: table.tableName,
      };
      for (const team of ['sales', 'other']) {
        const fn = inline(stack, team, CODE, { environment });
        CdkTags.of(fn.role!).add('team', team);
        fn.addToRolePolicy(new PolicyStatement({ actions: ['sqs:*'], resources: ['*'] }));
        fn.addToRolePolicy(
          new PolicyStatement({
            effect: Effect.DENY,
            actions: ['sqs:SendMessage'],
            resources: ['*'],
            conditions: { StringEquals: { 'aws:ResourceTag/stage': 'live' } },
          }),
        );
        const ofTeam = (actions: string[], key: string) =>
          fn.addToRolePolicy(
            new PolicyStatement({
              actions,
              resources: ['*'],
              conditions: { StringEquals: { [key]: '${aws:PrincipalTag/team}' } },
            }),
          );
        ofTeam(['ssm:*', 'dynamodb:*'], 'aws:ResourceTag/team');
        ofTeam(['secretsmanager:*'], 'secretsmanager:ResourceTag/team');
      }
    }),
  );
  const open = { open: 'ok', guarded: 'denied' };
  expect(await run.invoke('sales', {})).toEqual({ ...open, secret: 'ok', parameter: 'ok', index: 'ok' });
  expect(await run.invoke('other', {})).toEqual({ ...open, secret: 'denied', parameter: 'denied', index: 'denied' });
});

const SEND = `
const { SendMessageCommand, SQSClient } = require('@aws-sdk/client-sqs');
const { FIRST, SECOND } = process.env;
const send = (QueueUrl) => new SQSClient().send(new SendMessageCommand({ QueueUrl, MessageBody: 'x' })).then(() => 'ok', ({ name }) => name);
exports.handler = async () => Promise.all([FIRST, SECOND].map(send));`;

test('resources have the tags of their stack, and SQS has no key of its own for tags', async () => {
  const context = { '@aws-cdk/core:explicitStackTags': true };
  const app = new App({ builtinCloudFormationValidation: false, context });
  const stack = new Stack(app, 'Shop', { tags: { team: 'sales' } });
  const first = new Queue(stack, 'First');
  const second = new Queue(stack, 'Second');
  CdkTags.of(second).add('team', 'other');
  const environment = { FIRST: first.queueUrl, SECOND: second.queueUrl };
  for (const [id, key] of [
    ['own', 'aws:ResourceTag/team'],
    ['unknown', 'sqs:ResourceTag/team'],
  ] as const) {
    const statement = { actions: ['sqs:SendMessage'], resources: ['*'] };
    const conditions = { StringEquals: { [key]: '${aws:PrincipalTag/team}' } };
    inline(stack, id, SEND, { environment }).addToRolePolicy(new PolicyStatement({ ...statement, conditions }));
  }
  const run = await running(app);
  expect(await run.invoke('own', {})).toEqual(['ok', 'AccessDenied']);
  expect(await run.invoke('unknown', {})).toEqual(['AccessDenied', 'AccessDenied']);
});

const CREATE = `
const { CreateSecretCommand, SecretsManagerClient } = require('@aws-sdk/client-secrets-manager');
const create = (Name, tags) => new SecretsManagerClient().send(new CreateSecretCommand({
  Name, SecretString: 'x', Tags: Object.entries(tags).map(([Key, Value]) => ({ Key, Value })),
})).then(() => 'ok', ({ name }) => name);
exports.handler = async () => ({
  own: await create('own', { team: 'sales' }),
  other: await create('other', { team: 'other' }),
  more: await create('more', { team: 'sales', cost: 'x' }),
  none: await create('none', {}),
});`;

test('conditions read the tags that a request brings', async () => {
  const run = await running(
    shop((stack) => {
      inline(stack, 'maker', CREATE).addToRolePolicy(
        new PolicyStatement({
          actions: ['secretsmanager:CreateSecret', 'secretsmanager:TagResource'],
          resources: ['*'],
          conditions: {
            StringEquals: { 'aws:RequestTag/team': 'sales' },
            'ForAllValues:StringEquals': { 'aws:TagKeys': ['team'] },
          },
        }),
      );
    }),
  );
  const refused = 'AccessDeniedException';
  expect(await run.invoke('maker', {})).toEqual({ own: 'ok', other: refused, more: refused, none: refused });
});
