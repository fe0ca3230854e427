import { type Item, withBytes } from '../event-store/items';
import type { Change, StreamRecord } from './types';

/** A batch's records of one aggregate. */
export interface Notices {
  readonly aggregate: string;
  /** Sequence number of the first record, and its index in the batch. */
  readonly sequence: string;
  readonly index: number;
  /** Events, by version. */
  readonly events: Map<number, Item>;
  /** A stored event that was changed or deleted. */
  tampered?: { readonly version: number; readonly eventName: string };
}

/** Groups a batch by aggregate, in order. An unreadable record is a failure of that record. */
export function noticesOf(records: readonly StreamRecord[]): {
  readonly notices: readonly Notices[];
  readonly unread: readonly { readonly sequence: string; readonly index: number; readonly error: unknown }[];
} {
  const notices = new Map<string, Notices>();
  const unread: { sequence: string; index: number; error: unknown }[] = [];
  records.forEach((record, index) => {
    const sequence = record.kinesis?.sequenceNumber ?? record.dynamodb?.SequenceNumber ?? '';
    try {
      const { eventName = '', dynamodb } = changeOf(record);
      const [aggregate, version] = [dynamodb?.Keys?.id?.S, Number(dynamodb?.Keys?.version?.N)];
      if (aggregate === undefined || !Number.isInteger(version)) throw new Error('The record is not of an event');
      const known = notices.get(aggregate) ?? { aggregate, sequence, index, events: new Map<number, Item>() };
      notices.set(aggregate, known);
      if (eventName !== 'INSERT') known.tampered ??= { version, eventName };
      else if (dynamodb?.NewImage) known.events.set(version, withBytes(dynamodb.NewImage));
    } catch (error) {
      unread.push({ sequence, index, error });
    }
  });
  return { notices: [...notices.values()], unread };
}

function changeOf(record: StreamRecord): Change {
  return record.kinesis ? (JSON.parse(Buffer.from(record.kinesis.data, 'base64').toString()) as Change) : record;
}
