import { epoch, type DurableEvent, type ErrorObject, type Operation } from './wire';

/** The event history of a durable execution. */
export class DurableHistory {
  readonly events: DurableEvent[] = [];

  /** @param now the time, in milliseconds */
  constructor(private readonly now: () => number) {}

  /** Adds an event of an operation; the key of its details derives from the event's name. */
  add(type: string, details: object, operation?: Operation): void {
    const { id, name, parentId, subType } = operation ?? {};
    this.events.push({
      EventId: this.events.length + 1,
      EventType: type,
      EventTimestamp: epoch(this.now()),
      ...(id !== undefined && { Id: id }),
      ...(name !== undefined && { Name: name }),
      ...(parentId !== undefined && { ParentId: parentId }),
      ...(subType !== undefined && { SubType: subType }),
      [`${type}Details`]: details,
    });
  }

  /** Adds the end of an operation. */
  ended(operation: Operation): void {
    const { type, status, payload, error } = operation;
    const details =
      status === 'SUCCEEDED'
        ? type === 'WAIT'
          ? { Duration: Math.round(((operation.ended ?? 0) - operation.started) / 1000) }
          : { Result: shown(payload) }
        : { Error: failure(error) };
    this.add(`${NAMES[type]}${ENDS[status] ?? 'Failed'}`, details, operation);
  }
}

/** A payload, as an event has it. */
export function shown(payload: string | undefined): object {
  return { ...(payload !== undefined && { Payload: payload }), Truncated: false };
}

/** An error, as an event has it. */
export function failure(error: ErrorObject | undefined): object {
  return { Payload: error ?? {}, Truncated: false };
}

/** Names of the kinds of operations in events. */
export const NAMES = {
  EXECUTION: 'Execution',
  CONTEXT: 'Context',
  STEP: 'Step',
  WAIT: 'Wait',
  CALLBACK: 'Callback',
  CHAINED_INVOKE: 'ChainedInvoke',
} as const;

const ENDS: Readonly<Record<string, string>> = {
  SUCCEEDED: 'Succeeded',
  FAILED: 'Failed',
  CANCELLED: 'Cancelled',
  TIMED_OUT: 'TimedOut',
  STOPPED: 'Stopped',
};
