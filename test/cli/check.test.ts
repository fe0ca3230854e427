import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { Io } from '../../lib/cli/io';
import { main } from '../../lib/cli/main';

const scratch = mkdtempSync(path.join(tmpdir(), 'lintel-check-'));
afterAll(() => rmSync(scratch, { recursive: true, force: true }));

const fn = (memory: number, name = 'Worker') => `
  ${name}:
    Type: AWS::Lambda::Function
    Properties: { MemorySize: ${memory}, Role: r, Code: { ZipFile: x } }
`;

function write(name: string, content: string): string {
  const file = path.join(scratch, name);
  writeFileSync(file, content);
  return file;
}

const bad = write('bad.yaml', `Resources:${fn(64)}`);
const fine = write(
  'fine.yaml',
  'Resources: { Logs: { Type: AWS::Logs::LogGroup, Properties: { RetentionInDays: 30 } } }',
);
const advised = write('advised.yaml', `Resources:${fn(128)}`);
const broken = write('broken.yaml', 'Resources: [');
const macro = write('macro.yaml', 'Transform: MyMacro\nResources: { A: { Type: X::Y::Z } }');

/** Runs the command line in this process, without the official validator, which takes seconds. */
const lintel = (...argv: string[]) => withValidator(...(argv[0] === 'check' ? [...argv, '--no-validate'] : argv));

/** Runs the command line in this process. */
async function withValidator(...argv: string[]): Promise<{ code: number; out: string; notes: string }> {
  const io = { out: '', notes: '' };
  const streams: Io = {
    out: (text) => {
      io.out += text;
    },
    note: (text) => {
      io.notes += `${text}\n`;
    },
    colour: false,
  };
  return { code: await main(argv, streams), ...io };
}

interface Json {
  readonly summary: Record<string, number>;
  readonly findings: readonly { id: string; rule: string; line?: number; template: string; message: string }[];
  readonly unknown: readonly object[];
  readonly unread: readonly object[];
  readonly unjudged: readonly string[];
  readonly failures: readonly { template: string; message: string }[];
}

const json = async (...argv: string[]): Promise<Json> =>
  JSON.parse((await lintel('check', '--format', 'json', ...argv)).out) as Json;

test('exits 0 where there is nothing to say', async () => {
  expect(await lintel('check', fine)).toEqual({
    code: 0,
    out: expect.stringMatching(/^Not checked by .*\n\n0 errors, 0 warnings, 0 unknown, 0 acknowledged\n$/),
    notes: '',
  });
});

test('says that nothing in a template is of a type that a rule reads', async () => {
  const other = write('other.yaml', 'Resources: { Topic: { Type: X::Y::Z } }');
  const { code, out } = await lintel('check', other);
  expect(code).toBe(0);
  expect(out).toContain('other.yaml: nothing here that a rule reads\n');
  expect((await lintel('check', '--format', 'markdown', other)).out).toContain('nothing here that a rule reads');
  expect((await json(other)).unjudged).toEqual([other]);
  expect((await json(fine)).unjudged).toEqual([]);
});

describe('what was not read', () => {
  const partly = write(
    'partly.yaml',
    `Resources:
  Logs: { Type: AWS::Logs::LogGroup, Properties: { RetentionInDays: 30 } }
  Child: { Type: AWS::CloudFormation::Stack, Properties: { TemplateURL: 'https://example.com/child.yaml' } }
  Fn: { Type: AWS::Serverless::Function, Properties: { Handler: a.b } }
`,
  );

  test('is shown by reason and exits 2', async () => {
    const { code, out } = await lintel('check', partly);
    expect(code).toBe(2);
    expect(out).toContain('Not read: nested, and its template is not available\n  Child in ');
    expect(out).toContain('Not read: of SAM, in a template without its transform\n  Fn in ');
    expect(out).toContain('0 errors, 0 warnings, 0 unknown, 2 not read, 0 acknowledged; incomplete');
  });

  test('includes connectors without the transform that expands them', async () => {
    const connected = write(
      'connected.yaml',
      `Resources:
  Source:
    Type: AWS::SNS::Topic
    Connectors: { Send: { Properties: { Destination: { Id: Sink }, Permissions: [Write] } } }
  Sink: { Type: AWS::SQS::Queue }
`,
    );
    const { unread } = await json(connected);
    expect(unread).toEqual([
      expect.objectContaining({ rule: 'MissingTransform', kind: 'transform', resource: 'Source' }),
    ]);
    const processed = write(
      'processed.yaml',
      `Transform: AWS::Serverless-2016-10-31\n${readFileSync(connected, 'utf8')}`,
    );
    expect((await json(processed)).unread).toEqual([]);
  });

  test('exits 0 where it is allowed, and is shown all the same', async () => {
    const { code, out } = await lintel('check', '--allow-unread', partly);
    expect(code).toBe(0);
    expect(out).toContain('2 not read');
  });

  test('stands beside what is unknown in JSON, in Markdown and in SARIF', async () => {
    const { unread, unknown, summary } = await json(partly);
    expect([summary.unread, unknown]).toEqual([2, []]);
    expect(unread).toEqual([
      expect.objectContaining({ rule: 'NestedStackTemplate', kind: 'nested-template', resource: 'Child', line: 3 }),
      expect.objectContaining({ rule: 'MissingTransform', kind: 'transform', resource: 'Fn', line: 4 }),
    ]);
    const { out } = await lintel('check', '--format', 'markdown', partly);
    expect(out).toContain('**Not read: nested, and its template is not available**');
    const sarif = JSON.parse((await lintel('check', '--format', 'sarif', partly)).out) as {
      runs: [{ results: { ruleId: string; kind: string }[] }];
    };
    expect(sarif.runs[0].results.map(({ ruleId, kind }) => [ruleId, kind])).toEqual([
      ['NestedStackTemplate', 'open'],
      ['MissingTransform', 'open'],
    ]);
  });
});

test('gives findings the same ids in two checkouts, by a relative path too', async () => {
  const ids = async (place: string) => (await json(place)).findings.map(({ id }) => id);
  mkdirSync(path.join(scratch, 'copy'));
  const copy = write('copy/bad.yaml', readFileSync(bad, 'utf8'));
  const own = await ids(bad);
  expect(own[0]).toMatch(/:bad\.yaml\/Worker$/);
  expect(await ids(copy)).toEqual(own);
  expect(await ids(path.relative(process.cwd(), bad))).toEqual(own);
  expect((await json(bad, copy)).findings.map(({ id }) => id.replace(/^.*:/, ''))).toEqual(
    expect.arrayContaining(['bad.yaml/Worker', 'copy/bad.yaml/Worker']),
  );
});

test('tells findings of two paths that are named the same apart', async () => {
  const [one, other] = ['stage-a', 'stage-b'].map((folder) => {
    mkdirSync(path.join(scratch, folder));
    const artifacts = { Shop: { type: 'aws:cloudformation:stack', properties: { templateFile: 'Shop.json' } } };
    write(`${folder}/manifest.json`, JSON.stringify({ artifacts }));
    const Worker = { Type: 'AWS::Lambda::Function', Properties: { MemorySize: 64, Role: 'r', Code: { ZipFile: 'x' } } };
    write(`${folder}/Shop.json`, JSON.stringify({ Resources: { Worker } }));
    return path.join(scratch, folder);
  }) as [string, string];
  const ids = (await json('--no-validate', one, other)).findings.map(({ id }) => id);
  expect(new Set(ids).size).toBe(ids.length);
  const baseline = path.join(scratch, 'stage-baseline.json');
  await lintel('check', '--no-validate', '--write-baseline', baseline, one);
  const added = (await json('--no-validate', '--baseline', baseline, one, other)).findings;
  expect(added.map(({ rule }) => rule)).toContain('FunctionMemory');
});

test('a baseline does not hold for a new statement that is put before the old one', async () => {
  const policy = (...statements: string[]) =>
    write(
      'policy.yaml',
      `Resources:
  Logs: { Type: AWS::Logs::LogGroup, Properties: { RetentionInDays: 30 } }
  Policy:
    Type: AWS::SQS::QueuePolicy
    Properties: { Queues: [q], PolicyDocument: { Version: '2012-10-17', Statement: [${statements.join(', ')}] } }
`,
    );
  const open = (action: string, sid = '') =>
    `{ ${sid} Effect: Allow, Principal: '*', Action: ${action}, Resource: '*' }`;
  const found = async (...argv: string[]) =>
    (await json(...argv)).findings.filter(({ rule }) => rule === 'ResourcePolicyPublic').map(({ message }) => message);
  for (const sid of ['', 'Sid: Old,']) {
    const baseline = path.join(scratch, 'policy-baseline.json');
    await lintel('check', '--write-baseline', baseline, policy(open('sqs:GetQueueUrl', sid)));
    const file = policy(open('sqs:SendMessage'), open('sqs:GetQueueUrl', sid));
    expect(await found('--baseline', baseline, file)).toEqual(['allows sqs:SendMessage to anyone']);
  }
});

test('exits 1 on a finding, and prints it with its line', async () => {
  const { code, out, notes } = await lintel('check', bad);
  expect([code, notes]).toEqual([1, '']);
  expect(out).toMatch(/^ +4 +error +FunctionMemory +asks for 64 MB .*\(MemorySize\)$/m);
});

test('exits 1 on a warning, unless only errors count', async () => {
  expect((await json(advised)).summary.errors).toBe(0);
  expect((await lintel('check', advised)).code).toBe(1);
  expect((await lintel('check', '--fail-on', 'error', advised)).code).toBe(0);
  expect((await lintel('check', '--fail-on', 'error', bad)).code).toBe(1);
});

test.each([
  ['a file that is neither JSON nor YAML', broken, 'is neither JSON nor YAML'],
  ['a path that does not exist', path.join(scratch, 'nowhere'), 'does not exist'],
  ['a transform that only CloudFormation can expand', macro, "'MyMacro'"],
  ['an assembly without stacks', emptyAssembly(), 'is an assembly without stacks'],
])('exits 2 on %s, and says what to do', async (_, file, reason) => {
  const { code, out, notes } = await lintel('check', file);
  expect(code).toBe(2);
  expect(notes).toContain(reason);
  expect(out).toContain('incomplete');
});

function emptyAssembly(): string {
  const directory = path.join(scratch, 'empty');
  mkdirSync(directory);
  write('empty/manifest.json', '{ "artifacts": {} }');
  return directory;
}

test('exits 2 when one of several paths cannot be judged, and still judges the others', async () => {
  const { code, out } = await lintel('check', '--format', 'json', broken, bad);
  expect(code).toBe(2);
  const report = JSON.parse(out) as Json;
  expect(report.findings.map(({ rule }) => rule)).toContain('FunctionMemory');
  expect(report.failures).toMatchObject([{ template: broken }]);
});

test.each([
  ['no path', ['check'], 'name at least one path'],
  [
    'an unknown format',
    ['check', '--format', 'xml', 'x'],
    "'--format' must be one of text, json, sarif, markdown, got 'xml'",
  ],
  [
    'an unknown severity',
    ['check', '--fail-on', 'info', 'x'],
    "'--fail-on' must be one of unknown, warning, error, got 'info'",
  ],
  ['an unknown option', ['check', '--colour', 'x'], "unknown option '--colour'"],
  ['an unknown command', ['chekc'], "lintel has no command 'chekc'"],
  ['no command', [], 'lintel <command>'],
  ['a baseline that is none', ['check', bad, '--baseline', bad], 'cannot be read as a baseline'],
])('exits 2 on %s', async (_, argv, message) => {
  const { code, out, notes } = await lintel(...argv);
  expect([code, out]).toEqual([2, '']);
  expect(notes).toContain(message);
  expect(notes).not.toContain('    at ');
});

test.each([['--help'], ['check', '--help'], ['--version']])(
  '%s %s exits 0 and writes to standard output',
  async (...argv) => {
    const { code, out, notes } = await lintel(...argv.filter((word) => word !== undefined));
    expect([code, notes]).toEqual([0, '']);
    expect(out).toMatch(argv.includes('--version') ? /^\d+\.\d+\.\d+\n$/ : /^lintel /);
  },
);

test.each(['sarif', 'json'])('%s is one JSON document, also when something fails', async (format) => {
  for (const file of [bad, broken, fine]) {
    const { out } = await lintel('check', '--format', format, file);
    expect(() => JSON.parse(out) as unknown).not.toThrow();
  }
});

test('markdown names the findings', async () => {
  expect((await lintel('check', '--format', 'markdown', bad)).out).toContain('| error | FunctionMemory |');
});

test('a baseline lets old findings pass, fails new ones and names those that are fixed', async () => {
  const baseline = path.join(scratch, 'baseline.json');
  const file = write('changing.yaml', `Resources:${fn(64)}`);
  const written = await lintel('check', file, '--write-baseline', baseline);
  expect(written.code).toBe(0);
  expect(written.notes).toMatch(/^wrote \d+ findings to .*baseline\.json\n$/);
  expect((JSON.parse(readFileSync(baseline, 'utf8')) as { version: number }).version).toBe(1);
  expect((await lintel('check', file, '--baseline', baseline)).code).toBe(0);

  write('changing.yaml', `Resources:${fn(128)}${fn(64, 'Added')}`);
  const { code, out, notes } = await lintel('check', '--format', 'json', file, '--baseline', baseline);
  expect(code).toBe(1);
  expect((JSON.parse(out) as Json).findings.map(({ rule }) => rule)).toContain('FunctionMemory');
  expect(notes).toMatch(/fixed since .*baseline\.json was written:\n {2}FunctionMemory:.*changing\.yaml\/Worker/);
});

describe('with a lintel.yaml above the working directory', () => {
  const project = path.join(scratch, 'project');
  mkdirSync(path.join(project, 'vendor'), { recursive: true });
  writeFileSync(path.join(project, 'vendor', 'bad.yaml'), `Resources:${fn(64)}`);
  writeFileSync(path.join(project, 'advised.yaml'), `Resources:${fn(128)}`);
  const configured = (text: string) => writeFileSync(path.join(project, 'lintel.yaml'), text);
  beforeAll(() => jest.spyOn(process, 'cwd').mockReturnValue(path.join(project, 'vendor')));
  afterAll(() => jest.restoreAllMocks());

  test('leaves out what it ignores, and never calls that clean', async () => {
    configured('ignore: [vendor]');
    expect((await json(project)).findings.map(({ template }) => path.basename(template))).not.toContain('bad.yaml');
    const { code, notes } = await lintel('check', path.join(project, 'vendor', 'bad.yaml'));
    expect([code, notes]).toEqual([2, expect.stringContaining('is ignored by')]);
    expect((await lintel('check', path.join(project, 'vendor'))).notes).toContain('is ignored by');
  });

  test('judges by its profile, unless another is asked for', async () => {
    configured('profile: essential');
    const advised = path.join(project, 'advised.yaml');
    expect((await json(advised)).findings).toEqual([]);
    expect((await json('--profile', 'all', advised)).findings).not.toEqual([]);
  });

  test('refuses one that says what it cannot say', async () => {
    configured('rule: {}');
    const { code, out, notes } = await lintel('check', path.join(project, 'advised.yaml'));
    expect([code, out, notes]).toEqual([2, '', expect.stringContaining("'rule' is unknown; did you mean 'rules'?")]);
  });
});

describe("with CloudFormation's own validator", () => {
  const wrong = write('wrong.yaml', 'Resources: { Jobs: { Type: AWS::SNS::Topic, Properties: { Nme: x } } }');

  test('names what CloudFormation rejects in the same run, and its version', async () => {
    const { code, out } = await withValidator('check', '--format', 'sarif', '--profile', 'essential', wrong);
    const { runs } = JSON.parse(out) as { runs: { tool: object; results: { ruleId: string }[] }[] };
    expect(code).toBe(1);
    expect(runs).toHaveLength(1);
    expect(runs[0]!.tool).toMatchObject({
      driver: { name: 'Lintel', rules: [{ id: 'F3002', properties: { tags: ['CloudFormation-Validate'] } }] },
      extensions: [{ name: '@aws/cloudformation-validate', semanticVersion: expect.stringMatching(/^\d/) }],
    });
    expect(runs[0]!.results.map(({ ruleId }) => ruleId)).toEqual(['F3002']);
  });

  test('keeps what it finds out of baselines', async () => {
    const baseline = path.join(scratch, 'official.json');
    await withValidator('check', '--write-baseline', baseline, wrong);
    expect(readFileSync(baseline, 'utf8')).not.toContain('F3002');
    expect(readFileSync(baseline, 'utf8')).toContain('TopicEncryption');
  });

  test('says what was not checked without it', async () => {
    const { out } = await lintel('check', wrong);
    expect(out).toMatch(/^Not checked by CloudFormation's own validator .*: --no-validate was given\.$/m);
  });
});
