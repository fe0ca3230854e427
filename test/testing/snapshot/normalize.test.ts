import { App, CfnOutput, NestedStack, Stack } from 'aws-cdk-lib';
import { Code, Function, Runtime } from 'aws-cdk-lib/aws-lambda';
import { Asset } from 'aws-cdk-lib/aws-s3-assets';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { normalizeTemplate } from 'lintel/testing';
import { templateOf } from '../../../lib/testing/snapshot/template-of';
import type { TemplateJson } from '../../../lib/testing/sources';

const HASH = 'a'.repeat(64);
const directory = mkdtempSync(path.join(tmpdir(), 'normalize-'));
afterAll(() => rmSync(directory, { recursive: true }));

/** A stack with a function whose code is in a file, its current version, a nested stack and an output that uses both. */
function stackWith(code: string, memorySize = 128): Stack {
  writeFileSync(path.join(directory, 'index.js'), code);
  const app = new App({ builtinCloudFormationValidation: false, analyticsReporting: true });
  const stack = new Stack(app, 'Shop');
  const fn = new Function(stack, 'Fn', {
    code: Code.fromAsset(directory),
    handler: 'index.handler',
    runtime: Runtime.NODEJS_22_X,
    memorySize,
  });
  new CfnOutput(stack, 'Version', { value: fn.currentVersion.functionArn, exportName: 'version' });
  const nested = new NestedStack(stack, 'Nested');
  new Asset(nested, 'Asset', { path: path.join(directory, 'index.js') });
  return stack;
}

test('a template stays the same when only the code of its assets changes', () => {
  const [before, after] = [templateOf(stackWith('one')), templateOf(stackWith('two'))];
  expect(before).not.toEqual(after);
  expect(normalizeTemplate(before)).toEqual(normalizeTemplate(after));
});

test('a real change still shows', () => {
  const [before, after] = [stackWith('one', 128), stackWith('one', 256)].map((s) => normalizeTemplate(templateOf(s)));
  const fn = expect.objectContaining({ Properties: expect.objectContaining({ MemorySize: 256 }) });
  expect(before).not.toEqual(after);
  expect(Object.values(after!.Resources as TemplateJson)).toContainEqual(fn);
});

test('holds no hash, no bootstrap check and no metadata of CDK', () => {
  const template = normalizeTemplate(templateOf(stackWith('one')));
  expect(JSON.stringify(template)).not.toMatch(/[0-9a-f]{32}|BootstrapVersion|aws:(cdk|asset)|CDKMetadata/i);
});

test('shows a version by its own name wherever it is named', () => {
  const { Resources, Outputs } = normalizeTemplate(templateOf(stackWith('one')));
  const id = Object.keys(Resources as TemplateJson).find((name) => name.endsWith('<version>'));
  expect(id).toMatch(/^FnCurrentVersion[0-9A-F]{8}<version>$/);
  expect(Outputs).toEqual({ Version: { Value: { Ref: id }, Export: { Name: 'version' } } });
});

test.each([
  ['the key of a zip file', { S3Key: `${HASH}.zip` }, { S3Key: '<asset>.zip' }],
  ['a key without extension', { S3Key: HASH }, { S3Key: '<asset>' }],
  ['keys in a list', { SourceObjectKeys: [HASH] }, { SourceObjectKeys: ['<asset>'] }],
  ['the end of a URL', { Url: `/${HASH}.json` }, { Url: '/<asset>.json' }],
  ['an image', { Uri: `x/cdk-q-container-assets-1-r:${HASH}` }, { Uri: 'x/cdk-q-container-assets-1-r:<asset>' }],
])('takes the hash out of %s', (_, properties, normalized) => {
  const resource = { Type: 'T', Properties: properties };
  expect(normalizeTemplate({ Resources: { A: resource } })).toEqual({
    Resources: { A: { ...resource, Properties: normalized } },
  });
});

test.each([
  ['a hash that is a value of its own', { Environment: { Variables: { DIGEST: HASH } } }],
  ['a property called Metadata', { Metadata: { 'aws:cdk:path': 'x' } }],
  ['a shorter hash', { S3Key: `${'a'.repeat(40)}.zip` }],
])('leaves %s alone', (_, properties) => {
  const template = {
    Resources: { A: { Type: 'T', Properties: properties } },
    Parameters: { Mine: { Type: 'String' } },
  };
  expect(normalizeTemplate(template)).toEqual(template);
});

test('does not change the template that is passed', () => {
  const template = { Resources: { A: { Type: 'T', Properties: { S3Key: `${HASH}.zip` } } } };
  const before = structuredClone(template);
  normalizeTemplate(template);
  expect(template).toEqual(before);
});
