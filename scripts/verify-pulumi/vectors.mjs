// What a deployment does with an index of vectors, a dynamic resource that lives for years: with the real engine.
import assert from 'node:assert/strict';
import { Program } from './program.mjs';

const FIXTURE = 'test/pulumi/fixtures/engine/search';
const INDEX = 'search-verify-docs';

/** @param {Parameters<import('./scenarios.mjs').Scenario>[0]} context */
export async function vectors({ home, api: { url, vectorize }, step }) {
  const program = new Program(FIXTURE, FIXTURE, home, url);
  const index = () => vectorize.indexes.get(INDEX);
  const metadata = () => Object.fromEntries(index()?.metadata ?? []);
  const fails = async () => {
    const { code, out, err } = await program.pulumi('up', '--yes', '--skip-preview');
    assert.notEqual(code, 0, 'it is deployed');
    return out + err;
  };
  await program.init({}, { 'cloudflare:apiToken': 'clear-text-of-the-token' });
  await step('without its metadata indexes no Worker comes to an index, and the next deployment goes on', async () => {
    vectorize.refuses = 'metadata_index/create';
    assert.match(await fails(), /metadata_index\/create: Error: not allowed/);
    assert.equal(program.cloud.find('WorkersScript', 'search-verify-api'), undefined);
    assert.deepEqual(metadata(), {});
    vectorize.refuses = undefined;
    await program.up();
    assert.deepEqual(metadata(), { tenant: 'string', year: 'number' });
    assert.deepEqual(program.cloud.find('WorkersScript', 'search-verify-api')?.properties.bindings, [
      { name: 'DOCS', type: 'vectorize', indexName: INDEX },
    ]);
  });
  await step('a second preview, a refresh and a third preview show no change', async () => {
    assert.deepEqual(await program.preview(), []);
    await program.refresh();
    assert.deepEqual(await program.preview(), []);
  });
  await step('a later metadata index says how many vectors it does not know', async () => {
    const live = index();
    assert.ok(live);
    live.vectorCount = 1200;
    await program.configure({ metadata: JSON.stringify({ tenant: 'string', year: 'number', open: 'boolean' }) });
    const { out, err } = await program.up();
    assert.match(out + err, /the metadata index of 'open' .* does not know the 1200 vectors/);
    assert.deepEqual((await program.outputs()).uncovered, { open: 1200 });
    assert.deepEqual(await program.preview(), []);
  });
  await step('what somebody has deleted by hand is made again after a refresh', async () => {
    index()?.metadata.delete('tenant');
    await program.must('refresh', '--yes', '--skip-preview');
    assert.deepEqual(
      (await program.preview()).map(({ op, name }) => [op, name]),
      [['update', 'docs-index']],
    );
    await program.up();
    assert.equal(metadata().tenant, 'string');
    assert.deepEqual((await program.outputs()).uncovered, { open: 1200, tenant: 1200 });
  });
  await step('other dimensions are refused as long as the index is protected, and then another index', async () => {
    await program.configure({ dimensions: '1024' });
    assert.match(await fails(), /marked for protection/);
    assert.equal(index()?.config.dimensions, 768);
    await program.must('state', 'unprotect', '--all', '--yes');
    await program.up();
    assert.deepEqual(index()?.config, { dimensions: 1024, metric: 'cosine' });
    assert.deepEqual((await program.outputs()).uncovered, {});
    assert.deepEqual(await program.preview(), []);
  });
  await step('the token is nowhere in the state, and everything goes away', async () => {
    assert.ok(!program.state().includes('clear-text-of-the-token'));
    await program.must('state', 'unprotect', '--all', '--yes');
    await program.destroy();
    assert.deepEqual(program.cloud.things(), {});
    assert.equal(vectorize.indexes.size, 0);
  });
}
