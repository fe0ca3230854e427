import { once } from 'node:events';
import { WebSocket } from 'ws';
import { type EdgeRun, runEdgeLocally } from 'lintel/testing';
import { chatRooms } from '../../../../examples/edge/chat-room/chat-rooms';
import type { Event } from '../../../../examples/edge/chat-room/workers/message';
import { inDirectory } from '../in-directory';
import { until } from '../until';

let run: EdgeRun;
const clients: Client[] = [];
beforeAll(async () => {
  run = await inDirectory('examples/edge/chat-room', () =>
    runEdgeLocally(chatRooms, { config: { 'cloudflare:accountId': 'account' } }),
  );
});
afterEach(() => Promise.all(clients.splice(0).map((client) => client.leave())));
afterAll(() => run.stop());

/** Somebody in a room. */
class Client {
  static async join(room: string, name: string): Promise<Client> {
    const url = new URL(`/rooms/${room}/socket?name=${encodeURIComponent(name)}`, run.worker('api').url);
    const client = new Client(new WebSocket(url.href.replace('http', 'ws')));
    clients.push(client);
    await once(client.socket, 'open');
    await client.sees((event) => event.type === 'history' || event.type === 'refused');
    return client;
  }

  readonly events: Event[] = [];
  private constructor(private readonly socket: WebSocket) {
    socket.on('message', (data: Buffer) => this.events.push(JSON.parse(data.toString()) as Event));
    socket.on('error', () => undefined);
  }

  say(text: unknown): void {
    this.socket.send(JSON.stringify({ text }));
  }

  send(data: string | Buffer): void {
    this.socket.send(data);
  }

  async sees(is: (event: Event) => boolean): Promise<Event> {
    await until(
      async () => this.events,
      (events) => events.some(is),
    );
    return this.events.find(is)!;
  }

  /** What was said in the presence of this client. */
  heard(): string[] {
    return this.events.flatMap((event) =>
      event.type === 'message' ? [`${event.message.author}: ${event.message.text}`] : [],
    );
  }

  async leave(): Promise<void> {
    if (this.socket.readyState === WebSocket.CLOSED) return;
    const closed = once(this.socket, 'close');
    this.socket.close();
    await closed;
  }
}

const says = (text: string) => (event: Event) => event.type === 'message' && event.message.text === text;

test('everybody in a room hears what one says, in the same order', async () => {
  const [ann, bob] = [await Client.join('tea', 'Ann'), await Client.join('tea', 'Bob')];
  await ann.sees((event) => event.type === 'joined' && event.who === 'Bob');
  ann.say('hello');
  await bob.sees(says('hello'));
  bob.say('  good morning  ');
  await ann.sees(says('good morning'));
  expect(ann.heard()).toEqual(['Ann: hello', 'Bob: good morning']);
  expect(bob.heard()).toEqual(ann.heard());
});

test('rooms do not hear each other', async () => {
  const [ann, bob] = [await Client.join('left', 'Ann'), await Client.join('right', 'Bob')];
  ann.say('anybody?');
  await ann.sees(says('anybody?'));
  expect(bob.heard()).toEqual([]);
  expect(await (await run.worker('api').fetch('/rooms/right/messages')).json()).toEqual([]);
});

test('a newcomer sees what was said before', async () => {
  const ann = await Client.join('late', 'Ann');
  for (const text of ['one', 'two', 'three']) ann.say(text);
  await ann.sees(says('three'));
  await ann.leave();
  const bob = await Client.join('late', 'Bob');
  const history = await bob.sees((event) => event.type === 'history');
  expect(history).toMatchObject({ messages: [{ text: 'one' }, { text: 'two' }, { text: 'three', author: 'Ann' }] });
  const messages = (await (await run.worker('api').fetch('/rooms/late/messages')).json()) as object[];
  expect(messages).toHaveLength(3);
});

test('a room says who comes and who goes', async () => {
  const ann = await Client.join('door', 'Ann');
  const bob = await Client.join('door', 'Bob');
  expect(await ann.sees((event) => event.type === 'joined' && event.who === 'Bob')).toMatchObject({
    present: ['Ann', 'Bob'],
  });
  await bob.leave();
  expect(await ann.sees((event) => event.type === 'left')).toMatchObject({ who: 'Bob', present: ['Ann'] });
});

test('refuses a name that is in use, until its bearer has gone', async () => {
  const ann = await Client.join('names', 'Ann');
  const other = await Client.join('names', 'Ann');
  expect(other.events).toEqual([{ type: 'refused', reason: "somebody called 'Ann' is here already" }]);
  await ann.leave();
  await until(
    async () => (await Client.join('names', 'Ann')).events[0]?.type,
    (type) => type === 'history',
  );
});

test.each([
  ['an empty text', JSON.stringify({ text: '  ' })],
  ['a text that is too long', JSON.stringify({ text: 'x'.repeat(1001) })],
  ['what is no text', JSON.stringify({ text: 1 })],
  ['what is no JSON', 'hello'],
  ['bytes', Buffer.from([1, 2])],
])('refuses %s, and goes on', async (_, data) => {
  const ann = await Client.join('rules', 'Ann');
  ann.send(data);
  expect(await ann.sees((event) => event.type === 'refused')).toMatchObject({
    reason: 'send { "text": "..." } with 1 to 1000 characters',
  });
  ann.say('still here');
  await ann.sees(says('still here'));
});

test('refuses a flood of one, while others are heard', async () => {
  const [ann, bob] = [await Client.join('flood', 'Ann'), await Client.join('flood', 'Bob')];
  for (let n = 1; n <= 8; n++) ann.say(`message ${n}`);
  await ann.sees((event) => event.type === 'refused');
  bob.say('calm down');
  await ann.sees(says('calm down'));
  expect(ann.heard()).toEqual([...[1, 2, 3, 4, 5].map((n) => `Ann: message ${n}`), 'Bob: calm down']);
  expect(ann.events.filter(({ type }) => type === 'refused')).toHaveLength(3);
});

test.each([
  ['/rooms/tea/socket?name=Ann', 426],
  ['/rooms/TEA/messages', 404],
  ['/', 404],
])('answers a plain request for %s with %i', async (path, status) => {
  expect((await run.worker('api').fetch(path)).status).toBe(status);
});

test('refuses a WebSocket without a name', async () => {
  const url = new URL('/rooms/tea/socket', run.worker('api').url).href.replace('http', 'ws');
  const socket = new WebSocket(url);
  const [, response] = (await once(socket, 'unexpected-response')) as [unknown, { readonly statusCode: number }];
  expect(response.statusCode).toBe(400);
  socket.on('error', () => undefined).terminate();
});
