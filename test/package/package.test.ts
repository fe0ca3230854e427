import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { linksOf } from '../docs/links';
import { describeRunners } from './runners';
import { describeStarter } from './starter';
import { compiledBy5, type Installed, install, root, tsc } from './installed';
import { projectOf } from './types';

/** What a stranger does: installs the packed package into a CDK app of their own, outside this repository. */
let installed: Installed;
let app: string;
/** What TypeScript 5 says of the app and the starter, and of a program that has Pulumi, which takes no newer one. */
let [inApp, withPulumi]: (string | undefined)[] = [];

const run = (command: string, args: readonly string[], cwd = app) => installed.run(command, args, cwd);
const esbuild = path.join(root, 'node_modules/.bin/esbuild');
const node = (code: string) => run(process.execPath, ['-e', code]).trim();

beforeAll(() => {
  installed = install();
  ({ app } = installed);
  const pulumi = projectOf(installed, ['lintel/edge'], ['@pulumi/pulumi', '@pulumi/cloudflare']);
  const projects = [app, pulumi].map((folder) => path.join(folder, 'tsconfig.json'));
  const errors = compiledBy5(installed, projects);
  [inApp, withPulumi] = projects.map((project) => errors[project]);
}, 480_000);

afterAll(() => installed.remove());

test('TypeScript 5 compiles a strict CDK app, and the app of npm create lintel', () => {
  expect(inApp).toBe('');
});

test('TypeScript 5 compiles lintel/edge with the packages of Pulumi', () => {
  expect(withPulumi).toBe('');
});

test('TypeScript 7 compiles entry points that need no packages', () => {
  const entries = ['lintel/testing', 'lintel/access', 'lintel/runtime', 'lintel/runtime/edge'];
  run(process.execPath, [tsc, '-p', 'tsconfig.json'], projectOf(installed, entries));
}, 180_000);

test('synthesizes there, with the built-in validation on', () => {
  // Otherwise V8 compiles the nine megabytes of the validator twice.
  run(process.execPath, ['--liftoff-only', 'out/app.js']);
  const template = JSON.parse(readFileSync(path.join(app, 'cdk.out/Fresh.template.json'), 'utf8'));
  const types = Object.values<{ Type: string }>(template.Resources).map(({ Type }) => Type);
  expect(types).toEqual(
    expect.arrayContaining(['AWS::ApiGatewayV2::Api', 'AWS::Lambda::Function', 'AWS::DynamoDB::GlobalTable']),
  );
}, 180_000);

test('loads each class when it is first used, and no other provider', () => {
  const loaded = JSON.parse(
    node(`const lintel = require('lintel/aws');
      const before = Object.keys(require.cache).filter((file) => file.includes('lintel')).length;
      lintel.EntityTable;
      const after = Object.keys(require.cache);
      console.log(JSON.stringify({ before, pulumi: after.filter((file) => file.includes('pulumi')), table: after.some((file) => file.endsWith('entity-table.js')) }))`),
  );
  expect(loaded).toEqual({ before: 1, pulumi: [], table: true });
});

test('loads the parts of a class when they are first used, and all at once in functions', () => {
  const loaded = node(`const { ServerlessApi, EntityTable } = require('lintel/aws');
    console.log(Object.keys(require.cache).filter((file) => file.includes('lintel/dist/')).length)`);
  expect(Number(loaded)).toBeLessThan(20);
  const keeper = readFileSync(path.join(app, 'node_modules/lintel/dist/lib/aws/saga/keeper.js'), 'utf8');
  expect(keeper).not.toContain('deferred(');
});

test('names all packages that a part lacks, and the one command that installs them', () => {
  const message = node("try { require('lintel/edge').EdgeApi } catch (error) { console.log(error.message) }");
  expect(message).toMatch(
    /^lintel\/edge needs packages that are not installed: @pulumi\/cloudflare, @pulumi\/pulumi; run npm install @pulumi\/cloudflare@\^\S+ @pulumi\/pulumi@\^\S+$/,
  );
});

test('gives ES modules every name', () => {
  const names = run(process.execPath, [
    '--input-type=module',
    '-e',
    "import { ServerlessApi, EntityTable } from 'lintel/aws'; import { evaluate } from 'lintel/access'; console.log(ServerlessApi.name, EntityTable.name, typeof evaluate)",
  ]);
  expect(names.trim()).toBe('ServerlessApi EntityTable function');
});

test('brings the command', () => {
  const lintel = path.join(app, 'node_modules/.bin/lintel');
  expect(run(lintel, ['--help'])).toContain('lintel check');
  // The starter's check has CloudFormation's own validator.
  expect(() => run(lintel, ['check', 'cdk.out', '--no-validate'])).not.toThrow();
});

test('brings what handlers import, which bundles there with the keeper of a saga', () => {
  for (const entry of [
    'node_modules/lintel/dist/lib/runtime/index.js',
    'node_modules/lintel/dist/lib/aws/saga/keeper.js',
  ]) {
    const bundle = run(esbuild, [entry, '--bundle', '--platform=node', '--external:@aws-sdk/*']);
    expect(bundle).toContain('@aws-sdk/client-sfn');
  }
});

test('brings what runs and keeps a saga on a durable function, which bundles there', () => {
  for (const name of ['orchestrator', 'part-worker', 'keeper']) {
    const entry = `node_modules/lintel/dist/lib/aws/saga/durable/${name}.js`;
    const bundle = run(esbuild, [entry, '--bundle', '--platform=node', '--external:@aws-sdk/*']);
    expect(bundle).toContain('@aws-sdk/client-lambda');
  }
});

test('says there that a handler that is wrapped exports nothing that Lambda calls', () => {
  writeFileSync(path.join(app, 'main.ts'), 'export const main = () => 1;');
  const message = node(`const { App, Stack, aws_secretsmanager } = require('aws-cdk-lib');
    const { WebhookReceiver } = require('lintel/aws');
    const stack = new Stack(new App(), 'Shop');
    const signature = { preset: 'stripe', secret: new aws_secretsmanager.Secret(stack, 'Secret') };
    try { new WebhookReceiver(stack, 'W', { handler: 'main.ts', signature }) } catch (error) { console.log(error.message) }`);
  expect(message).toContain("'handler.entry' must export 'handler', which Lambda calls, got 'main.ts'; export it");
});

test('a handler brings what it imports of lintel/runtime, and nothing of the rest', () => {
  writeFileSync(path.join(app, 'handler.ts'), "export { EventStore, projection } from 'lintel/runtime';");
  const options = ['--bundle', '--minify', '--platform=node', '--external:@aws-sdk/*'];
  const bundle = run(esbuild, ['handler.ts', ...options]);
  expect(bundle.length).toBeLessThan(30_000);
  expect(bundle).toContain('@aws-sdk/client-dynamodb');
  expect(bundle).not.toContain('@aws-sdk/client-sfn');
});

test('ships the Workers of the edge, which bundle there', () => {
  for (const worker of ['gateway/index', 'site/index', 'hub/publish', 'hub/route', 'hub/post', 'hub/receive']) {
    const entry = `node_modules/lintel/dist/lib/edge/workers/${worker}.ts`;
    const options = ['--bundle', '--format=esm', '--external:node:*'];
    expect(run(esbuild, [entry, ...options])).toContain('export {');
  }
});

describe('its files', () => {
  let files: readonly string[];
  beforeAll(() => {
    files = run('tar', ['-tzf', installed.tarball]).split('\n').filter(Boolean);
  });

  test('are what users need and nothing else', () => {
    const needed = /^package\/((dist|docs|decisions|examples)\/|(package\.json|LICENSE|[A-Z]+\.md)$)/;
    const made = /\/(node_modules|cdk\.out|\.lintel|\.env)(\/|$)/;
    expect(files.filter((file) => !needed.test(file) || made.test(file))).toEqual([]);
  });

  test('are where its pages say', () => {
    const pages = files.filter((file) => file.endsWith('.md'));
    expect(pages.length).toBeGreaterThan(20);
    const folder = path.join(app, 'node_modules/lintel');
    const dead = pages.flatMap((file) => {
      const page = path.join(folder, file.slice('package/'.length));
      return linksOf(page)
        .filter((link) => !existsSync(path.join(path.dirname(page), link)))
        .map((link) => `${file}: ${link}`);
    });
    expect(dead).toEqual([]);
  });
});

test('satisfies publint and are-the-types-wrong', () => {
  run(path.join(root, 'node_modules/.bin/publint'), ['run', installed.tarball, '--strict'], root);
  // vitest is imported as an ES module alone, and so is what is for it.
  const options = ['--profile', 'node16', '--exclude-entrypoints', 'testing/vitest'];
  const preload = ['--import', pathToFileURL(path.join(__dirname, 'attw-folders.mjs')).href];
  const attw = path.join(root, 'node_modules/@arethetypeswrong/cli/dist/index.js');
  run(process.execPath, [...preload, attw, installed.tarball, ...options], root);
}, 180_000);

describe('npm create lintel', () => describeStarter(() => installed));

describe('other test runners', () => describeRunners(() => installed));
