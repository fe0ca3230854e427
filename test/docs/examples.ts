import { readFileSync, readdirSync } from 'node:fs';
import path from 'node:path';
import { root, type Snippet, split } from './snippets';

/** Where examples in doc comments are, and the entry points whose names stand in them, the nearest one first. */
const CLOUDS = {
  aws: [
    ['lib/runtime', ['runtime']],
    ['lib/aws', ['aws']],
    ['patterns/aws', ['aws']],
    ['lib/access', ['access', 'rules']],
    ['lib/rules', ['rules']],
    ['lib/core', ['access', 'rules']],
    ['lib/testing', ['testing']],
  ],
  edge: [
    ['lib/runtime/edge', ['runtime/edge']],
    ['lib/testing/edge', ['testing', 'edge']],
    ['lib/pulumi', ['pulumi', 'edge', 'aws']],
    ['lib/edge', ['edge']],
    ['patterns/edge', ['edge']],
  ],
} as const;

/** What a reader knows without being told: declared for an example that says the name and does not make it. */
const KNOWN: Readonly<Record<string, string>> = {
  orders: "declare const orders: import('lintel/aws').EntityTable;",
  jobs: "declare const jobs: import('lintel/aws').WorkQueue;",
  worker: "declare const worker: import('lintel/aws').ServiceFunction;",
  handler: "declare const handler: import('lintel/aws').ServiceFunction;",
  reports: "declare const reports: import('lintel/aws').ServiceFunction;",
  hub: "declare const hub: import('lintel/aws').EventHub;",
  table: "declare const table: import('aws-cdk-lib').aws_dynamodb.ITable;",
  queue: "declare const queue: import('aws-cdk-lib').aws_sqs.IQueue;",
  topic: "declare const topic: import('aws-cdk-lib').aws_sns.ITopic;",
  vpc: "declare const vpc: import('aws-cdk-lib').aws_ec2.IVpc;",
  secret: "declare const secret: import('aws-cdk-lib').aws_secretsmanager.ISecret;",
  app: "declare const app: import('aws-cdk-lib').App;",
  stack: "declare const stack: import('aws-cdk-lib').Stack;",
  config: "declare const config: import('@pulumi/pulumi').Config;",
  password: "declare const password: import('@pulumi/pulumi').Output<string>;",
  tunnel: "declare const tunnel: { readonly id: import('@pulumi/pulumi').Output<string> };",
  zoneId: "declare const zoneId: import('@pulumi/pulumi').Output<string>;",
  authorizer: 'declare const authorizer: { readonly issuer: string; readonly audience: string[] };',
  program: 'declare const program: () => void;',
  run: "declare const run: import('lintel/testing').LocalRun;",
  model: "declare const model: import('lintel/rules').Model;",
  // Documented, and no part of an entry point.
  Names: "import { Names } from '../../lib/core/model/names';",
};

/** What the handlers of a team are about. */
const TEAM: Readonly<Record<string, string>> = {
  Order: 'interface Order { readonly lines: readonly string[] }',
  order: 'declare const order: { readonly id: string; readonly lines: readonly string[] };',
  Events: 'interface Events { OrderPlaced: { readonly id: string } }',
  OrderEvent:
    "type OrderEvent = { type: 'OrderPlaced'; data: { lines: readonly string[] } } | { type: 'OrderPaid'; data: object };",
  OrderView: 'interface OrderView { lines: readonly string[]; paid: boolean }',
  OrderCommand: 'interface OrderCommand { readonly id: string; readonly type: string }',
  orderId: 'declare const orderId: string;',
  requestId: 'declare const requestId: string;',
  reducer: 'declare const reducer: (state: Order) => Order;',
  decide: 'declare const decide: () => readonly OrderEvent[];',
  ship: 'declare const ship: (order: { readonly id: string }, database?: object) => Promise<void>;',
  versionOf: 'declare const versionOf: (aggregate: string) => Promise<number>;',
  inOneTransaction: 'declare const inOneTransaction: () => Promise<boolean>;',
  secret: 'declare const secret: string;',
};

/** What a Worker has. */
const WORKER: Readonly<Record<string, string>> = {
  Env: 'interface Env { readonly DB: object }',
  env: "declare const env: { readonly DB: import('@cloudflare/workers-types').D1Database; readonly HUB: Parameters<typeof import('lintel/runtime/edge').publisher>[0] };",
  request: 'declare const request: Request;',
};

/** Every `@example` of a doc comment, as a program that imports what it names. */
export function examples(cloud: keyof typeof CLOUDS): readonly Snippet[] {
  const folders = CLOUDS[cloud];
  const others = Object.values(CLOUDS)
    .flat()
    .map(([folder]) => folder);
  return folders.flatMap(([folder, entries]) =>
    readdirSync(path.join(root, folder), { recursive: true, encoding: 'utf8' })
      .map((file) => path.join(folder, file))
      // A folder within another has names of its own.
      .filter((file) => file.endsWith('.ts') && !/\/workers\//.test(file))
      .filter((file) => !others.some((other) => other.startsWith(`${folder}/`) && file.startsWith(`${other}/`)))
      .flatMap(inFile)
      .map(({ place, code }) => ({ place, code: program(code, entries, sceneOf(folder)) })),
  );
}

function inFile(file: string): Snippet[] {
  const text = readFileSync(path.join(root, file), 'utf8');
  return [
    ...text.matchAll(/@example\b(.*(?:\n[ \t]*\*(?!\/)(?![ \t]*@(?:example|see|param|throws|default)\b).*)*)/g),
  ].map((match) => ({
    place: `${file}:${text.slice(0, match.index).split('\n').length}`,
    code: match[1]!.replace(/\n[ \t]*\* ?/g, '\n').trim(),
  }));
}

function sceneOf(folder: string): Readonly<Record<string, string>> {
  if (folder === 'lib/core') return { ...KNOWN, table: "declare const table: import('lintel/rules').Resource;" };
  if (!folder.startsWith('lib/runtime')) return KNOWN;
  return folder.endsWith('/edge') ? { ...TEAM, ...WORKER } : TEAM;
}

function program(code: string, entries: readonly string[], scene: Readonly<Record<string, string>>): string {
  const { imports, body } = split(`${code}\n`);
  const has = (name: string) => new RegExp(`(?<![.\\w'-])${name}\\b(?!:)`).test(body);
  const made = (name: string) => new RegExp(`\\b(?:const|let|function) \\{?[^=;]*\\b${name}\\b`).test(body);
  const free = (name: string) => has(name) && !made(name) && !new RegExp(`\\b${name}\\b`).test(imports);
  const imported = new Set<string>();
  const lines = [...entries.map((entry) => `lintel/${entry}`), 'aws-cdk-lib', '@aws-sdk/client-dynamodb'].flatMap(
    (module) => {
      const names = namesOf(module).filter((name) => free(name) && !imported.has(name));
      names.forEach((name) => imported.add(name));
      return names.length > 0 ? [`import { ${names.join(', ')} } from '${module}';`] : [];
    },
  );
  const own = known(scene, (name) => free(name) && !imported.has(name));
  // A part of an object, or of a list of arguments.
  const whole = /^\w+: /.test(body) ? `({ ${body.trim()} });` : body.startsWith('{') ? `(${body.trim()});` : body;
  const top = /^(?:export|declare module) /m.test(whole);
  const statements = top ? whole : `export async function example(this: import('aws-cdk-lib').Stack) {\n${whole}\n}`;
  return [imports.trimEnd() || "import 'node:path';", ...lines, ...own, statements].join('\n');
}

/** The lines of a scene for some names, and for the names that stand in those lines. */
function known(scene: Readonly<Record<string, string>>, wanted: (name: string) => boolean): readonly string[] {
  const lines = new Map(Object.entries(scene).filter(([name]) => wanted(name)));
  for (const line of lines.values())
    for (const [name, more] of Object.entries(scene))
      if (/^[A-Z]/.test(name) && new RegExp(`\\b${name}\\b`).test(line)) lines.set(name, more);
  return [...lines.values()];
}

const names = new Map<string, readonly string[]>();

function namesOf(module: string): readonly string[] {
  if (module === 'aws-cdk-lib') return ['Duration', 'CfnOutput'];
  if (module === '@aws-sdk/client-dynamodb') return ['DynamoDBClient'];
  const index = { aws: 'patterns/aws', edge: 'patterns/edge' }[module.slice('lintel/'.length)];
  const folder = index ?? module.replace('lintel/', 'lib/');
  const found =
    names.get(module) ??
    [...readFileSync(path.join(root, folder, 'index.ts'), 'utf8').matchAll(/\{([^}]*)\}/g)].flatMap(([, all]) =>
      all!.split(',').flatMap(
        (name) =>
          name
            .trim()
            .replace(/^type /, '')
            .split(' as ')
            .at(-1) || [],
      ),
    );
  names.set(module, found);
  return found;
}
