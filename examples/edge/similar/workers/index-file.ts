import { NearestIndex } from './nearest';

/** The object in the bucket: count and length of the vectors as 32-bit integers, then their bytes. */
const KEY = 'index.bin';

/** Seconds after which an index is looked after. */
const FRESH = 60;

/** An isolate has 128 MiB, and while an index is read it is there twice. */
const MOST_BYTES = 48 * 1024 * 1024;

interface Held {
  readonly etag: string;
  readonly index: NearestIndex;
  readonly until: number;
}

let held: Held | undefined;

/**
 * The index, which an isolate keeps: read once, and again after a minute if it has changed.
 * @throws Error when there is none, or it does not fit
 */
export async function indexIn(bucket: R2Bucket): Promise<NearestIndex> {
  if (held && held.until > Date.now()) return held.index;
  const object = await bucket.get(KEY, { onlyIf: { etagDoesNotMatch: held?.etag } });
  if (object === null) throw new Error(`there is no '${KEY}' in the bucket`);
  const until = Date.now() + FRESH * 1000;
  held = 'body' in object ? { ...(await read(object)), until } : { ...held!, until };
  return held.index;
}

async function read(object: R2ObjectBody) {
  if (object.size > MOST_BYTES) throw new Error(`'${KEY}' has ${object.size} bytes, more than ${MOST_BYTES}`);
  const bytes = await object.arrayBuffer();
  const [count = 0, length = 0] = bytes.byteLength < 8 ? [] : new Uint32Array(bytes, 0, 2);
  if (length === 0 || bytes.byteLength !== 8 + count * length)
    throw new Error(`'${KEY}' must be count, length and vectors`);
  return { etag: object.etag, index: new NearestIndex(length, new Int8Array(bytes, 8)) };
}
