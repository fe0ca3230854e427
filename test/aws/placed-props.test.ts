import { App, type Environment, Stack } from 'aws-cdk-lib';
import { TableEncryptionV2 } from 'aws-cdk-lib/aws-dynamodb';
import { Vpc } from 'aws-cdk-lib/aws-ec2';
import { Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { type IKey, Key } from 'aws-cdk-lib/aws-kms';
import { Function, LayerVersion } from 'aws-cdk-lib/aws-lambda';
import { DatabaseCluster } from 'aws-cdk-lib/aws-rds';
import { Bucket } from 'aws-cdk-lib/aws-s3';
import { Secret } from 'aws-cdk-lib/aws-secretsmanager';
import { Queue } from 'aws-cdk-lib/aws-sqs';
import { Topic } from 'aws-cdk-lib/aws-sns';
import { Construct } from 'constructs';
import {
  Access,
  Alarms,
  EntityTable,
  EventHub,
  EventStore,
  FileProcessor,
  HttpDatabase,
  PooledDatabase,
  QueueWorker,
  Saga,
  ServerlessApi,
  ServiceFunction,
  StreamProcessor,
  WorkQueue,
} from 'lintel/aws';
import { HANDLER, type Loose, type Sample, SAMPLES } from './mistakes/samples';

const PLAIN = { builtinCloudFormationValidation: false, context: { 'aws:cdk:bundling-stacks': [] } };
const HERE = { account: '111122223333', region: 'eu-west-1' };
const OTHER_REGION = { account: '111122223333', region: 'us-east-1' };
const OTHER_ACCOUNT = { account: '444455556666', region: 'eu-west-1' };

const stacks = (env?: Environment, here: Environment = HERE) => {
  const app = new App(PLAIN);
  return { there: new Stack(app, 'There', { env }), here: new Stack(app, 'Shop', { env: here }) };
};

/** Whether somebody passes a construct in a value, at whatever depth he writes it. */
function hasConstruct(value: unknown): boolean {
  if (Construct.isConstruct(value)) return true;
  const isWritten = Array.isArray(value) || Object.getPrototypeOf(value ?? 0) === Object.prototype;
  return isWritten && Object.values(value as object).some(hasConstruct);
}

/** Props that may be elsewhere, and why. */
const FREE: readonly (readonly [prop: RegExp, env: typeof HERE | undefined, reason: string])[] = [
  [/\.(domain|layers)$/, undefined, 'the sample imports it by an ARN, which says where it is'],
  [/ServerlessApi\.routes$/, undefined, 'tokens of any user pool are checked'],
  [/HttpDatabase\.secret$/, undefined, 'it is judged where a function connects'],
  [/Event(Store|Hub)\.claimCheck$/, undefined, 'it is judged where a function uses it'],
  [/EventStore\.exports$/, undefined, 'DynamoDB exports to a bucket of any account and region'],
  [/\.administrator$/, undefined, 'it is given with a cluster alone'],
  [/\.(encryptionKey|encryptionMasterKey)$/, OTHER_ACCOUNT, 'a key may admit other accounts'],
  [/\.(vpc|endpoint)$/, OTHER_ACCOUNT, 'accounts share their VPCs'],
  [/WorkQueue\.consumer$/, OTHER_ACCOUNT, 'a queue may admit other accounts'],
];

/** What becomes of one prop, given from elsewhere. */
function outcome({ make, base, props }: Sample, name: string, env: Environment): string {
  const { there, here } = stacks(env);
  try {
    new make(here, 'It', { ...base(here), [name]: (props(there) as Loose)[name] } as never);
    (here.node.root as App).synth();
    return 'accepted';
  } catch (error) {
    return (error as Error).message;
  }
}

describe.each(Object.entries(SAMPLES))('every resource that is given to %s', (what, sample) => {
  const given = Object.entries(sample.props(stacks(HERE).there)).filter(([, value]) => hasConstruct(value));

  test.each([
    ['region', OTHER_REGION],
    ['account', OTHER_ACCOUNT],
  ])('from another %s is refused in the words of its user, or may be there', (_, env) => {
    const wrong = given.flatMap(([name]) => {
      if (FREE.some(([prop, of]) => prop.test(`${what}.${name}`) && (of === undefined || of === env))) return [];
      const told = outcome(sample, name, env).split('\n');
      const isTold =
        told.some((line) => line.startsWith(`'${name}`)) && told.every((line) => / \(Shop\/It\)$/.test(line));
      return isTold ? [] : [`${name}: ${told.join('\n')}`];
    });
    expect(wrong).toEqual([]);
  });

  test('from a stack without an environment is not guessed to be elsewhere', () => {
    const wrong = given.flatMap(([name]) => {
      const { there, here } = stacks({}, {});
      try {
        new sample.make(here, 'It', { ...sample.base(here), [name]: (sample.props(there) as Loose)[name] } as never);
        return [];
      } catch (error) {
        return /region|account/.test((error as Error).message) ? [`${name}: ${(error as Error).message}`] : [];
      }
    });
    expect(wrong).toEqual([]);
  });
});

const keyArn = (region: string, id = 'key/0f1e', partition = 'aws') =>
  `arn:${partition}:kms:${region}:111122223333:${id}`;
const key = (stack: Stack, arn: string) => Key.fromKeyArn(stack, 'Key', arn);
const refusal = (make: () => unknown): string => {
  try {
    make();
  } catch (error) {
    return (error as Error).message;
  }
  return 'accepted';
};

describe('an imported KMS key', () => {
  test('is refused if its ARN is of another region', () => {
    const { here } = stacks();
    const encryptionKey = key(here, keyArn('us-east-1'));
    expect(refusal(() => new QueueWorker(here, 'It', { handler: HANDLER, encryptionKey }))).toBe(
      "'encryptionKey' must be a KMS key of eu-west-1, where what it encrypts is: it is in us-east-1, got 'Shop/Key'; create one there, or import it: Key.fromKeyArn(this, 'Key', ...) (Shop/It)",
    );
  });

  test('is refused as a multi-region key of another region, with the ARN of its replica here', () => {
    const { here } = stacks();
    const encryptionKey = key(here, keyArn('us-east-1', 'key/mrk-1234'));
    expect(refusal(() => new EventHub(here, 'It', { encryptionKey }))).toContain(
      `pass its replica there: Key.fromKeyArn(this, 'Key', '${keyArn('eu-west-1', 'key/mrk-1234')}') (Shop/It)`,
    );
  });

  test('is refused if its region is not in its partition', () => {
    const { here } = stacks();
    const encryptionKey = key(here, keyArn('eu-west-1', 'key/0f1e', 'aws-cn'));
    expect(refusal(() => new HttpDatabase(here, 'It', { kind: 'dsql', encryptionKey }))).toBe(
      `'encryptionKey' must have an ARN of the partition 'aws', in which eu-west-1 is, got '${keyArn('eu-west-1', 'key/0f1e', 'aws-cn')}'; write it as '${keyArn('eu-west-1')}' (Shop/It)`,
    );
  });

  test.each([
    ['of this region', keyArn('eu-west-1')],
    ['of another account', keyArn('eu-west-1').replace('111122223333', '444455556666')],
    ['that has a replica here', keyArn('eu-west-1', 'key/mrk-1234')],
  ])('%s is accepted', (_, arn) => {
    const { here } = stacks();
    expect(refusal(() => new WorkQueue(here, 'It', { encryptionMasterKey: key(here, arn) }))).toBe('accepted');
  });

  test('is not judged in a stack without a region', () => {
    const { here } = stacks({}, {});
    expect(refusal(() => new WorkQueue(here, 'It', { encryptionMasterKey: key(here, keyArn('us-east-1')) }))).toBe(
      'accepted',
    );
  });

  test('is refused at the depth at which it is written', () => {
    const { here } = stacks();
    const environmentEncryption = key(here, keyArn('us-east-1'));
    const handler = { entry: HANDLER, environmentEncryption };
    expect(refusal(() => new QueueWorker(here, 'It', { handler }))).toMatch(
      /^'handler\.environmentEncryption' must be a KMS key of eu-west-1, .* \(Shop\/It\)$/,
    );
    expect(
      refusal(() => new ServerlessApi(here, 'Api', { authorizer: 'none', routes: { 'GET /x': { handler } } })),
    ).toMatch(/^'routes\.GET \/x\.handler\.environmentEncryption' must be a KMS key of eu-west-1, .* \(Shop\/Api\)$/);
  });

  test('of another region is refused for a table, and for an event store', () => {
    const { here } = stacks();
    const encryption = TableEncryptionV2.customerManagedKey(key(here, keyArn('us-east-1')));
    const rule =
      /^'encryption' must have a KMS key of eu-west-1, where the table is, .* it is in us-east-1, got 'Shop\/Key'; /;
    expect(refusal(() => new EntityTable(here, 'It', { partitionKey: 'id', encryption }))).toMatch(rule);
    const told = refusal(() => new EventStore(here, 'Store', { encryption }));
    expect(told).toMatch(rule);
    expect(told).toMatch(/ \(Shop\/Store\)$/);
  });

  test('of another partition than its region is refused for a replica of a table', () => {
    const { here } = stacks();
    const encryption = TableEncryptionV2.customerManagedKey(new Key(here, 'Key'), {
      'eu-central-1': keyArn('eu-central-1', 'key/0f1e', 'aws-cn'),
    });
    const replicas = ['eu-central-1'];
    expect(refusal(() => new EntityTable(here, 'It', { partitionKey: 'id', encryption, replicas }))).toContain(
      "'encryption' must name the ARN of a key in eu-central-1, got 'arn:aws-cn:kms:eu-central-1:",
    );
  });
});

/** A resource from elsewhere with a chosen name, which CDK can refer to. */
const bucketOf = (there: Stack) => new Bucket(there, 'Files', { bucketName: 'acme-files' });

describe('a resource with a name, which CDK could refer to,', () => {
  test('is refused if it is a bucket of another region, whose events are set up there', () => {
    const { here, there } = stacks(OTHER_REGION);
    expect(refusal(() => new FileProcessor(here, 'It', { handler: HANDLER, bucket: bucketOf(there) }))).toBe(
      "'bucket' must be in the account and region of what processes its files (111122223333/eu-west-1), where its events are set up: it is in 111122223333/us-east-1, got 'There/Files'; put the FileProcessor there, or replicate the files into a bucket here (Shop/It)",
    );
  });

  test('is refused if it is an imported bucket that says its region', () => {
    const { here } = stacks();
    const bucket = Bucket.fromBucketAttributes(here, 'Files', { bucketName: 'acme-files', region: 'us-east-1' });
    expect(refusal(() => new FileProcessor(here, 'It', { handler: HANDLER, bucket, imported: 'merge' }))).toMatch(
      /^'bucket' must be in the account and region .* \(Shop\/It\)$/,
    );
  });

  test('is refused if it is a queue of another region, without advice to name it', () => {
    const { here } = stacks();
    const queue = Queue.fromQueueArn(here, 'Jobs', 'arn:aws:sqs:us-east-1:111122223333:jobs');
    expect(refusal(() => new QueueWorker(here, 'It', { handler: HANDLER, queue }))).toBe(
      "'queue' must be in the region of the function that consumes it: it is a queue of us-east-1, and the function in eu-west-1, got 'Shop/Jobs'; put the function in that region, and let it forward what it receives (Shop/It)",
    );
  });

  test('is refused at the construct that it is given to, with a function of the team', () => {
    const { here } = stacks();
    const handler = new ServiceFunction(here, 'Mine', { entry: HANDLER });
    const queue = Queue.fromQueueArn(here, 'Jobs', 'arn:aws:sqs:us-east-1:111122223333:jobs');
    expect(refusal(() => new QueueWorker(here, 'It', { handler, queue }))).toMatch(/^'queue' must .* \(Shop\/It\)$/);
  });
});

describe('what a handler may do with a resource from elsewhere is judged as it is written', () => {
  const access = (there: Stack) => ({ FILES: Access.bucket(new Bucket(there, 'Unnamed')).read() });
  const handlerOf = (there: Stack) => ({ entry: HANDLER, access: access(there) });

  test.each<[string, (here: Stack, there: Stack) => unknown, string]>([
    [
      'a route',
      (here, there) => new ServerlessApi(here, 'It', { authorizer: 'none', routes: { 'GET /x': handlerOf(there) } }),
      'routes.GET /x.access.FILES',
    ],
    [
      'a route with options',
      (here, there) =>
        new ServerlessApi(here, 'It', { authorizer: 'none', routes: { 'GET /x': { handler: handlerOf(there) } } }),
      'routes.GET /x.handler.access.FILES',
    ],
    [
      'a step',
      (here, there) => new Saga(here, 'It', { steps: [{ name: 'a', action: handlerOf(there) }] }),
      'steps.0.action.access.FILES',
    ],
    [
      'a step of a group',
      (here, there) =>
        new Saga(here, 'It', {
          steps: [
            { name: 'a', action: HANDLER },
            {
              parallel: [
                { name: 'b', action: HANDLER },
                { name: 'c', action: HANDLER, compensation: handlerOf(there) },
              ],
            },
          ],
        }),
      'steps.1.parallel.1.compensation.access.FILES',
    ],
    [
      'a stream',
      (here, there) => new StreamProcessor(here, 'It', { handler: handlerOf(there) }),
      'handler.access.FILES',
    ],
    [
      'a function with a secret',
      (here, there) => new ServiceFunction(here, 'It', { entry: HANDLER, secrets: { KEY: new Secret(there, 'Key') } }),
      'secrets.KEY',
    ],
  ])('of %s', (_, make, prop) => {
    const { here, there } = stacks(OTHER_REGION);
    const told = refusal(() => make(here, there));
    expect(told).toContain(`'${prop}' must have a name known at synthesis`);
    expect(told).toMatch(/ \(Shop\/It\)$/);
  });
});

test('refuses a layer whose ARN is of another region, though it is imported here', () => {
  const { here } = stacks();
  const arn = 'arn:aws:lambda:us-east-1:111122223333:layer:tools:3';
  const layers = [LayerVersion.fromLayerVersionArn(here, 'Tools', arn)];
  expect(refusal(() => new ServiceFunction(here, 'It', { entry: HANDLER, layers }))).toBe(
    "'layers.0' must be a layer of eu-west-1, where it is used: it is in us-east-1, got 'Shop/Tools'; publish the layer there too, and pass that version (Shop/It)",
  );
});

test('refuses a role of another account, and takes one of another region whose policy names nothing here', () => {
  const { here } = stacks();
  const other = Role.fromRoleArn(here, 'Other', 'arn:aws:iam::444455556666:role/other');
  expect(refusal(() => new ServiceFunction(here, 'It', { entry: HANDLER, role: other }))).toBe(
    "'role' must be a role of the function's account (111122223333): it is of 444455556666, got 'Shop/Other'; pass a role that is there; it may assume one of another account (Shop/It)",
  );
  const far = stacks(OTHER_REGION);
  const role = new Role(far.there, 'Role', { roleName: 'r', assumedBy: new ServicePrincipal('lambda.amazonaws.com') });
  expect(refusal(() => new ServiceFunction(far.here, 'It', { entry: HANDLER, role, onFailure: 'none' }))).toBe(
    'accepted',
  );
});

test('refuses a queue for a function of another region, and takes an imported one of which nothing tells', () => {
  const { here } = stacks();
  const consumer = (arn: string) => Function.fromFunctionArn(here, arn.slice(15, 24), arn);
  const far = consumer('arn:aws:lambda:us-east-1:111122223333:function:work') as never;
  expect(refusal(() => new WorkQueue(here, 'It', { consumer: far }))).toMatch(
    /^'consumer' must be a function of eu-west-1, /,
  );
  expect(refusal(() => new WorkQueue(here, 'Other', { consumer: { timeout: undefined } }))).toBe('accepted');
});

test('refuses a topic without a name of another account, and takes one with a name', () => {
  const { here, there } = stacks(OTHER_ACCOUNT);
  expect(refusal(() => new Alarms(here, 'It', { topic: new Topic(there, 'Pages') }))).toBe(
    "'topic' must have a name known at synthesis, which its ARN needs: it is a topic of account 444455556666, and the alarms of 111122223333, got 'There/Pages'; set 'topicName' on it; naming a deployed topic replaces it (Shop/It)",
  );
  expect(refusal(() => new Alarms(here, 'Named', { topic: new Topic(there, 'P', { topicName: 'pages' }) }))).toBe(
    'accepted',
  );
});

test('refuses what belongs to another app wherever a part is given it', () => {
  const foreign = new Key(new Stack(new App(PLAIN), 'Foreign', { env: HERE }), 'Key');
  const { here } = stacks();
  expect(refusal(() => new WorkQueue(here, 'It', { encryptionMasterKey: foreign }))).toBe(
    "'encryptionMasterKey' must be of the same app, got 'Foreign/Key'; make it in this app, or import it (Shop/It)",
  );
  expect(refusal(() => new ServiceFunction(here, 'Fn', { entry: HANDLER, environmentEncryption: foreign }))).toContain(
    "'environmentEncryption' must be of the same app, got 'Foreign/Key'",
  );
});

test('leaves out of a message what is known only at deployment', () => {
  const { here, there } = stacks({ region: 'us-east-1' }, { region: 'eu-west-1' });
  expect(refusal(() => new FileProcessor(here, 'It', { handler: HANDLER, bucket: bucketOf(there) }))).toContain(
    'processes its files (eu-west-1), where its events are set up: it is in us-east-1, got',
  );
});

describe('a key of another account, which its own policy may share,', () => {
  const shared = (here: Stack) => key(here, keyArn('eu-west-1').replace('111122223333', '444455556666'));
  const makers: [string, (here: Stack, encryptionKey: IKey) => unknown][] = [
    ['a queue', (here, encryptionKey) => new QueueWorker(here, 'It', { handler: HANDLER, encryptionKey })],
    ['a stream', (here, encryptionKey) => new StreamProcessor(here, 'It', { handler: HANDLER, encryptionKey })],
    ['a bucket', (here, encryptionKey) => new FileProcessor(here, 'It', { handler: HANDLER, encryptionKey })],
  ];

  test.each(makers)('is told of as the key of %s until its policy is declared', (_, make) => {
    const { here } = stacks();
    expect(refusal(() => make(here, shared(here)))).toMatch(/^('encryptionKey' must admit .* \(Shop\/It\)\n?)+$/);
    const declared = stacks();
    expect(refusal(() => make(declared.here, Access.admitting(shared(declared.here))))).toBe('accepted');
  });
});

describe('what CDK has yet to look up is accepted:', () => {
  test('a role', () => {
    const { here } = stacks();
    const role = Role.fromLookup(here, 'Role', { roleName: 'mandated' });
    expect(refusal(() => new ServiceFunction(here, 'It', { entry: HANDLER, role }))).toBe('accepted');
  });

  test('a key, and a network', () => {
    const { here } = stacks();
    const environmentEncryption = Key.fromLookup(here, 'Key', { aliasName: 'alias/shop' });
    const vpc = Vpc.fromLookup(here, 'Network', { vpcId: 'vpc-1' });
    expect(refusal(() => new ServiceFunction(here, 'It', { entry: HANDLER, environmentEncryption, vpc }))).toBe(
      'accepted',
    );
  });

  test('a cluster of a database', () => {
    const { here } = stacks();
    const vpc = Vpc.fromLookup(here, 'Network', { vpcId: 'vpc-1' });
    const cluster = DatabaseCluster.fromLookup(here, 'Cluster', { clusterIdentifier: 'orders' });
    const administrator = { secret: new Secret(here, 'Admin') };
    const props = {
      vpc,
      engine: 'postgres',
      cluster,
      administrator,
      databaseName: 'shop',
      maxConnections: 90,
    } as const;
    expect(refusal(() => new PooledDatabase(here, 'It', props))).toBe('accepted');
  });
});
