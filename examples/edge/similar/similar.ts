import { EdgeApi, EdgeBucket } from 'lintel/edge';

/** What is like what: vectors in a bucket, and a Worker that compares them in WebAssembly. */
export function similar() {
  const vectors = new EdgeBucket('vectors');
  new EdgeApi('api', { handler: 'workers/api.ts', access: { VECTORS: vectors.read() } });
  return { bucket: vectors.bucket.name };
}
