export {
  type ActionEvent,
  type AnswerResult,
  type CompensationEvent,
  OutcomeUnknown,
  type ParkedMessage,
  saga,
  type SagaClient,
  type SagaExecution,
  type StartResult,
} from './saga';
export { type CastoreImport, importCastore } from './event-store/castore';
export { ConcurrencyError } from './event-store/concurrency-error';
export { EventStore } from './event-store/event-store';
export type {
  Appended,
  AppendOptions,
  EventOf,
  EventShape,
  EventStoreOptions,
  Loaded,
  Recorded,
  Upcasters,
} from './event-store/types';
export { projectionInto, type ReadModelElsewhere } from './projection/elsewhere';
export { projection } from './projection/projection';
export { total } from './projection/total';
export type {
  Additions,
  BatchAnswer,
  CatchUpOptions,
  CaughtUp,
  ParkedAggregate,
  ParkedMark,
  ProjectionHandler,
  ProjectionOptions,
  Projections,
  ReplayAnswer,
  ReplayRequest,
} from './projection/types';
export { type ReplayedAggregates, type ReplayProgress, type Replays, replays, type ReplayScope } from './replay/replay';
export { type CloudEvent, type NewEvent } from './events/cloud-event';
export type { HubName, KnownEvents, PublishedBy, SourceOf, VariableName } from './declared';
export type { DynamoDbClient } from './dynamodb-client';
export { env } from './env';
export { eventPoster, type EventPosterProps } from './events/over-http';
export { publisher } from './events/publisher';
export {
  type EventTypes,
  type Publisher,
  PublishError,
  type PublisherProps,
  type PublishOptions,
  type Unpublished,
} from './events/publishing';
export { InvalidDataError, type DataFault } from './events/validated';
export { replay, type Replay, type ReplayRequest as EventReplayRequest, type ReplayState } from './events/replay';
export { type EventHandler, subscriber, type Subscriber, type SubscriberProps } from './events/subscriber';
export { retryConflicts, type RetryOptions } from './database/conflicts';
export {
  dataApi,
  type DataApiSettings,
  planetscale,
  type PlanetscaleSettings,
  turso,
  type TursoSettings,
  upstash,
  type UpstashSettings,
} from './database/http';
export { mysql, type MysqlOptions, type MysqlSettings } from './database/mysql';
export { postgres, type PostgresOptions, type PostgresSettings } from './database/postgres';
export type { SteadyClientClass } from './database/steady-client';
