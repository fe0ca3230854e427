/** How resources of a type are encrypted, and what those who use them do with the key. */
export interface Encrypted {
  /** Where the template names the key; `*` stands for each item of a list. */
  readonly keyAt: string;
  /** The service in whose name the key is used, as `kms:ViaService` has it. */
  readonly service: string;
  /** What it is, for messages. */
  readonly of: string;
  /** Actions of KMS by the action that takes them. */
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

/** DynamoDB keeps a key of the table, which it decrypts in the caller's name, for reads and for writes. */
const ON_ITEMS = [
  ...['GetItem', 'BatchGetItem', 'Query', 'Scan', 'ConditionCheckItem'],
  ...['PutItem', 'UpdateItem', 'DeleteItem', 'BatchWriteItem'],
  ...['PartiQLSelect', 'PartiQLInsert', 'PartiQLUpdate', 'PartiQLDelete'],
  'GetRecords',
].map((name) => [`dynamodb:${name}`, DECRYPT] as const);

const TABLE = { service: 'dynamodb', of: 'table', uses: Object.fromEntries(ON_ITEMS) };

/**
 * What it takes of the key, in the name of who calls, to use an encrypted resource, by the type of the resource.
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

/** A resource that a service encrypts in its own name, whoever uses it. */
export interface EncryptedByService {
  /** The property that names the key. */
  readonly keyAt: string;
  /** What the service calls itself; any of them suffices. */
  readonly services: (region: string) => readonly string[];
  readonly actions: readonly string[];
  /** The name under which the encryption context holds the ARN of the resource. */
  readonly context: string;
}

/**
 * @see https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/encrypt-log-data-kms.html
 * @see https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-encryption-event-bus-cmkey.html
 */
export const ENCRYPTED_BY_SERVICE: Readonly<Record<string, EncryptedByService>> = {
  'AWS::Events::EventBus': {
    keyAt: 'KmsKeyIdentifier',
    services: () => ['events.amazonaws.com'],
    actions: ['kms:DescribeKey', 'kms:GenerateDataKey', 'kms:Decrypt'],
    context: 'aws:events:event-bus:arn',
  },
  'AWS::Logs::LogGroup': {
    keyAt: 'KmsKeyId',
    services: (region) => [`logs.${region}.amazonaws.com`, 'logs.amazonaws.com'],
    actions: ['kms:Encrypt', 'kms:Decrypt', 'kms:GenerateDataKey'],
    context: 'aws:logs:arn',
  },
};

/** Whether a key is one that AWS keeps for a service: its policy admits the callers of the account. */
export function isKeyOfAws(key: string): boolean {
  return /(?:^|:)alias\/aws\/[a-z0-9-]+$/.test(key);
}

/** The resource that an ARN is about: an object's is its bucket, an index's and a stream's its table, a consumer's its stream. */
export function encryptedArn(arn: string): string {
  return arn
    .replace(/^(arn:[^:]+:s3:::[^/]+)\/.*$/s, '$1')
    .replace(/^(arn:[^:]+:dynamodb:[^/]*:table\/[^/]+)\/.*$/s, '$1')
    .replace(/^(arn:[^:]+:kinesis:[^/]*:stream\/[^/]+)\/.*$/s, '$1');
}
