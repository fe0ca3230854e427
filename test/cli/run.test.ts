import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { App, CfnParameter, Stack } from 'aws-cdk-lib';
import { HttpApi } from 'aws-cdk-lib/aws-apigatewayv2';
import { HttpJwtAuthorizer } from 'aws-cdk-lib/aws-apigatewayv2-authorizers';
import { HttpLambdaIntegration } from 'aws-cdk-lib/aws-apigatewayv2-integrations';
import { AttributeType, TableV2 } from 'aws-cdk-lib/aws-dynamodb';
import { Code, Function as LambdaFunction, Runtime } from 'aws-cdk-lib/aws-lambda';
import { Secret } from 'aws-cdk-lib/aws-secretsmanager';
import type { Io } from '../../lib/cli/io';
import { main } from '../../lib/cli/main';

const directory = mkdtempSync(path.join(tmpdir(), 'lintel-test-'));
const assembly = path.join(directory, 'cdk.out');
afterAll(() => rmSync(directory, { recursive: true }));

const CODE = `const { DynamoDBClient, ScanCommand } = require('@aws-sdk/client-dynamodb');
const { SecretsManagerClient, GetSecretValueCommand } = require('@aws-sdk/client-secrets-manager');
exports.handler = async () => {
  console.log('called');
  const { Count } = await new DynamoDBClient({}).send(new ScanCommand({ TableName: process.env.TABLE }));
  const secret = await new SecretsManagerClient({}).send(new GetSecretValueCommand({ SecretId: process.env.SECRET }));
  return { Count, secret: secret.SecretString, stage: process.env.STAGE };
};`;

beforeAll(() => {
  const app = new App({ outdir: assembly, builtinCloudFormationValidation: false });
  const stack = new Stack(app, 'Shop');
  const table = new TableV2(stack, 'Table', { partitionKey: { name: 'id', type: AttributeType.STRING } });
  const secret = new Secret(stack, 'Secret');
  const stage = new CfnParameter(stack, 'Stage', { default: 'dev' }).valueAsString;
  const fn = new LambdaFunction(stack, 'Fn', {
    runtime: Runtime.NODEJS_22_X,
    handler: 'index.handler',
    code: Code.fromInline(CODE),
    environment: { TABLE: table.tableName, SECRET: secret.secretArn, STAGE: stage },
  });
  table.grant(fn, 'dynamodb:Scan', 'dynamodb:PutItem');
  secret.grantRead(fn);
  new HttpApi(stack, 'Api', {
    defaultIntegration: new HttpLambdaIntegration('I', fn),
    defaultAuthorizer: new HttpJwtAuthorizer('Jwt', 'https://login.example.com', { jwtAudience: ['shop'] }),
  });
  app.synth();
});

/** What a command wrote, and whether it has written something. */
function recorded(): Io & {
  readonly text: () => string;
  readonly notes: () => string;
  until(part: string): Promise<void>;
} {
  let text = '';
  let notes = '';
  return {
    out: (more) => void (text += more),
    note: (more) => void (notes += `${more}\n`),
    colour: false,
    text: () => text,
    notes: () => notes,
    until: async (part) => {
      for (let count = 0; count < 500 && !text.includes(part); count++) await new Promise((r) => setTimeout(r, 10));
      expect(text).toContain(part);
    },
  };
}

test('runs an assembly until it is interrupted, then prints the permissions', async () => {
  const io = recorded();
  const report = path.join(directory, 'report.json');
  const values = ['--secret', 'Shop/Secret=abc', '--template-parameter', 'Stage=prod'];
  const ended = main(['run', assembly, '--issue-tokens', '--report', report, ...values], io);
  await io.until('Stop with Ctrl-C.');
  const url = /Shop\/Api: (http:\/\/127\.0\.0\.1:\d+)/.exec(io.text())?.[1];
  const token = /A token, valid for an hour\n {2}(\S+)/.exec(io.text())?.[1];
  expect(io.text()).toMatch(/Functions\n {2}Shop\/Fn\nTables\n {2}Shop\/Table: Shop-Table/);
  expect(io.text()).toContain('DynamoDB on ');
  const response = await fetch(String(url), { headers: { authorization: `Bearer ${token}` } });
  expect(await response.json()).toEqual({ Count: 0, secret: 'abc', stage: 'prod' });
  expect((await fetch(String(url))).status).toBe(401);
  const other = recorded();
  expect(await main(['invoke', 'Shop/Fn'], other)).toBe(0);
  expect(JSON.parse(other.text())).toEqual({ Count: 0, secret: 'abc', stage: 'prod' });
  process.emit('SIGINT');
  expect(await ended).toBe(0);
  expect(io.text()).toMatch(/\[Shop\/Fn\] INFO called\n/);
  expect(io.text()).toMatch(/Permissions\nShop\/Fn\n {2}used {4}dynamodb:Scan arn:aws:dynamodb:\S+ \(2\)/);
  expect(io.text()).toMatch(/ {2}unused {2}dynamodb:PutItem arn:aws:dynamodb:/);
  expect(JSON.parse(readFileSync(report, 'utf8'))).toMatchObject({ version: 1, functions: [{ function: 'Shop/Fn' }] });
  await expect(fetch(String(url))).rejects.toThrow();
});

test.each([
  [['run'], 'name one cloud assembly, such as cdk.out'],
  [['run', 'a', 'b'], 'name one cloud assembly, such as cdk.out'],
  [
    ['run', 'a', '--custom-resource', 'Config=[1]'],
    "--custom-resource must be NAME=JSON with an object, got 'Config=[1]'",
  ],
  [['run', 'a', '--disorder', '2'], "--disorder must be a number from 0 to 1, got '2'"],
  [['run', 'a', '--port', 'x'], "--port must be a number from 0 to 65535, got 'x'"],
  [['run', 'a', '--secret', 'hunter2'], '--secret must be NAME=VALUE'],
  [['run', 'a', '--template-parameter', 'Stage'], '--template-parameter must be NAME=VALUE'],
  [['run', 'a', '--nothing'], "unknown option '--nothing'"],
  [['run', 'nowhere'], "lintel run: 'nowhere' does not exist; run 'cdk synth' first, or name its output directory"],
])('refuses %j with exit 2', async (argv, message) => {
  const io = recorded();
  expect(await main(argv, io)).toBe(2);
  expect(io.notes()).toContain(message);
  expect(io.notes()).not.toContain('hunter2');
  expect(io.text()).toBe('');
});

test('ends with exit 0 when a terminal interrupts it', async () => {
  const child = spawn(process.execPath, ['--import', 'tsx', 'lib/cli/main.ts', 'run', assembly, '--quiet'], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  let text = '';
  child.stdout.on('data', (chunk: Buffer) => (text += chunk.toString()));
  while (!text.includes('Stop with Ctrl-C.')) await once(child.stdout, 'data');
  child.kill('SIGINT');
  const [code] = (await once(child, 'exit')) as [number | null];
  expect(code).toBe(0);
  expect(text).toContain('Permissions');
});

test('prints one object for each line where it is asked to, and nothing else on standard output', async () => {
  const io = recorded();
  const secret = ['--secret', 'Shop/Secret=abc'];
  const ended = main(['run', assembly, '--log-format', 'json', '--issue-tokens', ...secret], io);
  for (let count = 0; count < 500 && !io.notes().includes('Stop with Ctrl-C.'); count++) {
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
  const url = /Shop\/Api: (http:\/\/127\.0\.0\.1:\d+)/.exec(io.notes())?.[1];
  const token = /A token, valid for an hour\n {2}(\S+)/.exec(io.notes())?.[1];
  await fetch(`${url}/x`, { headers: { authorization: `Bearer ${token}` } });
  process.emit('SIGINT');
  expect(await ended).toBe(0);
  const entries = io
    .text()
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as { readonly source: string; readonly message: string });
  expect(entries.map(({ source, message }) => `${source} ${message.split(/[\t ]/)[0]}`)).toEqual(
    expect.arrayContaining(['Shop/Fn START', 'Shop/Fn END', 'Shop/Fn REPORT', 'Shop/Api GET']),
  );
});

test.each([
  [['--log-format', 'xml'], "--log-format must be a string or json, got 'xml'"],
  [['--inspect', 'Fn=x'], "--inspect must be a number from 0 to 65535, got 'x'"],
])('refuses %p', async (options, said) => {
  const io = recorded();
  expect(await main(['run', assembly, ...options], io)).toBe(2);
  expect(io.notes()).toContain(said);
});

test.each([
  ['a Pulumi project', 'Pulumi.yaml', 'name: shop\nruntime: nodejs\n', 'not Pulumi projects'],
  ['a cdk.json without an app', 'cdk.json', '{}', "must be JSON with an 'app' command, which --watch synthesizes with"],
])('refuses to watch %s', async (_, name, content, said) => {
  const io = recorded();
  const folder = mkdtempSync(path.join(directory, 'watched-'));
  writeFileSync(path.join(folder, name), content);
  expect(await main(['run', folder, '--watch'], io)).toBe(2);
  expect(io.notes()).toContain(said);
});
