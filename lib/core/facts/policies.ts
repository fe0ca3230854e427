import { tableOf } from '../table';
import type { Fact } from './fact';

const READ = '2026-11-30';

/** Longest description of a role. */
export const roleDescription: Fact<number> = {
  value: 1000,
  unit: 'characters',
  source: 'https://docs.aws.amazon.com/IAM/latest/APIReference/API_CreateRole.html',
  read: READ,
};

/** What a service takes of the policy of one of its resources. */
export interface PolicyLimits {
  /** The service, for messages. */
  readonly service: string;
  /** Size of the document. */
  readonly bytes: number;
  /** Whether AWS raises the size for an account that asks. */
  readonly raisable?: true;
  /** Statements of a policy. */
  readonly statements?: number;
  /** Principals of a policy. */
  readonly principals?: number;
  /** Actions of a statement. */
  readonly actions?: number;
}

const fact = (source: string, value: PolicyLimits): Fact<PolicyLimits> => ({
  value,
  unit: 'bytes, and numbers of what a policy holds',
  source,
  read: READ,
});

const SQS = fact('https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/quotas-policies.html', {
  service: 'SQS',
  bytes: 8192,
  statements: 20,
  principals: 50,
  actions: 7,
});
const SNS = fact(
  'https://docs.aws.amazon.com/sns/latest/dg/sns-access-policy-language-api-permissions-reference.html',
  {
    service: 'SNS',
    bytes: 30_720,
    statements: 100,
  },
);
const DYNAMODB = fact('https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/rbac-considerations.html', {
  service: 'DynamoDB',
  bytes: 20_480,
});
const KMS = fact('https://docs.aws.amazon.com/kms/latest/developerguide/resource-limits.html', {
  service: 'KMS',
  bytes: 32_768,
});
const LAMBDA = fact('https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html', {
  service: 'Lambda',
  bytes: 20_480,
});
const EVENTS = fact('https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-quota.html', {
  service: 'EventBridge',
  bytes: 10_240,
  raisable: true,
});

/**
 * What services take of resource policies, by the type that holds one. Those of a Kinesis stream have no limit that AWS names.
 * @see https://docs.aws.amazon.com/AmazonS3/latest/userguide/bucket-policies.html
 */
export const resourcePolicies: Readonly<Record<string, Fact<PolicyLimits>>> = tableOf({
  'AWS::ApiGateway::RestApi': fact(
    'https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-execution-service-limits-table.html',
    { service: 'API Gateway', bytes: 8192, raisable: true },
  ),
  'AWS::DynamoDB::GlobalTable': DYNAMODB,
  'AWS::DynamoDB::Table': DYNAMODB,
  'AWS::Events::EventBus': EVENTS,
  'AWS::Events::EventBusPolicy': EVENTS,
  'AWS::KMS::Key': KMS,
  'AWS::KMS::ReplicaKey': KMS,
  'AWS::Lambda::Permission': LAMBDA,
  'AWS::Lambda::ResourcePolicy': LAMBDA,
  'AWS::S3::BucketPolicy': fact('https://docs.aws.amazon.com/AmazonS3/latest/userguide/bucket-policies.html', {
    service: 'S3',
    bytes: 20_480,
  }),
  'AWS::SecretsManager::ResourcePolicy': fact(
    'https://docs.aws.amazon.com/secretsmanager/latest/userguide/reference_limits.html',
    { service: 'Secrets Manager', bytes: 20_480 },
  ),
  'AWS::SNS::TopicInlinePolicy': SNS,
  'AWS::SNS::TopicPolicy': SNS,
  'AWS::SQS::QueueInlinePolicy': SQS,
  'AWS::SQS::QueuePolicy': SQS,
});

/** A limit of IAM. */
export interface IdentityLimit {
  readonly limit: number;
  /**
   * As far as AWS raises it for an account that asks.
   * @default - not at all
   */
  readonly raisedTo?: number;
}

/** What IAM takes: characters of policies, white space not counted, and numbers of managed policies. */
export const identityPolicies: Fact<{
  /** All inline policies of one identity together. */
  readonly inline: Readonly<Record<'Role' | 'User' | 'Group', IdentityLimit>>;
  /** A customer managed policy. */
  readonly managed: IdentityLimit;
  /** A role's trust policy. */
  readonly trust: IdentityLimit;
  /** Managed policies attached to one identity. */
  readonly attached: Readonly<Record<'Role' | 'User' | 'Group', IdentityLimit>>;
}> = {
  value: {
    inline: { Role: { limit: 10_240 }, User: { limit: 2048 }, Group: { limit: 5120 } },
    managed: { limit: 6144 },
    trust: { limit: 2048, raisedTo: 8192 },
    attached: { Role: { limit: 10, raisedTo: 25 }, User: { limit: 10, raisedTo: 20 }, Group: { limit: 10 } },
  },
  unit: 'characters, and numbers of policies',
  source: 'https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html',
  read: READ,
};
