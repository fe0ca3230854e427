import { EdgeApi, EdgeRoom, type EdgeRoomArgs } from 'lintel/edge';
import { alarm, created, graphOf, handler, refusal, resource } from './support';

const classes = 'test/patterns/edge/workers/classes.ts';
const chat = (args: Partial<EdgeRoomArgs> = {}) =>
  new EdgeRoom('chat', { handler: classes, className: 'ChatRoom', ...args });

/** What Cloudflare answers about the Workers that exist. */
const live = (...results: { id: string; migrationTag?: string }[]) => ({ calls: () => ({ results }) });

test('creates a Worker that a mistake cannot delete, with the class that the ledger makes', async () => {
  const graph = await graphOf(() => void chat(), live());
  expect(created(graph)).toEqual([
    'Stash chat-migrations',
    'WorkersScript chat-worker',
    'WorkersScriptSubdomain chat-workers-dev',
  ]);
  expect(resource(graph, 'chat-worker')).toMatchObject({
    inputs: { migrations: { newTag: 'v1', steps: [{ newSqliteClasses: ['ChatRoom'] }] } },
    options: { protect: true },
  });
  expect(alarm(graph)).toMatchSnapshot();
});

test('sends only what the live Worker does not have', async () => {
  const migrations = [
    { tag: 'v1', newSqliteClasses: ['Room'] },
    { tag: 'v2', renamedClasses: [{ from: 'Room', to: 'ChatRoom' }] },
  ];
  const behind = await graphOf(() => void chat({ migrations }), live({ id: 'shop-test-chat', migrationTag: 'v1' }));
  expect(resource(behind, 'chat-worker').inputs.migrations).toEqual({
    oldTag: 'v1',
    newTag: 'v2',
    steps: [{ renamedClasses: [{ from: 'Room', to: 'ChatRoom' }] }],
  });
  const current = await graphOf(() => void chat({ migrations }), live({ id: 'shop-test-chat', migrationTag: 'v2' }));
  expect(resource(current, 'chat-worker').inputs.migrations).toBeUndefined();
});

test('gives another Worker the objects', async () => {
  const graph = await graphOf(() => {
    new EdgeApi('api', { handler, access: { CHAT: chat().connect() } });
  });
  expect(resource(graph, 'api-worker').inputs.bindings).toEqual([
    { name: 'CHAT', type: 'durable_object_namespace', className: 'ChatRoom', scriptName: 'shop-test-chat' },
  ]);
});

test('refuses a class that the handler does not export', async () => {
  expect(await refusal(() => chat({ className: 'constructor' }))).toEqual([
    `'className' must be exported by '${classes}', got 'constructor'; export it there; the module exports 'ChatRoom', 'OrderFlow' (chat)`,
  ]);
  expect(await refusal(() => chat({ className: 'Chat' }))).toEqual([
    `'className' must be exported by '${classes}', got 'Chat'; export it there; the module exports 'ChatRoom', 'OrderFlow' (chat)`,
  ]);
});

test('refuses a ledger that does not lead to the class', async () => {
  const migrations = [
    { tag: 'v1', newSqliteClasses: ['Room'] },
    { tag: 'v2', renamedClasses: [{ from: 'Rom', to: 'ChatRoom' }] },
  ];
  expect(await refusal(() => chat({ migrations, adopt: 'v3' }))).toEqual([
    "'migrations.v2' must rename or delete a class that exists before it, and only once, got 'Rom'; Room exists there (chat)",
    expect.stringContaining("'adopt' must be a tag of 'migrations'"),
    "'className' must be a class that exists after all 'migrations': Room, got 'ChatRoom'; add the step that creates it or renames to it (chat)",
    expect.stringContaining("'migrations' must leave only classes that the handler exports, got 'Room'"),
  ]);
});

test('refuses a jurisdiction of all objects: it is set in code, for each', async () => {
  const args = { handler: 'test/patterns/edge/workers/classes.ts', className: 'ChatRoom', jurisdiction: 'eu' };
  expect(await refusal(() => new EdgeRoom('chat', args))).toEqual([
    expect.stringContaining("set it in code, per object: 'env.CHAT.jurisdiction('eu').idFromName(...)' (chat)"),
  ]);
});

describe('a class of', () => {
  const rooms = 'test/patterns/edge/workers/rooms.ts';
  const room = (className: string) => new EdgeRoom('chat', { handler: rooms, className });
  const WRITE = "write 'class ... extends DurableObject', from 'cloudflare:workers' (chat)";

  test.each([
    [
      'Entry',
      `'className' must be a class that extends 'DurableObject', not 'WorkerEntrypoint', got 'Entry'; ${WRITE}`,
    ],
    ['Arrow', `'className' must be a class that extends 'DurableObject', got 'Arrow'; ${WRITE}`],
    ['Literal', `'className' must be a class that extends 'DurableObject', got 'Literal'; ${WRITE}`],
  ])('%s is refused, of which the runtime makes no object that can be called', async (className, message) => {
    expect(await refusal(() => room(className))).toEqual([message]);
  });

  test.each(['Plain', 'Bare', 'Mixed'])(
    '%s is accepted: the runtime takes it, or the code does not tell',
    async (className) => {
      const graph = await graphOf(() => void room(className), live());
      expect(resource(graph, 'chat-worker')).toBeDefined();
    },
  );
});
