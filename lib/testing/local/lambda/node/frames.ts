/** The kinds of frames from an execution environment; channel.js has the same numbers. */
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

/** Assembles frames from a pipe: length (4 bytes), kind (1 byte), content. */
export class FrameReader {
  private rest: Buffer = Buffer.alloc(0);

  /** @param take takes each frame, in order */
  constructor(private readonly take: (kind: number, content: Buffer) => void) {}

  /** Adds data from the pipe. */
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

/** The first frame for a process: its role. Frames for a process have no kind. */
export function roleFrame(role: string): Buffer {
  const length = Buffer.byteLength(role);
  const frame = Buffer.allocUnsafe(HEADER + length);
  frame.writeUInt32BE(length);
  frame.write(role, HEADER);
  return frame;
}

/** Every other frame for a process: the length of the head (4 bytes), the head, and the event. */
export function invocationFrame(head: string, event: string): Buffer {
  const headLength = Buffer.byteLength(head);
  const length = 4 + headLength + Buffer.byteLength(event);
  const frame = Buffer.allocUnsafe(HEADER + length);
  frame.writeUInt32BE(length);
  frame.writeUInt32BE(headLength, HEADER);
  frame.write(head, HEADER + 4);
  frame.write(event, HEADER + 4 + headLength);
  return frame;
}
