import type { EventShape } from '../event-store/types';
import { advance, tampered } from './advance';
import { handlerOf } from './handler';
import type { ProjectionOptions, ProjectionHandler } from './types';
import { readModelContext } from './context';

/**
 * Handler of a function that maintains a read model of an event store. A record is only a notification: each version of an aggregate is
 * applied once and in order, with its checkpoint, even if the stream repeats, reorders or loses records.
 * @example
 * export const handler = projection<OrderEvent, OrderView>({
 *   key: ({ id }) => id,
 *   initial: { lines: [], paid: false },
 *   on: {
 *     OrderPlaced: (order, { data }) => ({ ...order, lines: data.lines }),
 *     OrderPaid: (order) => ({ ...order, paid: true }),
 *   },
 * });
 */
export function projection<Event extends EventShape, Model extends object = Record<string, unknown>>(
  options: ProjectionOptions<Event, Model>,
): ProjectionHandler {
  return handlerOf(() => {
    const context = readModelContext(options);
    return {
      id: context.checkpoints.projection,
      advance: (aggregate, how) => advance(context, aggregate, how),
      tampered: (aggregate, change) => tampered(context, aggregate, change),
    };
  });
}
