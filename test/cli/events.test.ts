import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { App, Stack, Stage } from 'aws-cdk-lib';
import * as lambda from 'aws-cdk-lib/aws-lambda';
import { EventHub, type JsonSchema } from 'lintel/aws';
import { main } from '../../lib/cli/main';

let directory: string;
beforeAll(() => {
  directory = mkdtempSync(path.join(tmpdir(), 'lintel-events-'));
  synthesize('base', {});
  synthesize('head', { total: { type: 'number', maximum: 100 }, note: { type: 'string' } });
  synthesize('more', { total: { type: 'number' }, note: { type: 'string' } });
  synthesize('odd', { total: { type: 'number', not: { const: 0 } } });
  const none = new App({ outdir: path.join(directory, 'none'), builtinCloudFormationValidation: false });
  new Stack(none, 'Shop');
  none.synth();
  mkdirSync(path.join(directory, 'empty'));
});
afterAll(() => rmSync(directory, { recursive: true, force: true }));

const ORDER: JsonSchema = { type: 'object', required: ['id'], properties: { id: { type: 'string' } } };

/** A hub in a stage, with an order of these fields besides. */
function synthesize(name: string, fields: Readonly<Record<string, JsonSchema>>): void {
  const app = new App({ outdir: path.join(directory, name), builtinCloudFormationValidation: false });
  const stack = new Stack(new Stage(app, 'Live'), 'Shop');
  const total: JsonSchema = { type: 'number' };
  const order = { ...ORDER, properties: { ...(ORDER.properties as object), total, ...fields } };
  const hub = new EventHub(stack, 'Hub', { events: { OrderPlaced: order, 'Order paid/2': { type: 'object' } } });
  hub.publish({ source: 'shop.orders', types: ['Order paid/2'] });
  const code = lambda.Code.fromInline('exports.handler = async () => {}');
  hub.subscribe('Billing', { types: ['OrderPlaced'], handler: { code } });
  app.synth();
}

async function lintel(...argv: string[]): Promise<{ code: number; out: string; notes: string }> {
  let [out, notes] = ['', ''];
  const io = {
    out: (text: string) => (out += text),
    note: (text: string) => (notes += text),
    colour: false,
    columns: 80,
  };
  const code = await main(['events', ...argv.map((one) => one.replace('@', `${directory}/`))], io);
  return { code, out, notes };
}

function document(name: string, content: object | string): string {
  writeFileSync(path.join(directory, name), typeof content === 'string' ? content : JSON.stringify(content));
  return `@${name}`;
}

test('finds the schemas of a hub in its assembly, and ends with 1 where a field is narrower', async () => {
  const { code, out, notes } = await lintel('@base', '@head');
  expect([code, notes]).toEqual([1, '']);
  expect(out).toBe(`Live/Shop/Hub
  taken away
    OrderPlaced.data.total has a narrower maximum: 100
`);
});

test('ends with 0 where something is new', async () => {
  expect(await lintel('@base', '@more')).toEqual({
    code: 0,
    out: 'Live/Shop/Hub\n  nothing is taken away\n',
    notes: '',
  });
});

test('ends with 2 for what nobody can judge, unless that is allowed', async () => {
  const { code, out } = await lintel('@base', '@odd');
  expect([code, out]).toEqual([
    2,
    `Live/Shop/Hub\n  not judged\n    OrderPlaced.data.total has another 'not', whose effect cannot be judged\n`,
  ]);
  expect((await lintel('@base', '@odd', '--allow-unknown')).code).toBe(0);
});

test('a hub whose schemas are gone has lost every type, and one that has some now nothing', async () => {
  const gone = await lintel('@base', '@none');
  expect([gone.code, gone.out]).toEqual([1, expect.stringContaining('Order paid/2 is no longer there')]);
  const { code, out } = await lintel('@none', '@base');
  expect([code, out]).toEqual([0, expect.stringContaining('  new\n    Order paid/2\n    OrderPlaced\n')]);
});

test('says it as JSON and as Markdown', async () => {
  const { hubs } = JSON.parse((await lintel('@base', '@head', '--json')).out) as { hubs: object[] };
  expect(hubs).toEqual([
    {
      hub: 'Live/Shop/Hub',
      breaking: ['OrderPlaced.data.total has a narrower maximum: 100'],
      unknown: [],
      added: [],
    },
  ]);
  expect((await lintel('@base', '@head', '--markdown')).out).toContain(
    '### `Live/Shop/Hub`\n\n**taken away**\n\n- `OrderPlaced.data.total has a narrower maximum: 100`\n',
  );
});

test('reads documents of others, whose messages stand in channels, in YAML, under any title', async () => {
  const old = document(
    'old.yaml',
    'asyncapi: 3.0.0\ninfo: { title: Old, version: "1" }\nchannels:\n  a:\n    messages:\n      Sent:\n        payload: { type: object, properties: { a: { $ref: "#/components/schemas/A" } } }\ncomponents: { schemas: { A: { type: string } } }\n',
  );
  const now = document('now.json', {
    asyncapi: '3.1.0',
    info: { title: 'New', version: '2' },
    components: {
      messages: {
        Sent: { payload: { schemaFormat: 'application/schema+json;version=draft-07', schema: { type: 'object' } } },
      },
    },
  });
  const { code, out } = await lintel(old, now);
  expect([code, out]).toEqual([1, 'Old\n  taken away\n    Sent.a is no longer there\n']);
});

test.each<[string, () => string, string]>([
  ['a path that is not there', () => '@gone', '/gone is not there; name a document of AsyncAPI'],
  ['a folder without any document', () => '@empty', '/empty contains no *.asyncapi.json'],
  ['AsyncAPI 2', () => document('two.json', { asyncapi: '2.6.0' }), 'is not AsyncAPI 3, but 2.6.0'],
  ['what is no JSON', () => document('broken.json', '{'), 'cannot be read'],
])('refuses %s with 2', async (_, make, message) => {
  const { code, notes, out } = await lintel(make(), '@base');
  expect([code, out, notes]).toEqual([2, '', expect.stringContaining(message)]);
});

test('a message in another language than JSON Schema is not judged', async () => {
  const avro = (fields: object[]) => ({
    asyncapi: '3.0.0',
    info: { title: 'A', version: '1' },
    components: {
      messages: {
        Sent: {
          payload: { schemaFormat: 'application/vnd.apache.avro;version=1.9.0', schema: { type: 'record', fields } },
        },
      },
    },
  });
  const [one, other] = [document('one.json', avro([])), document('other.json', avro([{ name: 'a' }]))];
  expect((await lintel(one, other)).code).toBe(2);
  expect((await lintel(one, one)).code).toBe(0);
});

test('refuses one path, and says how it is called', async () => {
  const { code, notes } = await lintel('@base');
  expect([code, notes]).toEqual([2, expect.stringContaining('give two paths to compare: BASE and HEAD')]);
});
