import type { TableEncryptionV2 } from 'aws-cdk-lib/aws-dynamodb';
import type { RemovalPolicy } from 'aws-cdk-lib';
import type { IManagedPolicy } from 'aws-cdk-lib/aws-iam';
import type { ITopic } from 'aws-cdk-lib/aws-sns';
import type { ServiceFunctionProps } from '../service-function-props';

/** Settings of a function from which nothing else is derived. */
type Free =
  | 'runtime'
  | 'architecture'
  | 'memorySize'
  | 'tracing'
  | 'logRetention'
  | 'environment'
  | 'environmentEncryption'
  | 'layers'
  | 'codeSigningConfig';

/**
 * What a team sets for its functions. `timeout` is not among it, nor what is derived from it: visibility, integration limits and
 * alarms follow the timeout of the one handler.
 */
export interface FunctionDefaults extends Pick<ServiceFunctionProps, Free> {
  /**
   * A boundary of the roles that functions get of their own.
   * @default - none
   */
  readonly permissionsBoundary?: IManagedPolicy;
  /**
   * Tags of functions, of their roles and log groups, by name.
   * @default - none
   */
  readonly tags?: Readonly<Record<string, string>>;
}

/** What a team sets for its tables. */
export interface TableDefaults {
  /**
   * How tables are encrypted.
   * @default - by a key of DynamoDB's own
   */
  readonly encryption?: TableEncryptionV2;
  /**
   * What becomes of a table whose stack is deleted, and whether it is protected from deletion.
   * @default RemovalPolicy.RETAIN
   */
  readonly removalPolicy?: RemovalPolicy;
}

/** What a team sets for its alarms. */
export interface AlarmDefaults {
  /**
   * Who is told of alarms where `alarmTopic` says nobody else.
   * @default - nobody
   */
  readonly topic?: ITopic;
}

/** Defaults by what they are for. */
export interface AllDefaults {
  /** Of every `ServiceFunction`. */
  readonly functions: FunctionDefaults;
  /** Of every `EntityTable`. */
  readonly tables: TableDefaults;
  /** Of all alarms. */
  readonly alarms: AlarmDefaults;
}
