import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { App, CfnOutput, Fn, NestedStack, Stack, Stage, Validations } from 'aws-cdk-lib';
import { CfnFunction } from 'aws-cdk-lib/aws-lambda';
import { Queue } from 'aws-cdk-lib/aws-sqs';
import type { Construct } from 'constructs';
import { type Model, whole } from '../../../lib/core/model/model';
import { readAssembly, readAssemblyAgain } from '../../../lib/core/model/read-assembly';
import { ReadError } from '../../../lib/core/model/read-error';
import { Reference } from '../../../lib/core/model/values';

const scratch = mkdtempSync(path.join(tmpdir(), 'lintel-assembly-'));
afterAll(() => rmSync(scratch, { recursive: true, force: true }));

function fn(scope: Construct, id: string, variables: Record<string, string> = {}): CfnFunction {
  return new CfnFunction(scope, id, { code: { zipFile: 'x' }, role: 'r', environment: { variables } });
}

function variablesOf(model: Model, constructPath: string): unknown {
  const found = [...model.resources.values()].find((resource) => resource.path === constructPath);
  return (found?.properties.Environment as { Variables: unknown }).Variables;
}

describe('an app with stages, nested stacks and references between them', () => {
  let model: Model;

  beforeAll(() => {
    const app = new App({ builtinCloudFormationValidation: false, outdir: path.join(scratch, 'app') });
    const stage = new Stage(app, 'Prod', { env: { account: '111111111111', region: 'eu-west-1' } });
    const shop = new Stack(stage, 'Shop');
    const queue = new Queue(shop, 'Queue');
    const nested = new NestedStack(shop, 'Nested');
    const inner = fn(nested, 'Inner', { QUEUE: queue.queueUrl });
    const deep = new NestedStack(nested, 'Deep');
    fn(deep, 'Deepest', { INNER: inner.attrArn, QUEUE: queue.queueArn });
    fn(shop, 'Outer', { INNER: inner.attrArn });
    Validations.of(inner).acknowledge({ id: 'Lintel::FunctionMemory', reason: 'an old one' });
    const other = new Stack(stage, 'Other');
    fn(other, 'Importer', { QUEUE: queue.queueUrl, WEAK: Fn.getStackOutput('Prod-Shop', 'Url') });
    new CfnOutput(shop, 'Url', { value: queue.queueUrl });
    const elsewhere = new Stack(stage, 'Elsewhere', {
      crossRegionReferences: true,
      env: { account: '111111111111', region: 'us-east-1' },
    });
    const far = new Queue(elsewhere, 'Far', { queueName: 'far' });
    fn(new Stack(stage, 'Reader', { crossRegionReferences: true }), 'Reading', { FAR: far.queueArn });
    app.synth();
    model = readAssembly(path.join(scratch, 'app'));
  });

  const ref = (constructPath: string, attribute?: string) =>
    new Reference([...model.resources.values()].find((resource) => resource.path === constructPath)!.id, attribute);

  test('reads every stack and nested stack, with where it is deployed', () => {
    expect([...model.templates.values()].map(({ path, environment }) => [path, environment?.region])).toEqual([
      ['Prod/Shop', 'eu-west-1'],
      ['Prod/Shop/Nested', 'eu-west-1'],
      ['Prod/Shop/Nested/Deep', 'eu-west-1'],
      ['Prod/Other', 'eu-west-1'],
      ['Prod/Elsewhere', 'us-east-1'],
      ['Prod/Reader', 'eu-west-1'],
    ]);
    const nested = [...model.templates.values()][1]!;
    expect(model.resources.get(nested.parent!.resource)!.type).toBe('AWS::CloudFormation::Stack');
  });

  test('follows parameters into nested stacks and outputs out of them', () => {
    expect(variablesOf(model, 'Prod/Shop/Nested/Inner')).toEqual({ QUEUE: ref('Prod/Shop/Queue/Resource') });
    expect(variablesOf(model, 'Prod/Shop/Nested/Deep/Deepest')).toEqual({
      INNER: ref('Prod/Shop/Nested/Inner', 'Arn'),
      QUEUE: ref('Prod/Shop/Queue/Resource', 'Arn'),
    });
    expect(variablesOf(model, 'Prod/Shop/Outer')).toEqual({ INNER: ref('Prod/Shop/Nested/Inner', 'Arn') });
  });

  test('follows exports, weak references and references between regions', () => {
    const queue = ref('Prod/Shop/Queue/Resource');
    expect(variablesOf(model, 'Prod/Other/Importer')).toEqual({ QUEUE: queue, WEAK: queue });
    expect(variablesOf(model, 'Prod/Reader/Reading')).toEqual({ FAR: ref('Prod/Elsewhere/Far/Resource', 'Arn') });
  });

  test('knows where the program made a resource, and what was acknowledged', () => {
    const inner = [...model.resources.values()].find(({ path }) => path === 'Prod/Shop/Nested/Inner')!;
    expect(inner.origin?.file).toContain('read-assembly.test');
    expect(inner.location).toMatchObject({ file: expect.stringContaining('.nested.template.json') as string });
    expect(model.acknowledgements).toEqual([
      { id: 'Lintel::FunctionMemory', reason: 'an old one', path: 'Prod/Shop/Nested/Inner' },
    ]);
  });
});

/** An assembly as older versions of the CDK wrote it: metadata in the manifest, assets in the metadata. */
function writeOldAssembly(directory: string, options: { nested?: object; nestedMetadata?: object } = {}): string {
  mkdirSync(directory, { recursive: true });
  const hash = 'a'.repeat(64);
  const write = (name: string, content: unknown): void =>
    writeFileSync(path.join(directory, name), JSON.stringify(content));
  write('manifest.json', {
    version: '21.0.0',
    artifacts: {
      Shop: {
        type: 'aws:cloudformation:stack',
        environment: 'aws://unknown-account/unknown-region',
        properties: { templateFile: 'Shop.template.json' },
        metadata: {
          '/Shop/Queue/Resource': [
            {
              type: 'aws:cdk:logicalId',
              data: 'Queue1234',
              trace: ['new Queue (/x/node_modules/q.js:1:1)', 'at main (/app/bin/shop.ts:7:3)'],
            },
          ],
          '/Shop/Queue': [{ type: 'aws:cdk:acknowledged-rules', data: { 'Lintel::QueueEncrypted': 'public data' } }],
          '/Shop': [{ type: 'aws:cdk:asset', data: { id: hash, path: 'Nested.nested.template.json' } }],
        },
        displayName: 'Shop',
      },
    },
  });
  write('Shop.template.json', {
    Resources: {
      Queue1234: { Type: 'AWS::SQS::Queue' },
      Nested: {
        Type: 'AWS::CloudFormation::Stack',
        Metadata: options.nestedMetadata,
        Properties: { TemplateURL: { 'Fn::Join': ['', ['https://s3/', { Ref: `AssetParameters${hash}S3Bucket` }]] } },
      },
    },
  });
  write('Nested.nested.template.json', options.nested ?? { Resources: { Inner: { Type: 'AWS::SQS::Queue' } } });
  return directory;
}

test.each([
  ['by the hash of the asset', {}],
  ['by the path in its metadata', { nestedMetadata: { 'aws:asset:path': 'Nested.nested.template.json' } }],
])('reads an older assembly, whose nested template is found %s', (name, options) => {
  const model = readAssembly(writeOldAssembly(path.join(scratch, name.replaceAll(' ', '-')), options));
  expect([...model.resources.keys()]).toEqual(['Shop/Queue1234', 'Shop/Nested', 'Shop/Nested/Inner']);
  expect(model.templates.get('Shop')!.environment).toEqual({});
  expect(model.resources.get('Shop/Queue1234')).toMatchObject({
    path: 'Shop/Queue/Resource',
    origin: { file: '/app/bin/shop.ts', line: 7, column: 3 },
  });
  expect(model.acknowledgements).toHaveLength(1);
});

test('reads a stack without resources, as a new program has it, beside others', () => {
  const outdir = path.join(scratch, 'empty-stack');
  const app = new App({ builtinCloudFormationValidation: false, outdir });
  new NestedStack(new Stack(app, 'Empty'), 'Nested');
  new Stack(app, 'New');
  new Queue(new Stack(app, 'Shop'), 'Queue');
  app.synth();
  const { templates, resources } = readAssembly(outdir);
  expect([...templates.keys()]).toEqual(expect.arrayContaining(['Empty', 'New', 'Shop']));
  expect([...resources.values()].map(({ path }) => path)).toContain('Shop/Queue/Resource');
});

describe('an assembly that is asked for again', () => {
  const outdir = path.join(scratch, 'again');
  const inOutdir = (name: string) => path.join(outdir, name);

  beforeAll(() => {
    const app = new App({ builtinCloudFormationValidation: false, outdir });
    const shop = new Stack(app, 'Shop');
    fn(new NestedStack(shop, 'Nested'), 'Inner');
    app.synth();
  });

  test('is not read again while its files hold what they held', () => {
    const first = readAssemblyAgain(outdir);
    expect(readAssemblyAgain(outdir)).toBe(first);
  });

  const nested = readdirNamed(/Nested.*nested\.template\.json$/);
  test.each([
    ['a template', () => inOutdir('Shop.template.json'), '{"Resources":{"New":{"Type":"AWS::SQS::Queue"}}}'],
    ['the template of a nested stack', nested, '{"Resources":{"New":{"Type":"AWS::SQS::Queue"}}}'],
    ['its metadata', () => inOutdir('Shop.metadata.json'), '{}'],
    ['a report that was not there', () => inOutdir('validation-report.json'), '{"pluginReports":[]}'],
  ])('is read again where %s is another', (_, file, text) => {
    const before = readAssemblyAgain(outdir);
    const held = existsSync(file()) ? readFileSync(file(), 'utf8') : undefined;
    writeFileSync(file(), text);
    const after = readAssemblyAgain(outdir);
    expect(after).not.toBe(before);
    expect(readAssemblyAgain(outdir)).toBe(after);
    if (held === undefined) rmSync(file());
    else writeFileSync(file(), held);
    expect(readAssemblyAgain(outdir)).not.toBe(after);
  });

  test('is read again where a file of it is gone', () => {
    readAssemblyAgain(outdir);
    rmSync(nested());
    expect([...readAssemblyAgain(outdir).templates.keys()]).toEqual(['Shop']);
  });

  function readdirNamed(name: RegExp): () => string {
    return () => inOutdir(readdirSync(outdir).find((file) => name.test(file))!);
  }
});

test('refuses an assembly without stacks', () => {
  const directory = path.join(scratch, 'empty');
  mkdirSync(directory);
  writeFileSync(path.join(directory, 'manifest.json'), '{"version":"1","artifacts":{}}');
  expect(() => readAssembly(directory)).toThrow(/empty is an assembly without stacks; synthesize an app/);
});

test('refuses an assembly whose template is gone', () => {
  const directory = writeOldAssembly(path.join(scratch, 'gone'));
  rmSync(path.join(directory, 'Shop.template.json'));
  expect(() => readAssembly(directory)).toThrow(/names 'Shop\.template\.json', which is not there/);
});

test('one template that cannot be read hides nothing of the others', () => {
  const directory = writeOldAssembly(path.join(scratch, 'broken'), { nested: { Nothing: 1 } });
  const model = readAssembly(directory);
  expect(model.templates.has('Shop')).toBe(true);
  expect(model.failures.map(({ message }) => message)).toEqual([
    expect.stringMatching(/Nested\.nested\.template\.json is not a CloudFormation template/),
  ]);
  expect(() => whole(model)).toThrow(ReadError);
});

test.each([
  ['a template', { templateFile: '../secret.json' }],
  ['a template behind a link', { templateFile: 'link.json' }],
])('refuses %s outside of the assembly', (_, properties) => {
  const directory = path.join(scratch, 'outside');
  mkdirSync(directory, { recursive: true });
  writeFileSync(path.join(scratch, 'secret.json'), '{"Resources":{"Secret":{"Type":"AWS::SQS::Queue"}}}');
  rmSync(path.join(directory, 'link.json'), { force: true });
  symlinkSync('../secret.json', path.join(directory, 'link.json'));
  const artifacts = { Shop: { type: 'aws:cloudformation:stack', properties } };
  writeFileSync(path.join(directory, 'manifest.json'), JSON.stringify({ artifacts }));
  expect(() => readAssembly(directory)).toThrow(/which is outside of the assembly and was not read/);
});

test('refuses a stage that names the assembly around it', () => {
  const directory = path.join(scratch, 'loop');
  mkdirSync(path.join(directory, 'stage'), { recursive: true });
  const stage = (directoryName: string) =>
    JSON.stringify({ artifacts: { Stage: { type: 'cdk:cloud-assembly', properties: { directoryName } } } });
  writeFileSync(path.join(directory, 'manifest.json'), stage('stage'));
  writeFileSync(path.join(directory, 'stage/manifest.json'), stage('..'));
  expect(() => readAssembly(directory)).toThrow(/names '\.\.', which is outside of the assembly/);
});
