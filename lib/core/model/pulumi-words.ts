import { AWS_TYPES, type AwsType } from './pulumi-aws';
import { asPulumi } from './pulumi-properties';

/** An author's terms for CloudFormation's names in rules. */
export interface WritersWords {
  /** A dotted property: `memorySize`. */
  property(property: string): string;
  /** A sentence: `set memorySize`, `add an aws.lambda.Permission`. */
  text(text: string): string;
}

/** The words of a Pulumi program for a resource of this type. */
export function pulumiWords(mapping: AwsType): WritersWords {
  return { property: (property) => asPulumi(property, mapping), text: (text) => inPulumi(text, mapping) };
}

/**
 * A sentence with Pulumi's names of types and properties. A name missing from the resource's own type is another
 * type's, if only one has it.
 */
function inPulumi(text: string, mapping: AwsType): string {
  return text.replace(NAME, (name) => {
    if (name.startsWith('AWS::')) return CLASSES.get(name) ?? name;
    if (!PROPERTIES.has(name.split('.')[0]!)) return name;
    return asPulumi(name, isRenamed(name, mapping) ? mapping : (renamedBy(name) ?? mapping));
  });
}

/** A type, or a multi-word name with its path below; `aws:SourceArn` is a condition key, the same everywhere. */
const NAME = /\bAWS::\w+::\w+\b|(?<![:\w])[A-Z][a-z]+[A-Z][A-Za-z]*(?:\.[A-Za-z]+)*\b/g;

/** `aws.lambda.Permission`, by the type in CloudFormation. */
const CLASSES: ReadonlyMap<string, string> = new Map([
  // Of several, the first is the best known; a part does not go by the whole's name.
  ...Object.entries(AWS_TYPES)
    .filter(([, { partOf }]) => partOf === undefined)
    .reverse()
    .map(([token, { type }]): [string, string] => [type, classOf(token)]),
]);

function classOf(token: string): string {
  const [, service, name] = /^aws:(\w+)\/\w+:(\w+)$/.exec(token) ?? [];
  return `aws.${service}.${name}`;
}

function isRenamed(name: string, { renamed = {} }: AwsType): boolean {
  return Object.values(renamed).some((to) => name === to || name.startsWith(`${to}.`));
}

function renamedBy(name: string): AwsType | undefined {
  const types = Object.values(AWS_TYPES).filter((type) => isRenamed(name, type));
  return types.length === 1 ? types[0] : undefined;
}

/** Multi-word properties named in rules' messages. Other such words are values, actions or services. */
const PROPERTIES: ReadonlySet<string> = new Set(
  `AccessLogSettings AlarmActions AllowCredentials AllowOrigins AuthType AuthorizationType AuthorizerUri BatchSize
  BillingMode BisectBatchOnFunctionError BucketName ContentBasedDeduplication CorsConfiguration DeadLetterConfig
  DeduplicationScope DefaultRouteSettings DefinitionString DelaySeconds DeletionProtectionEnabled DestinationConfig
  DurableConfig EnableKeyRotation EndDate EphemeralStorage EventBusName EventPattern EventSourceArn FifoQueue
  FifoThroughputLimit FifoTopic FileSystemConfigs FilterCriteria FunctionName FunctionResponseTypes FunctionUrlAuthType
  KeyId KmsMasterKeyId LoggingConfig LoggingConfiguration LogGroupName MaximumBatchingWindowInSeconds MaximumConcurrency
  MaximumEventAgeInSeconds MaximumMessageSize MaximumPollers MaximumRecordAgeInSeconds MaximumRetryAttempts MemorySize
  MessageRetentionPeriod MinimumPollers NotificationConfiguration OnFailure OnSuccess PackageType ParallelizationFactor
  PointInTimeRecoverySpecification PrincipalOrgID ProvisionedConcurrencyConfig ProvisionedPollerConfig
  PublicAccessBlockConfiguration RecursiveLoop RedriveAllowPolicy RedrivePolicy ReservedConcurrentExecutions
  RetentionInDays RetryPolicy RoleArn ScalingConfig ScheduleExpression SourceAccount SourceArn SqsManagedSseEnabled
  StartDate StateMachineType StreamEncryption StreamSpecification TargetFunctionArn ThrottlingBurstLimit TimeoutInMillis
  TopicArn TracingConfig TracingConfiguration TumblingWindowInSeconds VisibilityTimeout`.split(/\s+/),
);
