import type { SQSEvent } from 'aws-lambda';
import { type NewEvent, publisher } from 'lintel/runtime';

const orders = publisher('HUB', { source: 'shop.orders' });

/** What the edge has signed: events as they are, with their ids, so that one that comes twice is worked on once. */
export async function handler({ Records }: SQSEvent): Promise<void> {
  await orders.publish(Records.map(({ body }) => JSON.parse(body) as NewEvent));
}
