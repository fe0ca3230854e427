import type { Item } from '../event-store/items';
import { eventsAfter } from '../event-store/reading';
import type { EventShape } from '../event-store/types';
import type { ProjectionContext } from './context';

/** Events of an aggregate after a version: from the batch if it has all that come next, otherwise from the store. */
export async function* pagesAfter(
  { client, events: table }: Pick<ProjectionContext<EventShape>, 'client' | 'events'>,
  aggregate: string,
  after: number,
  events?: ReadonlyMap<number, Item>,
): AsyncGenerator<readonly Item[]> {
  const next = [...(events ?? [])].filter(([version]) => version > after).sort(([a], [b]) => a - b);
  if (events && next.every(([version], index) => version === after + index + 1)) {
    if (next.length > 0) yield next.map(([, item]) => item);
    return;
  }
  yield* eventsAfter(client, table, aggregate, after);
}
