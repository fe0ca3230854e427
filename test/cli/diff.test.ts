import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { App, NestedStack, RemovalPolicy, Stack } from 'aws-cdk-lib';
import { Bucket } from 'aws-cdk-lib/aws-s3';
import { EntityTable, QueueWorker } from 'lintel/aws';
import { main } from '../../lib/cli/main';

const scratch = mkdtempSync(path.join(tmpdir(), 'lintel-diff-'));
afterAll(() => rmSync(scratch, { recursive: true, force: true }));

async function diff(...argv: readonly string[]) {
  let [out, notes] = ['', ''];
  const io = { out: (text: string) => void (out += text), note: (text: string) => void (notes += text), colour: false };
  return { code: await main(['diff', ...argv], io), out, notes };
}

let files = 0;
/** A template file of some resources and whatever else a template has. */
function template(resources: object, sections: object = {}): string {
  const file = path.join(scratch, `t${files++}.json`);
  writeFileSync(file, JSON.stringify({ ...sections, Resources: resources }));
  return file;
}

const table = (properties: object = {}, attributes: object = {}) => ({
  Type: 'AWS::DynamoDB::Table',
  Properties: { KeySchema: [{ AttributeName: 'id', KeyType: 'HASH' }], ...properties },
  ...attributes,
});
const topic = { Type: 'AWS::SNS::Topic' };

/** Effect and reasons of each change between two sets of resources. */
async function effects(before: string, after: string) {
  const { code, out } = await diff(before, after, '--json');
  const { changes } = JSON.parse(out) as {
    changes: { logicalId: string; effect: string; because: string[]; when?: string; keeps?: string }[];
  };
  return {
    code,
    found: changes.map(({ logicalId, effect, because, when = '', keeps }) =>
      [logicalId, effect, because.join(), when, keeps].filter(Boolean).join(' ').replace(/ +/g, ' '),
    ),
  };
}

describe('what a deployment does to a table', () => {
  test.each<[string, object, object, number, string[]]>([
    ['nothing changes', table(), table(), 0, []],
    ['a tag is added', table(), table({ Tags: [{ Key: 'a', Value: 'b' }] }), 0, []],
    ['its key changes', table(), table({ KeySchema: [] }), 1, ['T replaced KeySchema']],
    [
      'its key changes and the old one is kept',
      table(),
      table({ KeySchema: [] }, { UpdateReplacePolicy: 'Retain' }),
      1,
      ['T replaced KeySchema the old one'],
    ],
    ['it goes', table(), topic, 1, ['T of another type it becomes AWS::SNS::Topic']],
  ])('%s', async (_, before, after, code, found) => {
    expect(await effects(template({ T: before }), template({ T: after }))).toEqual({ code, found });
  });

  test.each<[string, string[], string[], number, string[]]>([
    [
      'is removed',
      ['eu-west-1', 'eu-central-1'],
      ['eu-west-1'],
      1,
      ['T deleted in a region no replica in eu-central-1'],
    ],
    [
      'moves',
      ['eu-west-1', 'eu-central-1'],
      ['eu-west-1', 'us-east-1'],
      1,
      ['T deleted in a region no replica in eu-central-1'],
    ],
    ['is added', ['eu-west-1'], ['us-east-1', 'eu-west-1'], 0, []],
  ])('a replica of it %s', async (_, before, after, code, found) => {
    const global = (regions: string[]) => ({
      Type: 'AWS::DynamoDB::GlobalTable',
      DeletionPolicy: 'Retain',
      Properties: { Replicas: regions.map((Region) => ({ Region })) },
    });
    expect(await effects(template({ T: global(before) }), template({ T: global(after) }))).toEqual({ code, found });
  });

  test.each([
    [undefined, 'T deleted'],
    ['Delete', 'T deleted'],
    ['Snapshot', 'T deleted a snapshot'],
    ['Retain', 'T orphaned DeletionPolicy is Retain'],
    ['RetainExceptOnCreate', 'T orphaned DeletionPolicy is RetainExceptOnCreate'],
  ])('it goes with DeletionPolicy %s', async (policy, told) => {
    const before = template({ T: table({}, { DeletionPolicy: policy }), A: topic });
    expect(await effects(before, template({ A: topic }))).toEqual({ code: 1, found: [told] });
  });

  test('a name of what is replaced replaces what stands on it', async () => {
    const mapping = {
      Type: 'AWS::Lambda::EventSourceMapping',
      Properties: { EventSourceArn: { 'Fn::GetAtt': ['T', 'StreamArn'] } },
    };
    const resources = (name: string) => template({ T: table({ TableName: name }), M: mapping });
    const { found } = await effects(resources('a'), resources('b'));
    expect(found).toEqual(['T replaced TableName', 'M replaced EventSourceArn']);
  });
});

describe('what an update loses, though the specification calls it no replacement', () => {
  const secret = (generate?: object) => ({
    Type: 'AWS::SecretsManager::Secret',
    Properties: generate && { GenerateSecretString: generate },
  });
  const index = (type: string) => ({
    LocalSecondaryIndexes: [{ IndexName: 'I', KeySchema: [], Projection: { ProjectionType: type } }],
  });

  test.each<[string, object, object, number, string[]]>([
    ['a generated secret', secret({ PasswordLength: 20 }), secret({ PasswordLength: 30 }), 1, ['T regenerated']],
    ['a secret that is now generated', secret(), secret({}), 1, ['T regenerated']],
    ['a secret that is no longer generated', secret({}), secret(), 0, []],
    ['a secret of unknown length', secret({}), secret({ PasswordLength: { Ref: 'L' } }), 2, ['T unknown']],
    ['a table that gets a local index', table(), table(index('ALL')), 1, ['T replaced']],
    ['a table with another local index', table(index('ALL')), table(index('KEYS_ONLY')), 1, ['T replaced']],
    ['a table that loses its local index', table(index('ALL')), table(), 1, ['T replaced']],
  ])('%s', async (_, before, after, code, told) => {
    const parameters = { Parameters: { L: { Type: 'Number' } } };
    const found = await effects(template({ T: before }, parameters), template({ T: after }, parameters));
    expect(found.code).toBe(code);
    expect(found.found.map((one) => one.split(' ').slice(0, 2).join(' '))).toEqual(told);
  });

  test.each([
    'AWS::ApiGateway::RestApi',
    'AWS::ApiGatewayV2::Api',
    'AWS::AppSync::GraphQLApi',
    'AWS::CloudFront::Distribution',
    'AWS::Lambda::Url',
  ])('the address that AWS gave a %s', async (type) => {
    const before = template({ A: { Type: type, Properties: {} }, topic });
    expect(await effects(before, template({ topic }))).toEqual({ code: 1, found: ['A deleted'] });
  });
});

test('what holds nothing is shown, and is no failure', async () => {
  const role = (name: string) => template({ R: { Type: 'AWS::IAM::Role', Properties: { RoleName: name } } });
  expect(await effects(role('a'), role('b'))).toEqual({ code: 0, found: ['R replaced RoleName'] });
});

describe('what is resolved first', () => {
  const named = (value: unknown) => ({ T: table({ TableName: value }) });

  test('the default of a parameter', async () => {
    const parameters = (value: string) => ({ Parameters: { Name: { Type: 'String', Default: value } } });
    const [a, b] = ['a', 'b'].map((value) => template(named({ Ref: 'Name' }), parameters(value)));
    expect(await effects(a!, b!)).toEqual({ code: 1, found: ['T replaced TableName'] });
    expect(await effects(a!, a!)).toEqual({ code: 0, found: [] });
  });

  test('mappings, also by a key that only the deployment knows', async () => {
    const mappings = (value: string) => ({ Mappings: { M: { eu: { Name: value }, us: { Name: 'x' } } } });
    const literal = named({ 'Fn::FindInMap': ['M', 'eu', 'Name'] });
    expect(await effects(template(literal, mappings('a')), template(literal, mappings('b')))).toEqual({
      code: 1,
      found: ['T replaced TableName'],
    });
    const open = named({ 'Fn::FindInMap': ['M', { Ref: 'AWS::Region' }, 'Name'] });
    expect(await effects(template(open, mappings('a')), template(open, mappings('b')))).toEqual({
      code: 2,
      found: ['T unknown TableName'],
    });
  });

  test.each([3, 12, 40, 100])(
    'each of %d rows of a mapping, whichever the default of a parameter chooses',
    async (count) => {
      const byStage = (last: string) =>
        template(named({ 'Fn::FindInMap': ['M', { Ref: 'Stage' }, 'Name'] }), {
          Parameters: { Stage: { Type: 'String', Default: 's0' } },
          Mappings: {
            M: Object.fromEntries(
              Array.from({ length: count }, (_, at) => [`s${at}`, { Name: at === count - 1 ? last : `name${at}` }]),
            ),
          },
        });
      const { code, found } = await effects(byStage('a'), byStage('b'));
      expect(code).toBeGreaterThan(0);
      expect(found).toEqual([expect.stringMatching(/^T (replaced|unknown) TableName( when Stage is 's\d+')?$/)]);
      expect(await effects(byStage('a'), byStage('a'))).toEqual({ code: 0, found: [] });
    },
  );

  test.each([
    ['a function that CloudFormation does not have', (name: string) => ({ 'Fn::New': name })],
    ['zones', (name: string) => ({ 'Fn::Select': [name === 'a' ? 0 : 1, { 'Fn::GetAZs': '' }] })],
    ['a stack', (name: string) => ({ 'Fn::ImportValue': { 'Fn::Sub': `${name}-\${AWS::Region}` } })],
    ['a macro', (name: string) => ({ 'Fn::Transform': { Name: 'Names', Parameters: { of: name } } })],
  ])('what only the deployment knows by what it is computed from: %s', async (_, value) => {
    const [a, b] = ['a', 'b'].map((name) => template(named(value(name))));
    expect(await effects(a!, b!)).toEqual({ code: 2, found: ['T unknown TableName'] });
    expect((await effects(a!, a!)).found).toEqual([]);
  });

  test('conditions, in all ways in which they can hold', async () => {
    const sections = {
      Parameters: { Stage: { Type: 'String' } },
      Conditions: { IsProd: { 'Fn::Equals': [{ Ref: 'Stage' }, 'prod'] } },
    };
    const chosen = (name: string) => named({ 'Fn::If': ['IsProd', name, 'same'] });
    expect(await effects(template(chosen('a'), sections), template(chosen('b'), sections))).toEqual({
      code: 1,
      found: [expect.stringMatching(/^T replaced TableName when IsProd/)],
    });
    const only = { T: table({}, { Condition: 'IsProd' }), A: topic };
    const always = template({ T: table(), A: topic }, sections);
    expect(await effects(always, template(only, sections))).toEqual({
      code: 1,
      found: [expect.stringMatching(/^T deleted when not IsProd/)],
    });
    expect((await effects(template(only, sections), always)).code).toBe(0);
  });

  test('two conditions, of which one decides', async () => {
    const equals = (name: string) => ({ 'Fn::Equals': [{ Ref: name }, 'yes'] });
    const sections = {
      Parameters: { A: { Type: 'String' }, B: { Type: 'String' } },
      Conditions: { A: equals('A'), B: equals('B') },
    };
    const resources = (name: string) => ({
      ...named({ 'Fn::If': ['A', name, 'same'] }),
      Topic: { Type: 'AWS::SNS::Topic', Condition: 'B' },
    });
    const { found } = await effects(template(resources('a'), sections), template(resources('b'), sections));
    expect(found).toEqual(['T replaced TableName when A']);
  });

  test('values that a parameter lists, and keys of a mapping', async () => {
    const listed = (...AllowedValues: string[]) =>
      template(named({ Ref: 'Name' }), { Parameters: { Name: { Type: 'String', AllowedValues } } });
    expect((await effects(listed('a', 'b'), listed('b', 'a'))).code).toBe(0);
    expect(await effects(listed('a', 'b'), listed('a', 'c'))).toEqual({
      code: 1,
      found: [expect.stringMatching(/^T replaced TableName when Name is 'b'/)],
    });
    const mapped = (prod: string) =>
      template(named({ 'Fn::FindInMap': ['Names', { Ref: 'Stage' }, 'table'] }), {
        Parameters: { Stage: { Type: 'String' } },
        Mappings: { Names: { dev: { table: 'same' }, prod: { table: prod } } },
      });
    expect((await effects(mapped('a'), mapped('b'))).found).toEqual(["T replaced TableName when Stage is 'prod'"]);
  });

  test('a condition that is decided by literals, or that no longer means the same', async () => {
    const when = (left: unknown) => ({
      Parameters: { Stage: { Type: 'String', Default: 'dev' } },
      Conditions: { On: { 'Fn::Equals': [left, 'dev'] } },
    });
    const resources = { T: table({}, { Condition: 'On' }), A: topic };
    expect(await effects(template(resources, when('dev')), template(resources, when('prod')))).toEqual({
      code: 1,
      found: ['T deleted'],
    });
  });
});

test('what only the deployment knows is no pass', async () => {
  const imported = (name: string) => template({ T: table({ TableName: { 'Fn::ImportValue': name } }) });
  expect(await effects(imported('a'), imported('b'))).toEqual({ code: 2, found: ['T unknown TableName'] });
  expect((await diff(imported('a'), imported('b'), '--allow-unknown')).code).toBe(0);
  const region = (prefix: string) => template({ T: table({ TableName: { 'Fn::Sub': `${prefix}-\${AWS::Region}` } }) });
  expect(await effects(region('a'), region('b'))).toEqual({ code: 1, found: ['T replaced TableName'] });
});

test('what refers to what was renamed is renamed with it', async () => {
  const queues = (prefix: string) =>
    template({
      [`${prefix}Dead`]: { Type: 'AWS::SQS::Queue', Properties: { MessageRetentionPeriod: 1209600 } },
      [`${prefix}Jobs`]: {
        Type: 'AWS::SQS::Queue',
        Properties: { RedrivePolicy: { deadLetterTargetArn: { 'Fn::GetAtt': [`${prefix}Dead`, 'Arn'] } } },
      },
      [`${prefix}Policy`]: {
        Type: 'AWS::SQS::QueuePolicy',
        Properties: { Queues: [{ Ref: `${prefix}Jobs` }], PolicyDocument: { Statement: [] } },
      },
    });
  const { renames } = JSON.parse((await diff(queues('Old'), queues('New'), '--json')).out) as {
    renames: { from: { logicalId: string }; to: { logicalId: string } }[];
  };
  expect(renames.map(({ from, to }) => `${from.logicalId} ${to.logicalId}`).sort()).toEqual([
    'OldDead NewDead',
    'OldJobs NewJobs',
    'OldPolicy NewPolicy',
  ]);
});

test('a type of which nothing is known is unread where it changes', async () => {
  const foreign = (size: number) => template({ V: { Type: 'Acme::Vault::Box', Properties: { Size: size } } });
  const { code, out } = await diff(foreign(1), foreign(2));
  expect([code, out]).toEqual([2, expect.stringContaining('AWS does not say whether that replaces them')]);
  expect((await diff(foreign(1), foreign(2), '--allow-unread')).code).toBe(0);
  expect((await diff(foreign(1), foreign(1))).code).toBe(0);
});

test('a template that cannot be compared is no pass', async () => {
  const policy = (name: string) => template({ P: { Type: 'AWS::SQS::QueuePolicy', Properties: { Queues: [name] } } });
  const { code, out, notes } = await diff(policy('a'), policy('b'));
  expect([code, out]).toEqual([2, '']);
  expect(notes).toMatch(/cannot be compared: .*; correct what 'lintel check' says/);
});

test('refuses a Pulumi project, one path, and what is not there', async () => {
  expect(await diff('examples/edge/links', 'examples/edge/links')).toMatchObject({
    code: 2,
    notes: expect.stringContaining("'pulumi preview' says what it replaces") as string,
  });
  expect((await diff('cdk.out')).notes).toContain('give two paths to compare: BASE and HEAD');
  expect(await diff('nowhere', 'nowhere')).toMatchObject({ code: 2, out: '' });
});

describe('an app', () => {
  /** The assembly of an app whose table has an id, with a bucket in a nested stack where that is wanted. */
  function assembly(name: string, tableId: string, nested: boolean): string {
    const outdir = path.join(scratch, name);
    const app = new App({ outdir, builtinCloudFormationValidation: false });
    const stack = new Stack(app, 'Shop', { env: { account: '111122223333', region: 'eu-west-1' } });
    new EntityTable(stack, tableId, { partitionKey: 'id', removalPolicy: RemovalPolicy.DESTROY });
    new QueueWorker(stack, 'Ingest', { handler: { entry: 'test/handlers/files.ts' } });
    const nest = new NestedStack(stack, 'Files');
    new Bucket(nest, 'Bucket', { removalPolicy: RemovalPolicy.RETAIN });
    if (nested) new Bucket(nest, 'Archive', { removalPolicy: RemovalPolicy.DESTROY });
    app.synth();
    return outdir;
  }
  let base: string;
  let head: string;
  beforeAll(() => {
    base = assembly('base', 'Orders', true);
    head = assembly('head', 'Sales', false);
  });

  test('as it is, is not changed by being deployed again', async () => {
    expect(await diff(base, base)).toEqual({
      code: 0,
      out: 'nothing is replaced, deleted or orphaned\n',
      notes: '',
    });
  });

  test('says what is lost, in a nested stack too, and what was renamed', async () => {
    const overrides = path.join(scratch, 'overrides.json');
    const { code, out } = await diff(base, head, '--refactor', overrides);
    expect(code).toBe(1);
    expect(out).toContain('Replaced, deleted or orphaned, with data or an identity\n');
    expect(out).toContain('  Shop/Orders (AWS::DynamoDB::GlobalTable) is deleted\n');
    expect(out).toMatch(/ {2}Shop\/Files\/Archive \(AWS::S3::Bucket\) is deleted\n/);
    expect(out).not.toContain('Files/Bucket');
    expect(out).toContain('Shop/Orders (AWS::DynamoDB::GlobalTable) is Shop/Sales now');
    const { environments } = JSON.parse(readFileSync(overrides, 'utf8')) as {
      environments: { account: string; region: string; resources: Record<string, string> }[];
    };
    expect(environments).toEqual([
      { account: '111122223333', region: 'eu-west-1', resources: expect.any(Object) as object },
    ]);
    const [[from, to]] = Object.entries(environments[0]!.resources) as [[string, string]];
    expect([from, to]).toEqual([expect.stringMatching(/^Shop\.Orders/), expect.stringMatching(/^Shop\.Sales/)]);
  });

  test('without the stack leaves its resources behind', async () => {
    const other = new App({ outdir: path.join(scratch, 'other'), builtinCloudFormationValidation: false });
    new Bucket(new Stack(other, 'Elsewhere'), 'Bucket');
    new Bucket(new Stack(other, 'Elsewhere2'), 'Bucket');
    other.synth();
    const { code, out } = await diff(base, path.join(scratch, 'other'), '--markdown');
    expect(code).toBe(1);
    expect(out).toContain('Shop/Orders (AWS::DynamoDB::GlobalTable) is left behind: the stack is gone');
  });
});

describe('migrations of a database', () => {
  const migrations = (...files: readonly (readonly [name: string, sha256: string])[]) => ({
    Type: 'Custom::DatabaseMigrations',
    Properties: { Engine: 'postgres', Files: files.map(([Name, Sha256]) => ({ Name, Sha256, Rights: 'none' })) },
  });
  const first = ['0001_orders.sql', 'a'] as const;
  const second = ['0002_items.sql', 'b'] as const;
  const told = async (before: object, after: object) => {
    const [base, head] = [template({ M: before, A: topic }), template({ M: after, A: topic })];
    const { code, out } = await diff(base, head);
    const { migrations: changes } = JSON.parse((await diff(base, head, '--json')).out) as {
      migrations: { file: string; effect: string }[];
    };
    return { code, out, changes: changes.map(({ file, effect }) => `${file} ${effect}`) };
  };

  test('are told where they are new, and where they go and stay applied', async () => {
    expect(await told(migrations(first), migrations(first))).toMatchObject({ code: 0, changes: [] });
    const added = await told(migrations(first), migrations(first, second));
    expect(added).toMatchObject({ code: 0, changes: ['0002_items.sql new'] });
    expect(added.out).toContain('Migrations\n  0002_items.sql (');
    expect(added.out).toContain(') is applied\n');
    expect(await told(topic, migrations(first))).toMatchObject({ changes: ['0001_orders.sql new'] });
    const gone = await told(migrations(first, second), migrations(first));
    expect(gone).toMatchObject({ code: 0, changes: ['0002_items.sql gone'] });
  });

  test('fail the comparison where they would fail the deployment: changed, or before one that is there', async () => {
    const changed = await told(migrations(first), migrations([first[0], 'other']));
    expect(changed).toMatchObject({ code: 1, changes: ['0001_orders.sql changed'] });
    expect(changed.out).toContain('Migrations that make the deployment fail\n  0001_orders.sql (');
    expect(await told(migrations(second), migrations(first, second))).toMatchObject({
      code: 1,
      changes: ['0001_orders.sql late'],
    });
  });

  test('are those of the database, under whatever logical id its migrations are applied', async () => {
    const of = (id: string, file: readonly [string, string], name = 'shop') => {
      const { Type, Properties } = migrations(file);
      const handler = {
        Type: 'AWS::Lambda::Function',
        Properties: {
          Environment: { Variables: { DB_HOST: { 'Fn::GetAtt': ['Db', 'Endpoint.Address'] }, DB_NAME: name } },
        },
      };
      return template({
        Db: { Type: 'AWS::RDS::DBCluster', Properties: {} },
        Migrate: handler,
        [id]: { Type, Properties: { ...Properties, ServiceToken: { 'Fn::GetAtt': ['Migrate', 'Arn'] } } },
      });
    };
    const changed = await diff(of('M', first), of('Renamed', [first[0], 'other']));
    expect(changed.out).toContain('Migrations that make the deployment fail\n  0001_orders.sql (');
    expect((await diff(of('M', first), of('Renamed', first))).out).not.toContain('0001_orders.sql');
    const other = await diff(of('M', first), of('Renamed', [first[0], 'other'], 'other'));
    expect(other.out).toContain('/Renamed) is applied');
  });
});

test('a capacity by which a database bears other connections counts after a reboot, and is said to', async () => {
  const cluster = (MinCapacity: unknown, MaxCapacity: unknown, Engine = 'aurora-postgresql') =>
    template(
      {
        C: {
          Type: 'AWS::RDS::DBCluster',
          Properties: { Engine, ServerlessV2ScalingConfiguration: { MinCapacity, MaxCapacity } },
        },
      },
      { Parameters: { Most: { Type: 'Number' } } },
    );
  const told = async (before: string, after: string) => {
    const { code, out } = await diff(before, after);
    return {
      code,
      lines: out
        .split('\n')
        .filter((line) => line.includes('connections'))
        .map((line) => line.replace(/^.*\/C/, 'C')),
    };
  };
  expect(await told(cluster(1, 4), cluster(1, 8))).toEqual({
    code: 0,
    lines: ['C has 823 connections until then, and 1669 after'],
  });
  // What lies between has the connections of the lower row.
  expect(await told(cluster(1, 4), cluster(2, 6))).toEqual({ code: 0, lines: [] });
  expect(await told(cluster(0.5, 16), cluster(1, 16))).toEqual({
    code: 0,
    lines: ['C has 2000 connections until then, and 3360 after'],
  });
  expect(await told(cluster(0.5, 16, 'aurora-mysql'), cluster(1, 16, 'aurora-mysql'))).toEqual({ code: 0, lines: [] });
  expect(await told(cluster(1, 4), cluster(1, { Ref: 'Most' }))).toMatchObject({
    lines: ['C has as many connections as before until then'],
  });
});

describe('a mapping of a queue to a function', () => {
  const fn = { Type: 'AWS::Lambda::Function' };
  const all = { Queue: { Type: 'AWS::SQS::Queue' }, Fn: fn, Other: fn };
  const mapping = (FunctionName: unknown = { Ref: 'Fn' }, properties: object = {}) => ({
    Type: 'AWS::Lambda::EventSourceMapping',
    Properties: { EventSourceArn: { 'Fn::GetAtt': ['Queue', 'Arn'] }, FunctionName, ...properties },
  });
  const told = async (before: object, after: object) => {
    const { code, out } = await diff(template({ ...all, ...before }), template({ ...all, ...after }), '--json');
    const { mappings } = JSON.parse(out) as { mappings: { logicalId: string; existing: string }[] };
    return [code, ...mappings.map(({ logicalId, existing }) => `${logicalId} beside ${existing}`)];
  };

  test('under another logical id makes the deployment fail, also by the ARN of the function', async () => {
    const arn = { 'Fn::GetAtt': ['Fn', 'Arn'] };
    expect(await told({ Old: mapping() }, { New: mapping(arn) })).toEqual([1, 'New beside Old']);
    const { out } = await diff(template({ ...all, Old: mapping() }), template({ ...all, New: mapping() }));
    expect(out).toContain(
      "New is created while 'Old' still connects the same source and function, which Lambda refuses",
    );
  });

  test('that is replaced makes it fail, too', async () => {
    const from = (StartingPosition: string) => ({ M: mapping(undefined, { StartingPosition }) });
    expect(await told(from('LATEST'), from('TRIM_HORIZON'))).toEqual([1, 'M beside M']);
  });

  test('is fine where it stays, or connects something else', async () => {
    expect(await told({ M: mapping() }, { M: mapping(undefined, { BatchSize: 5 }) })).toEqual([0]);
    expect(await told({ Old: mapping() }, { New: mapping({ Ref: 'Other' }) })).toEqual([0]);
  });
});
