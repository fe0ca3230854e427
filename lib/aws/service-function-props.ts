import type { IRole } from 'aws-cdk-lib/aws-iam';
import type * as lambda from 'aws-cdk-lib/aws-lambda';
import type * as logs from 'aws-cdk-lib/aws-logs';
import type { ISecret } from 'aws-cdk-lib/aws-secretsmanager';
import type { IQueue } from 'aws-cdk-lib/aws-sqs';
import type { AccessMap } from './access/capability';
import type { BundlingOptions } from './bundle';

/** Options of the L2 that a `ServiceFunction` decides itself, or renames. */
type Decided =
  | 'initialPolicy'
  | 'onFailure'
  | 'deadLetterQueue'
  | 'deadLetterQueueEnabled'
  | 'deadLetterTopic'
  | 'reservedConcurrentExecutions'
  | 'logGroup'
  | 'logFormat'
  | 'logRemovalPolicy'
  | 'logRetention'
  | 'logRetentionRole'
  | 'logRetentionRetryOptions';

/** Props of a `ServiceFunction`: either `entry`, or `code` with its `handler`. Further options are the L2's. */
export interface ServiceFunctionProps extends Omit<lambda.FunctionOptions, Decided | 'role'> {
  /**
   * The handler's module, TypeScript or JavaScript, relative to the working directory: `src/place-order.ts`. Bundled by
   * esbuild in-process, with source maps, without the AWS SDK v3, which the runtime includes.
   * @default - `code` is given
   */
  readonly entry?: string;
  /**
   * How `entry` is bundled.
   * @default - CommonJS, only the AWS SDK external
   */
  readonly bundling?: BundlingOptions;
  /**
   * Code of any kind, instead of `entry`.
   * @default - bundled from `entry`
   */
  readonly code?: lambda.Code;
  /**
   * File and export of the handler.
   * @default 'index.handler'
   */
  readonly handler?: string;
  /**
   * Runtime of the function.
   * @default Runtime.NODEJS_24_X
   */
  readonly runtime?: lambda.Runtime;
  /**
   * What the function may use: a capability per name. The name becomes the environment variable that holds the
   * resource's identifier; the role gets exactly the capability's actions.
   * @default - nothing
   */
  readonly access?: AccessMap;
  /**
   * Secrets that the function may read. The variable of that name holds the secret's ARN, never its value: fetch it when
   * needed, and cache it (Powertools parameters, or the Parameters and Secrets extension).
   * @default - none
   */
  readonly secrets?: Readonly<Record<string, ISecret>>;
  /**
   * Concurrent executions reserved for this function, which also cap it: 0 or more; 0 stops it. Taken from
   * the account's limit, of which 100 must stay unreserved.
   * @default - no reservation: the function shares the account's
   * @see https://docs.aws.amazon.com/lambda/latest/dg/configuration-concurrency.html
   */
  readonly reservedConcurrency?: number;
  /**
   * Execution environments kept ready, 1 or more, on the alias `live`. Triggers must invoke `trigger`, as our patterns
   * do; invoking the function itself may mean a cold start.
   * @default - none
   * @see https://docs.aws.amazon.com/lambda/latest/dg/provisioned-concurrency.html
   */
  readonly warm?: number;
  /**
   * Where an asynchronous event goes after the function has failed three times: a standard queue, or `'none'` for a
   * function that is never invoked asynchronously, as behind an API or a queue, where the caller learns of the failure.
   * @default - a new dead-letter queue, because S3, SNS, EventBridge and others would lose the event
   * @see https://docs.aws.amazon.com/lambda/latest/dg/invocation-async-retain-records.html
   */
  readonly onFailure?: IQueue | 'none';
  /**
   * A role mandated by the organisation. What `access` and `secrets` need is added to it if CDK may; its owner must see to
   * it that it may write the function's logs and traces.
   * @default - a new role, allowed only its logs, its traces and what `access` names
   */
  readonly role?: IRole;
  /**
   * How long log events are kept.
   * @default - as the team keeps its logs, or a month
   */
  readonly logRetention?: logs.RetentionDays;
  /**
   * The team's own log group, with its own retention.
   * @default - a new log group, deleted with the function
   */
  readonly logGroup?: logs.ILogGroup;
}

/** A path, a path with settings, or a function the team already has. */
export type HandlerSource = string | ServiceFunctionProps | lambda.Function;

/** Anything an event source may invoke: also an alias, a version or an imported function. */
export type FunctionSource = HandlerSource | lambda.IFunction;

/** Handler props that a pattern defaults where the team set none. */
export type HandlerDefaults = Omit<ServiceFunctionProps, 'entry' | 'code'>;
