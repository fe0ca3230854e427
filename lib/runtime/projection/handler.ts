import { noticesOf } from './records';
import type {
  BatchAnswer,
  CatchUpOptions,
  CaughtUp,
  ParkedAggregate,
  ProjectionHandler,
  ReplayAnswer,
  ReplayRequest,
  StreamRecord,
} from './types';
import type { Advance, Tampered } from './advance';

/** Aggregates processed concurrently. */
const WIDTH = 8;

/** Maintains a read model, wherever it is. */
export interface Projector {
  /** The projection's id. */
  readonly id: string;
  /** Brings an aggregate up to date, or parks it. */
  advance(aggregate: string, how: Advance): Promise<CaughtUp>;
  /** Parks an aggregate in which a stored event was changed or deleted. */
  tampered(aggregate: string, change: Tampered): Promise<void>;
}

/** @param projector created per invocation, which is when variables are read */
export function handlerOf(projector: () => Projector): ProjectionHandler {
  const catchUp = (aggregate: string, { reset }: CatchUpOptions = {}): Promise<CaughtUp> =>
    projector().advance(aggregate, { repair: true, reset });

  async function replay({ aggregates, reset }: ReplayRequest['replay']): Promise<ReplayAnswer> {
    const projecting = projector();
    const parked: ParkedAggregate[] = [];
    let applied = 0;
    await inParallel(aggregates, async (aggregate) => {
      const result = await projecting.advance(aggregate, { repair: true, reset });
      applied += result.applied;
      if (result.parked) parked.push({ projection: projecting.id, aggregate, ...result.parked });
    });
    return { aggregates: aggregates.length, applied, parked };
  }

  function handle(event: { readonly Records: readonly StreamRecord[] }): Promise<BatchAnswer>;
  function handle(event: ReplayRequest): Promise<ReplayAnswer>;
  function handle(event: object): Promise<BatchAnswer | ReplayAnswer> {
    if ('replay' in event) return replay((event as ReplayRequest).replay);
    return batch(projector(), (event as { Records: StreamRecord[] }).Records);
  }
  return Object.assign(handle, { catchUp });
}

async function batch(projector: Projector, records: readonly StreamRecord[]): Promise<BatchAnswer> {
  const { notices, unread } = noticesOf(records);
  const failures = [...unread];
  await inParallel(notices, async (notice) => {
    const { aggregate, events, tampered } = notice;
    try {
      if (tampered) await projector.tampered(aggregate, tampered);
      else await projector.advance(aggregate, { events });
    } catch (error) {
      failures.push({ ...notice, error });
    }
  });
  // eslint-disable-next-line no-console -- Lambda does not log reported batch failures
  for (const { error } of failures) console.error(error);
  const [first] = failures.sort((a, b) => a.index - b.index);
  return { batchItemFailures: first ? [{ itemIdentifier: first.sequence }] : [] };
}

/** Runs some at a time, in order. The first error stops it, once those that have started are done. */
async function inParallel<Thing>(things: readonly Thing[], work: (thing: Thing) => Promise<void>): Promise<void> {
  const queue = things.values();
  const lanes = Array.from({ length: Math.min(WIDTH, things.length) }, async () => {
    for (const thing of queue) await work(thing);
  });
  const ends = await Promise.allSettled(lanes);
  for (const end of ends) if (end.status === 'rejected') throw end.reason;
}
