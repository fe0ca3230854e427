import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { App, Duration, Size, Stack } from 'aws-cdk-lib';
import * as lambda from 'aws-cdk-lib/aws-lambda';
import { EntityTable, EventHub, ServiceFunction } from 'lintel/aws';
import { main } from '../../lib/cli/main';
import { compilerErrors } from '../compiler';

let folder: string;
let file: string;
beforeAll(async () => {
  folder = mkdtempSync(path.join(tmpdir(), 'lintel-types-'));
  file = path.join(folder, 'lintel.d.ts');
  writeFileSync(path.join(folder, 'paid.json'), JSON.stringify(PAID));
  synthesize();
  expect(await lintel('@cdk.out', '--out', file)).toEqual({ code: 0, notes: `wrote ${file}\n` });
}, 30_000);
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const PAID = {
  type: 'object',
  required: ['orderId', 'how'],
  properties: { orderId: { type: 'string' }, how: { enum: ['card', 'cash'] } },
};
const events = {
  OrderPlaced: {
    type: 'object',
    required: ['id', 'lines'],
    additionalProperties: false,
    properties: {
      id: { type: 'string', description: 'The number */ of the order' },
      total: { $ref: '#/$defs/money' },
      lines: { type: 'array', items: { $ref: '#/$defs/line' } },
      note: { type: ['string', 'null'] },
      ways: {
        type: 'array',
        items: { anyOf: [{ type: 'object', properties: { a: { const: 'x|y' } } }, { type: 'array' }] },
      },
    },
    $defs: {
      money: { type: 'number' },
      line: {
        type: 'object',
        properties: { of: { type: 'array', items: { $ref: '#/$defs/line' } }, sku: { type: 'string' } },
      },
    },
  },
} as const;

function synthesize(): void {
  const app = new App({ outdir: path.join(folder, 'cdk.out'), builtinCloudFormationValidation: false });
  const stack = new Stack(app, 'Shop');
  const code = lambda.Code.fromInline('exports.handler = async () => {}');
  const orders = new EntityTable(stack, 'Orders', { partitionKey: 'id' });
  const hub = new EventHub(stack, 'Hub', {
    archive: Duration.days(1),
    events: { ...events, 'Order paid': path.join(folder, 'paid.json') },
  });
  const plain = new EventHub(stack, 'Plain', { maxEntrySize: Size.kibibytes(512) });
  const place = hub.publish({ source: 'shop.orders', types: ['OrderPlaced'] });
  const pay = hub.publish({ source: 'shop.payments', types: ['Order paid'] });
  new ServiceFunction(stack, 'Place', { code, access: { ORDERS: orders.write(), HUB: place.and(pay) } });
  new ServiceFunction(stack, 'Tell', { code, access: { PLAIN: plain.publish({ source: 'x', types: ['Told'] }) } });
  hub.subscribe('Bill', { types: ['Order paid'], handler: { code }, buffer: 'none', replays: 'skip' });
  plain.subscribe('Log', { types: ['Heard'], handler: { code } });
  new lambda.Function(stack, 'Python', {
    code,
    runtime: lambda.Runtime.PYTHON_3_13,
    handler: 'a.b',
    environment: { OTHER: 'x' },
  });
  app.synth();
}

async function lintel(...argv: string[]): Promise<{ code: number; notes: string }> {
  let notes = '';
  const io = { out: () => undefined, note: (text: string) => (notes += `${text}\n`), colour: false, columns: 80 };
  const code = await main(['types', ...argv.map((one) => one.replace('@', `${folder}/`))], io);
  return { code, notes };
}

test('writes the variables of handlers with who has them, and what events hold by their schemas', () => {
  expect(readFileSync(file, 'utf8')).toMatchInlineSnapshot(`
   "// Written by 'lintel types' from the synthesized app. Write it again when the app changes.

   declare namespace Lintel {
     /** Variables of the handlers; a handler has those that list it. */
     interface Variables {
       /** Shop/Place */
       HUB: string;
       /** Shop/Place */
       ORDERS: string;
       /** Shop/Tell */
       PLAIN: string;
     }
     /** The data of events by type. */
     interface Events {
       Heard: unknown;
       "Order paid": ShopHub.OrderPaid;
       OrderPlaced: ShopHub.OrderPlaced;
       Told: unknown;
     }
     /** What may be published, by the name in 'access', the source and the type. */
     interface Publishers {
       HUB: {
         "shop.orders": { OrderPlaced: ShopHub.OrderPlaced };
         "shop.payments": { "Order paid": ShopHub.OrderPaid };
       };
       PLAIN: {
         x: { Told: unknown };
       };
     }
     /** Shop/Hub */
     namespace ShopHub {
       type OrderPaid = {
         readonly orderId: string;
         readonly how: "card" | "cash";
       };
       type OrderPlaced = {
         /** The number *\\/ of the order */
         readonly id: string;
         readonly total?: Money;
         readonly lines: readonly Line[];
         readonly note?: string | null;
         readonly ways?: readonly ({
               readonly a?: "x|y";
             } | (readonly unknown[]))[];
       };
       type Money = number;
       type Line = {
         readonly of?: readonly Line[];
         readonly sku?: string;
       };
     }
   }

   declare namespace NodeJS {
     interface ProcessEnv extends Lintel.Variables {}
   }
   "
  `);
});

/** What the compiler says of handlers beside the declaration, by the line that it concerns. */
function errors(lines: readonly string[]): readonly (string | undefined)[] {
  const source = path.join(folder, 'handler.ts');
  writeFileSync(source, lines.join('\n'));
  const found = compilerErrors([source, file], { noUnusedLocals: false });
  return lines.map((_, index) => found.find((one) => one.file !== source || one.line === index)?.message);
}

test('what the app has compiles, and what is misspelt or of another type does not', () => {
  const right = [
    "import { env, publisher, subscriber } from 'lintel/runtime';",
    'export const table: string = process.env.ORDERS;',
    "export const region: string = env('ORDERS') + env('AWS_REGION');",
    "const orders = publisher('HUB', { source: 'shop.orders' });",
    "export const a = () => orders.publish({ type: 'OrderPlaced', data: { id: '1', lines: [{ of: [{ sku: 'x' }] }], note: null } });",
    "export const b = () => publisher('HUB', { source: 'shop.payments' }).publish([{ type: 'Order paid', data: { orderId: '1', how: 'cash' } }]);",
    "export const c = () => publisher('PLAIN', { source: 'x' }).publish({ type: 'Told', data: 12 });",
    "export const d = subscriber({ on: { 'Order paid': ({ orderId, how }) => { const all: [string, 'card' | 'cash'] = [orderId, how]; return all; } } });",
    'export const e = subscriber({ on: { OrderPlaced: ({ total }) => total?.toFixed(2), Heard: (data: unknown) => data } });',
    "export const f = () => publisher<{ Mine: number }>('ANY', { source: 'any' }).publish({ type: 'Mine', data: 1 });",
    'export const g = subscriber<{ Mine: number }>({ on: { Mine: (data) => data.toFixed() } });',
  ];
  const wrong: [string, RegExp][] = [
    ['export const n: string = process.env.ORDRES;', /'undefined' is not assignable to type 'string'/],
    ["export const o = env('ORDRES');", /'"ORDRES"' is not assignable/],
    [
      "export const p = publisher('HBU', { source: 'shop.orders' });",
      /'"HBU"' is not assignable to parameter of type '"HUB" \| "PLAIN"'/,
    ],
    [
      "export const q = publisher('HUB', { source: 'shop.order' });",
      /'"shop.order"' is not assignable to type '"shop.orders" \| "shop.payments"'/,
    ],
    [
      "export const r = () => orders.publish({ type: 'OrderPlacd', data: { id: '1', lines: [] } });",
      /'"OrderPlacd"' is not assignable/,
    ],
    [
      "export const s = () => orders.publish({ type: 'Order paid', data: { orderId: '1', how: 'cash' } });",
      /"Order paid"' is not assignable/,
    ],
    [
      "export const t = () => orders.publish({ type: 'OrderPlaced', data: { id: 1, lines: [] } });",
      /'number' is not assignable to type 'string'/,
    ],
    [
      "export const u = () => orders.publish({ type: 'OrderPlaced', data: { id: '1', lines: [], totl: 3 } });",
      /'totl' does not exist/,
    ],
    ['export const v = subscriber({ on: { OrderPlacd: () => 1 } });', /'OrderPlacd' does not exist/],
    [
      'export const w = subscriber({ on: { OrderPlaced: ({ total }) => total.toFixed(2) } });',
      /'total' is possibly 'undefined'/,
    ],
  ];
  const found = errors([...right, ...wrong.map(([line]) => line)]);
  expect(found.slice(0, right.length)).toEqual(right.map(() => undefined));
  expect(found.slice(right.length)).toEqual(wrong.map(([, message]) => expect.stringMatching(message)));
}, 60_000);

test('tells whether the file is what the app says, and writes nothing then', async () => {
  expect((await lintel('@cdk.out', '--check', '--out', file)).code).toBe(0);
  const other = path.join(folder, 'other.d.ts');
  writeFileSync(other, '// old\n');
  const { code, notes } = await lintel('@cdk.out', '--check', '--out', other);
  expect([code, notes]).toEqual([1, `${other} is out of date; run 'lintel types' and commit it\n`]);
  expect(readFileSync(other, 'utf8')).toBe('// old\n');
});

test('writes nothing where something was not read, unless that is allowed', async () => {
  mkdirSync(path.join(folder, 'sam'));
  const template = {
    Transform: 'AWS::Serverless-2016-10-31',
    Parameters: { Debug: { Type: 'String' } },
    Conditions: { IsDebug: { 'Fn::Equals': [{ Ref: 'Debug' }, 'yes'] } },
    Globals: { Function: { Runtime: 'nodejs22.x', Environment: { Variables: { STAGE: 'live' } } } },
    Resources: {
      Place: {
        Type: 'AWS::Serverless::Function',
        Properties: {
          Handler: 'a.b',
          InlineCode: 'x',
          Environment: { Variables: { LEVEL: { 'Fn::If': ['IsDebug', 'debug', { Ref: 'AWS::NoValue' }] } } },
        },
      },
      Inner: { Type: 'AWS::CloudFormation::Stack', Properties: { TemplateURL: 'gone.yaml' } },
    },
  };
  const [place, out] = [path.join(folder, 'sam/template.json'), path.join(folder, 'sam.d.ts')];
  writeFileSync(place, JSON.stringify(template));
  const refused = await lintel(place, '--out', out);
  expect([refused.code, refused.notes]).toEqual([2, expect.stringContaining('Inner')]);
  expect(() => readFileSync(out)).toThrow('ENOENT');
  expect((await lintel(place, '--out', out, '--allow-unread')).code).toBe(0);
  expect(readFileSync(out, 'utf8')).toMatch(/LEVEL\?: string;\n[^]*STAGE: string;/);
});

test.each([
  [['@gone'], 'does not exist'],
  [[], 'name one path: PATH'],
  [['@cdk.out', '--out', '/no/such/folder/lintel.d.ts'], 'is in a folder that does not exist'],
])('refuses %j with 2', async (argv, message) => {
  const { code, notes } = await lintel(...argv);
  expect([code, notes]).toEqual([2, expect.stringContaining(message)]);
});
