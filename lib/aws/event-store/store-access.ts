import type { ITable } from 'aws-cdk-lib/aws-dynamodb';
import type { IFunction } from 'aws-cdk-lib/aws-lambda';
import { CALLS } from '../../core/iam/platform-actions';
import { BucketAccess } from '../access/bucket';
import { type AccessMap, type AccessStatement, Capability } from '../access/capability';
import { KEY_READ, KEY_WRITE, tableKey } from '../access/table';
import { tableTarget } from '../access/targets';
import type { PersonalFields } from './store-props';
import type { StoreTables } from './tables';

/** Exact actions on one table, with what its key requires for them. */
export function onTable(
  table: ITable,
  actions: readonly string[],
  conditions?: AccessStatement['conditions'],
): AccessStatement[] {
  const named = actions.map((action) => `dynamodb:${action}`);
  const key = actions.every((action) => READS.includes(action)) ? KEY_READ : KEY_WRITE;
  return [
    { actions: named, resources: [table.tableArn], ...(conditions && { conditions }), of: () => tableTarget(table) },
    ...tableKey(table, key),
  ];
}

const READS = ['GetItem', 'BatchGetItem', 'Query'];

/** Reads one aggregate's events at a time, never the whole table, and its snapshot. */
export function readEvents(tables: StoreTables): Capability {
  const { events, snapshots } = tables;
  return followEvents(tables).and(
    new Capability({
      variables: snapshots ? { SNAPSHOTS: snapshots.tableName } : {},
      statements: [...onTable(events, ['GetItem']), ...(snapshots ? onTable(snapshots, ['GetItem']) : [])],
    }),
  );
}

/** Reads one aggregate's events at a time, with its key and what is too large for an item. */
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
  /** Maximum size of an event in bytes, if events are published. */
  readonly limit: string;
  /** Which fields are encrypted. */
  readonly personal?: PersonalFields;
  /** The only region they are written in. */
  readonly writeRegion?: string;
  /** The only function that may put events, if there is one. */
  readonly writer?: IFunction;
}

/**
 * Writes events: puts, alone and in transactions, whose condition the helper sets; never updates, deletions or
 * batches, which could not have a condition. If only one function may put, it is invoked instead.
 */
export function writeEvents(tables: StoreTables, { limit, personal, writeRegion, writer }: Writing): Capability {
  const { commands, snapshots, keys, payloads } = tables;
  const all = new Capability({
    variables: {
      COMMANDS: commands.tableName,
      LIMIT: limit,
      ...(personal && { PERSONAL: JSON.stringify(personal) }),
      ...(writer && { WRITER: writer.functionArn }),
    },
    statements: [
      ...(writer
        ? [{ actions: CALLS.function.granted, resources: [writer.functionArn] }]
        : putEvents(tables, writeRegion)),
      ...onTable(commands, ['GetItem']),
      ...(snapshots ? onTable(snapshots, ['PutItem']) : []),
      ...(keys ? onTable(keys, ['PutItem']) : []),
    ],
  });
  return payloads ? all.and(unnamed(new BucketAccess(payloads).write())) : all;
}

/** The puts themselves: events, and the command in the same transaction. */
export function putEvents({ events, commands }: StoreTables, writeRegion?: string): AccessStatement[] {
  const here = writeRegion === undefined ? undefined : { StringEquals: { 'aws:RequestedRegion': writeRegion } };
  return [...onTable(events, ['PutItem'], here), ...onTable(commands, ['PutItem'])];
}

/** Access of the only function that may put events, by the names its module uses. */
export function writerAccess(tables: StoreTables, writeRegion?: string): AccessMap {
  return {
    EVENTS: new Capability({ variables: { '': tables.events.tableName }, statements: putEvents(tables, writeRegion) }),
    COMMANDS: new Capability({ variables: { '': tables.commands.tableName }, statements: [] }),
  };
}

/** A capability's statements without its variables: the store uses its own names. */
export function unnamed({ statements }: Capability): Capability {
  return new Capability({ variables: {}, statements });
}
