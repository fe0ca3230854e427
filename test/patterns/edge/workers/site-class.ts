import { WorkerEntrypoint } from 'cloudflare:workers';

/** Says itself by whom it may be framed, and who may keep it. */
export default class extends WorkerEntrypoint {
  override fetch(): Response {
    const headers = { 'x-frame-options': 'SAMEORIGIN', 'cache-control': 'private' };
    return new Response('a page', { status: 201, headers });
  }
}
