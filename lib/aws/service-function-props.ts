import type { IRole } from 'aws-cdk-lib/aws-iam';
import type * as lambda from 'aws-cdk-lib/aws-lambda';
import type * as logs from 'aws-cdk-lib/aws-logs';
import type { ISecret } from 'aws-cdk-lib/aws-secretsmanager';
import type { IQueue } from 'aws-cdk-lib/aws-sqs';
import type { AccessMap } from './access/capability';
import type { BundlingOptions } from './bundle';

/** What of the L2's options a `ServiceFunction` decides itself, or says in other words. */
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

/** Props of a `ServiceFunction`: either `entry`, or `code` with its `handler`. All further options are the L2's. */
export interface ServiceFunctionProps extends Omit<lambda.FunctionOptions, Decided | 'role'> {
  /**
   * The handler's module, TypeScript or JavaScript, relative to the working directory: `src/place-order.ts`. Bundled by
   * esbuild in this process, with source maps, without the AWS SDK v3, which the runtime has.
   * @default - `code` is given
   */
  readonly entry?: string;
  /**
   * How `entry` is bundled.
   * @default - CommonJS, only the AWS SDK external
   */
  readonly bundling?: BundlingOptions;
  /**
   * Code of any kind, in place of `entry`.
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
   * What the function may use: a name for each capability. The name becomes the environment variable that holds the
   * resource's identifier; the role gets exactly the capability's actions.
   * @default - nothing
   */
  readonly access?: AccessMap;
  /**
   * Secrets that the function may read. The variable of that name holds the secret's ARN, never its value: read it when
   * it is needed, and cache it (Powertools parameters, or the Parameters and Secrets extension).
   * @default - none
   */
  readonly secrets?: Readonly<Record<string, ISecret>>;
  /**
   * Execution environments that only this function may use, and no more than these: 0 or more; 0 stops it. Taken out of
   * the account's limit, of which 100 must stay unreserved.
   * @default - shares the account's
   * @see https://docs.aws.amazon.com/lambda/latest/dg/configuration-concurrency.html
   */
  readonly reservedConcurrency?: number;
  /**
   * Execution environments kept ready, 1 or more, on the alias `live`. Triggers must call `trigger`, which our patterns
   * do; whoever calls the function itself gets a cold one.
   * @default - none
   * @see https://docs.aws.amazon.com/lambda/latest/dg/provisioned-concurrency.html
   */
  readonly warm?: number;
  /**
   * Where an asynchronous event goes when the function has failed it three times: a standard queue, or `'none'` for a
   * function that nobody invokes asynchronously, as behind an API or a queue, where the caller learns of the failure.
   * @default - a dead-letter queue of its own, because S3, SNS, EventBridge and others would lose the event
   * @see https://docs.aws.amazon.com/lambda/latest/dg/invocation-async-retain-records.html
   */
  readonly onFailure?: IQueue | 'none';
  /**
   * A role that the organisation mandates. What `access` and `secrets` name is added to it where CDK may; that it may
   * write the function's logs and traces is its owner's to see to.
   * @default - a role of its own, with nothing but its logs, its traces and what `access` names
   */
  readonly role?: IRole;
  /**
   * Time after which log events are deleted.
   * @default RetentionDays.ONE_MONTH
   */
  readonly logRetention?: logs.RetentionDays;
  /**
   * A log group of the team's, with its own retention.
   * @default - a log group of its own, deleted with the function
   */
  readonly logGroup?: logs.ILogGroup;
}

/** A path, a path with settings, or a function the team already has. */
export type HandlerSource = string | ServiceFunctionProps | lambda.Function;

/** What a source of events may call besides: an alias, a version, an imported function. */
export type FunctionSource = HandlerSource | lambda.IFunction;

/** What a pattern chooses for its handlers where the team chose nothing. */
export type HandlerDefaults = Omit<ServiceFunctionProps, 'entry' | 'code'>;
