import { readFileSync } from 'node:fs';
import path from 'node:path';
import { accessIn } from '../../../lib/core/model/aws-types/speaks-of-access';
import type { GraphResource } from '../../../lib/core/model/graph';
import { placeholder } from '../../../lib/core/model/placeholder';
import { AWS_TYPES, type AwsType, awsType } from '../../../lib/core/model/pulumi-aws';
import { asCloudFormation, asPulumi } from '../../../lib/core/model/pulumi-properties';
import { readGraph } from '../../../lib/core/model/read-graph';
import { unreadIn } from '../../../lib/core/model/unread';
import { Reference, Text, Unknown, type ValueMap } from '../../../lib/core/model/values';

interface Tree {
  readonly [name: string]: Tree | '*' | 1;
}
/** What the providers and CloudFormation declare: written by scripts/aws-facts.ts. */
const facts = JSON.parse(readFileSync(path.join(__dirname, 'aws-facts.json'), 'utf8')) as {
  readonly versions: Record<string, string>;
  readonly types: Record<string, { readonly inputs: Tree; readonly outputs: readonly string[] }>;
  readonly cloudFormation: Record<string, Tree>;
  readonly unreadWhereItSpeaksOfAccess: readonly string[];
  readonly noRuleReads: readonly string[];
};
const TABLE = Object.entries(AWS_TYPES);

describe("the table of Pulumi's AWS types, held against what the provider and CloudFormation declare", () => {
  test.each(TABLE)('%s is a type of the provider and its outputs are there', (token, { outputs = {} }) => {
    const declared = facts.types[token]?.outputs ?? [];
    expect(declared).not.toEqual([]);
    expect(Object.keys(outputs).filter((output) => output !== 'id' && !declared.includes(output))).toEqual([]);
  });

  test.each(TABLE)('%s is renamed from inputs that it has', (token, { renamed = {} }) => {
    const missing = Object.keys(renamed).filter((from) => below(facts.types[token]?.inputs, from) === undefined);
    expect(missing).toEqual([]);
  });

  test.each(TABLE.flatMap(([token, { partOf = [], ...rest }]) => partOf.map((part) => [token, part, rest] as const)))(
    '%s is a part of a place that CloudFormation has',
    (token, part, mapping) => {
      const translated = translation(token, mapping);
      for (const name of part.by.split(',')) expect(translated).toHaveProperty([name]);
      if (part.take !== undefined) expect(translated).toHaveProperty([part.take]);
      if (part.at !== '') expect(below(facts.cloudFormation[part.type], part.at)).toBeDefined();
    },
  );

  test('leaves no input without a counterpart but these', () => {
    const open = TABLE.flatMap(([token, mapping]) => {
      const names = withoutCounterpart(token, mapping).filter((name) => !EVERYWHERE.has(name));
      return names.length === 0 ? [] : [`${token.split('/')[0]}:${token.split(':').at(-1)}: ${names.join(' ')}`];
    });
    expect(open.join('\n')).toMatchSnapshot();
  });

  test('knows of every type of the provider whether it is translated, unread where it speaks of access, or read by no rule', () => {
    expect(facts.versions).toMatchSnapshot();
    const { types, unreadWhereItSpeaksOfAccess: speaking, noRuleReads } = facts;
    expect([...speaking, ...noRuleReads].filter((token) => awsType(token))).toEqual([]);
    expect(noRuleReads.filter((token) => accessIn(token, {}).length > 0)).toEqual([]);
    expect({
      translated: Object.keys(types).length,
      speaking: speaking.length,
      silent: noRuleReads.length,
    }).toMatchSnapshot();
    // A sample of each: policies, passwords and shares on the one side, networks and domains on the other.
    for (const token of [
      'aws:kms/grant:Grant',
      'aws:redshift/cluster:Cluster',
      'aws:mq/broker:Broker',
      'aws:glue/resourcePolicy:ResourcePolicy',
    ])
      expect(speaking).toContain(token);
    for (const token of [
      'aws:ec2/subnet:Subnet',
      'aws:route53/record:Record',
      'aws:acm/certificateValidation:CertificateValidation',
      'aws:ecs/service:Service',
    ])
      expect(noRuleReads).toContain(token);
  });
});

/** Inputs of the provider's own: where it works, and what it does on deletion. */
const EVERYWHERE = new Set([
  'Region',
  'ForceDestroy',
  'NamePrefix',
  'SkipDestroy',
  'Timeouts',
  'ExpectedBucketOwner',
  'Tags',
]);

function below(tree: Tree | '*' | 1 | undefined, place: string): unknown {
  return place
    .split('.')
    .reduce<unknown>((from, name) => (from === '*' ? '*' : (from as Tree | undefined)?.[name]), tree);
}

/** All inputs of a type with a value, translated. */
function translation(token: string, mapping: AwsType): ValueMap {
  const filled = (tree: Tree): ValueMap =>
    Object.fromEntries(
      Object.entries(tree).map(([name, inside]) => [name, typeof inside === 'object' ? filled(inside) : 'x']),
    );
  return asCloudFormation(filled(facts.types[token]?.inputs ?? {}), mapping);
}

function withoutCounterpart(token: string, mapping: AwsType): string[] {
  const { partOf: [part] = [], apart = [] } = mapping;
  if (part?.take !== undefined) return [];
  const gone = [...(part?.by.split(',') ?? []), ...apart.map(({ property }) => property)];
  const rest = Object.entries(translation(token, mapping)).filter(([name]) => !gone.includes(name));
  const place =
    part && part.at !== '' ? below(facts.cloudFormation[mapping.type], part.at) : facts.cloudFormation[mapping.type];
  return missing(Object.fromEntries(rest), place as Tree);
}

function missing(properties: ValueMap, tree: Tree | '*' | 1 | undefined): string[] {
  if (typeof tree !== 'object') return [];
  return Object.entries(properties).flatMap(([name, value]) => {
    if (tree[name] === undefined) return [name];
    const inside: unknown = Array.isArray(value) ? value[0] : value;
    if (typeof inside !== 'object' || inside === null) return [];
    return missing(inside as ValueMap, tree[name]).map((one) => `${name}.${one}`);
  });
}

const resource = (type: string, name: string, inputs: object): GraphResource => {
  return { type, name, inputs: { ...inputs }, dependsOn: [], secrets: [], options: {} };
};
const QUEUE = 'aws:sqs/queue:Queue';
const ROLE = 'aws:iam/role:Role';
const BUCKET = 'aws:s3/bucket:Bucket';

function read(...resources: readonly GraphResource[]) {
  const model = readGraph({ resources, outputs: {} }, { name: 'p' });
  const of = (type: string) => model.ofType(type).map(({ properties }) => properties);
  return { model, of, unread: unreadIn(model, new Set()).map(({ resource: { logicalId } }) => logicalId) };
}

describe('what Pulumi has in several resources and CloudFormation in one', () => {
  test.each([
    ['reference', placeholder(QUEUE, 'q', 'id')],
    ['URL', 'https://sqs.eu-west-1.amazonaws.com/111122223333/jobs'],
  ])('is put together by %s: a queue and its redrive policy', (_how, queueUrl) => {
    const redrivePolicy = JSON.stringify({ deadLetterTargetArn: 'arn:aws:sqs:eu-west-1:1:dead', maxReceiveCount: 4 });
    const { of, unread } = read(
      resource(QUEUE, 'q', { name: 'jobs' }),
      resource('aws:sqs/redrivePolicy:RedrivePolicy', 'redrive', { queueUrl, redrivePolicy }),
    );
    expect(of('AWS::SQS::Queue')[0]).toMatchObject({ RedrivePolicy: { maxReceiveCount: 4 } });
    expect(unread).toEqual([]);
  });

  test.each([
    ['name', 'operator'],
    ['reference', placeholder(ROLE, 'role', 'name')],
    ['ARN', 'arn:aws:iam::111122223333:role/operator'],
    ['interpolation', `arn:aws:iam::1:role/${placeholder(ROLE, 'role', 'name')}`],
  ])('is put together by %s: a role and its attachments', (_how, role) => {
    const { of, unread } = read(
      resource(ROLE, 'role', { name: 'operator', managedPolicyArns: ['arn:a'] }),
      resource('aws:iam/rolePolicyAttachment:RolePolicyAttachment', 'one', { role, policyArn: 'arn:b' }),
      resource('aws:iam/policyAttachment:PolicyAttachment', 'many', { roles: [role], policyArn: 'arn:c' }),
    );
    expect(of('AWS::IAM::Role')[0]!.ManagedPolicyArns).toEqual(['arn:a', 'arn:b', 'arn:c']);
    expect(unread).toEqual([]);
  });

  test('is a bucket and all that is said of it elsewhere', () => {
    const bucket = placeholder(BUCKET, 'b', 'id');
    const part = (type: string, inputs: object) =>
      resource(`aws:s3/bucket${type}:Bucket${type}`, type, { bucket, ...inputs });
    const { of } = read(
      resource(BUCKET, 'b', { versioning: { enabled: true }, policy: '{"Statement":[]}' }),
      part('PublicAccessBlock', { blockPublicAcls: true, blockPublicPolicy: false }),
      part('Acl', { acl: 'public-read' }),
      part('OwnershipControls', { rule: { objectOwnership: 'ObjectWriter' } }),
      part('Notification', {
        queues: [{ queueArn: 'arn:q', events: ['s3:ObjectCreated:*', 's3:ObjectRemoved:*'], filterPrefix: 'in/' }],
        eventbridge: true,
      }),
    );
    const rules = [{ Name: 'prefix', Value: 'in/' }];
    expect(of('AWS::S3::Bucket')[0]).toEqual({
      VersioningConfiguration: { Status: 'Enabled' },
      PublicAccessBlockConfiguration: { BlockPublicAcls: true, BlockPublicPolicy: false },
      AccessControl: 'PublicRead',
      OwnershipControls: { Rules: [{ ObjectOwnership: 'ObjectWriter' }] },
      NotificationConfiguration: {
        QueueConfigurations: [
          { Event: 's3:ObjectCreated:*', Queue: 'arn:q', Filter: { S3Key: { Rules: rules } } },
          { Event: 's3:ObjectRemoved:*', Queue: 'arn:q', Filter: { S3Key: { Rules: rules } } },
        ],
        EventBridgeConfiguration: { EventBridgeEnabled: true },
      },
    });
    // A policy among the inputs of a bucket is a resource of its own there.
    expect(of('AWS::S3::BucketPolicy')).toEqual([
      { Bucket: new Reference(`p/${BUCKET}::b`), PolicyDocument: { Statement: [] } },
    ]);
  });

  test('is a rule and its targets, a method and its integration, a stage and the settings of its methods', () => {
    const [rule, api] = ['aws:cloudwatch/eventRule:EventRule', 'aws:apigateway/restApi:RestApi'];
    const on = { restApi: placeholder(api, 'api', 'id'), resourceId: placeholder(api, 'api', 'rootResourceId') };
    const { of, unread } = read(
      resource(rule, 'rule', { name: 'r', isEnabled: false }),
      resource('aws:cloudwatch/eventTarget:EventTarget', 't1', {
        rule: placeholder(rule, 'rule', 'name'),
        arn: 'arn:1',
      }),
      resource('aws:cloudwatch/eventTarget:EventTarget', 't2', {
        rule: 'r',
        arn: 'arn:2',
        deadLetterConfig: { arn: 'arn:d' },
      }),
      resource(api, 'api', {}),
      resource('aws:apigateway/method:Method', 'get', { ...on, httpMethod: 'GET', authorization: 'NONE' }),
      resource('aws:apigateway/method:Method', 'post', { ...on, httpMethod: 'POST', authorization: 'NONE' }),
      resource('aws:apigateway/integration:Integration', 'i', { ...on, httpMethod: 'POST', type: 'AWS_PROXY' }),
      resource('aws:apigateway/stage:Stage', 'stage', { restApi: on.restApi, stageName: 'v1', deployment: 'd' }),
      resource('aws:apigateway/methodSettings:MethodSettings', 's', {
        restApi: on.restApi,
        stageName: placeholder('aws:apigateway/stage:Stage', 'stage', 'stageName'),
        methodPath: '*/*',
        settings: { throttlingBurstLimit: 5, dataTraceEnabled: true },
      }),
    );
    expect(of('AWS::Events::Rule')[0]).toMatchObject({
      State: 'DISABLED',
      Targets: [{ Arn: 'arn:1' }, { Arn: 'arn:2', DeadLetterConfig: { Arn: 'arn:d' } }],
    });
    expect(of('AWS::ApiGateway::Method').map(({ Integration }) => Integration)).toEqual([
      undefined,
      { Type: 'AWS_PROXY' },
    ]);
    expect(of('AWS::ApiGateway::Stage')[0]!.MethodSettings).toEqual([
      { ResourcePath: '/*', HttpMethod: '*', ThrottlingBurstLimit: 5, DataTraceEnabled: true },
    ]);
    expect(unread).toEqual([]);
  });

  test('is unread where the whole is elsewhere, not known, or one of several', () => {
    const attachment = (name: string, role: string) =>
      resource('aws:iam/rolePolicyAttachment:RolePolicyAttachment', name, { role, policyArn: 'arn:b' });
    const { unread } = read(
      resource(ROLE, 'one', { name: 'same' }),
      resource(ROLE, 'two', { name: 'same' }),
      attachment('elsewhere', 'theirs'),
      attachment('unknown', '${unknown}'),
      attachment('either', 'same'),
    );
    expect(unread).toEqual(['elsewhere', 'unknown', 'either']);
  });
});

describe('forms that CloudFormation has otherwise', () => {
  const of = (type: string, inputs: object) =>
    [...readGraph({ resources: [resource(type, 'x', inputs)], outputs: {} }).resources.values()][0]!.properties;

  test('are lists where Pulumi has maps, and one source a rule where it has several', () => {
    expect(
      of('aws:cloudwatch/metricAlarm:MetricAlarm', { dimensions: { QueueName: 'q' }, okActions: ['arn'] }),
    ).toEqual({
      Dimensions: [{ Name: 'QueueName', Value: 'q' }],
      OKActions: ['arn'],
    });
    const ingress = [{ protocol: 'tcp', fromPort: 22, toPort: 22, cidrBlocks: ['10.0.0.0/8', '0.0.0.0/0'] }];
    expect(of('aws:ec2/securityGroup:SecurityGroup', { ingress })).toEqual({
      SecurityGroupIngress: [
        { IpProtocol: 'tcp', FromPort: 22, ToPort: 22, CidrIp: '10.0.0.0/8' },
        { IpProtocol: 'tcp', FromPort: 22, ToPort: 22, CidrIp: '0.0.0.0/0' },
      ],
    });
  });

  test('rename inside of lists, and keep what is the user’s own', () => {
    const policy = { Version: '2012-10-17', Statement: [{ Condition: { Bool: { 'aws:SecureTransport': 'true' } } }] };
    expect(
      of(ROLE, { inlinePolicies: [{ name: 'p', policy: JSON.stringify(policy) }], assumeRolePolicy: policy }),
    ).toEqual({
      Policies: [{ PolicyName: 'p', PolicyDocument: policy }],
      AssumeRolePolicyDocument: policy,
    });
    const indexes = [{ name: 'byDay', hashKey: 'day', projectionType: 'ALL' }];
    expect(
      of('aws:dynamodb/table:Table', { attributes: [{ name: 'day', type: 'S' }], globalSecondaryIndexes: indexes }),
    ).toEqual({
      AttributeDefinitions: [{ AttributeName: 'day', AttributeType: 'S' }],
      GlobalSecondaryIndexes: [
        {
          IndexName: 'byDay',
          KeySchema: [{ AttributeName: 'day', KeyType: 'HASH' }],
          Projection: { ProjectionType: 'ALL' },
        },
      ],
    });
  });

  test('are as unknown as what they are a part of', () => {
    const { SSESpecification } = of('aws:dynamodb/table:Table', { serverSideEncryption: '${unknown}' });
    expect(SSESpecification).toBeInstanceOf(Unknown);
  });

  test('of the aws-native provider are those of CloudFormation', () => {
    expect(of('aws-native:dynamodb:Table', { sseSpecification: { sseEnabled: true, kmsMasterKeyId: 'k' } })).toEqual({
      SSESpecification: { SSEEnabled: true, KMSMasterKeyId: 'k' },
    });
    expect(of('aws-native:sqs:Queue', { queueName: 'q', redrivePolicy: { maxReceiveCount: 3 } })).toEqual({
      QueueName: 'q',
      RedrivePolicy: { maxReceiveCount: 3 },
    });
    const queue = resource('aws-native:sqs:Queue', 'q', {});
    const { of: read_ } = read(
      queue,
      resource('aws:lambda/eventSourceMapping:EventSourceMapping', 'm', {
        eventSourceArn: placeholder(queue.type, 'q', 'arn'),
      }),
    );
    expect(read_('AWS::Lambda::EventSourceMapping')[0]!.EventSourceArn).toEqual(
      new Reference(`p/${queue.type}::q`, 'Arn'),
    );
  });

  test('name account and region as CloudFormation does', () => {
    expect(of(QUEUE, { name: 'q-${AWS::Region}' }).QueueName).toEqual(
      new Text(['q-', new Unknown('AWS::Region is known only at deployment', 'AWS::Region')]),
    );
  });

  test('are called as their writer calls them, in lists too', () => {
    const words = (token: string, property: string) => asPulumi(property, AWS_TYPES[token]!);
    expect(words(ROLE, 'Policies.0.PolicyDocument.Statement.1.Action')).toBe(
      'inlinePolicies.0.policy.Statement.1.Action',
    );
    expect(words('aws:dynamodb/table:Table', 'PointInTimeRecoverySpecification.PointInTimeRecoveryEnabled')).toBe(
      'pointInTimeRecovery.enabled',
    );
    expect(words('aws:lambda/function:Function', 'FileSystemConfigs.0.Arn')).toBe('fileSystemConfig.arn');
  });
});
