import { createServer, type Server, type Socket } from 'node:net';
import { EngineClient } from '../../../lib/testing/engines/engine-client';

let server: Server;
let client: EngineClient;
let connections: number;
/** What the engine sends to each call, piece by piece. */
let answers: (readonly string[])[];

beforeEach(async () => {
  connections = 0;
  answers = [];
  server = createServer((socket: Socket) => {
    connections++;
    socket.on('data', () => {
      const pieces = answers.shift() ?? [];
      pieces.forEach((piece, index) =>
        setTimeout(() => (piece === '' ? socket.destroy() : socket.write(piece)), index * 5),
      );
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  client = new EngineClient((server.address() as { port: number }).port);
});
afterEach(() => {
  client.close();
  server.close();
});

const post = async () => {
  const { status, body } = await client.post('/', { 'x-amz-target': 'Test' }, Buffer.from('{}'));
  return `${status} ${body.toString()}`;
};

test('answers that come in pieces, with a length or in chunks, are put together; the connection is kept', async () => {
  answers = [
    ['HTTP/1.1 200 OK\r\nContent-Le', 'ngth: 7\r\n\r\n{"a"', ':1}'],
    ['HTTP/1.1 400 Bad Request\r\ntransfer-encoding: chunked\r\n\r\n3\r\n{"a\r\n', '4\r\n":1}\r\n', '0\r\n\r\n'],
    ['HTTP/1.1 200 OK\r\ncontent-length: 0\r\n\r\n'],
  ];
  expect([await post(), await post(), await post()]).toEqual(['200 {"a":1}', '400 {"a":1}', '200 ']);
  expect(connections).toBe(1);
});

test('calls at once have a connection each, and one that the engine closes is not used again', async () => {
  const closing = 'HTTP/1.1 200 OK\r\nconnection: close\r\ncontent-length: 2\r\n\r\nok';
  answers = [[closing], [closing], ['HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\nok']];
  expect(await Promise.all([post(), post()])).toEqual(['200 ok', '200 ok']);
  expect(await post()).toBe('200 ok');
  expect(connections).toBe(3);
});

test.each([
  [
    'an answer that breaks off',
    ['HTTP/1.1 200 OK\r\ncontent-length: 5\r\n\r\nok', ''],
    'the engine closed the connection',
  ],
  ['what is no HTTP', ['hello\r\n\r\n'], "the engine answered with 'hello'"],
  ['an answer without a length', ['HTTP/1.1 200 OK\r\n\r\nok'], 'the engine answered without a length'],
])('refuses %s', async (_, pieces, message) => {
  answers = [pieces];
  await expect(post()).rejects.toThrow(message);
});
