import type { GraphResource } from '../../../lib/core/model/graph';
import { placeholder } from '../../../lib/core/model/placeholder';
import { unreadIn } from '../../../lib/core/model/unread';
import { readGraph } from '../../../lib/core/model/read-graph';
import { ReadError } from '../../../lib/core/model/read-error';
import { Reference, Secret, Text, Unknown } from '../../../lib/core/model/values';

const QUEUE = 'aws:sqs/queue:Queue';
const ROLE = 'aws:iam/role:Role';

function resource(type: string, name: string, inputs: object, rest: Partial<GraphResource> = {}): GraphResource {
  return { type, name, inputs: { ...inputs }, dependsOn: [], secrets: [], options: {}, ...rest };
}

function propertiesOf(type: string, inputs: object, others: readonly GraphResource[] = []) {
  const graph = { resources: [resource(type, 'subject', inputs), ...others], outputs: {} };
  return [...readGraph(graph, { name: 'shop/dev' }).resources.values()][0]!.properties;
}

test('refuses a graph without resources, which would be judged clean', () => {
  expect(() => readGraph({ resources: [], outputs: {} }, { name: 'shop/dev' })).toThrow('has no resources');
});

test('keeps the types and inputs of Cloudflare', () => {
  const queue = resource('cloudflare:index/queue:Queue', 'queue', { queueName: 'jobs' }, { parent: 'ingest' });
  const consumer = resource(
    'cloudflare:index/queueConsumer:QueueConsumer',
    'consumer',
    {
      queueId: placeholder(queue.type, 'ingest/queue', 'queueId'),
      note: `to ${placeholder(queue.type, 'ingest/queue', 'queueId')} and \${nobody}`,
      script: 'const url = `${base}/x`;',
      settings: { batchSize: 10 },
      token: '${secret}',
      later: '${unknown}',
    },
    { parent: 'ingest', dependsOn: [`${queue.type}::ingest/queue`], secrets: ['token'], options: { protect: true } },
  );
  const model = readGraph({ resources: [queue, consumer], outputs: { queue: 'jobs' } }, { name: 'shop/dev' });
  const id = 'shop/dev/cloudflare:index/queue:Queue::ingest/queue';
  expect([...model.resources.keys()][0]).toBe(id);
  expect(model.ofType('cloudflare:index/queueConsumer:QueueConsumer')[0]).toMatchObject({
    logicalId: 'consumer',
    path: 'ingest/consumer',
    template: 'shop/dev',
    dependsOn: [id],
    attributes: { deletionPolicy: 'Retain' },
    properties: {
      queueId: new Reference(id, 'queueId'),
      note: new Text(['to ', new Reference(id, 'queueId'), ' and ${nobody}']),
      script: 'const url = `${base}/x`;',
      settings: { batchSize: 10 },
      token: new Secret("input 'token'"),
      later: new Unknown('the program knows it only at deployment'),
    },
  });
  expect(model.templates.get('shop/dev')!.outputs).toEqual({ queue: 'jobs' });
  expect(unreadIn(model)).toEqual([]);
});

test('reads a secret inside a list by its path', () => {
  const graph = {
    resources: [
      resource('x:y:Z', 'z', { bindings: [{ text: 'a' }, { text: '${secret}' }] }, { secrets: ['bindings.1.text'] }),
    ],
    outputs: {},
  };
  expect(readGraph(graph).ofType('x:y:Z')[0]!.properties).toEqual({
    bindings: [{ text: 'a' }, { text: new Secret("input 'bindings.1.text'") }],
  });
});

test('reads a function and what belongs to it as CloudFormation', () => {
  const role = resource(ROLE, 'role', {});
  expect(
    propertiesOf(
      'aws:lambda/function:Function',
      {
        name: 'worker',
        memorySize: 128,
        role: placeholder(ROLE, 'role', 'arn'),
        environment: { variables: { queueUrl: 'x' } },
        deadLetterConfig: { targetArn: 'arn:aws:sqs:eu-west-1:1:q' },
        reservedConcurrentExecutions: 5,
        tags: { team: 'a' },
      },
      [role],
    ),
  ).toEqual({
    FunctionName: 'worker',
    MemorySize: 128,
    Role: new Reference(`shop/dev/${ROLE}::role`, 'Arn'),
    Environment: { Variables: { queueUrl: 'x' } },
    DeadLetterConfig: { TargetArn: 'arn:aws:sqs:eu-west-1:1:q' },
    ReservedConcurrentExecutions: 5,
    Tags: [{ Key: 'team', Value: 'a' }],
  });
});

test('parses the JSON in texts and keeps the references in it', () => {
  const queue = resource(QUEUE, 'dead', {});
  const arn = placeholder(QUEUE, 'dead', 'arn');
  const target = new Reference(`shop/dev/${QUEUE}::dead`, 'Arn');
  expect(
    propertiesOf(
      QUEUE,
      {
        visibilityTimeoutSeconds: 60,
        redrivePolicy: JSON.stringify({ deadLetterTargetArn: arn, maxReceiveCount: 5 }),
      },
      [queue],
    ),
  ).toEqual({ VisibilityTimeout: 60, RedrivePolicy: { deadLetterTargetArn: target, maxReceiveCount: 5 } });
  const policy = { Statement: [{ Effect: 'Allow', Action: 'sqs:*', Resource: [`${arn}`, `${arn}/*`] }] };
  expect(propertiesOf('aws:iam/rolePolicy:RolePolicy', { role: 'r', policy: JSON.stringify(policy) }, [queue])).toEqual(
    {
      Roles: ['r'],
      PolicyDocument: {
        Statement: [{ Effect: 'Allow', Action: 'sqs:*', Resource: [target, new Text([target, '/*'])] }],
      },
    },
  );
});

test('reads nested inputs that have another name', () => {
  expect(propertiesOf('aws:dynamodb/table:Table', { pointInTimeRecovery: { enabled: true }, hashKey: 'id' })).toEqual({
    PointInTimeRecoverySpecification: { PointInTimeRecoveryEnabled: true },
    KeySchema: [{ AttributeName: 'id', KeyType: 'HASH' }],
  });
  expect(
    propertiesOf('aws:lambda/eventSourceMapping:EventSourceMapping', {
      destinationConfig: { onFailure: { destinationArn: 'arn' } },
      batchSize: 10,
    }),
  ).toEqual({ DestinationConfig: { OnFailure: { Destination: 'arn' } }, BatchSize: 10 });
});

test('takes the outputs of a resource for what CloudFormation calls them', () => {
  const queue = resource(QUEUE, 'dead', {});
  const id = `shop/dev/${QUEUE}::dead`;
  const values = ['id', 'url', 'name', 'arn'].map((output) => placeholder(QUEUE, 'dead', output));
  expect(propertiesOf('x:y:Z', { values }, [queue])).toEqual({
    values: [new Reference(id), new Reference(id), new Reference(id, 'QueueName'), new Reference(id, 'Arn')],
  });
});

test('attaches managed policies to their role', () => {
  const role = resource(ROLE, 'role', { managedPolicyArns: ['arn:a'] });
  const attachment = resource('aws:iam/rolePolicyAttachment:RolePolicyAttachment', 'attachment', {
    role: placeholder(ROLE, 'role', 'name'),
    policyArn: 'arn:b',
  });
  const model = readGraph({ resources: [role, attachment], outputs: {} });
  expect(model.resources.size).toBe(1);
  expect(model.ofType('AWS::IAM::Role')[0]!.properties.ManagedPolicyArns).toEqual(['arn:a', 'arn:b']);
});

test('reads the stack that a program deploys', () => {
  const template = { Resources: { Q: { Type: 'AWS::SQS::Queue' } }, Outputs: { Url: { Value: { Ref: 'Q' } } } };
  const stack = resource('aws:cloudformation/stack:Stack', 'shop', { templateBody: JSON.stringify(template) });
  const worker = resource('x:y:Z', 'worker', { url: placeholder(stack.type, 'shop', 'outputs/Url') });
  const model = readGraph({ resources: [stack, worker], outputs: {} }, { name: 'p' });
  const queue = model.ofType('AWS::SQS::Queue')[0]!;
  expect(model.ofType('x:y:Z')[0]!.properties).toEqual({ url: new Reference(queue.id) });
});

test('refuses what is not a graph', () => {
  const notGraph = { resources: [{}], outputs: {} } as unknown as Parameters<typeof readGraph>[0];
  expect(() => readGraph(notGraph, { file: 'graph.json' })).toThrow(ReadError);
  expect(() => readGraph(notGraph, { file: 'graph.json' })).toThrow('graph.json is not a Pulumi graph');
});

test("says which resources were not read: of types that are not translated, of parts whose whole is elsewhere, of others' making", () => {
  const model = readGraph({
    resources: [
      resource('aws:cloudwatch/metricAlarm:MetricAlarm', 'alarm', {}),
      resource('aws-native:sqs:Queue', 'native', {}),
      resource('aws-native:budgets:Budget', 'budget', {}),
      resource('aws:redshift/cluster:Cluster', 'warehouse', { masterPassword: 'x' }),
      resource('aws:ec2/vpc:Vpc', 'network', { cidrBlock: '10.0.0.0/16' }),
      resource('aws:kms/grant:Grant', 'grant', {}),
      resource('aws:s3/bucketObject:BucketObject', 'private', { acl: 'private' }),
      resource('aws:s3/bucketObject:BucketObject', 'public', { acl: 'public-read' }),
      resource('aws:iam/rolePolicyAttachment:RolePolicyAttachment', 'elsewhere', {
        role: 'operator',
        policyArn: 'arn:b',
      }),
      resource('cloudflare:index/queue:Queue', 'edge', {}),
      resource('aws:cloudformation/stack:Stack', 'stack', {}),
      resource('awsx:ec2:Vpc', 'vpc', {}, { options: { remote: true } }),
    ],
    outputs: {},
  });
  const known = new Set([
    'AWS::CloudWatch::Alarm',
    'AWS::SQS::Queue',
    'AWS::Budgets::Budget',
    'cloudflare:index/queue:Queue',
  ]);
  expect(unreadIn(model, known).map(({ kind, resource: { logicalId } }) => [logicalId, kind])).toEqual([
    ['budget', 'translation'],
    ['warehouse', 'translation'],
    ['grant', 'translation'],
    ['public', 'translation'],
    ['stack', 'nested-template'],
    ['vpc', 'component'],
    ['elsewhere', 'translation'],
  ]);
});
