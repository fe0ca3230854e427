import type { PutEventsRequestEntry } from '@aws-sdk/client-eventbridge';
import { BUS_ENTRIES } from '../limits';
import type { CloudEvent } from './cloud-event';

/** An event, as put on the bus. */
export interface Outgoing {
  readonly event: CloudEvent;
  readonly entry: PutEventsRequestEntry;
  /** Bytes that the bus counts. */
  readonly size: number;
}

/** What may be put on a bus in one request: what a single statement allows. */
export interface Declared {
  readonly source: string;
  readonly types: readonly string[];
}

/** Bytes that a timestamp counts for. */
const TIME_BYTES = 14;

/** The bus entry of an event. */
export function outgoing(event: CloudEvent, bus: string): Outgoing {
  const { source, type, time } = event;
  const entry = {
    EventBusName: bus,
    Source: source,
    DetailType: type,
    Detail: JSON.stringify(event),
    Time: new Date(time),
  };
  return { event, entry, size: sizeOf(entry) };
}

/**
 * Size of an entry as the bus counts it, in bytes.
 * @see https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-putevents.html
 */
export function sizeOf({
  Source = '',
  DetailType = '',
  Detail = '',
  Resources = [],
  Time,
}: PutEventsRequestEntry): number {
  const bytes = [Source, DetailType, Detail, ...Resources].reduce((sum, part) => sum + Buffer.byteLength(part), 0);
  return bytes + (Time === undefined ? 0 : TIME_BYTES);
}

/**
 * Splits entries into requests that are as full as possible: of entries that one statement allows, at most ten, and no more bytes than one
 * entry may have. An undeclared entry is sent alone, so that nothing else is denied with it.
 */
export function requestsOf(
  all: readonly Outgoing[],
  declared: readonly Declared[],
  most: number,
): readonly (readonly Outgoing[])[] {
  const groups = new Map<unknown, Outgoing[]>();
  for (const one of all) {
    const { source, type } = one.event;
    const statement = declared.find((each) => each.source === source && each.types.includes(type)) ?? one;
    groups.set(statement, [...(groups.get(statement) ?? []), one]);
  }
  return [...groups.values()].flatMap((group) => filled(group, most));
}

function filled(group: readonly Outgoing[], most: number): readonly (readonly Outgoing[])[] {
  const requests: Outgoing[][] = [];
  let bytes = 0;
  for (const one of group) {
    const current = requests.at(-1);
    if (current === undefined || current.length === BUS_ENTRIES || bytes + one.size > most) {
      requests.push([one]);
      bytes = one.size;
    } else {
      current.push(one);
      bytes += one.size;
    }
  }
  return requests;
}
