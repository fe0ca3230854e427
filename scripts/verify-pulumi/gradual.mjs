// Versions of a Worker that come one by one, and data that stays in its jurisdiction, with the real engine.
import assert from 'node:assert/strict';
import { Program } from './program.mjs';

const FIXTURE = 'test/pulumi/fixtures/engine/gradual';

/** @param {Parameters<import('./scenarios.mjs').Scenario>[0]} context */
export async function gradual({ home, api, step }) {
  const program = new Program(FIXTURE, FIXTURE, home, api.url);
  const { cloud } = program;
  const shares = () => {
    const last = cloud
      .all('WorkersDeployment')
      .map(([, { properties }]) => properties)
      .sort((a, b) => (a.createdOn < b.createdOn ? 1 : -1))[0];
    return /** @type {{ versionId: string, percentage: number }[]} */ (last?.versions);
  };
  const percentages = () => shares().map(({ percentage }) => percentage);
  /** @param {string} text */
  const code = (text) =>
    program.write(
      'workers/api.ts',
      `export default { fetch: () => new Response('${text}'), scheduled: () => undefined, queue: () => undefined };\n`,
    );
  const isClean = () =>
    step('the preview after it shows no change', async () => assert.deepEqual(await program.preview(), []));

  await program.init({ percentage: '10' });
  await step('the first version gets all requests', async () => {
    await program.up();
    assert.deepEqual(percentages(), [100]);
    assert.deepEqual(cloud.all('D1Database')[0]?.[1].properties.readReplication, { mode: 'auto' });
  });
  await step('a second preview, a refresh and a third preview show no change', async () => {
    assert.deepEqual(await program.preview(), []);
    await program.refresh();
    assert.deepEqual(await program.preview(), []);
  });
  const first = shares()[0]?.versionId;
  await step('a new version gets its share, and the first one the rest', async () => {
    code('second');
    await program.up();
    assert.deepEqual(percentages(), [10, 90]);
    assert.equal(shares()[1]?.versionId, first);
    assert.equal(cloud.all('WorkerVersion').length, 2);
  });
  await isClean();
  await step('a larger share is taken from the same version', async () => {
    await program.configure({ percentage: '50' });
    await program.up();
    assert.deepEqual(percentages(), [50, 50]);
    assert.equal(shares()[1]?.versionId, first);
    assert.equal(cloud.all('WorkerVersion').length, 2);
  });
  await isClean();
  await step('a third version takes the place of the second', async () => {
    code('third');
    await program.up();
    assert.deepEqual(percentages(), [50, 50]);
    assert.equal(shares()[1]?.versionId, first);
    assert.equal(cloud.all('WorkerVersion').length, 3);
  });
  await isClean();
  await step('100 ends it', async () => {
    await program.configure({ percentage: '100' });
    await program.up();
    assert.deepEqual(percentages(), [100]);
    assert.notEqual(shares()[0]?.versionId, first);
  });
  await isClean();
  await step('without versions it is another Worker, which is there before the old one goes', async () => {
    const before = cloud.log().length;
    await program.must('config', 'rm', 'percentage');
    await program.up();
    const order = cloud
      .log()
      .slice(before)
      .filter(({ kind }) => ['Worker', 'WorkersScript'].includes(kind))
      .map(({ operation, kind, id }) => `${operation} ${kind} ${id}`);
    assert.deepEqual(order, ['create WorkersScript gradual-verify-api', 'delete Worker gradual-verify-api-gradual']);
  });
  await isClean();
  await step('another jurisdiction is refused: it would be another database without the data', async () => {
    const before = cloud.things();
    await program.configure({ jurisdiction: 'us' });
    const { code: exit, out, err } = await program.pulumi('preview');
    assert.notEqual(exit, 0, 'the preview passes');
    assert.match(out + err, /marked for protection/);
    assert.notEqual((await program.pulumi('up', '--yes', '--skip-preview')).code, 0);
    assert.deepEqual(cloud.all('D1Database').length, 1);
    assert.deepEqual(cloud.find('R2Bucket', 'gradual-verify-files'), before['R2Bucket/gradual-verify-files']);
    await program.must('config', 'rm', 'jurisdiction');
  });
  await step('everything is destroyed once it is not protected any more', async () => {
    await program.must('state', 'unprotect', '--all', '--yes');
    await program.destroy();
    assert.deepEqual(cloud.things(), {});
  });
}
