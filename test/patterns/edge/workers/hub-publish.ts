import { type EdgeHubBinding, publisher, PublishError } from 'lintel/runtime/edge';

interface Env {
  readonly HUB: EdgeHubBinding;
}

/** Publishes what it is asked to, and says what came of it. */
export default {
  async fetch(request, { HUB }) {
    const { source, events, cause } = await request.json<{ source: string; events: never[]; cause?: never }>();
    try {
      const published = await publisher(HUB, { source }).publish(events, { cause });
      return Response.json({ published });
    } catch (error) {
      const failed = error instanceof PublishError ? error.failed.map(({ code }) => code) : undefined;
      return Response.json({ error: String(error), failed, published: (error as Partial<PublishError>).published });
    }
  },
} satisfies ExportedHandler<Env>;
