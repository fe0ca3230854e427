import type { Admin } from './shop';

interface Env {
  readonly ADMIN: Service<Admin>;
  readonly SHOP: Service<Admin>;
}

/** Calls methods of another Worker. */
export default {
  async fetch(request, { ADMIN, SHOP }) {
    if (new URL(request.url).pathname === '/default') {
      return new Response(await SHOP.lastJobs().catch((error: unknown) => String(error)));
    }
    const last = await ADMIN.lastJobs();
    if (request.method === 'DELETE') await ADMIN.clear();
    return new Response(last);
  },
} satisfies ExportedHandler<Env>;
