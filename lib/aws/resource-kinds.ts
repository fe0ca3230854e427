import { RetentionDays } from 'aws-cdk-lib/aws-logs';
import { having, number } from '../core/check/kinds';
import type { Kind } from '../core/check/shape';
import { isUnresolved } from '../core/unresolved';

export const QUEUE = having('a queue', 'queueArn', (value) =>
  typeof value === 'string' && value.startsWith('arn:')
    ? `pass the queue: Queue.fromQueueArn(this, 'Jobs', '${value}')`
    : "pass the queue: new Queue(this, 'Jobs'), or Queue.fromQueueArn(this, 'Jobs', arn)",
);

export const TOPIC = having(
  'a topic',
  'topicArn',
  "pass the topic: new Topic(this, 'Pages'), or Topic.fromTopicArn(...)",
);

export const BUCKET = having(
  'a bucket',
  'bucketArn',
  "pass the bucket: new Bucket(this, 'Files'), or Bucket.fromBucketName(...)",
);

export const VPC = having('a VPC', 'vpcId', "pass the VPC: new Vpc(this, 'Network'), or Vpc.fromLookup(...)");

export const SUBNETS = having(
  'a selection of subnets',
  ['subnetType', 'subnetGroupName', 'subnetName', 'subnets', 'subnetFilters', 'availabilityZones', 'onePerAz'],
  'write { subnetType: SubnetType.PRIVATE_ISOLATED }, or name them another way',
);

const PASS_KEY = "pass the key: new Key(this, 'Key'), or Key.fromKeyArn(...)";

export const KEY = having('a KMS key', 'keyArn', PASS_KEY);

/** A key that need only be referred to, such as an L1. */
export const KEY_REFERENCE = having('a KMS key', ['keyArn', 'keyRef'], PASS_KEY);

/** A secret, whose value must not be shown. */
export const SECRET = {
  ...having(
    'a Secrets Manager secret, never its value',
    'secretArn',
    "create one with 'new Secret(...)', or import it with 'Secret.fromSecretNameV2(...)'",
  ),
  sensitive: true,
};

/** Retention periods that CloudWatch Logs supports. */
export const RETENTION: Kind = {
  ...number,
  rule: 'must be a number of days that CloudWatch Logs supports',
  remedy: () => 'write RetentionDays.ONE_MONTH, or another RetentionDays',
  is: (value) => number.is(value) && (isUnresolved(value) || Object.values(RetentionDays).includes(value as number)),
};
