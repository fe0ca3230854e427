import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { main } from '../../../lib/cli/main';
import { recorded } from './recorded';

const folder = mkdtempSync(path.join(tmpdir(), 'lintel-watched-'));
const io = recorded();
let ended: Promise<number>;
let url: string;
let plain: string;

const write = (name: string, content: string) => {
  mkdirSync(path.dirname(path.join(folder, name)), { recursive: true });
  writeFileSync(path.join(folder, name), content);
};
/** Writes each call to a bucket, and answers with the calls so far. */
const handler = (
  word: string,
) => `const { S3Client, ListObjectsV2Command, PutObjectCommand } = require('@aws-sdk/client-s3');
const s3 = new S3Client({ forcePathStyle: true });
exports.handler = async (event) => {
  await s3.send(new PutObjectCommand({ Bucket: process.env.FILES, Key: event.requestContext.requestId }));
  const { KeyCount } = await s3.send(new ListObjectsV2Command({ Bucket: process.env.FILES }));
  return '${word} ' + process.env.WORD + ' ' + KeyCount;
};`;
const template = (word: string, code = 'code') => `
Transform: AWS::Serverless-2016-10-31
Resources:
  Files: { Type: AWS::S3::Bucket }
  Fn:
    Type: AWS::Serverless::Function
    Properties:
      Runtime: nodejs22.x
      Handler: index.handler
      CodeUri: ${code}
      Environment: { Variables: { FILES: !Ref Files, WORD: ${word} } }
      Policies: [{ S3CrudPolicy: { BucketName: !Ref Files } }]
      Events: { Api: { Type: HttpApi, Properties: { Path: /, Method: get } } }
  Plain:
    Type: AWS::Lambda::Function
    Properties: { Runtime: nodejs22.x, Handler: index.handler, Code: plain, Role: !GetAtt Role.Arn }
  Url:
    Type: AWS::Lambda::Url
    Properties: { TargetFunctionArn: !GetAtt Plain.Arn, AuthType: NONE }
  Public:
    Type: AWS::Lambda::Permission
    Properties: { FunctionName: !Ref Plain, Action: lambda:InvokeFunctionUrl, Principal: '*', FunctionUrlAuthType: NONE }
  PublicToo:
    Type: AWS::Lambda::Permission
    Properties: { FunctionName: !Ref Plain, Action: lambda:InvokeFunction, Principal: '*', InvokedViaFunctionUrl: true }
  Role:
    Type: AWS::IAM::Role
    Properties:
      AssumeRolePolicyDocument:
        Statement: [{ Effect: Allow, Principal: { Service: lambda.amazonaws.com }, Action: sts:AssumeRole }]
`;
// Each on a connection of its own: one that is kept alive ends with the stacks that are replaced.
const ask = async () => (await fetch(url, { headers: { connection: 'close' } })).text();

beforeAll(async () => {
  write('template.yaml', template('one'));
  write('code/index.js', handler('old'));
  write('plain/index.js', `exports.handler = async () => 'plain';`);
  ended = main(['run', path.join(folder, 'template.yaml'), '--watch'], io);
  await io.until('Stop with Ctrl-C.');
  plain = /Url: (http:\/\/127\.0\.0\.1:\d+)/.exec(io.text())![1]!;
  url = /Api: (http:\/\/127\.0\.0\.1:\d+)/.exec(io.text())![1]!;
});
afterAll(async () => {
  process.emit('SIGINT');
  expect(await ended).toBe(0);
  rmSync(folder, { recursive: true });
});

test('code in a folder is swapped in; a file with the same content is no change', async () => {
  expect(await ask()).toBe('old one 1');
  write('code/index.js', handler('old'));
  write('code/index.js', handler('new'));
  await io.until('Fn has new code after');
  expect(await ask()).toBe('new one 2');
  expect(io.text().match(/has new code/g)).toHaveLength(1);
});

test('so is the code of a plain function of CloudFormation', async () => {
  expect(await (await fetch(plain)).text()).toBe('plain');
  write('plain/index.js', `exports.handler = async () => 'changed';`);
  await io.until('Plain has new code after');
  expect(await (await fetch(plain)).text()).toBe('changed');
});

test('a changed template runs anew with the files that were written', async () => {
  write('template.yaml', template('two'));
  await io.until('watch: the stacks changed, and were restarted after');
  expect(await ask()).toBe('new two 3');
});

test.each([
  ['cannot be read', 'Resources: [', /template\.yaml/],
  ['cannot run', template('three').replace('Type: HttpApi', 'Type: HttpApi, Type: HttpApi'), /watch: .*Type/],
])('a template that %s is said, and what runs stays', async (_, content, said) => {
  write('template.yaml', content);
  await io.until('what runs stays as it is');
  expect(io.text()).toMatch(said);
  expect(await ask()).toMatch(/^new two/);
});

test('a folder that another template names is watched from then on', async () => {
  write('other/index.js', handler('other'));
  write('template.yaml', template('four', 'other'));
  await io.until('watch: the stacks changed, and were restarted after');
  expect(await ask()).toMatch(/^other four/);
  write('other/index.js', handler('mended'));
  await io.until('Fn has new code after');
  expect(await ask()).toMatch(/^mended four/);
});
