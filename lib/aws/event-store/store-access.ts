import type { ITable } from 'aws-cdk-lib/aws-dynamodb';
import { BucketAccess } from '../access/bucket';
import { type AccessStatement, Capability } from '../access/capability';
import { keyOf, throughService } from '../access/encryption';
import { KEY_READ, KEY_WRITE } from '../access/table';
import type { StoreTables } from './tables';

/** Exact actions on one table, with what its key needs for them. */
export function onTable(
  table: ITable,
  actions: readonly string[],
  conditions?: AccessStatement['conditions'],
): AccessStatement[] {
  const named = actions.map((action) => `dynamodb:${action}`);
  const key = actions.every((action) => READS.includes(action)) ? KEY_READ : KEY_WRITE;
  return [
    { actions: named, resources: [table.tableArn], ...(conditions && { conditions }) },
    ...throughService(keyOf(table), 'dynamodb', key),
  ];
}

const READS = ['GetItem', 'BatchGetItem', 'Query'];

/** What a store says of its personal fields: which of an event's data are encrypted. */
export type PersonalFields = Readonly<Record<string, readonly string[]>>;

/** Reads events of one aggregate at a time, never the whole table, and the state that was kept of it. */
export function readEvents(tables: StoreTables): Capability {
  const { events, snapshots } = tables;
  return followEvents(tables).and(
    new Capability({
      variables: snapshots ? { SNAPSHOTS: snapshots.tableName } : {},
      statements: [...onTable(events, ['GetItem']), ...(snapshots ? onTable(snapshots, ['GetItem']) : [])],
    }),
  );
}

/** Reads events of one aggregate at a time, with its key and what is too large for an item. */
export function followEvents({ events, keys, payloads }: StoreTables): Capability {
  const all = new Capability({
    variables: {
      '': events.tableName,
      ...(keys && { KEYS: keys.tableName }),
      ...(payloads && { BUCKET: payloads.bucketName }),
    },
    statements: [...onTable(events, ['Query']), ...(keys ? onTable(keys, ['GetItem']) : [])],
  });
  return payloads ? all.and(unnamed(new BucketAccess(payloads).read())) : all;
}

/** How events are written. */
export interface Writing {
  /** Bytes that an event may have, where it is published. */
  readonly limit: string;
  /** Which fields are encrypted. */
  readonly personal?: PersonalFields;
  /** The region in which alone they are. */
  readonly writeRegion?: string;
}

/**
 * Writes events: puts, alone and in transactions, whose condition is the helper's to set; never an update, a deletion or
 * a batch, which could not have a condition.
 */
export function writeEvents(
  { events, commands, snapshots, keys, payloads }: StoreTables,
  { limit, personal, writeRegion }: Writing,
): Capability {
  const here = writeRegion === undefined ? undefined : { StringEquals: { 'aws:RequestedRegion': writeRegion } };
  const all = new Capability({
    variables: { COMMANDS: commands.tableName, LIMIT: limit, ...(personal && { PERSONAL: JSON.stringify(personal) }) },
    statements: [
      ...onTable(events, ['PutItem'], here),
      ...onTable(commands, ['GetItem', 'PutItem']),
      ...(snapshots ? onTable(snapshots, ['PutItem']) : []),
      ...(keys ? onTable(keys, ['PutItem']) : []),
    ],
  });
  return payloads ? all.and(unnamed(new BucketAccess(payloads).write())) : all;
}

/** A capability's statements without its variables: the store has names of its own. */
export function unnamed({ statements }: Capability): Capability {
  return new Capability({ variables: {}, statements });
}
