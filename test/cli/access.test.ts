import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { App, Stack } from 'aws-cdk-lib';
import { AttributeType, TableV2 } from 'aws-cdk-lib/aws-dynamodb';
import { PolicyStatement } from 'aws-cdk-lib/aws-iam';
import { Code, Function, Runtime } from 'aws-cdk-lib/aws-lambda';
import { Queue } from 'aws-cdk-lib/aws-sqs';
import { main } from '../../lib/cli/main';
import { read } from '../../lib/core/model';
import { Names } from '../../lib/core/model/names';
import type { LocalRunReport } from '../../lib/testing/local/report';

let directory: string;
beforeAll(() => {
  directory = mkdtempSync(path.join(tmpdir(), 'lintel-access-'));
  synthesize('base', () => undefined);
  synthesize('head', (fn) => fn.addToRolePolicy(new PolicyStatement({ actions: ['sqs:*'], resources: ['*'] })));
});
afterAll(() => rmSync(directory, { recursive: true, force: true }));

function synthesize(name: string, more: (fn: Function) => void): void {
  const app = new App({ outdir: path.join(directory, name), builtinCloudFormationValidation: false });
  const data = new Stack(app, 'Data');
  const orders = new TableV2(data, 'Orders', { partitionKey: { name: 'id', type: AttributeType.STRING } });
  const stack = new Stack(app, 'Shop');
  const code = Code.fromInline('exports.handler = async () => {};');
  const fn = new Function(stack, 'Place', { runtime: Runtime.NODEJS_22_X, handler: 'index.handler', code });
  orders.grantReadData(fn);
  new Queue(stack, 'Queue', { enforceSSL: true }).grantSendMessages(fn);
  more(fn);
  app.synth();
}

/** Runs the command and keeps what it writes. */
async function lintel(...argv: string[]): Promise<{ code: number; out: string; notes: string }> {
  let [out, notes] = ['', ''];
  const io = {
    out: (text: string) => (out += text),
    note: (text: string) => (notes += `${text}\n`),
    colour: false,
    columns: 80,
  };
  const code = await main(['access', ...argv.map((one) => one.replace('@', `${directory}/`))], io);
  return { code, out, notes };
}

test('prints who may do what, hashes and accounts left out', async () => {
  const { code, out, notes } = await lintel('@base');
  expect([code, notes]).toEqual([0, '']);
  expect(out).toMatchInlineSnapshot(`
   "anyone
     Shop/Queue  denied  sqs: *, if aws:SecureTransport is 'false'
   function Shop/Place
     *            write       logs: CreateLogGroup, CreateLogStream, PutLogEvents
     Data/Orders  read        dynamodb: BatchGetItem, ConditionCheckItem,
                              DescribeTable, GetItem, GetRecords, GetShardIterator,
                              Query, Scan
     Shop/Queue   read write  sqs: GetQueueAttributes, GetQueueUrl, SendMessage
   "
  `);
});

test.each([40, 60, 80, 120])('fits %i columns', async (columns) => {
  let out = '';
  await main(['access', path.join(directory, 'head')], {
    out: (text) => (out += text),
    note: () => undefined,
    colour: false,
    columns,
  });
  expect(Math.max(...out.split('\n').map((line) => line.length))).toBeLessThanOrEqual(columns);
});

test('marks headings on a terminal with colours', async () => {
  let out = '';
  await main(['access', path.join(directory, 'base')], {
    out: (text) => (out += text),
    note: () => undefined,
    colour: true,
    columns: 80,
  });
  expect(out).toContain('\u001b[1mfunction Shop/Place\u001b[22m\n');
});

test('prints JSON and Markdown', async () => {
  const json = JSON.parse((await lintel('@base', '--json')).out) as { version: number; entries: unknown[] };
  expect(json.version).toBe(1);
  expect(json.entries).toContainEqual(
    expect.objectContaining({
      principal: { kind: 'function', name: 'Shop/Place' },
      resource: 'Shop/Queue',
      verdict: 'allowed',
      levels: ['read', 'write'],
    }),
  );
  const { out } = await lintel('@base', '--markdown');
  expect(out).toContain('| Who | Resource | Access | Actions |\n| --- | --- | --- | --- |\n');
  expect(out).toContain(
    '| function Shop/Place | Shop/Queue | read write | sqs: GetQueueAttributes, GetQueueUrl, SendMessage |',
  );
});

test('exits 1 when access widens, and says what did', async () => {
  const { code, out } = await lintel('--diff', '@base', '@head');
  expect(code).toBe(1);
  expect(out).toMatchInlineSnapshot(`
   "widened
   function Shop/Place
     + *  granted  sqs: *

   nothing narrowed

   to accept, by id
     Shop/Place@d3c90de35d07  *
   "
  `);
  const markdown = await lintel('--diff', '@base', '@head', '--markdown');
  expect(markdown.out).toContain('**1 widened**');
  expect(markdown.out).toContain('**Nothing narrowed.**');
});

test('exits 0 when access narrows or stays', async () => {
  const narrows = await lintel('--diff', '@head', '@base');
  expect([narrows.code, narrows.out.split('\n')[0]]).toEqual([0, 'nothing widened']);
  expect((await lintel('--diff', '@base', '@base')).out).toBe('nothing widened\n\nnothing narrowed\n');
  const json = JSON.parse((await lintel('--diff', '@head', '@base', '--json')).out) as object;
  expect(json).toMatchObject({ version: 1, widened: [], narrowed: [{ reason: 'revoked', patterns: ['sqs:*'] }] });
});

test('shows the ways to more access', async () => {
  const none = await lintel('--paths', '@base');
  expect([none.code, none.out]).toEqual([0, 'nobody can reach more than their own policies grant\n']);
  const trust = { Version: '2012-10-17', Statement: [] };
  const policy = (...actions: string[]) => ({
    PolicyName: 'p',
    PolicyDocument: { Version: '2012-10-17', Statement: [{ Effect: 'Allow', Action: actions, Resource: '*' }] },
  });
  const deployer = { AssumeRolePolicyDocument: trust, Policies: [policy('iam:PassRole', 'ec2:RunInstances')] };
  const Resources = { Deployer: { Type: 'AWS::IAM::Role', Properties: deployer } };
  writeFileSync(path.join(directory, 'paths.json'), JSON.stringify({ Resources }));
  const { code, out } = await lintel('--paths', '@paths.json');
  expect(code).toBe(1);
  expect(out).toMatchInlineSnapshot(`
   "role paths.json/Deployer
     to every permission:
       1. passes any role that trusts ec2.amazonaws.com to a new instance
       (iam:PassRole, ec2:RunInstances)
   "
  `);
  expect((await lintel('--paths', '@paths.json', '--markdown')).out).toContain(
    'to **every permission**\n\n1. `passes any role',
  );
  const json = JSON.parse((await lintel('--paths', '@paths.json', '--json')).out) as object;
  expect(json).toMatchObject({ version: 1, paths: [{ steps: [{ actions: ['iam:PassRole', 'ec2:RunInstances'] }] }] });
  expect((await lintel('--paths', '--diff', '@base', '@base')).notes).toContain(
    "'--paths' and '--diff' exclude each other",
  );
});

test('tells unused access by the report of a local run', async () => {
  const model = read(path.join(directory, 'base'));
  const names = new Names(model, { region: 'eu-west-1' });
  const [fn] = model.ofType('AWS::Lambda::Function');
  const [table] = model.ofType('AWS::DynamoDB::GlobalTable');
  const used = [{ action: 'dynamodb:GetItem', resource: names.arn(table!)!, count: 1 }];
  const report: LocalRunReport = {
    version: 1,
    functions: [
      {
        function: 'Shop/Place',
        id: fn!.id,
        role: 'arn:aws:iam::123456789012:role/x',
        used,
        platform: [],
        unused: [],
        denied: [],
        invocations: { total: 1, failed: 0, throttled: 0 },
      },
    ],
    roles: [],
    unsupportedCalls: [],
  };
  writeFileSync(path.join(directory, 'report.json'), JSON.stringify(report));
  const { code, out } = await lintel('--used', '@report.json', '@base');
  expect(code).toBe(0);
  expect(out).toContain('function Shop/Place\n  never used:\n');
  expect(out).toMatch(/Shop\/Queue {2,}sqs: GetQueueAttributes, GetQueueUrl, SendMessage/);
  expect(out).toContain('"dynamodb:GetItem"');
  expect(out).not.toContain('"sqs:SendMessage"');
  expect((await lintel('--used', '@report.json', '@base', '--markdown')).out).toContain('### function Shop/Place');
  expect(JSON.parse((await lintel('--used', '@report.json', '@base', '--json')).out)).toMatchObject({
    version: 1,
    functions: [{}],
  });
});

test('says nothing about a function that never ran', async () => {
  const { resources } = read(path.join(directory, 'base'));
  const fn = [...resources.values()].find(({ type }) => type === 'AWS::Lambda::Function');
  const idle = { id: fn!.id, role: 'arn:aws:iam::123456789012:role/x', used: [], invocations: { total: 0 } };
  writeFileSync(path.join(directory, 'idle.json'), JSON.stringify({ functions: [idle] }));
  const { out } = await lintel('--used', '@idle.json', '@base');
  expect(out).toBe('function Shop/Place\n  it never ran, so nothing is known about it\n');
  expect((await lintel('--used', '@idle.json', '@base', '--markdown')).out).toContain('Nothing: it never ran');
});

test.each([
  ['a path that does not exist', ['@nothing'], 'does not exist'],
  ['a file that is no template', ['@empty.json'], 'empty.json'],
  ['a path of a diff that does not exist', ['--diff', '@base', '@nothing'], 'does not exist'],
  ['a report that is not there', ['--used', '@nothing.json', '@base'], 'nothing.json cannot be read'],
  ['a report that is not JSON', ['--used', '@text.json', '@base'], 'text.json is not JSON'],
  [
    'a report that is something else',
    ['--used', '@empty.json', '@base'],
    'empty.json is not the report of a local run',
  ],
  ['a report of other templates', ['--used', '@other.json', '@base'], "names the function 'Other/Fn'"],
  ['no path', [], 'name at least one path'],
  ['an option that is not there', ['--colour'], "'--colour'"],
  ['a diff of one path', ['--diff', '@base'], "'--diff' takes two paths, got 1"],
  ['a report with two paths', ['--used', '@other.json', '@base', '@head'], "'--used' takes one path, got 2"],
  ['two formats', ['--json', '--markdown', '@base'], "'--json' and '--markdown' exclude each other"],
  ['two questions', ['--diff', '--used', 'x', '@base', '@head'], "'--diff' and '--used' exclude each other"],
  ['two other questions', ['--events', '--paths', '@base'], "'--events' and '--paths' exclude each other"],
  [
    'a question beside a report of use',
    ['--events', '--used', 'x', '@base'],
    "'--events' and '--used' exclude each other",
  ],
])('refuses %s with exit code 2 and an empty report', async (_, argv, message) => {
  writeFileSync(path.join(directory, 'empty.json'), '{}');
  writeFileSync(path.join(directory, 'text.json'), 'no');
  writeFileSync(
    path.join(directory, 'other.json'),
    JSON.stringify({ functions: [{ id: 'Other/Fn', role: 'r', used: [] }] }),
  );
  const { code, out, notes } = await lintel(...argv);
  expect([code, out]).toEqual([2, '']);
  expect(notes).toContain(message);
});

test('explains itself', async () => {
  const { code, out } = await lintel('--help');
  expect(code).toBe(0);
  expect(out).toContain('--diff BASE HEAD');
});

test('says what was not read, and exits 2 unless that is allowed', async () => {
  const child = (name: string, url: string) => {
    const file = path.join(directory, name);
    const Child = { Type: 'AWS::CloudFormation::Stack', Properties: { TemplateURL: url } };
    writeFileSync(file, JSON.stringify({ Resources: { Child } }));
    return file;
  };
  const partly = child('partly.json', 'gone.json');
  const { code, out } = await lintel(partly);
  expect(code).toBe(2);
  expect(out).toContain('Not read: nested, and its template is not available\n  partly.json/Child TemplateURL: ');
  expect((await lintel('--markdown', partly)).out).toContain('**Not read: nested, and its template is not available**');
  const { unread } = JSON.parse((await lintel('--json', partly)).out) as { unread: object[] };
  expect(unread).toEqual([
    expect.objectContaining({ kind: 'nested-template', message: 'the template gone.json is not there' }),
  ]);
  expect((await lintel('--allow-unread', partly)).code).toBe(0);
  const compared = await lintel('--diff', partly, partly);
  expect([compared.code, compared.out.match(/partly\.json\/Child TemplateURL/g)]).toEqual([2, [expect.any(String)]]);
});

test('one path that cannot be read hides nothing of the others', async () => {
  const { code, out, notes } = await lintel('@base', '@nowhere');
  expect([code, notes]).toEqual([2, expect.stringContaining('nowhere does not exist')]);
  expect(out).toContain('Shop/Place');
});

test('compares templates in two folders by their place within what was given', async () => {
  for (const folder of ['one', 'two']) {
    mkdirSync(path.join(directory, folder));
    const Queue = { Type: 'AWS::SQS::Queue' };
    const Policy = {
      Type: 'AWS::SQS::QueuePolicy',
      Properties: {
        Queues: [{ Ref: 'Queue' }],
        PolicyDocument: {
          Statement: [
            { Effect: 'Allow', Principal: '*', Action: 'sqs:SendMessage', Resource: { 'Fn::GetAtt': 'Queue.Arn' } },
          ],
        },
      },
    };
    writeFileSync(path.join(directory, folder, 's.json'), JSON.stringify({ Resources: { Queue, Policy } }));
  }
  for (const [base, head] of [
    ['@one', '@two'],
    ['@one/s.json', '@two/s.json'],
  ] as const) {
    expect(await lintel('--diff', base, head)).toMatchObject({
      code: 0,
      out: 'nothing widened\n\nnothing narrowed\n',
    });
  }
});

test('compares two files as one template, whatever they are called', async () => {
  const role = (Action: string) => ({
    Type: 'AWS::IAM::Policy',
    Properties: {
      PolicyName: 'p',
      Roles: ['ext'],
      PolicyDocument: { Statement: [{ Effect: 'Allow', Action, Resource: '*' }] },
    },
  });
  const write = (name: string, Action: string) =>
    writeFileSync(path.join(directory, name), JSON.stringify({ Resources: { Policy: role(Action) } }));
  write('before.json', 's3:GetObject');
  write('after.json', 's3:GetObject');
  expect(await lintel('--diff', '@before.json', '@after.json')).toMatchObject({ code: 0 });
  write('after.json', 's3:PutObject');
  const { code, out } = await lintel('--diff', '@before.json', '@after.json');
  expect([code, out]).toEqual([1, expect.stringMatching(/granted +s3: PutObject/)]);
});
