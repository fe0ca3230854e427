import { type NewEvent, publisher } from 'lintel/runtime';

/** What is to be published, as a test says it. */
interface Request {
  readonly source?: string;
  readonly events: NewEvent | readonly NewEvent[];
}

export const handler = async ({ source = 'shop.orders', events }: Request) => {
  try {
    const published = await publisher('HUB', { source }).publish(events);
    return { published: published.map(({ type }) => type), events: published };
  } catch (error) {
    const { name, message, failed = [], published = [] } = error as Error & Failed;
    return {
      error: name,
      message,
      failed: failed.map(({ event, code }) => [event.type, code]),
      published: published.map(({ type }) => type),
    };
  }
};

interface Failed {
  readonly failed?: readonly { readonly event: { readonly type: string }; readonly code: string }[];
  readonly published?: readonly { readonly type: string }[];
}
