import { WorkerEntrypoint } from 'cloudflare:workers';

/** Says itself by whom it may be framed. */
export default class extends WorkerEntrypoint {
  override fetch(): Response {
    return new Response('a page', { status: 201, headers: { 'x-frame-options': 'SAMEORIGIN' } });
  }
}
