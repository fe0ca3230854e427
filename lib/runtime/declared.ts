import type { EventTypes } from './events/publishing';

declare global {
  /** What `lintel types` declares about an app; empty without its declaration. */
  namespace Lintel {
    /** Variables of the handlers. */
    interface Variables {}
    /** The data of events by type. */
    interface Events {}
    /** What may be published: by name in `access`, source and type. */
    interface Publishers {}
  }
}

/** What is declared, or else a fallback. */
type Declared<All extends object, Otherwise> = [keyof All] extends [never] ? Otherwise : All;

/** The data of the events that the app declares, by type. */
export type KnownEvents = Declared<Lintel.Events, EventTypes>;

/** Names in `access` to publish under; any string when the caller supplies types. */
export type HubName<Types extends object = never> = [Types] extends [never]
  ? keyof Declared<Lintel.Publishers, Readonly<Record<string, unknown>>> & string
  : string;

/** Sources that may be published under a name. */
export type SourceOf<Name extends string> = Name extends keyof Lintel.Publishers
  ? keyof Lintel.Publishers[Name] & string
  : string;

/** Data of the events that may be published under a name from a source, by type; or the types that the caller supplies. */
export type PublishedBy<Name extends string, Source extends string, Types extends object = never> = [Types] extends [
  never,
]
  ? Name extends keyof Lintel.Publishers
    ? Source extends keyof Lintel.Publishers[Name]
      ? Lintel.Publishers[Name][Source] & object
      : never
    : EventTypes
  : Types;

/** Names of variables: the app's, and those that Lambda sets. */
export type VariableName = [keyof Lintel.Variables] extends [never]
  ? string
  : (keyof Lintel.Variables & string) | PlatformVariable;

type PlatformVariable =
  | `AWS_${'REGION' | 'DEFAULT_REGION' | 'EXECUTION_ENV'}`
  | `AWS_LAMBDA_${'FUNCTION_NAME' | 'FUNCTION_VERSION' | 'FUNCTION_MEMORY_SIZE' | 'INITIALIZATION_TYPE'}`
  | `AWS_LAMBDA_${'LOG_GROUP_NAME' | 'LOG_STREAM_NAME'}`
  | `LAMBDA_${'TASK_ROOT' | 'RUNTIME_DIR'}`;
