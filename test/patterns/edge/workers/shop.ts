import { DurableObject, WorkerEntrypoint } from 'cloudflare:workers';

interface Env {
  readonly SEEN: KVNamespace;
  readonly JOBS: Queue<string>;
  readonly LIMITS: { readonly perMinute: number; readonly tags: readonly string[] };
}

/** Requests, a schedule and a queue, all in one. */
export default {
  async fetch(request, { JOBS, LIMITS }) {
    if (request.method === 'POST') await JOBS.send(await request.text());
    return Response.json({ perMinute: LIMITS.perMinute + 1, tags: LIMITS.tags.length });
  },
  scheduled: ({ cron }, { SEEN }) => SEEN.put('ran', cron),
  queue: (batch, { SEEN }) => SEEN.put('jobs', batch.messages.map(({ body }) => body).join()),
} satisfies ExportedHandler<Env, string>;

class Base extends WorkerEntrypoint<Env> {
  async lastJobs(): Promise<string | null> {
    return this.env.SEEN.get('jobs');
  }
}

/** For other Workers alone. */
export class Admin extends Base {
  clear(): Promise<void> {
    return this.env.SEEN.delete('jobs');
  }
}

export class Room extends DurableObject {}
export class Plain {}
export const total = (): number => 1;
