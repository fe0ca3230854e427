// What is shown with the real engine. Each scenario ends with an empty cloud.
import assert from 'node:assert/strict';
import { readdirSync } from 'node:fs';
import path from 'node:path';
import { gradual } from './gradual.mjs';
import { previews } from './preview.mjs';
import { Program } from './program.mjs';
import { vectors } from './vectors.mjs';

/**
 * @typedef {import('./program.mjs').Home} Home
 * @typedef {{ url: string, statements: string[], vectorize: import('./vectorize.mjs').Vectorize }} Api
 * @typedef {<T>(what: string, body: () => Promise<T>) => Promise<T>} Show
 * @typedef {(context: { home: Home, api: Api, step: Show }) => Promise<void>} Scenario
 */

const FIXTURES = 'test/pulumi/fixtures/engine';

/** Secrets that must be nowhere in clear, under names that the programs ask for. */
const SECRETS = {
  apiKey: 'clear-text-of-the-api-key',
  key: 'clear-text-of-the-key',
  password: 'clear-text-of-the-password',
  'cloudflare:apiToken': 'clear-text-of-the-token',
};

/** @type {Record<string, Scenario>} */
export const SCENARIOS = {
  'edge components': edge,
  'an index of vectors': vectors,
  'a CDK stack': cdk,
  'stacks of pull requests': previews,
  'gradual deployments': gradual,
  ...Object.fromEntries(examples().map((name) => [`example ${name}`, (context) => example(name, context)])),
};

/** @type {Scenario} */
async function edge({ home, api, step }) {
  const program = new Program(`${FIXTURES}/shop`, `${FIXTURES}/shop`, home, api.url);
  const migrations = () => program.cloud.find('WorkersScript', 'shop-verify-chat')?.hidden;
  await program.init({}, SECRETS);
  await step('a first deployment is previewed and made', async () => {
    assert.deepEqual(new Set((await program.preview()).map(({ op }) => op)), new Set(['create']));
    await program.up();
    assert.deepEqual(migrations()?.migrated, [{ newSqliteClasses: ['ChatRoom'] }]);
    assert.equal(api.statements.filter((sql) => sql.includes('CREATE TABLE orders')).length, 1);
  });
  await stays(program, step);
  await step('new code is uploaded without the migration that is live', async () => {
    program.write('workers/chat.ts', `${chat('ChatRoom')}\n// changed`.replace('{}', '{ changed = true }'));
    await program.up();
    assert.equal(migrations()?.uploads, 2);
    assert.equal(migrations()?.migrated.length, 1);
  });
  await isClean(program, step);
  await step('two more migrations are sent once, in order', async () => {
    const ledger = [
      { tag: 'v1', newSqliteClasses: ['ChatRoom'] },
      { tag: 'v2', renamedClasses: [{ from: 'ChatRoom', to: 'Room' }] },
      { tag: 'v3', newSqliteClasses: ['Lobby'] },
    ];
    program.write('workers/chat.ts', chat('Room', 'Lobby'));
    await program.configure({ className: 'Room', ledger: JSON.stringify(ledger) });
    await program.up();
    assert.equal(migrations()?.migrationTag, 'v3');
    assert.deepEqual(migrations()?.migrated.slice(1), [
      { renamedClasses: [{ from: 'ChatRoom', to: 'Room' }] },
      { newSqliteClasses: ['Lobby'] },
    ]);
  });
  await isClean(program, step);
  await step('an upload that fails is repeated with the migration it carried', async () => {
    program.write('workers/chat.ts', chat('Room', 'Lobby', 'Hall'));
    const ledger = [
      { tag: 'v1', newSqliteClasses: ['ChatRoom'] },
      { tag: 'v2', renamedClasses: [{ from: 'ChatRoom', to: 'Room' }] },
      { tag: 'v3', newSqliteClasses: ['Lobby'] },
      { tag: 'v4', newSqliteClasses: ['Hall'] },
    ];
    await program.configure({ ledger: JSON.stringify(ledger) });
    program.env.LINTEL_CLOUD_REFUSES = 'WorkersScript';
    assert.notEqual((await program.pulumi('up', '--yes', '--skip-preview')).code, 0);
    delete program.env.LINTEL_CLOUD_REFUSES;
    await program.up();
    assert.equal(migrations()?.migrationTag, 'v4');
    assert.equal(migrations()?.migrated.length, 4);
  });
  await isClean(program, step);
  await step('a component that is renamed under an alias keeps its children', async () => {
    const before = program.cloud.all('D1Database');
    await program.configure({ database: 'purchases' });
    assert.deepEqual(await program.preview(), []);
    await program.up();
    assert.deepEqual(program.cloud.all('D1Database'), before);
  });
  await step('a protected database refuses to be replaced', async () => {
    const before = program.cloud.all('D1Database');
    await program.configure({ databaseName: 'another' });
    const { code, out, err } = await program.pulumi('preview');
    assert.notEqual(code, 0, 'the preview passes');
    assert.match(out + err, /marked for protection/);
    assert.notEqual((await program.pulumi('up', '--yes', '--skip-preview')).code, 0);
    assert.deepEqual(program.cloud.all('D1Database'), before);
    await program.must('config', 'rm', 'databaseName');
  });
  await hidesSecrets(program, step);
  await goesAway(program, step);
}

/** @type {Scenario} */
async function cdk({ home, api, step }) {
  const program = new Program(`${FIXTURES}/orders`, `${FIXTURES}/orders`, home, api.url);
  const objects = () => program.cloud.all('BucketObjectv2').map(([, { properties }]) => properties.key);
  const stack = () => program.cloud.all('Stack')[0]?.[1];
  await program.init({}, SECRETS);
  await step('assets are uploaded before the stack that names them', async () => {
    await program.up();
    assert.equal(objects().length, 2); // the handler, which two functions share, and the nested template
    assert.ok(stack()?.properties.templateBody);
  });
  await step('an output of the stack is bound to a Worker', async () => {
    const { url } = await program.outputs();
    assert.match(String(url), /^https:\/\/url-/);
    const gate = program.cloud.find('WorkersScript', 'orders-verify-gate');
    assert.deepEqual(gate?.properties.bindings, [{ name: 'ORIGIN', type: 'plain_text', text: url }]);
    assert.equal((await program.outputs()).dsn, '[secret]');
  });
  await stays(program, step);
  await step('a changed handler is uploaded, the stack updated, and the old handler removed after it', async () => {
    const before = objects();
    program.write('handler/index.js', "exports.handler = async () => 'second';\n");
    await program.up();
    assert.equal(objects().length, before.length);
    assert.equal(stack()?.hidden.updates, 2);
    const order = program.cloud
      .log()
      .filter(({ kind }) => ['BucketObjectv2', 'Stack'].includes(kind))
      .slice(-5)
      .map(({ operation, kind }) => `${operation} ${kind}`);
    assert.deepEqual(order, [
      'create BucketObjectv2',
      'create BucketObjectv2',
      'update Stack',
      'delete BucketObjectv2',
      'delete BucketObjectv2',
    ]);
  });
  await isClean(program, step);
  await step('a component that is renamed under an alias keeps its stack and its bucket', async () => {
    await program.configure({ name: 'purchases' });
    const steps = (await program.preview()).filter(({ urn }) => /:(Stack|Bucket)::/.test(urn));
    assert.deepEqual(
      steps.map(({ op, name }) => [op, name]),
      [['update', 'purchases-stack']], // construct paths in the template's metadata begin with the name
    );
    await program.up();
    assert.equal(stack()?.properties.name, 'orders-verify-orders');
  });
  await isClean(program, step);
  await step('a template over the limit is uploaded and read from the bucket', async () => {
    await program.configure({ queues: '300' });
    await program.up();
    assert.match(
      stack()?.properties.templateUrl,
      /^https:\/\/bucket-.*\.s3\.eu-west-1\.amazonaws\.com\/[0-9a-f]{64}\.json$/,
    );
    assert.ok(stack()?.hidden.resources.length > 300);
  });
  await isClean(program, step);
  await hidesSecrets(program, step);
  await goesAway(program, step);
}

/** @param {string} name @param {Parameters<Scenario>[0]} context */
async function example(name, { home, api, step }) {
  const program = new Program(`examples/edge/${name}`, 'examples', home, api.url);
  await program.init({ 'aws:region': 'eu-west-1' }, SECRETS);
  await step('is deployed', () => program.up());
  await stays(program, step);
  await hidesSecrets(program, step);
  await goesAway(program, step);
}

/** @param {Program} program @param {Show} step */
async function isClean(program, step) {
  await step('the preview after it shows no change', async () => assert.deepEqual(await program.preview(), []));
}

/** @param {Program} program @param {Show} step */
async function stays(program, step) {
  await step('a second preview, a refresh and a third preview show no change', async () => {
    assert.deepEqual(await program.preview(), []);
    await program.refresh();
    assert.deepEqual(await program.preview(), []);
  });
}

/** @param {Program} program @param {Show} step */
async function hidesSecrets(program, step) {
  await step('no secret is in clear in the state', async () => {
    const state = program.state();
    assert.ok(state.includes('ciphertext'), 'the state was not read');
    for (const secret of Object.values(SECRETS)) assert.ok(!state.includes(secret), `the state holds '${secret}'`);
  });
}

/** @param {Program} program @param {Show} step */
async function goesAway(program, step) {
  await step('everything is destroyed once it is not protected any more', async () => {
    await program.must('state', 'unprotect', '--all', '--yes');
    await program.destroy();
    assert.deepEqual(program.cloud.things(), {});
  });
}

/** A module that exports these Durable Object classes. @param {string[]} names */
function chat(...names) {
  const classes = names.map((name) => `export class ${name} extends DurableObject {}`);
  return ["import { DurableObject } from 'cloudflare:workers';", ...classes, 'export default {};', ''].join('\n');
}

function examples() {
  const directory = path.resolve('examples/edge');
  return readdirSync(directory, { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .map(({ name }) => name);
}
