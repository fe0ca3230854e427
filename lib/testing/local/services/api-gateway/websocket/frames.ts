/** Close codes. @see https://www.rfc-editor.org/rfc/rfc6455#section-7.4.1 */
export const CLOSE = {
  normal: 1000,
  goingAway: 1001,
  protocolError: 1002,
  unsupported: 1003,
  noStatus: 1005,
  abnormal: 1006,
  badText: 1007,
  tooLarge: 1009,
} as const;

/** The largest frame of a WebSocket API, in bytes. */
const MAX_FRAME = 32 * 1024;

const OPCODE = { continuation: 0, text: 1, binary: 2, close: 8, ping: 9, pong: 10 } as const;
const MAX_CONTROL = 125;
const MASK_BYTES = 4;

/** What a client sends. */
export interface ClientEvents {
  /** A whole message. */
  message(text: string): void;
  /** Any sign of life: a ping or a pong. A ping is to be answered with its payload. */
  control(ping?: Buffer): void;
  /** The client closes; without a code if it gave none. */
  close(code: number | undefined, reason: string): void;
  /** It violates the protocol or a limit: the connection ends with this code. */
  fault(code: number): void;
}

interface Frame {
  readonly final: boolean;
  readonly opcode: number;
  readonly payload: Buffer;
}

/**
 * Reads the frames of a client. As on AWS, only text is accepted, in frames of at most 32 KB.
 * @see https://docs.aws.amazon.com/apigateway/latest/developerguide/websocket-api-develop-binary-media-types.html
 */
export class FrameReader {
  private unread: Buffer = Buffer.alloc(0);
  private parts: Buffer[] = [];
  private size = 0;
  /** Whether a message has begun whose last frame is still to come. */
  private continues = false;
  private ended = false;

  /** @param maxMessage the largest message, in bytes */
  constructor(
    private readonly events: ClientEvents,
    private readonly maxMessage: number,
  ) {}

  /** Takes what has arrived; what comes after an end is ignored. */
  push(chunk: Buffer): void {
    if (this.ended) return;
    this.unread = this.unread.length === 0 ? chunk : Buffer.concat([this.unread, chunk]);
    for (let frame = this.next(); frame && !this.ended; frame = this.next()) this.take(frame);
  }

  private next(): Frame | undefined {
    const { unread } = this;
    if (this.ended || unread.length < 2) return undefined;
    const [first, second] = [unread[0]!, unread[1]!];
    const opcode = first & 0x0f;
    // Extensions are not negotiated, and clients must mask.
    if ((first & 0x70) !== 0 || (second & 0x80) === 0) return this.fail(CLOSE.protocolError);
    const short = second & 0x7f;
    const start = 2 + (short === 126 ? 2 : short === 127 ? 8 : 0);
    if (unread.length < start + MASK_BYTES) return undefined;
    const length = short === 126 ? unread.readUInt16BE(2) : short === 127 ? Number(unread.readBigUInt64BE(2)) : short;
    if (opcode >= OPCODE.close && (length > MAX_CONTROL || (first & 0x80) === 0)) return this.fail(CLOSE.protocolError);
    if (length > MAX_FRAME) return this.fail(CLOSE.tooLarge);
    const end = start + MASK_BYTES + length;
    if (unread.length < end) return undefined;
    const mask = unread.subarray(start, start + MASK_BYTES);
    const payload = Buffer.from(unread.subarray(start + MASK_BYTES, end));
    for (let index = 0; index < length; index++) payload[index]! ^= mask[index % MASK_BYTES]!;
    this.unread = unread.subarray(end);
    return { final: (first & 0x80) !== 0, opcode, payload };
  }

  private take({ final, opcode, payload }: Frame): void {
    if (opcode === OPCODE.close) return this.close(payload);
    if (opcode === OPCODE.ping) return this.events.control(payload);
    if (opcode === OPCODE.pong) return this.events.control();
    if (opcode === OPCODE.binary) return void this.fail(CLOSE.unsupported);
    if (opcode !== (this.continues ? OPCODE.continuation : OPCODE.text)) return void this.fail(CLOSE.protocolError);
    this.continues = !final;
    this.size += payload.length;
    if (this.size > this.maxMessage) return void this.fail(CLOSE.tooLarge);
    // A message may be of any number of frames, so that empty ones must not take memory.
    if (payload.length > 0) this.parts.push(payload);
    if (!final) return;
    const text = decoded(Buffer.concat(this.parts));
    this.parts = [];
    this.size = 0;
    if (text === undefined) return void this.fail(CLOSE.badText);
    this.events.message(text);
  }

  private close(payload: Buffer): void {
    this.ended = true;
    if (payload.length === 0) return this.events.close(undefined, '');
    const code = payload.length === 1 ? undefined : payload.readUInt16BE(0);
    if (code === undefined || !isSendable(code)) return this.events.fault(CLOSE.protocolError);
    const reason = decoded(payload.subarray(2));
    if (reason === undefined) return this.events.fault(CLOSE.badText);
    this.events.close(code, reason);
  }

  private fail(code: number): undefined {
    this.ended = true;
    this.events.fault(code);
    return undefined;
  }
}

/** A message for a client, in as many frames as it needs. */
export function textFrames(text: Buffer): Buffer {
  const count = Math.max(1, Math.ceil(text.length / MAX_FRAME));
  const frames = Array.from({ length: count }, (_, index) => {
    const opcode = index === 0 ? OPCODE.text : OPCODE.continuation;
    return frameOf(opcode, text.subarray(index * MAX_FRAME, (index + 1) * MAX_FRAME), index === count - 1);
  });
  return Buffer.concat(frames);
}

export function pongFrame(payload: Buffer): Buffer {
  return frameOf(OPCODE.pong, payload);
}

/** @param code none for one that is not sent: 1005 */
export function closeFrame(code: number): Buffer {
  const payload = Buffer.alloc(code === CLOSE.noStatus ? 0 : 2);
  if (payload.length > 0) payload.writeUInt16BE(code);
  return frameOf(OPCODE.close, payload);
}

function frameOf(opcode: number, payload: Buffer, final = true): Buffer {
  const { length } = payload;
  const head = Buffer.alloc(length <= MAX_CONTROL ? 2 : 4);
  head[0] = (final ? 0x80 : 0) | opcode;
  head[1] = length <= MAX_CONTROL ? length : 126;
  if (length > MAX_CONTROL) head.writeUInt16BE(length, 2);
  return Buffer.concat([head, payload]);
}

/** Whether a close frame may carry a code: one in use, or one for libraries and applications. */
function isSendable(code: number): boolean {
  const { noStatus, abnormal } = CLOSE;
  return (code >= 1000 && code <= 1014 && ![1004, noStatus, abnormal].includes(code)) || (code >= 3000 && code <= 4999);
}

function decoded(bytes: Buffer): string | undefined {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    return undefined;
  }
}
