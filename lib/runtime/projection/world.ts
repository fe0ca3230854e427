import type { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { dynamodb } from '../event-store/clients';
import { Codec } from '../event-store/codec';
import type { EventShape } from '../event-store/types';
import { Checkpoints } from './checkpoints';
import type { ProjectionOptions } from './types';

/** What a projection works with. */
export interface World<Event extends EventShape, Model extends object> {
  readonly client: DynamoDBClient;
  readonly tables: { readonly events: string; readonly model: string };
  /** Address of the queue of parked aggregates. */
  readonly parked: string;
  readonly checkpoints: Checkpoints;
  readonly codec: Codec<Event>;
  readonly options: ProjectionOptions<Event, Model>;
}

/** What the construct's variables say. */
export function worldOf<Event extends EventShape, Model extends object>(
  options: ProjectionOptions<Event, Model>,
): World<Event, Model> {
  const client = options.client ?? dynamodb();
  return {
    client,
    tables: { events: variable('EVENTS'), model: variable('MODEL') },
    parked: variable('PARKED'),
    checkpoints: new Checkpoints(client, variable('CHECKPOINTS'), variable('PROJECTION')),
    codec: new Codec(client, { keys: process.env.EVENTS_KEYS, bucket: process.env.EVENTS_BUCKET }, options.upcasters),
    options,
  };
}

function variable(name: string): string {
  const value = process.env[name];
  if (value === undefined)
    throw new Error(`The variable '${name}' is not set; this handler is for 'project()' of an event store`);
  return value;
}
