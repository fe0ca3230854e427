import { EventBridgeClient, PutEventsCommand } from '@aws-sdk/client-eventbridge';
import type { Stack } from 'aws-cdk-lib';
import { CfnRule } from 'aws-cdk-lib/aws-events';
import { ArnPrincipal, PolicyDocument, PolicyStatement, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { Alias, Key } from 'aws-cdk-lib/aws-kms';
import { Topic } from 'aws-cdk-lib/aws-sns';
import { Queue } from 'aws-cdk-lib/aws-sqs';
import { DefinitionBody, StateMachine } from 'aws-cdk-lib/aws-stepfunctions';
import type { LocalRun } from 'lintel/testing';
import { running, shop, stopRuns } from '../../support';

const USE = ['kms:GenerateDataKey*', 'kms:Decrypt'];
let run: LocalRun;

function build(stack: Stack): void {
  const topic = (id: string, masterKey: Topic['masterKey']) => new Topic(stack, id, { masterKey });
  const plain = new Key(stack, 'Plain');
  const delegated = topic('Delegated', plain);
  const policy = new PolicyDocument({
    statements: [
      new PolicyStatement({
        principals: [new ArnPrincipal('arn:aws:iam::123456789012:role/admin')],
        actions: ['kms:*'],
        resources: ['*'],
      }),
    ],
  });
  const shut = topic('Shut', new Key(stack, 'Closed', { policy }));
  const admits = new Key(stack, 'Admits');
  admits.grant(new ServicePrincipal('events.amazonaws.com'), ...USE);
  const told = topic('Told', admits);
  const byAws = topic('ByAws', Alias.fromAliasName(stack, 'Aws', 'alias/aws/sns'));

  const machine = (id: string, to: Topic, withKey: boolean) => {
    const Arguments = { TopicArn: to.topicArn, Message: 'x' };
    const Call = { Type: 'Task', Resource: 'arn:aws:states:::aws-sdk:sns:publish', Arguments, End: true };
    const definition = JSON.stringify({ QueryLanguage: 'JSONata', StartAt: 'Call', States: { Call } });
    const made = new StateMachine(stack, id, { definitionBody: DefinitionBody.fromString(definition) });
    made.addToRolePolicy(new PolicyStatement({ actions: ['sns:Publish'], resources: ['*'] }));
    if (withKey)
      made.addToRolePolicy(new PolicyStatement({ actions: ['kms:GenerateDataKey', 'kms:Decrypt'], resources: ['*'] }));
  };
  machine('Able', delegated, true);
  machine('Keyless', delegated, false);
  machine('Unnamed', shut, true);
  machine('Owner', byAws, false);

  const admitted = new ServicePrincipal('events.amazonaws.com');
  for (const to of [delegated, told, byAws]) {
    // The L2 of a target would admit the service to the key.
    to.addToResourcePolicy(
      new PolicyStatement({ principals: [admitted], actions: ['sns:Publish'], resources: [to.topicArn] }),
    );
    const dead = new Queue(stack, `${to.node.id}Dead`);
    dead.addToResourcePolicy(
      new PolicyStatement({ principals: [admitted], actions: ['sqs:SendMessage'], resources: [dead.queueArn] }),
    );
    const target = { id: 'Topic', arn: to.topicArn, deadLetterConfig: { arn: dead.queueArn } };
    new CfnRule(stack, `${to.node.id}Rule`, { eventPattern: { source: ['shop'] }, targets: [target] });
  }
}

beforeAll(async () => {
  run = await running(shop(build), { disorder: 0 });
});
afterAll(stopRuns);

const published = (topic: string) => run.topic(topic).published().length;

test('a role publishes to an encrypted topic where it may use the key', async () => {
  await run.machine('Able').run();
  expect(published('Delegated')).toBe(1);
});

test('refuses a role that may publish, and not use the key', async () => {
  const ended = await run.machine('Keyless').start().wait();
  expect([ended.error, ended.cause]).toEqual([
    'Sns.KmsAccessDeniedException',
    expect.stringContaining('is not authorized to perform: kms:GenerateDataKey on resource: arn:aws:kms:'),
  ]);
});

test('refuses a role where the policy of the key names neither it nor the account', async () => {
  const ended = await run.machine('Unnamed').start().wait();
  expect(ended.cause).toContain('its policy names neither the account nor the role for kms:GenerateDataKey');
  expect(published('Shut')).toBe(0);
});

test('the key that AWS keeps for SNS admits roles of the account, and no service; a key of one’s own whom its policy names', async () => {
  await run.machine('Owner').run();
  const Entries = [{ Source: 'shop', DetailType: 'Placed', Detail: '{"id":"1"}' }];
  await run.client(EventBridgeClient).send(new PutEventsCommand({ Entries }));
  await run.idle();
  expect([published('ByAws'), published('Told'), published('Delegated')]).toEqual([1, 1, 1]);
  for (const queue of ['ByAwsDead', 'DelegatedDead'])
    expect(
      run
        .queue(queue)
        .messages()
        .map(({ attributes }) => attributes),
    ).toEqual([expect.objectContaining({ ERROR_CODE: 'NO_PERMISSIONS' })]);
});
