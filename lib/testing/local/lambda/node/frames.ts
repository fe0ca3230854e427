/** What a frame from an execution environment means; the same numbers are in channel.js. */
export const FRAME = {
  ready: 1,
  initError: 2,
  log: 3,
  response: 4,
  error: 5,
  streamStart: 6,
  streamChunk: 7,
  streamEnd: 8,
  streamError: 9,
  next: 10,
  last: 11,
} as const;

const HEADER = 5;

/** Puts frames together from what a pipe gives: length (4 bytes), kind (1 byte), content. */
export class FrameReader {
  private rest: Buffer = Buffer.alloc(0);

  /** @param take takes each frame, in order */
  constructor(private readonly take: (kind: number, content: Buffer) => void) {}

  /** Takes what the pipe gave. */
  push(chunk: Buffer): void {
    let data = this.rest.length === 0 ? chunk : Buffer.concat([this.rest, chunk]);
    while (data.length >= HEADER) {
      const end = HEADER + data.readUInt32BE();
      if (data.length < end) break;
      this.take(data[4]!, data.subarray(HEADER, end));
      data = data.subarray(end);
    }
    this.rest = data;
  }
}

/** A frame for an execution environment; it needs no kind: the first is its role, the others are invocations. */
export function frameOf(...parts: readonly (string | Buffer)[]): Buffer {
  const bytes = parts.map((part) => (typeof part === 'string' ? Buffer.from(part) : part));
  const header = Buffer.alloc(HEADER);
  header.writeUInt32BE(bytes.reduce((sum, { length }) => sum + length, 0));
  return Buffer.concat([header, ...bytes]);
}
