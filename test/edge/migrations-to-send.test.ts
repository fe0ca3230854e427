import * as cloudflare from '@pulumi/cloudflare';
import type { DurableObjectMigration } from '../../lib/edge/migration-ledger';
import { migrationsToSend } from '../../lib/edge/migrations-to-send';
import { synthesize } from '../../lib/pulumi/synthesize';

const LEDGER: readonly DurableObjectMigration[] = [
  { tag: 'v1', newSqliteClasses: ['Room'] },
  { tag: 'v2', renamedClasses: [{ from: 'Room', to: 'ChatRoom' }] },
];

const chat = () => {
  const script = { accountId: 'acc', scriptName: 'chat', mainModule: 'index.js', content: 'export default {}' };
  const migrations = migrationsToSend('chat-migrations', { script, ledger: LEDGER }, {});
  new cloudflare.WorkersScript('chat', { ...script, migrations });
};

const scriptOf = async (workers: readonly object[]) => {
  const { resources } = await synthesize(chat, { calls: () => ({ results: workers }) });
  return resources.find(({ name }) => name === 'chat')!.inputs;
};

test('a new Worker gets all migrations', async () => {
  expect((await scriptOf([])).migrations).toEqual({
    newTag: 'v2',
    steps: [{ newSqliteClasses: ['Room'] }, { renamedClasses: [{ from: 'Room', to: 'ChatRoom' }] }],
  });
});

test('a Worker that is behind gets the rest', async () => {
  expect((await scriptOf([{ id: 'other' }, { id: 'chat', migrationTag: 'v1' }])).migrations).toEqual({
    oldTag: 'v1',
    newTag: 'v2',
    steps: [{ renamedClasses: [{ from: 'Room', to: 'ChatRoom' }] }],
  });
});

test('a Worker that is up to date gets none', async () => {
  expect(await scriptOf([{ id: 'chat', migrationTag: 'v2' }])).not.toHaveProperty('migrations');
});

test('refuses a Worker whose live tag the ledger does not name', async () => {
  await expect(scriptOf([{ id: 'chat', migrationTag: 'v9' }])).rejects.toThrow("the live migration, 'v9'");
});

test('the value is kept by a stash that is replaced when the script or the ledger changes', async () => {
  const { resources } = await synthesize(chat);
  expect(resources.find(({ name }) => name === 'chat-migrations')).toMatchObject({
    type: 'pulumi:index:Stash',
    options: { ignoreChanges: ['input'] },
  });
});
