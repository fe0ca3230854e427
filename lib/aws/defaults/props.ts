import type { TableEncryptionV2 } from 'aws-cdk-lib/aws-dynamodb';
import type { RemovalPolicy } from 'aws-cdk-lib';
import type { IManagedPolicy } from 'aws-cdk-lib/aws-iam';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import type { RetentionDays } from 'aws-cdk-lib/aws-logs';
import type { ITopic } from 'aws-cdk-lib/aws-sns';
import type { ServiceFunctionProps } from '../service-function-props';

/** Function settings from which nothing else is derived. */
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
 * What a team sets for its functions. `timeout` is excluded, and so is whatever derives from it: visibility timeouts, integration
 * limits and alarms follow each handler's own timeout.
 */
export interface FunctionDefaults extends Pick<ServiceFunctionProps, Free> {
  /**
   * Permissions boundary of the roles created for functions.
   * @default - none
   */
  readonly permissionsBoundary?: IManagedPolicy;
  /**
   * Tags of functions, their roles and log groups, by name.
   * @default - none
   */
  readonly tags?: Readonly<Record<string, string>>;
}

/** What a team sets for its tables. */
export interface TableDefaults {
  /**
   * How tables are encrypted.
   * @default - with an AWS-owned key
   */
  readonly encryption?: TableEncryptionV2;
  /**
   * What happens to a table when its stack is deleted, and so whether it has deletion protection.
   * @default RemovalPolicy.RETAIN
   */
  readonly removalPolicy?: RemovalPolicy;
}

/** What a team sets for the log groups of its functions, state machines, APIs and databases. */
export interface LogDefaults {
  /**
   * How long log events are kept; `logRetention` of `functions` wins for those of functions.
   * @default - a month; three months for the requests of webhooks
   */
  readonly retention?: RetentionDays;
  /**
   * Key of the region, by which log groups are encrypted. The policy of a key of the app is written; an imported one must admit
   * CloudWatch Logs.
   * @default - a key of CloudWatch Logs
   */
  readonly encryptionKey?: IKey;
}

/** What a team sets for its alarms. */
export interface AlarmDefaults {
  /**
   * Topic that alarms notify unless `alarmTopic` names another.
   * @default - none
   */
  readonly topic?: ITopic;
}

/** Defaults by kind of resource. */
export interface AllDefaults {
  /** For every `ServiceFunction`. */
  readonly functions: FunctionDefaults;
  /** For every `EntityTable`. */
  readonly tables: TableDefaults;
  /** For all log groups. */
  readonly logs: LogDefaults;
  /** For all alarms. */
  readonly alarms: AlarmDefaults;
}
