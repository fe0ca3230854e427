import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { App, CfnOutput, CfnParameter, CfnResource, Stack } from 'aws-cdk-lib';
import { Vpc } from 'aws-cdk-lib/aws-ec2';
import type { CfnQueue } from 'aws-cdk-lib/aws-sqs';
import { Construct } from 'constructs';
import { EntityTable, PooledDatabase, QueueWorker, ServiceFunction } from 'lintel/aws';
import ts from 'typescript';
import { main } from '../../lib/cli/main';
import { compilerErrors } from '../compiler';
import { fileNameOf, MINIMAL } from '../patterns/aws/minimal-uses';

const root = path.join(__dirname, '../..');
// In the repository, so that the code finds the packages that it imports.
let folder: string;
let handler: string;
const written = new Map<string, string>();
const uses = Object.entries(MINIMAL);

beforeAll(() => {
  mkdirSync(path.join(root, '.cache'), { recursive: true });
  folder = mkdtempSync(path.join(root, '.cache/eject-'));
  handler = path.join(folder, 'handler.ts');
  writeFileSync(handler, 'export const handler = async () => ({ batchItemFailures: [] });\n');
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

async function lintel(...argv: string[]): Promise<{ code: number; out: string; notes: string }> {
  let [out, notes] = ['', ''];
  const code = await main(argv, {
    out: (text) => void (out += text),
    note: (text) => void (notes += `${text}\n`),
    colour: false,
  });
  return { code, out, notes };
}

/** Synthesizes a stack `Shop`; its template is the answer. */
function synthesized(name: string, make: (stack: Stack) => unknown): Template {
  const app = new App({ outdir: path.join(folder, name), builtinCloudFormationValidation: false });
  make(new Stack(app, 'Shop'));
  return JSON.parse(readFileSync(app.synth().getStackByName('Shop').templateFullPath, 'utf8')) as Template;
}

interface Template {
  readonly Resources: Readonly<Record<string, Readonly<Record<string, unknown>>>>;
  readonly Parameters?: unknown;
  readonly Conditions?: unknown;
  readonly Mappings?: unknown;
  readonly Outputs?: unknown;
}

/** What is deployed: the hash of a bundle, the order of dependencies, and where CDK had a resource from decide nothing. */
function deployed({ Resources, Parameters, Conditions, Mappings, Outputs }: Template): unknown {
  const all = JSON.stringify({ Resources, Parameters, Conditions, Mappings, Outputs }, (key, value: unknown) =>
    key === 'DependsOn' ? [value].flat().sort() : key === 'aws:cdk:path' ? undefined : value,
  );
  return JSON.parse(all.replace(/"S3Key":"[0-9a-f]{64}\.zip"/g, '"S3Key":"an asset"'));
}

type Class = new (scope: Construct, id: string, props?: object) => Construct & Readonly<Record<string, unknown>>;

/** A class of a file that was written, as Node.js runs it. */
function classIn(file: string, name: string): Class {
  const { outputText } = ts.transpileModule(readFileSync(file, 'utf8'), {
    compilerOptions: { module: ts.ModuleKind.CommonJS, target: ts.ScriptTarget.ES2022 },
  });
  const module = { exports: {} as Record<string, Class> };
  (new Function('module', 'exports', 'require', outputText) as (...given: unknown[]) => void)(
    module,
    module.exports,
    require,
  );
  return module.exports[name]!;
}

test.each(uses)('the code of %s gives the template that it was made from', async (use, make) => {
  const name = fileNameOf(use).replace('.json', '');
  const was = synthesized(name, (stack) => make(stack, handler));
  const out = path.join(folder, 'ejected', name);
  const { code, notes } = await lintel('eject', 'Shop', '--app', path.join(folder, name), '--out', out);
  expect({ code, notes }).toEqual({ code: 0, notes: expect.stringContaining('shop.ts') });
  const file = path.join(out, 'shop.ts');
  written.set(use, file);
  const is = synthesized(`${name}-ejected`, (stack) => new (classIn(file, 'Shop'))(stack, 'Ejected'));
  expect(deployed(is)).toEqual(deployed(was));
});

test('all of it compiles as strictly as this package', () => {
  const files = [...written.values()];
  expect(files).toHaveLength(uses.length);
  expect(compilerErrors(files)).toEqual([]);
}, 120_000);

describe('a construct among others', () => {
  const others = (stack: Stack) => new EntityTable(stack, 'Orders', { partitionKey: 'id' });
  let was: Template;
  const out = () => path.join(folder, 'wired');
  beforeAll(() => {
    const entry = path.join(folder, 'publishes.ts');
    writeFileSync(entry, `import { env } from 'lintel/runtime';\nexport const handler = async () => env('JOBS');\n`);
    was = synthesized('shop', (stack) => {
      const orders = others(stack);
      const ingest = new QueueWorker(stack, 'Ingest', {
        handler: { entry: handler, access: { ORDERS: orders.write() } },
      });
      new ServiceFunction(stack, 'Place', { entry, access: { JOBS: ingest.send() } });
    });
  });
  const eject = (construct: string, ...more: string[]) =>
    lintel('eject', construct, '--app', path.join(folder, 'shop'), ...more);

  test('takes what it names of others as props, and shows what others name of it', async () => {
    expect(await eject('Shop/Ingest', '--out', out())).toMatchObject({ code: 0 });
    const file = path.join(out(), 'ingest.ts');
    const text = readFileSync(file, 'utf8');
    expect(/export interface IngestProps \{[^}]*\}/.exec(text)?.[0]).toMatchInlineSnapshot(`
     "export interface IngestProps {
       /** 'Arn' of Shop/Orders (AWS::DynamoDB::GlobalTable) */
       readonly ordersArn: string;
       /** 'Ref' of Shop/Orders (AWS::DynamoDB::GlobalTable) */
       readonly ordersName: string;
     }"
    `);
    expect(text).toContain('readonly queue: sqs.CfnQueue;');
    let queue: CfnQueue | undefined;
    const is = synthesized('shop-ejected', (stack) => {
      const orders = others(stack);
      const props = { ordersName: orders.tableName, ordersArn: orders.tableArn };
      ({ queue } = new (classIn(file, 'Ingest'))(stack, 'Ingest', props) as unknown as { queue: CfnQueue });
    });
    const [before, now] = [was, is].map((one) => deployed(one) as Template);
    const ids = Object.keys(before!.Resources).filter((id) => !id.startsWith('Place'));
    expect(now!.Resources).toEqual(Object.fromEntries(ids.map((id) => [id, before!.Resources[id]])));
    expect(queue!.logicalId).toBeDefined();
  });

  test('takes what a building block has beside it along', async () => {
    const { code, out: text } = await eject('Shop/Place');
    expect(code).toBe(0);
    expect([...text.matchAll(/overrideLogicalId\('(\w+?)[0-9A-F]{8}'\)/g)].map(([, id]) => id)).toEqual(
      expect.arrayContaining(['Place', 'PlaceRole', 'PlaceLogs', 'PlaceRoleDefaultPolicy']),
    );
  });

  test('says which files of this package a handler imports', async () => {
    const { notes } = await eject('Shop/Place');
    expect(notes).toMatch(/publishes\.ts imports lintel\/runtime, .* or copy (runtime\/[\w/-]+\.ts(, )?)+$/m);
    expect(notes).toContain('runtime/events/publisher.ts');
    expect(notes).not.toContain('runtime/database');
  });

  test('says what is no part of the construct, and what was meant', async () => {
    expect(await eject('Shop/Ingets')).toEqual({
      code: 2,
      out: '',
      notes: `${path.join(folder, 'shop')} has no construct 'Shop/Ingets' with resources; did you mean 'Shop/Ingest'?\n`,
    });
    expect(await eject('Shop/Ingest', 'Shop/Place')).toMatchObject({ code: 2 });
  });

  test('says where the code gives another template', async () => {
    const template = path.join(folder, 'shop/Shop.template.json');
    const text = readFileSync(template, 'utf8');
    writeFileSync(template, text.replace('"VisibilityTimeout": 60', '"VisibilityTimeout": "60 "'));
    const { code, notes } = await eject('Shop/Ingest');
    writeFileSync(template, text);
    expect(code).toBe(2);
    expect(notes).toMatch(/Shop\/Ingest\/Queue/);
  });
});

describe('what a template may hold', () => {
  const ran = globalThis as { ran?: boolean };
  const eject = (name: string, construct: string, ...more: string[]) =>
    lintel('eject', construct, '--app', path.join(folder, name), ...more);
  const parameter = (scope: Construct, id: string, Value: unknown) =>
    new CfnResource(scope, id, { type: 'AWS::SSM::Parameter', properties: { Type: 'String', Value } });

  test('is never run as code', async () => {
    synthesized('hostile', (stack) => {
      const evil = '{(globalThis.ran = true)}';
      parameter(stack, 'Split', { 'Fn::Join': ['', ['$', evil]] });
      for (const [index, text] of [`$${evil}`, `'+${evil}+'`, `\\$${evil}\``, `*/ ${evil} /*`].entries()) {
        parameter(stack, `Text${index}`, text);
        parameter(stack, `Joined${index}`, { 'Fn::Join': ['', [text, { Ref: 'AWS::Region' }]] });
      }
    });
    const { notes } = await eject('hostile', 'Shop');
    expect(notes).toMatch(/^Shop\/Split \(Split\): Properties.Value differs\n$/);
    expect(ran.ran).toBeUndefined();
  });

  test.each(['Construct', 'Asset', 'JSON', 'Date', '2fa', '注文', 'a`b"();'])(
    'is code in a construct that is called %j',
    async (id) => {
      const name = `called-${Buffer.from(id).toString('hex')}`;
      synthesized(name, (stack) => {
        new CfnParameter(stack, 'Index', { type: 'Number', default: 1 });
        const construct = new (class extends Construct {})(stack, id);
        parameter(construct, 'Selected', { 'Fn::Select': [{ Ref: 'Index' }, { 'Fn::GetAZs': '' }] });
        parameter(construct, 'Json', '{"__proto__":1,"a":"\u0001"}');
        parameter(construct, 'Marked', { 'Fn::Join': ['', ['{"a":"', { Ref: 'AWS::Region' }, '","b":"\u0001"}']] });
        new CfnOutput(construct, 'Name', { value: parameter(construct, 'Plain', 'x').ref });
      });
      const { code, out, notes } = await eject(name, `Shop/${id}`);
      expect({ code, notes }).toEqual({ code: 0, notes: '' });
      expect(out).toMatch(/value: [\w.]+\.ref\b/);
    },
  );

  test('is never written over what is there', async () => {
    synthesized('kept', (stack) => parameter(stack, 'One', 'x'));
    const out = path.join(folder, 'kept-out');
    mkdirSync(out);
    writeFileSync(path.join(out, 'shop.ts'), 'mine\n');
    const refused = await eject('kept', 'Shop', '--out', out);
    expect(refused).toMatchObject({ code: 2, notes: expect.stringContaining('has another shop.ts already') });
    expect(readFileSync(path.join(out, 'shop.ts'), 'utf8')).toBe('mine\n');
    rmSync(path.join(out, 'shop.ts'));
    for (const _ of [1, 2]) expect(await eject('kept', 'Shop', '--out', out)).toMatchObject({ code: 0 });
  });

  test('is not proven where a package that it needs cannot be found', async () => {
    const migrations = path.join(root, 'examples/aws/reporting-db/migrations');
    synthesized('unproven', (stack) => {
      const vpc = new Vpc(stack, 'Network', { restrictDefaultSecurityGroup: false });
      new PooledDatabase(stack, 'Db', { vpc, engine: 'postgres', migrations });
    });
    const out = mkdtempSync(path.join(tmpdir(), 'lintel-eject-'));
    const { code, notes } = await eject('unproven', 'Shop/Db', '--out', out);
    rmSync(out, { recursive: true });
    expect(code).toBe(2);
    expect(notes).toContain('it needs npm install mysql2 pg');
    expect(notes).toMatch(/the code could not be run, so nothing shows .* Could not resolve "(pg|mysql2)/);
  });

  test('is said last where it goes unnoticed: what is made once per logical id', async () => {
    const { notes } = await eject('webhookreceiver', 'Shop/Payments', '--out', path.join(folder, 'last'));
    expect(notes.trimEnd().split('\n').at(-1)).toMatch(
      /^Shop\/Payments\/Api\/Deployment is created once per logical id: your changes are NOT in effect until/,
    );
  });
});

test('says what of this package a function runs, where only the text is asked for', async () => {
  const { code, notes } = await lintel('eject', 'Shop/Payments', '--app', path.join(folder, 'webhookreceiver'));
  expect(code).toBe(2);
  expect(notes).toContain(
    `Shop/Payments/Worker/Handler: runs webhook/verified-worker of this package, which '--out' copies`,
  );
});

test('writes what a function runs of this package beside the class', () => {
  expect(readdirSync(path.join(folder, 'ejected/webhookreceiver/handlers'))).toEqual(['webhook-verified-worker.js']);
  expect(readFileSync(written.get('WebhookReceiver')!, 'utf8')).toContain("alias: { 'lintel:handler': resolve(");
});
