import type { Item } from '../event-store/items';
import { conditionFailed, pause } from '../event-store/patience';
import type { EventShape } from '../event-store/types';
import type { Checkpoint } from './checkpoints';
import { Fault, invalid, Tampering } from './fault';
import { sendParked } from './parking';
import { Run } from './run';
import type { CaughtUp } from './types';
import type { ProjectionContext, ReadModelContext } from './context';

/** How often one aggregate is restarted because others wrote to its models or its checkpoint. */
export const COLLISIONS = 30;

/** How to advance an aggregate. */
export interface Advance {
  /** Its events in a batch; others are read. */
  readonly events?: ReadonlyMap<number, Item>;
  /** Continues a parked aggregate. */
  readonly repair?: boolean;
  /** Starts over with the first event, and an empty model. */
  readonly reset?: boolean;
}

/** Brings an aggregate up to date, each event once, in order and with its checkpoint; parks it if its handler throws. */
export async function advance<Event extends EventShape, Model extends object>(
  context: ReadModelContext<Event, Model>,
  aggregate: string,
  { events, repair = false, reset = false }: Advance,
): Promise<CaughtUp> {
  let [applied, single, anew] = [0, false, reset];
  for (let collisions = 0; ;) {
    const checkpoint = await context.checkpoints.read(aggregate);
    const { version = 0, parked } = checkpoint;
    if (parked && !repair) return { aggregate, version, applied, parked };
    const run = new Run(context, { aggregate, checkpoint, events, reset: anew, single });
    try {
      const fault = await run.all();
      applied += run.applied;
      if (run.applied > 0) anew = false;
      if (fault) await park(context, aggregate, run.checkpoint, fault);
      return { aggregate, version: run.checkpoint.version ?? 0, applied, ...(fault && { parked: fault.mark }) };
    } catch (error) {
      applied += run.applied;
      if (run.applied > 0) anew = false;
      const alone = invalid(error) && !single;
      if (alone) single = true;
      else if (!conditionFailed(error) || ++collisions === COLLISIONS) throw error;
      else await pause(Math.min(collisions, 4));
    }
  }
}

/** A change other than a new event. */
export interface Tampered {
  readonly version: number;
  readonly eventName: string;
}

/** Parks an aggregate in which a stored event was changed or deleted: nothing further is applied. */
export async function tampered(
  context: Pick<ProjectionContext<EventShape>, 'parked' | 'checkpoints'>,
  aggregate: string,
  { version, eventName }: Tampered,
): Promise<void> {
  const { projection } = context.checkpoints;
  // eslint-disable-next-line no-console -- the alarm counts these lines
  console.error({ tampering: true, projection, aggregate, version, eventName });
  const cause = new Tampering(`${eventName} of event ${version}; stored events are never changed`);
  for (let collisions = 0; ;) {
    try {
      const checkpoint = await context.checkpoints.read(aggregate);
      return await park(context, aggregate, checkpoint, new Fault(version, cause, 'tampering'));
    } catch (error) {
      if (!conditionFailed(error) || ++collisions === COLLISIONS) throw error;
      await pause(Math.min(collisions, 4));
    }
  }
}

/** Reports it, then marks it, in this order: a crash in between means two reports, but never none. */
export async function park(
  context: Pick<ProjectionContext<EventShape>, 'parked' | 'checkpoints'>,
  aggregate: string,
  before: Checkpoint,
  fault: Fault,
): Promise<void> {
  const { mark } = fault;
  await sendParked(context.parked, { projection: context.checkpoints.projection, aggregate, ...mark });
  await context.checkpoints.park(aggregate, before, mark);
}
