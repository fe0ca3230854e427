import type { EventShape } from '../event-store/types';
import { advance, tampered } from './advance';
import { type Notices, noticesOf, type StreamRecord } from './records';
import type {
  BatchAnswer,
  CatchUpOptions,
  CaughtUp,
  ParkedAggregate,
  ProjectionOptions,
  ReplayAnswer,
  ReplayRequest,
} from './types';
import { type World, worldOf } from './world';

/** Aggregates at once. */
const WIDTH = 8;

/** The handler of a projection's function. */
export interface ProjectionHandler {
  /** A batch of the stream. */
  (event: { readonly Records: readonly StreamRecord[] }): Promise<BatchAnswer>;
  /** What a replay asks for. */
  (event: ReplayRequest): Promise<ReplayAnswer>;
  /**
   * Brings an aggregate up to date out of the store, also one that is parked.
   * @throws Error when `reset` is refused, or a service fails
   */
  readonly catchUp: (aggregate: string, options?: CatchUpOptions) => Promise<CaughtUp>;
}

/**
 * The handler of a function that keeps a read model of an event store. A record is a notice only: each version of an aggregate is
 * applied once and in order, with its checkpoint, whatever the stream repeats, swaps or loses.
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
  const catchUp = (aggregate: string, { reset }: CatchUpOptions = {}): Promise<CaughtUp> =>
    advance(worldOf(options), aggregate, { repair: true, reset });

  async function replay({ aggregates, reset }: ReplayRequest['replay']): Promise<ReplayAnswer> {
    const world = worldOf(options);
    const { projection } = world.checkpoints;
    const parked: ParkedAggregate[] = [];
    let applied = 0;
    await inParallel(aggregates, async (aggregate) => {
      const result = await advance(world, aggregate, { repair: true, reset });
      applied += result.applied;
      if (result.parked) parked.push({ projection, aggregate, ...result.parked });
    });
    return { aggregates: aggregates.length, applied, parked };
  }

  function handle(event: { readonly Records: readonly StreamRecord[] }): Promise<BatchAnswer>;
  function handle(event: ReplayRequest): Promise<ReplayAnswer>;
  function handle(event: object): Promise<BatchAnswer | ReplayAnswer> {
    if ('replay' in event) return replay((event as ReplayRequest).replay);
    return batch(worldOf(options), (event as { Records: StreamRecord[] }).Records);
  }
  return Object.assign(handle, { catchUp });
}

async function batch<Event extends EventShape, Model extends object>(
  world: World<Event, Model>,
  records: readonly StreamRecord[],
): Promise<BatchAnswer> {
  const { notices, unread } = noticesOf(records);
  const failures = [...unread];
  await inParallel(notices, async (notice) => {
    try {
      await one(world, notice);
    } catch (error) {
      failures.push({ ...notice, error });
    }
  });
  // eslint-disable-next-line no-console -- Lambda logs nothing of what a batch reports
  for (const { error } of failures) console.error(error);
  const [first] = failures.sort((a, b) => a.place - b.place);
  return { batchItemFailures: first ? [{ itemIdentifier: first.sequence }] : [] };
}

async function one<Event extends EventShape, Model extends object>(
  world: World<Event, Model>,
  { aggregate, events, tampered: changed }: Notices,
): Promise<void> {
  if (changed) await tampered(world, aggregate, changed);
  else await advance(world, aggregate, { events });
}

/** Some at a time, in their order. The first that throws ends it, after those that have begun. */
async function inParallel<Thing>(things: readonly Thing[], work: (thing: Thing) => Promise<void>): Promise<void> {
  const queue = things.values();
  const lanes = Array.from({ length: Math.min(WIDTH, things.length) }, async () => {
    for (const thing of queue) await work(thing);
  });
  const ends = await Promise.allSettled(lanes);
  for (const end of ends) if (end.status === 'rejected') throw end.reason;
}
