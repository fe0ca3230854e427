import { admit, type Declared } from '../../../runtime/edge/gate';
import type { CloudEvent } from '../../../runtime/events/cloud-event';

interface Env {
  readonly DECLARED: Declared;
  readonly QUEUE: Queue<CloudEvent>;
}

/** The gate of one `publish()`: puts only the declared events on the hub's queue. */
export default {
  async fetch(request, { DECLARED, QUEUE }) {
    const events = await request.json().catch(() => undefined);
    if (!Array.isArray(events)) return new Response('a list of events is expected', { status: 400 });
    return Response.json(await admit(events, DECLARED, QUEUE));
  },
} satisfies ExportedHandler<Env>;
