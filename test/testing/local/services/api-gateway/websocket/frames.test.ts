import { FrameReader } from '../../../../../../lib/testing/local/services/api-gateway/websocket/frames';

const TEXT = 1;
const BINARY = 2;
const CLOSE = 8;
const PING = 9;
const CONTINUES = 0;

interface Sent {
  readonly final?: boolean;
  readonly masked?: boolean;
  readonly reserved?: number;
  /** Bytes of the length: 0, 2 or 8. */
  readonly wide?: 0 | 2 | 8;
}

/** A frame as a client sends it. */
function frame(opcode: number, said: string | Buffer = '', sent: Sent = {}): Buffer {
  const { final = true, masked = true, reserved = 0, wide = 0 } = sent;
  const payload = Buffer.from(said);
  const length = Buffer.alloc(wide);
  if (wide === 2) length.writeUInt16BE(payload.length);
  if (wide === 8) length.writeBigUInt64BE(BigInt(payload.length));
  const short = wide === 0 ? payload.length : wide === 2 ? 126 : 127;
  const head = Buffer.from([(final ? 0x80 : 0) | reserved | opcode, (masked ? 0x80 : 0) | short]);
  const mask = Buffer.from([1, 2, 3, 4]);
  const body = masked ? Buffer.concat([mask, payload.map((byte, index) => byte ^ mask[index % 4]!)]) : payload;
  return Buffer.concat([head, length, body]);
}

const part = { final: false };
const closing = (code: number, reason: string | Buffer = '') =>
  Buffer.concat([Buffer.from([code >> 8, code & 0xff]), Buffer.from(reason)]);

/** What a reader tells of bytes, in pieces of a size. */
function told(bytes: readonly Buffer[], size = 1000): readonly unknown[] {
  const events: unknown[] = [];
  const reader = new FrameReader(
    {
      message: (text) => events.push(text),
      control: (ping) => events.push(ping ? `ping ${ping.toString()}` : 'pong'),
      close: (code, reason) => events.push({ code, reason }),
      fault: (fault) => events.push({ fault }),
    },
    1000,
  );
  const all = Buffer.concat(bytes);
  for (let at = 0; at < all.length; at += size) reader.push(all.subarray(at, at + size));
  return events;
}

test.each([1, 3, 1000])('reads frames in pieces of %i bytes, and pings between those of a message', (size) => {
  const frames = [
    frame(TEXT, 'ü'.repeat(69), { ...part, wide: 2 }),
    frame(PING, 'there?'),
    frame(CONTINUES, 'ü', { wide: 8 }),
    frame(TEXT, ''),
  ];
  expect(told(frames, size)).toEqual(['ping there?', 'ü'.repeat(70), '']);
});

test('a character may be split between frames, a message may begin with empty ones', () => {
  const [first, second] = [...Buffer.from('ü')];
  const frames = [
    frame(TEXT, '', part),
    frame(CONTINUES, Buffer.from([first!]), part),
    frame(CONTINUES, '', part),
    frame(CONTINUES, Buffer.from([second!])),
  ];
  expect(told(frames)).toEqual(['ü']);
});

test.each<readonly [string, readonly Buffer[], number]>([
  ['is not masked', [frame(TEXT, 'x', { masked: false })], 1002],
  ['is compressed, which was not agreed on', [frame(TEXT, 'x', { reserved: 0x40 })], 1002],
  ['has an opcode of nobody', [frame(3, 'x')], 1002],
  ['has a control opcode of nobody', [frame(11, 'x')], 1002],
  ['is a ping in parts', [frame(PING, 'x', part)], 1002],
  ['is a ping of more than 125 bytes', [frame(PING, 'x'.repeat(126), { wide: 2 })], 1002],
  ['continues nothing', [frame(CONTINUES, 'x')], 1002],
  ['continues a message that has ended', [frame(TEXT, '', part), frame(CONTINUES), frame(CONTINUES)], 1002],
  ['begins a message in another', [frame(TEXT, '', part), frame(TEXT, 'x')], 1002],
  ['is binary', [frame(BINARY, 'x')], 1003],
  ['is no UTF-8', [frame(TEXT, Buffer.from([0xff]))], 1007],
  ['makes a message too large', [frame(TEXT, 'x'.repeat(1000), { ...part, wide: 2 }), frame(CONTINUES, 'x')], 1009],
  ['says to be of 2^63 bytes', [Buffer.from([0x81, 0xff, 0x80, 0, 0, 0, 0, 0, 0, 0, 1, 2, 3, 4])], 1009],
  ['closes with half a code', [frame(CLOSE, 'x')], 1002],
  ['closes with a reason that is no UTF-8', [frame(CLOSE, closing(1000, Buffer.from([0xff])))], 1007],
  ...[0, 999, 1004, 1005, 1006, 1015, 2999, 5000].map((code): [string, Buffer[], number] => [
    `closes with ${code}`,
    [frame(CLOSE, closing(code))],
    1002,
  ]),
])('a frame that %s ends the connection, and nothing after it counts', (_, frames, fault) => {
  const events = told([...frames, frame(TEXT, 'late'), frame(CLOSE)]);
  expect(events.filter((one) => typeof one === 'object')).toEqual([{ fault }]);
  expect(events).not.toContain('late');
});

test.each([1000, 1001, 1003, 1012, 3000, 4999])('a client may close with %i', (code) => {
  expect(told([frame(CLOSE, closing(code, 'böse')), frame(TEXT, 'late')])).toEqual([{ code, reason: 'böse' }]);
  expect(told([frame(CLOSE)])).toEqual([{ code: undefined, reason: '' }]);
});

test('what a client sends after an end, or in frames without content, takes no memory', () => {
  const reader = new FrameReader({ message: jest.fn(), control: jest.fn(), close: jest.fn(), fault: jest.fn() }, 1000);
  const kept = () => {
    const { unread, parts } = reader as unknown as { unread: Buffer; parts: readonly Buffer[] };
    return unread.length + parts.length;
  };
  reader.push(frame(TEXT, '', part));
  for (let count = 0; count < 100; count++) reader.push(frame(CONTINUES, '', part));
  expect(kept()).toBe(0);
  reader.push(frame(BINARY, 'x'));
  for (let count = 0; count < 100; count++) reader.push(Buffer.alloc(1000));
  expect(kept()).toBe(0);
});
