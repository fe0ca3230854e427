import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { read } from '../../../lib/core/model/read';
import { accessMatrix } from '../../../lib/access/matrix';
import { readAssembly } from '../../../lib/core/model/read-assembly';
import { readTemplate } from '../../../lib/core/model/read-template';
import { unreadIn } from '../../../lib/core/model/unread';
import { Unknown } from '../../../lib/core/model/values';
import { judge } from '../../../lib/rules/judge';
import { RULES } from '../../../lib/rules/rules/registry';

const scratch = mkdtempSync(path.join(tmpdir(), 'lintel-beside-'));
afterAll(() => rmSync(scratch, { recursive: true, force: true }));

function write(name: string, content: string): string {
  const file = path.join(scratch, name);
  mkdirSync(path.dirname(file), { recursive: true });
  writeFileSync(file, content);
  return file;
}

const OPENAPI = 'openapi: 3.0.1\npaths: { /orders: { get: { x-amazon-apigateway-integration: { uri: !Ref Fn } } } }\n';
write('app/api.yaml', OPENAPI);
write('app/machine.asl.json', '{"StartAt":"A","States":{"A":{"Type":"Succeed"}}}');
write('secret.yaml', OPENAPI);

const template = (resources: string) =>
  write('app/template.yaml', `Transform: AWS::Serverless-2016-10-31\nResources:\n${resources.replace(/^/gm, '  ')}\n`);
const open = (file: string) =>
  judge(read(file), { rules: RULES.filter(({ id }) => id === 'ApiRouteAuthorizer') }).findings.map(
    ({ message }) => message,
  );

test.each([
  [
    'by DefinitionUri of SAM',
    'Api: { Type: AWS::Serverless::Api, Properties: { StageName: v1, DefinitionUri: ./api.yaml } }',
  ],
  ['by BodyS3Location', 'Api: { Type: AWS::ApiGatewayV2::Api, Properties: { BodyS3Location: api.yaml } }'],
  [
    'by AWS::Include',
    `Api:
  Type: AWS::Serverless::Api
  Properties:
    StageName: v1
    DefinitionBody: { 'Fn::Transform': { Name: AWS::Include, Parameters: { Location: api.yaml } } }`,
  ],
])('reads the definition of an API beside the template, named %s', (_, resource) => {
  const file = template(resource);
  expect(open(file)).toEqual(['answers GET /orders to anyone']);
  expect(unreadIn(read(file))).toEqual([]);
});

test('reads the definition of a state machine beside the template', () => {
  const machine = read(
    template('Machine: { Type: AWS::Serverless::StateMachine, Properties: { DefinitionUri: machine.asl.json } }'),
  ).ofType('AWS::StepFunctions::StateMachine')[0]!;
  expect(machine.properties).toMatchObject({ Definition: { StartAt: 'A' } });
});

test('merges what it includes with what stands beside it, in a resource and in a template', () => {
  write('app/tags.yaml', 'QueueName: included\nDelaySeconds: 5\n');
  write('app/more.json', '{"Resources":{"More":{"Type":"AWS::SQS::Queue"}}}');
  const file = write(
    'app/included.yaml',
    `
Transform: { Name: AWS::Include, Parameters: { Location: more.json } }
Resources:
  Queue:
    Type: AWS::SQS::Queue
    Properties: { 'Fn::Transform': { Name: AWS::Include, Parameters: { Location: tags.yaml } }, FifoQueue: false }
`,
  );
  const queues = read(file).ofType('AWS::SQS::Queue');
  expect(queues.map(({ logicalId }) => logicalId).sort()).toEqual(['More', 'Queue']);
  expect(queues.find(({ logicalId }) => logicalId === 'Queue')!.properties).toEqual({
    QueueName: 'included',
    DelaySeconds: 5,
    FifoQueue: false,
  });
});

symlinkSync('../secret.yaml', path.join(scratch, 'app/link.yaml'));
test.each([
  ['../secret.yaml', 'the file ../secret.yaml is outside the given folder'],
  ['link.yaml', 'the file link.yaml is outside the given folder'],
  ['gone.yaml', 'the file gone.yaml is not there'],
  ['s3://bucket/api.yaml', 's3://bucket/api.yaml is not available'],
])('does not read %s, and says so', (location, reason) => {
  const file = template(
    `Api: { Type: AWS::Serverless::Api, Properties: { StageName: v1, DefinitionUri: ${location} } }
Queue:
  Type: AWS::SQS::Queue
  Properties: { 'Fn::Transform': { Name: AWS::Include, Parameters: { Location: ${location} } }, FifoQueue: false }`,
  );
  const model = read(file);
  expect(unreadIn(model).map((one) => [one.kind, one.reason])).toEqual([
    ['file', reason],
    ['file', reason],
  ]);
  expect(JSON.stringify([...model.resources.values()])).not.toContain('/orders');
});

test('an inline macro leaves the properties of its resource unknown, and nothing else', () => {
  const model = readTemplate(
    `
Resources:
  Queue:
    Type: AWS::SQS::Queue
    Properties: { Tags: { 'Fn::Transform': { Name: Mine } }, QueueName: known }
  Other: { Type: AWS::SQS::Queue }
`,
    { name: 'T' },
  );
  const { Tags, QueueName } = model.resources.get('T/Queue')!.properties;
  expect([Tags, QueueName]).toEqual([expect.any(Unknown), 'known']);
  expect(unreadIn(model)).toMatchObject([
    { kind: 'expansion', property: 'Tags', reason: "only CloudFormation can apply the transform 'Mine'" },
  ]);
});

test('reads the asset of an assembly that an API is described in', () => {
  const hash = 'a'.repeat(64);
  write(`out/asset.${hash}.yaml`, OPENAPI);
  const Api = {
    Type: 'AWS::ApiGateway::RestApi',
    Properties: { BodyS3Location: { Bucket: { 'Fn::Sub': 'assets' }, Key: `${hash}.yaml` } },
  };
  write('out/Shop.json', JSON.stringify({ Resources: { Api } }));
  write(
    'out/manifest.json',
    JSON.stringify({
      artifacts: { Shop: { type: 'aws:cloudformation:stack', properties: { templateFile: 'Shop.json' } } },
    }),
  );
  const model = readAssembly(path.join(scratch, 'out'));
  expect(model.resources.get('Shop/Api')!.properties).toMatchObject({ Body: { openapi: '3.0.1' } });
});

test('reads the body of a stack set, with the parameters that it is given', () => {
  const body = JSON.stringify({
    Parameters: { Name: { Type: 'String' } },
    Resources: { Inner: { Type: 'AWS::SQS::Queue', Properties: { QueueName: { Ref: 'Name' } } } },
  });
  const model = readTemplate(
    JSON.stringify({
      Resources: {
        Set: {
          Type: 'AWS::CloudFormation::StackSet',
          Properties: { TemplateBody: body, Parameters: [{ ParameterKey: 'Name', ParameterValue: 'jobs' }] },
        },
        Elsewhere: { Type: 'AWS::CloudFormation::StackSet', Properties: { TemplateURL: 'https://example.com/t' } },
      },
    }),
    { name: 'T' },
  );
  expect(model.resources.get('T/Set/Inner')!.properties).toEqual({ QueueName: 'jobs' });
  expect(unreadIn(model).map(({ resource }) => resource.logicalId)).toEqual(['Elsewhere']);
});

describe('a stack set', () => {
  const policy = {
    Type: 'AWS::IAM::Policy',
    Properties: {
      PolicyName: 'p',
      Roles: ['ext'],
      PolicyDocument: { Statement: [{ Effect: 'Allow', Action: '*', Resource: '*' }] },
    },
  };
  const modelOf = (properties: object) =>
    readTemplate(
      JSON.stringify({
        Parameters: { Body: { Type: 'String' } },
        Resources: { Set: { Type: 'AWS::CloudFormation::StackSet', Properties: properties } },
      }),
      { name: 'T' },
    );
  const body = JSON.stringify({ Resources: { Policy: policy } });

  test.each([
    ['a template elsewhere', { TemplateURL: 'https://example.com/t' }],
    ['a body that is known only at deployment', { TemplateBody: { Ref: 'Body' } }],
    ['a body that is put together', { TemplateBody: { 'Fn::Sub': body.replace('ext', '${AWS::StackName}') } }],
    ['a body that is no template', { TemplateBody: '{ "Resources": [' }],
    ['no template', {}],
  ])('of %s is said to be not read, by check and by access', (_, properties) => {
    const model = modelOf(properties);
    expect(unreadIn(model).map(({ kind, resource }) => [kind, resource.logicalId])).toEqual([
      ['nested-template', 'Set'],
    ]);
    const { unread } = judge(model, { rules: [] });
    expect(unread.map(({ rule }) => rule)).toEqual(['NestedStackTemplate']);
  });

  test('of a body that is read says what it grants, once', () => {
    const model = modelOf({ TemplateBody: body });
    expect(unreadIn(model)).toEqual([]);
    const rows = accessMatrix(model).entries.map(({ principal, verdict }) => `${principal.name} ${verdict}`);
    expect(rows).toEqual(['ext allowed', 'ext unknown']);
  });
});

test('reads the asset of an assembly that a state machine is described in', () => {
  const hash = 'b'.repeat(64);
  write(`asl/asset.${hash}.asl`, '{ "StartAt": "Done", "States": { "Done": { "Type": "Succeed" } } }');
  const Machine = {
    Type: 'AWS::StepFunctions::StateMachine',
    Properties: { DefinitionS3Location: { Bucket: { 'Fn::Sub': 'assets' }, Key: `${hash}.asl` } },
  };
  write('asl/Shop.json', JSON.stringify({ Resources: { Machine } }));
  write(
    'asl/manifest.json',
    JSON.stringify({
      artifacts: { Shop: { type: 'aws:cloudformation:stack', properties: { templateFile: 'Shop.json' } } },
    }),
  );
  const model = readAssembly(path.join(scratch, 'asl'));
  expect(model.resources.get('Shop/Machine')!.properties).toMatchObject({ Definition: { StartAt: 'Done' } });
});
