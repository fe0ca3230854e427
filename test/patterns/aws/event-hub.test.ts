import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { runInNewContext } from 'node:vm';
import { App, Duration, Size, Stack } from 'aws-cdk-lib';
import { type CfnRule, type IRuleTarget, Rule } from 'aws-cdk-lib/aws-events';
import { LambdaFunction, SnsTopic, SqsQueue } from 'aws-cdk-lib/aws-events-targets';
import { Queue } from 'aws-cdk-lib/aws-sqs';
import Ajv4 from 'ajv-draft-04';
import { Annotations, Match, Template } from 'aws-cdk-lib/assertions';
import type { CfnRole } from 'aws-cdk-lib/aws-iam';
import { Key } from 'aws-cdk-lib/aws-kms';
import * as lambda from 'aws-cdk-lib/aws-lambda';
import { Bucket } from 'aws-cdk-lib/aws-s3';
import { Topic } from 'aws-cdk-lib/aws-sns';
import { EventHub, type JsonSchema, ServiceFunction, type SubscribeProps, Subscription } from 'lintel/aws';
import { evaluate, type PolicyDocument } from 'lintel/access';
import 'lintel/testing';

const code = lambda.Code.fromInline('exports.handler = async () => {}');
const handler = { code };
let stack: Stack;

beforeEach(() => {
  stack = new Stack(new App({ builtinCloudFormationValidation: false }), 'Shop');
});

const template = () => Template.fromStack(stack);
const hub = (props = {}) => new EventHub(stack, 'Hub', props);
const subscribed = (props: Partial<SubscribeProps> = {}) =>
  hub().subscribe('Billing', { types: ['OrderPlaced'], handler, ...props });

describe('publish()', () => {
  const BUS = 'arn:aws:events:eu-west-1:111122223333:event-bus/hub';
  const policy = (...declared: { source: string; types: string[] }[]): PolicyDocument => {
    const all = declared.map((one) => new EventHub(stack, `Hub${stack.node.children.length}`).publish(one));
    const Statement = all.flatMap(({ statements }) =>
      statements.map(({ actions, conditions }) => ({
        Effect: 'Allow' as const,
        Action: [...actions],
        Resource: BUS,
        Condition: conditions as PolicyDocument['Statement'] & object,
      })),
    );
    return { Version: '2012-10-17', Statement } as unknown as PolicyDocument;
  };
  const verdict = (document: PolicyDocument, source: string[], type: string[]) =>
    evaluate(
      { action: 'events:PutEvents', resource: BUS, context: { 'events:source': source, 'events:detail-type': type } },
      { identity: [document] },
    ).verdict;
  const orders = { source: 'shop.orders', types: ['OrderPlaced', 'OrderCancelled'] };
  const returns = { source: 'shop.returns', types: ['OrderReturned'] };

  test.each([
    ['allows a declared pair', ['shop.orders'], ['OrderPlaced'], 'allowed'],
    [
      'allows several types of one source',
      ['shop.orders', 'shop.orders'],
      ['OrderPlaced', 'OrderCancelled'],
      'allowed',
    ],
    ['denies another source', ['shop.billing'], ['OrderPlaced'], 'denied'],
    ['denies another type', ['shop.orders'], ['OrderReturned'], 'denied'],
    ['denies the source of one with the type of the other', ['shop.orders'], ['OrderReturned'], 'denied'],
    [
      'denies a request of both, which no one statement allows',
      ['shop.orders', 'shop.returns'],
      ['OrderPlaced', 'OrderReturned'],
      'denied',
    ],
    ['denies a request with one undeclared entry', ['shop.orders'], ['OrderPlaced', 'OrderReturned'], 'denied'],
    ['denies a request that says nothing', [], [], 'denied'],
  ])('%s', (_, source, type, expected) => {
    expect(verdict(policy(orders, returns), source, type)).toBe(expected);
  });

  test('makes one statement of each call, which the stack does not merge, and variables that tell them apart', () => {
    const shop = hub();
    new ServiceFunction(stack, 'Orders', { code, access: { HUB: shop.publish(orders).and(shop.publish(returns)) } });
    const policies = Object.values(template().findResources('AWS::IAM::Policy')) as {
      Properties: { PolicyDocument: { Statement: { Action: string; Condition?: object }[] } };
    }[];
    const statements = policies.flatMap(({ Properties }) => Properties.PolicyDocument.Statement);
    expect(statements.filter(({ Action }) => Action === 'events:PutEvents').map(({ Condition }) => Condition)).toEqual(
      [
        ['shop.orders', ['OrderCancelled', 'OrderPlaced']],
        ['shop.returns', ['OrderReturned']],
      ].map(([source, types]) => ({
        'ForAllValues:StringEquals': { 'events:source': [source], 'events:detail-type': types },
        Null: { 'events:source': 'false', 'events:detail-type': 'false' },
      })),
    );
    const [fn] = Object.values(template().findResources('AWS::Lambda::Function')) as {
      Properties: { Environment: { Variables: Record<string, unknown> } };
    }[];
    const variables = fn!.Properties.Environment.Variables;
    expect(variables.HUB).toEqual({ Ref: expect.stringMatching('HubBus') });
    expect(
      Object.entries(variables)
        .filter(([name]) => name.startsWith('HUB_PUBLISH_'))
        .map(([, value]) => JSON.parse(value as string) as unknown),
    ).toEqual(expect.arrayContaining([{ ...orders, types: ['OrderCancelled', 'OrderPlaced'] }, returns]));
  });

  test.each([
    [
      { source: 'aws.orders', types: ['X'] },
      "'source' must not start with 'aws', which EventBridge reserves for AWS, got 'aws.orders'",
    ],
    [{ source: 'shop.*', types: ['X'] }, "'source' must be one exact name"],
    [
      { source: 'shop', types: [] },
      "'types' must name at least one type, got []; name what may be published: ['OrderPlaced']",
    ],
    [{ source: 'shop', types: ['Order*'] }, "'types.0' must be one exact name of at most 128 letters"],
    [
      { source: 'shop', detailType: 'X' } as never,
      "'detailType' must not be given, since nothing reads it; write 'types', a list",
    ],
  ])('refuses %j', (props, message) => {
    expect(() => hub().publish(props)).toThrow(message);
  });
});

describe('subscribe()', () => {
  test('has the bus deliver to a queue, for a day, and what cannot be delivered to its dead-letter queue', () => {
    const { rule, worker, deadLetterQueue } = subscribed({ source: 'shop.orders' });
    expect(worker?.deadLetterQueue).toBe(deadLetterQueue);
    const [queue, dead] = [worker!.queue.queueArn, deadLetterQueue.queueArn].map((arn) => stack.resolve(arn) as object);
    template().hasResourceProperties('AWS::Events::Rule', {
      EventBusName: { Ref: Match.stringLikeRegexp('HubBus') },
      EventPattern: { source: ['shop.orders'], 'detail-type': ['OrderPlaced'] },
      Targets: [
        {
          Arn: queue,
          DeadLetterConfig: { Arn: dead },
          RetryPolicy: { MaximumEventAgeInSeconds: 86_400, MaximumRetryAttempts: 185 },
        },
      ],
    });
    for (const arn of [queue, dead]) {
      template().hasResourceProperties('AWS::SQS::QueuePolicy', {
        PolicyDocument: {
          Statement: Match.arrayWith([
            Match.objectLike({
              Effect: 'Allow',
              Principal: { Service: 'events.amazonaws.com' },
              Resource: arn,
              Condition: { ArnEquals: { 'aws:SourceArn': stack.resolve(rule.ruleArn) as object } },
            }),
          ]),
        },
      });
    }
  });

  test('watches the depth of the dead-letter queue, and what even that did not take, by the metric of a bus of its own', () => {
    hub({ alarmTopic: new Topic(stack, 'Pages') }).subscribe('Billing', { types: ['OrderPlaced'], handler });
    template().hasResourceProperties('AWS::CloudWatch::Alarm', {
      MetricName: 'InvocationsFailedToBeSentToDlq',
      Dimensions: [
        { Name: 'EventBusName', Value: { Ref: Match.stringLikeRegexp('HubBus') } },
        {
          Name: 'RuleName',
          Value: {
            'Fn::Select': [2, { 'Fn::Split': ['/', { 'Fn::GetAtt': [Match.stringLikeRegexp('Rule'), 'Arn'] }] }],
          },
        },
      ],
      AlarmActions: [Match.anyValue()],
    });
    template().hasResourceProperties('AWS::CloudWatch::Alarm', {
      MetricName: 'ApproximateNumberOfMessagesVisible',
      AlarmActions: [Match.anyValue()],
    });
  });

  test('without a buffer: Lambda tries as often as asked, and the same queue takes what it and the bus gave up', () => {
    const { handler: fn, deadLetterQueue } = subscribed({ buffer: 'none', maxAttempts: 2 });
    const dead = { Arn: stack.resolve(deadLetterQueue.queueArn) as object };
    template().hasResourceProperties('AWS::Events::Rule', {
      Targets: [{ Arn: stack.resolve(fn.functionArn) as object, DeadLetterConfig: dead }],
    });
    template().hasResourceProperties('AWS::Lambda::Function', { DeadLetterConfig: { TargetArn: dead.Arn } });
    template().hasResourceProperties('AWS::Lambda::EventInvokeConfig', { MaximumRetryAttempts: 1 });
  });

  test('lets the handler remember what it worked on, for longer than an event can be on its way', () => {
    subscribed();
    template().hasResourceProperties('AWS::Lambda::Function', {
      Environment: {
        Variables: {
          SUBSCRIPTION: 'Shop/Hub/Billing',
          SUBSCRIPTION_PROCESSED: { Ref: Match.stringLikeRegexp('HubProcessed') },
          // A day of retries, two stays in the queue, one in the dead-letter queue, and a day for who redrives last.
          SUBSCRIPTION_KEEP: String((1 + 4 + 14 + 4 + 1) * 86_400),
        },
      },
    });
    template().hasResourceProperties('AWS::IAM::Policy', {
      PolicyDocument: {
        Statement: Match.arrayWith([
          Match.objectLike({
            Action: ['dynamodb:GetItem', 'dynamodb:PutItem', 'dynamodb:UpdateItem', 'dynamodb:DeleteItem'],
            Resource: { 'Fn::GetAtt': [Match.stringLikeRegexp('HubProcessed'), 'Arn'] },
          }),
        ]),
      },
    });
  });

  test('stands in the stack of its service, and leaves nothing of it in the stack of the hub', () => {
    const app = new App({ builtinCloudFormationValidation: false });
    const [shared, billing] = [new Stack(app, 'Shared'), new Stack(app, 'Billing')];
    const shop = new EventHub(shared, 'Hub');
    const fn = new ServiceFunction(billing, 'Handler', {
      code,
      access: { HUB: shop.publish({ source: 'shop.billing', types: ['OrderBilled'] }) },
    });
    new Subscription(billing, 'Orders', { hub: shop, types: ['OrderPlaced'], handler: fn });
    Template.fromStack(billing).resourceCountIs('AWS::Events::Rule', 1);
    Template.fromStack(shared).resourceCountIs('AWS::Lambda::Function', 0);
  });

  test('skips replays in the rule, or says in the handler that they are worked on once more', () => {
    const shop = hub({ archive: Duration.days(30) });
    shop.subscribe('Billing', { types: ['OrderPlaced'], handler, replays: 'skip' });
    shop.subscribe('Search', { types: ['OrderPlaced'], handler, replays: 'process' });
    template().hasResourceProperties('AWS::Events::Archive', { RetentionDays: 30 });
    template().hasResourceProperties('AWS::Events::Rule', {
      EventPattern: { 'detail-type': ['OrderPlaced'], 'replay-name': [{ exists: false }] },
    });
    template().hasResourceProperties('AWS::Lambda::Function', {
      Environment: { Variables: { SUBSCRIPTION: 'Shop/Hub/Search', SUBSCRIPTION_REPLAYS: 'process' } },
    });
  });

  test.each<[object, string]>([
    ...[
      { specversion: [{ exists: true }] },
      { id: [{ prefix: '' }], source: [{ wildcard: '*' }] },
      { $or: [{ data: { kind: ['a'] } }, { type: [{ 'anything-but': ['x'] }, { suffix: '' }] }] },
    ].map((detail): [object, string] => [
      { types: undefined, detail },
      "'types' must be given, or 'source' or 'detail', or the subscription gets every event of the bus",
    ]),
    [
      { types: undefined },
      "'types' must be given, or 'source' or 'detail', or the subscription gets every event of the bus",
    ],
    [{ types: undefined, detail: {} }, "'types' must be given"],
    [{ types: [] }, "'types' must name at least one"],
    [{ everything: true }, "'everything' must not be true with 'source', 'types' or 'detail'"],
    [{ buffer: 'none', maxAttempts: 4 }, "'maxAttempts' must be at most 3 with 'buffer: none'"],
    [{ buffer: 'none', batch: { size: 5 } }, "'batch' must not be given with 'buffer: none'"],
    [{ replays: 'skip' }, "'replays' must not be given when the hub has no archive"],
    [
      { eventPattern: {} },
      "'eventPattern' must not be given, since nothing reads it; write 'source', 'types' and 'detail'",
    ],
  ])('refuses %j', (props, message) => {
    expect(() => subscribed(props)).toThrow(message);
  });

  test('refuses a hub with an archive where nothing says what a replay does', () => {
    const shop = hub({ archive: Duration.days(30) });
    expect(() => shop.subscribe('Billing', { types: ['OrderPlaced'], handler })).toThrow(
      "'replays' must be given when the hub has an archive: a replay delivers events again, with the same ids, got nothing; set replays: 'skip', or 'process' if the handler should process them again (Shop/Hub/Billing)",
    );
  });
});

test('refuses an archive of half a day', () => {
  expect(() => hub({ archive: Duration.hours(12) })).toThrow(
    "'archive' must be a whole number of days, at least 1, got 12 hours; write Duration.days(30) (Shop/Hub)",
  );
});

describe('forwardTo() and acceptFrom()', () => {
  test('describe what they make in as many characters as AWS takes', () => {
    const { rule, role } = hub().forwardTo('x'.repeat(1000), { to: new EventHub(stack, 'Audit') });
    expect((rule.node.defaultChild as CfnRule).description).toHaveLength(512);
    expect((role.node.defaultChild as CfnRole).description).toHaveLength(1000);
  });

  test('passes events on by a role that may put them there and nothing else, with a dead-letter queue and a day of retries', () => {
    const [shop, audit] = [hub(), new EventHub(stack, 'Audit')];
    const { rule, deadLetterQueue } = shop.forwardTo('ToAudit', { to: audit, types: ['OrderPlaced'] });
    const [to, dead] = [audit.bus.eventBusArn, deadLetterQueue.queueArn].map((arn) => stack.resolve(arn) as object);
    template().hasResourceProperties('AWS::Events::Rule', {
      EventPattern: { 'detail-type': ['OrderPlaced'] },
      Targets: [
        {
          Arn: to,
          RoleArn: Match.anyValue(),
          DeadLetterConfig: { Arn: dead },
          RetryPolicy: { MaximumEventAgeInSeconds: 86_400, MaximumRetryAttempts: 185 },
        },
      ],
    });
    template().hasResourceProperties('AWS::IAM::Role', {
      AssumeRolePolicyDocument: {
        Statement: [
          {
            Action: 'sts:AssumeRole',
            Effect: 'Allow',
            Principal: { Service: 'events.amazonaws.com' },
            Condition: { StringEquals: { 'aws:SourceAccount': { Ref: 'AWS::AccountId' } } },
          },
        ],
      },
      Policies: [
        {
          PolicyName: 'Forward',
          PolicyDocument: {
            Statement: [{ Action: 'events:PutEvents', Effect: 'Allow', Resource: to }],
            Version: '2012-10-17',
          },
        },
      ],
    });
    template().hasResourceProperties('AWS::SQS::QueuePolicy', {
      PolicyDocument: {
        Statement: Match.arrayWith([
          Match.objectLike({
            Effect: 'Allow',
            Resource: dead,
            Condition: { ArnEquals: { 'aws:SourceArn': stack.resolve(rule.ruleArn) as object } },
          }),
        ]),
      },
    });
  });

  test('lets in an account, or an organisation, for one source and its types; a hub has no policy by itself', () => {
    const shop = hub();
    new EventHub(stack, 'Closed');
    shop.acceptFrom('Partner', { account: '111122223333', source: 'partner', types: ['Shipped'] });
    shop.acceptFrom('Everybody', { organization: 'o-a1b2c3d4e5', source: 'group', types: ['Said'] });
    const limits = (source: string, type: string) => ({
      'ForAllValues:StringEquals': { 'events:source': [source], 'events:detail-type': [type] },
      Null: { 'events:source': 'false', 'events:detail-type': 'false' },
    });
    template().hasResourceProperties('AWS::Events::EventBusPolicy', {
      Statement: {
        Principal: { AWS: { 'Fn::Join': ['', ['arn:', { Ref: 'AWS::Partition' }, ':iam::111122223333:root']] } },
        Condition: limits('partner', 'Shipped'),
      },
    });
    template().resourceCountIs('AWS::Events::EventBusPolicy', 2);
    template().hasResourceProperties('AWS::Events::EventBusPolicy', {
      Statement: {
        Principal: '*',
        Condition: { ...limits('group', 'Said'), StringEquals: { 'aws:PrincipalOrgID': 'o-a1b2c3d4e5' } },
      },
    });
  });

  test.each<[string, (shop: EventHub, second: EventHub, third: EventHub) => void, string]>([
    [
      'a chain that its second half closes',
      (shop, second, third) => {
        shop.forwardTo('A', { to: second });
        second.forwardTo('B', { to: third });
      },
      "'to' must not be given for a hub that receives events from another: EventBridge forwards an event once only",
    ],
    [
      'a chain that its first half closes',
      (shop, second, third) => {
        second.forwardTo('B', { to: third });
        shop.forwardTo('A', { to: second });
      },
      "'to' must not be a hub that forwards events: EventBridge forwards an event once only",
    ],
    ['itself', (shop) => void shop.forwardTo('A', { to: shop }), "'to' must be another bus"],
    [
      'nobody in particular',
      (shop) => void shop.acceptFrom('A', { source: 'x', types: ['X'] }),
      "'account' must be given, or else 'organization', but not both",
    ],
    [
      'an account of eleven digits',
      (shop) => void shop.acceptFrom('A', { account: '11112222333', source: 'x', types: ['X'] }),
      "'account' must be twelve digits",
    ],
    [
      'an organisation that is none',
      (shop) => void shop.acceptFrom('A', { organization: 'us', source: 'x', types: ['X'] }),
      "'organization' must be the id of an AWS organisation",
    ],
    [
      'everything that somebody says',
      (shop) => void shop.acceptFrom('A', { account: '111122223333', source: 'x', types: [] }),
      "'types' must name at least one type",
    ],
  ])('refuses %s', (_, wrong, message) => {
    expect(() => wrong(hub(), new EventHub(stack, 'Second'), new EventHub(stack, 'Third'))).toThrow(message);
  });
});

describe('replay()', () => {
  test('may start, watch and end replays of this archive, to this bus, for the rules that are named', () => {
    const shop = hub({ archive: Duration.days(30) });
    const search = shop.subscribe('Search', { types: ['OrderPlaced'], handler, replays: 'process' });
    new ServiceFunction(stack, 'Again', { code, access: { REPLAY: shop.replay([search]) } });
    const [archive, bus] = [shop.archive!.attrArn, shop.bus.eventBusArn].map((arn) => stack.resolve(arn) as object);
    const replays = Match.objectLike({
      'Fn::Join': ['', Match.arrayWith([Match.stringLikeRegexp(':replay/Shop-Hub-')])],
    });
    template().hasResourceProperties('AWS::IAM::Policy', {
      PolicyDocument: {
        Statement: Match.arrayWith([
          Match.objectLike({ Action: 'events:StartReplay', Resource: [archive, bus, replays] }),
          Match.objectLike({ Action: ['events:DescribeReplay', 'events:CancelReplay'], Resource: replays }),
        ]),
      },
    });
  });

  test.each<[string, (shop: EventHub) => void, object, string]>([
    [
      'a hub without an archive',
      (shop) => void shop.replay([]),
      {},
      "'replay' must not be requested without an 'archive'",
    ],
    [
      'nobody in particular',
      (shop) => void shop.replay([]),
      { archive: Duration.days(1) },
      "'replay' must name subscriptions with replays: 'process', at least one",
    ],
    [
      'a subscription that passes replays by',
      (shop) => void shop.replay([shop.subscribe('Billing', { types: ['X'], handler, replays: 'skip' })]),
      { archive: Duration.days(1) },
      "'replay' must name subscriptions with replays: 'process', at least one",
    ],
  ])('refuses %s', (_, wrong, props, message) => {
    expect(() => wrong(hub(props))).toThrow(message);
  });
});

describe('encryptionKey', () => {
  const RULES = { 'Fn::Join': ['', Match.arrayWith([Match.stringLikeRegexp(':rule/.*Bus.*/\\*$')])] };
  const forRules = Match.objectLike({
    Effect: 'Allow',
    Principal: { Service: 'events.amazonaws.com' },
    Action: ['kms:GenerateDataKey', 'kms:Decrypt'],
    Condition: {
      ArnLike: { 'aws:SourceArn': RULES },
      StringEquals: { 'aws:SourceAccount': { Ref: 'AWS::AccountId' } },
    },
  });

  test('is that of every queue, and admits the rules of this bus', () => {
    const encryptionKey = new Key(stack, 'Key');
    const shop = hub({ encryptionKey });
    shop.subscribe('Billing', { types: ['OrderPlaced'], handler });
    const { redrive } = shop.subscribe('Direct', { types: ['OrderPlaced'], handler, buffer: 'none' });
    shop.forwardTo('ToAudit', { to: new EventHub(stack, 'Audit') });
    const queues = Object.values(template().findResources('AWS::SQS::Queue'));
    expect(queues).toHaveLength(4);
    for (const { Properties } of queues as { Properties: Record<string, unknown> }[])
      expect(Properties.KmsMasterKeyId).toEqual(stack.resolve(encryptionKey.keyArn));
    template().hasResourceProperties('AWS::KMS::Key', { KeyPolicy: { Statement: Match.arrayWith([forRules]) } });
    // Who hands the dead letters on reads them.
    template().hasResourceProperties('AWS::IAM::Policy', {
      Roles: [stack.resolve(redrive!.role!.roleName)],
      PolicyDocument: { Statement: Match.arrayWith([Match.objectLike({ Action: 'kms:Decrypt' })]) },
    });
  });

  test('lets in only the rule, where CDK’s own target lets in every rule of every account', () => {
    const { rule, worker } = hub({ encryptionKey: new Key(stack, 'Key') }).subscribe('A', { types: ['X'], handler });
    template().hasResourceProperties('AWS::SQS::QueuePolicy', {
      PolicyDocument: {
        Statement: Match.arrayWith([
          Match.objectLike({
            Principal: { Service: 'events.amazonaws.com' },
            Resource: stack.resolve(worker!.queue.queueArn) as object,
            Condition: { ArnEquals: { 'aws:SourceArn': stack.resolve(rule.ruleArn) as object } },
          }),
        ]),
      },
    });
  });

  test('may be of another stack, which then waits for nobody', () => {
    const app = new App({ builtinCloudFormationValidation: false });
    const keys = new Stack(app, 'Keys');
    const encryptionKey = new Key(keys, 'Key');
    const shop = new Stack(app, 'Shop');
    new EventHub(shop, 'Hub', { encryptionKey }).subscribe('Billing', { types: ['OrderPlaced'], handler });
    expect(() => app.synth()).not.toThrow();
    expect(keys.dependencies).toEqual([]);
  });

  test('warns where the policy of the key is not this app’s', () => {
    hub({ encryptionKey: Key.fromKeyArn(stack, 'Key', 'arn:aws:kms:eu-west-1:111122223333:key/k') });
    const warnings = Annotations.fromStack(stack).findWarning('*', Match.stringLikeRegexp('lintel:key-policy'));
    expect(warnings).toHaveLength(1);
  });
});

describe('maxEntrySize', () => {
  const large = { maxEntrySize: Size.kibibytes(512) };
  const synthesis = () => (App.of(stack) as App).synth();
  const onto = (target: IRuleTarget, props = {}) =>
    new Rule(stack, 'Rule', { eventBus: hub(props).bus, eventPattern: { source: ['shop'] }, targets: [target] });

  test('is told to publishers where it is more than every target takes', () => {
    const access = (props = {}) => hub(props).publish({ source: 'shop', types: ['X'] }).variables;
    expect(access(large)).toMatchObject({ LIMIT: '524288' });
    stack = new Stack(new App({ builtinCloudFormationValidation: false }), 'Shop');
    expect(access()).not.toHaveProperty('LIMIT');
  });

  test.each([
    ['more than a queue takes with what stands around it', Size.mebibytes(1), 'got 1048576'],
    ['less than the default', Size.kibibytes(64), 'got 65536'],
  ])('refuses %s', (_, maxEntrySize, got) => {
    expect(() => hub({ maxEntrySize })).toThrow(`'maxEntrySize' must be 262144 to 1044480 bytes`);
    expect(() => new EventHub(stack, 'Other', { maxEntrySize })).toThrow(got);
  });

  test.each<[string, () => IRuleTarget, string]>([
    [
      'a topic',
      () => new SnsTopic(new Topic(stack, 'News')),
      'Shop/News/Resource, a target of Shop/Rule/Resource, takes 262144',
    ],
    [
      'a queue that takes less',
      () => new SqsQueue(new Queue(stack, 'Small', { maxMessageSizeBytes: 300_000 })),
      'Shop/Small/Resource, a target of Shop/Rule/Resource, takes 300000',
    ],
    [
      'a dead-letter queue that takes less',
      () =>
        new LambdaFunction(
          new lambda.Function(stack, 'F', { code, handler: 'i.h', runtime: lambda.Runtime.NODEJS_22_X }),
          {
            deadLetterQueue: new Queue(stack, 'Small', { maxMessageSizeBytes: 300_000 }),
          },
        ),
      'Shop/Small/Resource, a target of Shop/Rule/Resource, takes 300000',
    ],
  ])('refuses %s as a target of the bus', (_, target, message) => {
    onto(target(), large);
    expect(synthesis).toThrow(message);
  });

  test('accepts what takes it, a topic of another bus, and any target where the hub says nothing', () => {
    onto(new SqsQueue(new Queue(stack, 'Own')), large);
    new EventHub(stack, 'Plain');
    new Rule(stack, 'Other', { eventPattern: { source: ['x'] }, targets: [new SnsTopic(new Topic(stack, 'News'))] });
    expect(synthesis).not.toThrow();
  });

  test('refuses a subscriber of another stack too', () => {
    const { bus } = hub(large);
    const other = new Stack(App.of(stack) as App, 'Other');
    const targets = [new SnsTopic(new Topic(other, 'News'))];
    new Rule(other, 'Rule', { eventBus: bus, eventPattern: { source: ['shop'] }, targets });
    expect(synthesis).toThrow('Other/News/Resource, a target of Other/Rule/Resource, takes 262144');
  });

  test('refuses to pass events on to a hub that need not take them', () => {
    const from = hub(large);
    expect(() => from.forwardTo('ToAudit', { to: new EventHub(stack, 'Audit') })).toThrow(
      "'to' must not be a hub with a smaller 'maxEntrySize'",
    );
  });
});

test('data that are too large go through a bucket: each publisher leaves its own, and subscribers fetch', () => {
  const shop = hub({ claimCheck: new Bucket(stack, 'Claims') });
  new ServiceFunction(stack, 'Orders', {
    code,
    access: { HUB: shop.publish({ source: 'shop.orders', types: ['OrderPlaced'] }) },
  });
  shop.subscribe('Billing', { types: ['OrderPlaced'], handler });
  const below = (key: string) => ({
    'Fn::Join': ['', [{ 'Fn::GetAtt': [Match.stringLikeRegexp('Claims'), 'Arn'] }, key]],
  });
  for (const [action, key] of [
    [['s3:PutObject', 's3:AbortMultipartUpload'], '/claims/shop.orders/*'],
    ['s3:GetObject', '/claims/*'],
  ] as const) {
    template().hasResourceProperties('AWS::IAM::Policy', {
      PolicyDocument: { Statement: Match.arrayWith([Match.objectLike({ Action: action, Resource: below(key) })]) },
    });
  }
});

describe('schemas', () => {
  const events = {
    OrderPlaced: {
      type: 'object',
      properties: { total: { $ref: '#/$defs/money' } },
      additionalProperties: false,
      $defs: { money: { type: 'number' } },
    },
    OrderPaid: { type: 'object' },
  };

  test.each<[string, (shop: EventHub) => void, string]>([
    [
      'a type that has none, to be published',
      (shop) => void shop.publish({ source: 'shop', types: ['OrderPlcaed'] }),
      "'types.0' must be among the 'events' of the hub ('OrderPlaced', 'OrderPaid'), got 'OrderPlcaed'",
    ],
    [
      'a type that has none, to be heard',
      (shop) => void shop.subscribe('Billing', { types: ['OrderPlcaed'], handler }),
      "'types.0' must be among the 'events' of the hub",
    ],
    [
      'a pattern that no such data match',
      (shop) => void shop.subscribe('Billing', { types: ['OrderPlaced'], detail: { data: { total: ['1'] } }, handler }),
      `'detail.data.total' must be able to match: it asks for ["1"], and by the schema it is number`,
    ],
    [
      'a field that the data do not have',
      (shop) => void shop.subscribe('Billing', { types: ['OrderPlaced'], detail: { data: { totl: [1] } }, handler }),
      "'detail.data.totl' must be able to match: it asks for a field that the schema does not have",
    ],
  ])('refuse %s', (_, wrong, message) => {
    expect(() => wrong(hub({ events }))).toThrow(message);
  });

  test.each<[Partial<SubscribeProps>, string]>([
    [
      { types: ['OrderPlaced'], detail: { type: ['OrderPaid'] } },
      "'detail.type' must be able to match: 'types' of the subscription allows only 'OrderPlaced', got ['OrderPaid']",
    ],
    [
      { source: ['shop.orders', 'shop.returns'], types: ['OrderPlaced'], detail: { source: [{ prefix: 'billing' }] } },
      "'detail.source' must be able to match: 'source' of the subscription allows only 'shop.orders' or 'shop.returns'",
    ],
    [
      { types: ['OrderPlaced'], detail: { type: [{ 'anything-but': ['OrderPlaced'] }] } },
      "'detail.type' must be able to match",
    ],
  ])('a pattern that contradicts its own subscription is refused, schemas or not: %j', (props, message) => {
    expect(() => subscribed(props)).toThrow(message);
  });

  test('a pattern that says of the envelope what the subscription says is none', () => {
    const detail = { source: [{ suffix: 'orders' }], type: [{ 'anything-but': 'X' }], data: { id: [1] } };
    expect(() => subscribed({ source: 'shop.orders', detail })).not.toThrow();
  });

  test('leave a pattern that one of several types may match, and refuse a file that is none', () => {
    const shop = hub({ events });
    shop.subscribe('Any', { types: ['OrderPlaced', 'OrderPaid'], detail: { data: { totl: [1] } }, handler });
    expect(() => new EventHub(stack, 'Other', { events: { X: 'no/such.json' } })).toThrow(
      "'events.X' must be a JSON Schema, or the path of a file containing one, got 'no/such.json'",
    );
  });

  const ENTRY = path.join(__dirname, '../../handlers/hub/publish.ts');

  test('become validators of what is published, a part of the bundle, which holds no ajv', () => {
    const shop = hub({ events, validate: true });
    const access = { HUB: shop.publish({ source: 'shop', types: ['OrderPlaced'] }) };
    new ServiceFunction(stack, 'Orders', { entry: ENTRY, access });
    const { directory } = (stack.node.root as App).synth();
    const [asset] = readdirSync(directory).filter((name) => name.startsWith('asset.'));
    const code = readFileSync(path.join(directory, asset!, 'index.js'), 'utf8');
    const { HUB } = runInNewContext(`${code};globalThis[Symbol.for('lintel.validators')]`, {
      require,
      module: { exports: {} },
    }) as Record<'HUB', Record<string, (data: unknown) => boolean>>;
    expect(Object.keys(HUB)).toEqual(['OrderPlaced']);
    expect([{ total: 1 }, { total: '1' }].map((data) => HUB.OrderPlaced!(data))).toEqual([true, false]);
    expect(code).not.toMatch(/OrderPaid|require\("ajv|ajv\/dist/);
    Template.fromStack(stack).hasResourceProperties('AWS::Lambda::Function', {
      Environment: { Variables: { HUB_VALIDATE: 'true' } },
    });
  });

  test('are registered as draft 4 of the whole event, in a registry of the hub', () => {
    const both = { ...events, 'Order paid/2': { const: 3 } };
    const { registry } = hub({ events: both, register: true, claimCheck: new Bucket(stack, 'Claims') });
    const schemas = Object.values(template().findResources('AWS::EventSchemas::Schema')) as {
      Properties: { SchemaName: string; Content: string; RegistryName: object; Type: string };
    }[];
    const named = schemas.map(({ Properties: { SchemaName, Type, RegistryName } }) => [SchemaName, Type, RegistryName]);
    const name = stack.resolve(registry!.attrRegistryName) as object;
    expect(named).toEqual(['OrderPlaced', 'OrderPaid', 'Order-paid-2'].map((one) => [one, 'JSONSchemaDraft4', name]));
    const [placed, , paid] = schemas.map(({ Properties }) => JSON.parse(Properties.Content) as JsonSchema);
    expect(placed).toMatchObject({
      properties: {
        'detail-type': { enum: ['OrderPlaced'] },
        detail: { properties: { data: { $ref: '#/definitions/data' } }, anyOf: [{}, { required: ['dataref'] }] },
      },
      definitions: {
        data: {
          properties: { total: { $ref: '#/definitions/data/definitions/money' } },
          definitions: { money: { type: 'number' } },
        },
      },
    });
    expect(paid).toMatchObject({ title: 'Order paid/2', definitions: { data: { enum: [3] } } });
    const ajv = new Ajv4({ strict: false, logger: false, formats: { 'date-time': true } });
    const judge = ajv.compile(placed!);
    const detail = { specversion: '1.0', id: '1', source: 'shop', type: 'OrderPlaced', data: { total: 1 } };
    const event = { version: '0', id: 'a', source: 'shop', account: '1', time: 't', region: 'r', resources: [] };
    expect(judge({ ...event, 'detail-type': 'OrderPlaced', detail })).toBe(true);
    expect(judge({ ...event, 'detail-type': 'OrderPlaced', detail: { ...detail, data: { total: 'x' } } })).toBe(false);
  });

  test('that draft 4 cannot say are refused with the place, and so is a registry of none', () => {
    const odd = { OrderPlaced: { properties: { a: { propertyNames: { minLength: 2 } } } } };
    expect(() => hub({ events: odd, register: true })).toThrow(
      "'events.OrderPlaced' must be expressible in JSON Schema draft 4, the latest the registry supports: " +
        "'/properties/a/propertyNames' is a keyword with no equivalent in draft 4, got '/properties/a/propertyNames'",
    );
    expect(() => new EventHub(stack, 'None', { register: true })).toThrow(
      "'register' must not be true without 'events'",
    );
    const large = { OrderPlaced: { description: 'x'.repeat(100_000) } };
    expect(() => new EventHub(stack, 'Large', { events: large, register: true })).toThrow('at most 100000 characters');
  });

  test('that validate are refused where nobody bundles, where there are none, and where ajv does not take one', () => {
    const access = { HUB: hub({ events, validate: true }).publish({ source: 'shop', types: ['OrderPlaced'] }) };
    expect(() => new ServiceFunction(stack, 'Orders', { code, access })).toThrow(
      "'access.HUB' must be given to a handler that is bundled here, with 'entry'",
    );
    expect(() => new EventHub(stack, 'None', { validate: true })).toThrow(
      "'validate' must not be true without 'events', the schemas to validate data against, got true; give the schemas",
    );
    const odd = { OrderPlaced: { type: 'object', propertys: {} } };
    expect(() => new EventHub(stack, 'Odd', { events: odd, validate: true })).toThrow(
      `'events.OrderPlaced' must be a schema that a validator can be generated from: strict mode: unknown keyword: "propertys"`,
    );
    const away = { OrderPlaced: { $ref: 'https://example.com/order.json' } };
    expect(() => new EventHub(stack, 'Away', { events: away, validate: true })).toThrow("can't resolve reference");
  });

  test('make a document of AsyncAPI: the whole event, who says it, and who hears it', () => {
    const shop = hub({ events });
    shop.publish({ source: 'shop.orders', types: ['OrderPlaced'] });
    shop.subscribe('Billing', { types: ['OrderPlaced'], handler });
    expect(shop.asyncApi({ title: 'Shop', version: '1.0.0' })).toMatchObject({
      asyncapi: '3.0.0',
      info: { title: 'Shop', version: '1.0.0' },
      operations: {
        'send-shop.orders': { action: 'send', messages: [{ $ref: '#/channels/hub/messages/OrderPlaced' }] },
        'receive-Shop-Hub-Billing': { action: 'receive' },
      },
      components: {
        messages: {
          OrderPlaced: {
            payload: {
              properties: { type: { enum: ['OrderPlaced'] }, data: { $ref: '#/components/schemas/OrderPlaced' } },
            },
          },
        },
        schemas: { OrderPlaced: { properties: { total: { $ref: '#/components/schemas/OrderPlaced/$defs/money' } } } },
      },
    });
  });
});
