/** A piece of a body that is sent in chunks of `aws-chunked`. */
export interface Chunk {
  readonly data: Buffer;
  /** Its signature, where it has one. */
  readonly signature?: string;
}

/** A body in chunks. */
export interface Chunks {
  /** All of them; the last one is empty. */
  readonly chunks: readonly Chunk[];
  /** What follows them: header lines. */
  readonly trailer: string;
}

/**
 * The chunks of a body; undefined if one is truncated.
 * @see https://docs.aws.amazon.com/AmazonS3/latest/API/sigv4-streaming.html
 */
export function chunksOf(body: Buffer): Chunks | undefined {
  const chunks: Chunk[] = [];
  for (let offset = 0; ;) {
    const line = body.indexOf('\r\n', offset);
    const [size = '', ...extensions] = line < 0 ? [] : body.toString('latin1', offset, line).split(';');
    const length = /^[\da-f]+$/i.test(size) ? parseInt(size, 16) : NaN;
    const start = line + 2;
    if (Number.isNaN(length) || start + length > body.length) return undefined;
    const signature = extensions.map((one) => /^chunk-signature=(.*)$/.exec(one.trim())?.[1]).find((one) => one);
    chunks.push({ data: body.subarray(start, start + length), signature });
    if (length === 0) return { chunks, trailer: body.toString('latin1', start) };
    offset = start + length + 2;
  }
}

/** The headers of a trailer, in their order, names in lower case. */
export function trailersOf({ trailer }: Chunks): readonly (readonly [name: string, value: string])[] {
  return trailer
    .split(/\r\n|\n/)
    .map((line) => /^([^:]+):(.*)$/.exec(line))
    .filter((line) => line !== null)
    .map(([, name = '', value = '']) => [name.trim().toLowerCase(), value.trim()] as const);
}
