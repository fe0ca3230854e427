import type { DynamoDbEngine } from '../../engines/dynamodb';
import type { LocalRunOptions } from '../options';

/** User options for the services of a run. */
export interface ServiceOptions {
  /** Values of secrets, by name, ARN, logical id or construct path. */
  readonly secrets: Readonly<Record<string, string | Readonly<Record<string, unknown>>>>;
  /** Values of parameters, by name. */
  readonly parameters: Readonly<Record<string, string>>;
  /** Which DynamoDB engine; by default the first that is installed. */
  readonly engine?: DynamoDbEngine;
  /** Time between the attempts of an asynchronous invocation, in milliseconds. */
  readonly retryDelay: number;
  /** Local addresses of the HTTP backends of APIs. */
  readonly backends: Readonly<Record<string, string>>;
  /** Most execution environments of one function at a time. */
  readonly maxEnvironments: number;
  /** The share of functions' calls to tables that fail although nothing is wrong with them. */
  readonly faults: number;
  /** Which of them. */
  readonly seed: number;
}

/** The user's options for the services, with defaults. */
export function serviceOptions(options: LocalRunOptions): ServiceOptions {
  return {
    secrets: options.secrets ?? {},
    parameters: options.parameters ?? {},
    backends: options.backends ?? {},
    retryDelay: options.retryDelay ?? 50,
    maxEnvironments: options.maxEnvironments ?? 10,
    faults: options.faults ?? 0,
    seed: options.seed ?? 1,
    ...(options.engine && { engine: options.engine }),
  };
}
