import { bucketOfArn, streamOfArn, tableOfArn } from '../arn';

/** How resources of a type are encrypted, and their users' key actions. */
export interface Encrypted {
  /** The property with the key; `*` is each item of a list. */
  readonly keyAt: string;
  /** The service that uses the key, as in `kms:ViaService`. */
  readonly service: string;
  /** Its name in messages. */
  readonly of: string;
  /** KMS actions by the action that needs them. */
  readonly uses: Readonly<Record<string, readonly string[]>>;
  /**
   * The name under which the encryption context holds the ARN of the resource.
   * @default - the context holds something else
   */
  readonly context?: string;
}

const DECRYPT = ['kms:Decrypt'];
const ENCRYPT = ['kms:GenerateDataKey', 'kms:Decrypt'];
const DATA_KEY = ['kms:GenerateDataKey'];

/** DynamoDB keeps a table key, which it decrypts on the caller's behalf for reads and writes. */
const ON_ITEMS = [
  ...['GetItem', 'BatchGetItem', 'Query', 'Scan', 'ConditionCheckItem'],
  ...['PutItem', 'UpdateItem', 'DeleteItem', 'BatchWriteItem'],
  ...['PartiQLSelect', 'PartiQLInsert', 'PartiQLUpdate', 'PartiQLDelete'],
  'GetRecords',
].map((name) => [`dynamodb:${name}`, DECRYPT] as const);

const TABLE = { service: 'dynamodb', of: 'table', uses: Object.fromEntries(ON_ITEMS) };

/**
 * The key permissions a caller needs to use an encrypted resource, by resource type.
 * @see https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-key-management.html
 * @see https://docs.aws.amazon.com/sns/latest/dg/sns-key-management.html
 * @see https://docs.aws.amazon.com/AmazonS3/latest/userguide/UsingKMSEncryption.html
 * @see https://docs.aws.amazon.com/streams/latest/dev/permissions-user-key-KMS.html
 * @see https://docs.aws.amazon.com/secretsmanager/latest/userguide/security-encryption.html
 * @see https://repost.aws/knowledge-center/dynamodb-access-denied-exception
 */
export const ENCRYPTED: Readonly<Record<string, Encrypted>> = {
  'AWS::SQS::Queue': {
    keyAt: 'KmsMasterKeyId',
    service: 'sqs',
    of: 'queue',
    context: 'aws:sqs:arn',
    uses: { 'sqs:SendMessage': ENCRYPT, 'sqs:ReceiveMessage': DECRYPT },
  },
  'AWS::SNS::Topic': {
    keyAt: 'KmsMasterKeyId',
    service: 'sns',
    of: 'topic',
    context: 'aws:sns:topicArn',
    uses: { 'sns:Publish': ENCRYPT },
  },
  'AWS::S3::Bucket': {
    keyAt: 'BucketEncryption.ServerSideEncryptionConfiguration.*.ServerSideEncryptionByDefault.KMSMasterKeyID',
    service: 's3',
    of: 'bucket',
    uses: { 's3:PutObject': DATA_KEY, 's3:GetObject': DECRYPT, 's3:GetObjectVersion': DECRYPT },
  },
  'AWS::DynamoDB::Table': {
    keyAt: 'SSESpecification.KMSMasterKeyId',
    ...TABLE,
  },
  'AWS::DynamoDB::GlobalTable': {
    keyAt: 'Replicas.*.SSESpecification.KMSMasterKeyId',
    ...TABLE,
  },
  'AWS::Kinesis::Stream': {
    keyAt: 'StreamEncryption.KeyId',
    service: 'kinesis',
    of: 'stream',
    context: 'aws:kinesis:arn',
    uses: {
      'kinesis:PutRecord': DATA_KEY,
      'kinesis:PutRecords': DATA_KEY,
      'kinesis:GetRecords': DECRYPT,
      'kinesis:SubscribeToShard': DECRYPT,
    },
  },
  'AWS::SecretsManager::Secret': {
    keyAt: 'KmsKeyId',
    service: 'secretsmanager',
    of: 'secret',
    context: 'SecretARN',
    uses: {
      'secretsmanager:GetSecretValue': DECRYPT,
      'secretsmanager:PutSecretValue': ENCRYPT,
      'secretsmanager:UpdateSecret': ENCRYPT,
    },
  },
};

/** A resource that the service encrypts as itself, whoever uses it. */
export interface EncryptedByService {
  /** The path of the property that names the key. */
  readonly keyAt: string;
  /** The service's principals; any of them suffices. */
  readonly services: (region: string) => readonly string[];
  readonly actions: readonly string[];
  /** The name under which the encryption context holds an ARN. */
  readonly context: string;
  /**
   * The property with that ARN.
   * @default - it is the ARN of the resource
   */
  readonly arnAt?: string;
  /**
   * What AWS refuses if the key does not admit the service.
   * @default 'to create it'
   */
  readonly refuses?: string;
}

/**
 * @see https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/encrypt-log-data-kms.html
 * @see https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-encryption-event-bus-cmkey.html
 * @see https://docs.aws.amazon.com/eventbridge/latest/userguide/encryption-archives.html
 * @see https://docs.aws.amazon.com/lambda/latest/dg/durable-encryption.html
 */
export const ENCRYPTED_BY_SERVICE: Readonly<Record<string, EncryptedByService>> = {
  'AWS::Events::EventBus': {
    keyAt: 'KmsKeyIdentifier',
    services: () => ['events.amazonaws.com'],
    actions: ['kms:DescribeKey', 'kms:GenerateDataKey', 'kms:Decrypt'],
    context: 'aws:events:event-bus:arn',
  },
  'AWS::Events::Archive': {
    keyAt: 'KmsKeyIdentifier',
    services: () => ['events.amazonaws.com'],
    actions: ['kms:DescribeKey', 'kms:GenerateDataKey', 'kms:Decrypt', 'kms:ReEncryptFrom', 'kms:ReEncryptTo'],
    context: 'aws:events:event-bus:arn',
    arnAt: 'SourceArn',
  },
  'AWS::Lambda::Function': {
    keyAt: 'DurableConfig.KMSKeyArn',
    services: () => ['lambda.amazonaws.com'],
    actions: ENCRYPT,
    context: 'aws:lambda:FunctionArn',
    refuses: 'its durable executions',
  },
  'AWS::Logs::LogGroup': {
    keyAt: 'KmsKeyId',
    services: (region) => [`logs.${region}.amazonaws.com`, 'logs.amazonaws.com'],
    actions: ['kms:Encrypt', 'kms:Decrypt', 'kms:GenerateDataKey'],
    context: 'aws:logs:arn',
  },
};

/** A resource whose own role uses its key. */
export interface EncryptedByRole {
  /** The path of the property that names the key. */
  readonly keyAt: string;
  /** The path of the property that names the role. */
  readonly roleAt: string;
  /** Its name in messages. */
  readonly of: string;
  readonly actions: readonly string[];
  /** The name under which the encryption context holds the ARN of the resource. */
  readonly context: string;
  /** Another name that AWS's pages give for it: what depends on that one is not known. */
  readonly otherContext?: string;
  /**
   * The service through which the role uses the key, as in `kms:ViaService`.
   * @default - none: the service assumes the role, which then calls KMS itself
   */
  readonly service?: string;
}

/**
 * @see https://docs.aws.amazon.com/step-functions/latest/dg/encryption-at-rest.html
 * @see https://docs.aws.amazon.com/scheduler/latest/UserGuide/encryption-rest.html
 * @see https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-encryption-pipes-cmkey.html
 * @see https://docs.aws.amazon.com/lambda/latest/dg/durable-encryption.html
 */
export const ENCRYPTED_BY_ROLE: Readonly<Record<string, EncryptedByRole>> = {
  'AWS::StepFunctions::StateMachine': {
    keyAt: 'EncryptionConfiguration.KmsKeyId',
    roleAt: 'RoleArn',
    of: 'state machine',
    actions: ENCRYPT,
    context: 'aws:states:stateMachineArn',
  },
  'AWS::Scheduler::Schedule': {
    keyAt: 'KmsKeyArn',
    roleAt: 'Target.RoleArn',
    of: 'schedule',
    actions: DECRYPT,
    context: 'aws:scheduler:schedule:arn',
  },
  // CDK deploys pipes with the first name, the page's text has the second.
  'AWS::Pipes::Pipe': {
    keyAt: 'KmsKeyIdentifier',
    roleAt: 'RoleArn',
    of: 'pipe',
    actions: ['kms:DescribeKey', ...ENCRYPT],
    context: 'aws:pipe:arn',
    otherContext: 'aws:pipes:arn',
  },
  'AWS::Lambda::Function': {
    keyAt: 'DurableConfig.KMSKeyArn',
    roleAt: 'Role',
    of: 'durable function',
    actions: DECRYPT,
    context: 'aws:lambda:FunctionArn',
    service: 'lambda',
  },
};

/** Keys that nothing judges: of variables and of filter criteria. By resource type, with the property that names the key. */
export const KEYS_NOT_JUDGED: Readonly<Record<string, string>> = {
  'AWS::Lambda::Function': 'KmsKeyArn',
  'AWS::Lambda::EventSourceMapping': 'KmsKeyArn',
};

/**
 * The tag, with the value `true`, of a key that EventBridge uses for a connection.
 * @see https://docs.aws.amazon.com/eventbridge/latest/userguide/encryption-connections.html
 */
export const CONNECTION_KEY_TAG = 'EventBridgeApiDestinations';

/** Whether a key is AWS managed: its policy admits the account's callers. */
export function isKeyOfAws(key: string): boolean {
  return /(?:^|:)alias\/aws\/[a-z0-9-]+$/.test(key);
}

/** The encrypted resource of an ARN: an object's bucket, an index's or stream's table, a consumer's stream. */
export function encryptedArn(arn: string): string {
  return bucketOfArn(tableOfArn(streamOfArn(arn)));
}
