interface Env {
  readonly FILES: R2Bucket;
}

/** Reads, writes and deletes files; POST writes in parts. */
export default {
  async fetch(request, { FILES }) {
    const key = new URL(request.url).pathname.slice(1);
    if (request.method === 'PUT') await FILES.put(key, request.body);
    if (request.method === 'DELETE') await FILES.delete(key);
    if (request.method === 'POST') {
      const upload = await FILES.createMultipartUpload(key);
      await upload.complete([await upload.uploadPart(1, await request.arrayBuffer())]);
    }
    if (request.method !== 'GET') return new Response('done');
    return new Response((await FILES.get(key))?.body ?? null);
  },
} satisfies ExportedHandler<Env>;
