import type { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import type { DynamoDbClient } from '../dynamodb-client';
import { dynamodb } from '../event-store/clients';
import { Codec } from '../event-store/codec';
import { codecStores } from '../event-store/settings';
import type { EventShape, Upcasters } from '../event-store/types';
import { Checkpoints } from './checkpoints';
import type { ProjectionOptions } from './types';

/** What every projection uses. */
export interface ProjectionContext<Event extends EventShape> {
  readonly client: DynamoDBClient;
  /** Name of the table of events. */
  readonly events: string;
  /** URL of the queue for parked aggregates. */
  readonly parked: string;
  readonly checkpoints: Checkpoints;
  readonly codec: Codec<Event>;
}

/** What a projection into a table uses. */
export interface ReadModelContext<Event extends EventShape, Model extends object> extends ProjectionContext<Event> {
  /** Name of the table of models. */
  readonly model: string;
  readonly options: ProjectionOptions<Event, Model>;
}

/** From the construct's variables. */
export function projectionContext<Event extends EventShape>({
  client: given,
  upcasters,
}: {
  readonly client?: DynamoDbClient;
  readonly upcasters?: Upcasters<Event>;
}): ProjectionContext<Event> {
  const client = dynamodb(given);
  return {
    client,
    events: variable('EVENTS'),
    parked: variable('PARKED'),
    checkpoints: new Checkpoints(client, variable('CHECKPOINTS'), variable('PROJECTION')),
    codec: new Codec(client, codecStores('EVENTS'), upcasters),
  };
}

/** The same, for models in a table. */
export function readModelContext<Event extends EventShape, Model extends object>(
  options: ProjectionOptions<Event, Model>,
): ReadModelContext<Event, Model> {
  return { ...projectionContext(options), model: variable('MODEL'), options };
}

function variable(name: string): string {
  const value = process.env[name];
  if (value === undefined)
    throw new Error(`The variable '${name}' is not set; this handler is for 'project()' of an event store`);
  return value;
}
