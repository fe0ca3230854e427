import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { App, Stack } from 'aws-cdk-lib';
import { Code, LayerVersion, Runtime } from 'aws-cdk-lib/aws-lambda';
import type { LocalRun } from 'lintel/testing';
import { resolver } from '../../../../../lib/testing/local/lambda/node/module-places';
import { modulesAbove } from '../../../../../lib/testing/local/lambda/task-files';
import { fromHandlers, running, stopRuns } from '../../support';

const project = mkdtempSync(path.join(tmpdir(), 'lintel-test-'));

function write(file: string, content: string): void {
  mkdirSync(path.dirname(path.join(project, file)), { recursive: true });
  writeFileSync(path.join(project, file), content);
}

/** A package that says where it is from, whatever loads it. */
function writePackage(modules: string, name: string, from: string): void {
  write(`${modules}/${name}/package.json`, JSON.stringify({ name, version: from, main: 'index.js' }));
  write(`${modules}/${name}/index.js`, `exports.from = '${from}';`);
}

const FOREIGN = 'arn:aws:lambda:eu-west-1:017000801446:layer:Powertools:1';

let run: LocalRun;
beforeAll(async () => {
  write('package.json', '{ "type": "module" }');
  writePackage('node_modules', 'mine', 'project');
  writePackage('first/nodejs/node_modules', 'plain', 'first');
  writePackage('first/nodejs/node_modules', 'both', 'plain');
  writePackage('first/nodejs/node22/node_modules', 'both', 'versioned');
  writePackage('second/nodejs/node_modules', 'plain', 'second');
  writePackage('second/nodejs/node_modules', '@aws-sdk/client-sqs', 'layer');
  write('first/nodejs/shared.js', `exports.from = 'required';`);
  write('first/nodejs/preloaded.js', `globalThis.preloaded.push('layer');`);
  write('first/extensions/watcher', '');
  write('first/nodejs/shared.mjs', `export const from = 'imported';`);
  const app = new App({ outdir: path.join(project, 'cdk.out'), builtinCloudFormationValidation: false });
  const stack = new Stack(app, 'Shop');
  const layers = ['first', 'second'].map(
    (name) => new LayerVersion(stack, name, { code: Code.fromAsset(path.join(project, name)) }),
  );
  const handlers = {
    Requires: { handler: 'common.requires', layers },
    Imports: { handler: 'common.imports', layers },
    Version: { handler: 'common.versionOf', layers },
    Path: { handler: 'common.path', layers },
    Module: { handler: 'module.imports', layers },
    Module24: { handler: 'module.imports', layers, runtime: Runtime.NODEJS_24_X },
    Placed: { handler: 'placed.handler', layers },
    Bare: { handler: 'common.versionOf' },
    Unprovided: { handler: 'unprovided.handler', layers },
    Foreign: { handler: 'common.versionOf', layers: [LayerVersion.fromLayerVersionArn(stack, 'Elsewhere', FOREIGN)] },
    Wrapped: { handler: 'common.path', environment: { AWS_LAMBDA_EXEC_WRAPPER: '/opt/wrapper' } },
    Preloaded: {
      handler: 'common.preloaded',
      layers,
      environment: { NODE_OPTIONS: '--require ./preloaded.js -r /opt/nodejs/preloaded.js --import plain', OWN: 'own' },
    },
    Detected: { handler: 'detected.handler' },
    Enabled: { handler: 'common.requires', environment: { NODE_OPTIONS: '--experimental-require-module' } },
  };
  for (const [id, props] of Object.entries(handlers)) fromHandlers(stack, id, 'modules', props);
  run = await running(app);
});
afterAll(async () => {
  await stopRuns();
  rmSync(project, { recursive: true });
});

const BOTH = ['Requires', 'Imports', 'Module', 'Module24'];

describe.each(BOTH)('%s', (fn) => {
  const load = (name: string) => run.invoke(fn, { name });

  test('finds packages of layers: a later layer goes before an earlier one, a folder of the version before all', async () => {
    expect(await load('plain')).toMatchObject({ from: 'second' });
    expect(await load('both')).toMatchObject({ from: fn === 'Module24' ? 'plain' : 'versioned' });
  });

  test('finds the SDK, a version of a layer before ours', async () => {
    expect(await load('@aws-sdk/client-sqs')).toMatchObject({ from: 'layer' });
    expect(await load('@aws-sdk/client-s3')).toHaveProperty('ObjectCannedACL');
  });

  test('finds a module of a layer by its path on Lambda', async () => {
    expect(await load('/opt/nodejs/shared.js')).toMatchObject({ from: 'required' });
    if (fn !== 'Requires') expect(await load('/opt/nodejs/shared.mjs')).toMatchObject({ from: 'imported' });
    await expect(load('/opt/nodejs/missing.js')).rejects.toThrow(/Cannot find module .*missing\.js/);
  });

  test("finds nothing of the project's", async () => {
    await expect(load('mine')).rejects.toThrow(/Cannot find (module|package) 'mine'/);
  });
});

test('requires a module of a layer without an extension, and a package by its folder', async () => {
  expect(await run.invoke('Requires', { name: '/opt/nodejs/shared' })).toEqual({ from: 'required' });
  expect(await run.invoke('Requires', { name: '/opt/nodejs/node_modules/plain' })).toEqual({ from: 'second' });
});

test('where one hook serves require and import, each gets what it takes: a path or a URL', () => {
  const places = { tmp: '/run/tmp', opt: '/run/opt', task: '/run/task', real: [] };
  const resolve = (condition: string) =>
    resolver(places)('/opt/nodejs/shared', { conditions: ['node', condition] }, (specifier: string) => specifier);
  expect(resolve('require')).toBe('/run/opt/nodejs/shared');
  expect(resolve('import')).toBe('file:///run/opt/nodejs/shared');
});

test('an ES module imports one of a layer by its path on Lambda', async () => {
  expect(await run.invoke('Placed')).toBe('imported');
});

test('looks where Lambda says that it looks', async () => {
  const places = await run.invoke<string[]>('Path');
  expect(places.map((place) => place.replace(/^.*\/functions\/\d+\//, ''))).toEqual([
    'opt/nodejs/node22/node_modules',
    'opt/nodejs/node_modules',
    'node_modules',
    'task',
  ]);
});

test('the SDK is of the version that the run says', async () => {
  const version = await run.invoke<string>('Bare', { name: '@aws-sdk/client-s3' });
  expect(run.engines.join()).toContain(`AWS SDK for JavaScript`);
  expect(run.engines.join()).toContain(version);
});

test('a package of the SDK that is not here is named, with the remedy', async () => {
  await expect(run.invoke('Requires', { name: '@aws-sdk/client-not-here' })).rejects.toThrow(
    "Cannot find module '@aws-sdk/client-not-here'; Lambda's runtime provides it: run 'npm i -D @aws-sdk/client-not-here' to have it here too",
  );
});

test('so is one that an ES module imports', async () => {
  await expect(run.invoke('Unprovided')).rejects.toThrow(/'@aws-sdk\/client-not-here'.*run 'npm i -D @aws-sdk/);
});

test('modules that NODE_OPTIONS loads have the folder, the layers and the variables of the function', async () => {
  expect(await run.invoke('Preloaded')).toEqual(['own', 'layer']);
});

test('what layers and wrappers would start on Lambda is listed', () => {
  const reasons = run.unsupported.map(({ resource, reason }) => `${resource}: ${reason}`).join('\n');
  expect(reasons).toContain('Shop/first: its extensions are not started: watcher');
  expect(reasons).toContain(`${FOREIGN}: it is in no template`);
  expect(reasons).toContain("Shop/Wrapped: its wrapper '/opt/wrapper' (AWS_LAMBDA_EXEC_WRAPPER) is not run");
});

test('requiring an ES module is off, as on Lambda, until NODE_OPTIONS says otherwise', async () => {
  await expect(run.invoke('Requires', { name: './module.mjs' })).rejects.toThrow(/require\(\) of ES Module/);
  expect(await run.invoke('Enabled', { name: './module.mjs' })).toEqual({ says: 'from a module' });
});

test('so is detecting the syntax of ES modules', async () => {
  await expect(run.invoke('Detected')).rejects.toMatchObject({ errorType: 'Runtime.UserCodeSyntaxError' });
});

test('packages above a folder are found, so that a run lists them where they lie above those of functions', () => {
  expect(modulesAbove(path.join(project, 'cdk.out', 'asset'))).toContain(path.join(project, 'node_modules'));
  expect(run.unsupported.filter(({ resource }) => resource === 'every function')).toHaveLength(
    modulesAbove(tmpdir() + '/x').length,
  );
});
