import type { SubnetSelection } from 'aws-cdk-lib/aws-ec2';
import { RetentionDays } from 'aws-cdk-lib/aws-logs';
import { flag, having, list, number, object, oneOf, text } from '../core/check/kinds';
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

/** Subnets by what CDK still reads besides its types: the former name of a group. */
type Selection = SubnetSelection & { readonly subnetName?: string };

/** An empty selection says what an absent one says. */
export const SUBNETS: Kind = {
  ...object<Selection>(
    {
      subnetType: oneOf(
        'Isolated',
        'Private',
        'Public',
        'Deprecated_Isolated',
        'Deprecated_Private',
        'Deprecated_Private_NAT',
      ),
      subnetGroupName: text('Database'),
      subnetName: text('Database'),
      subnets: list(having('a subnet', 'subnetId', 'pass the subnet itself'), '[subnet]'),
      subnetFilters: list(
        having('a filter', 'selectSubnets', 'write SubnetFilter.byIds([...])'),
        '[SubnetFilter.byIds([...])]',
      ),
      availabilityZones: list(text('eu-west-1a'), "['eu-west-1a']"),
      onePerAz: flag,
    },
    '{ subnetType: SubnetType.PRIVATE_ISOLATED }',
  ),
  rule: 'must be a selection of subnets',
  remedy: () => 'write { subnetType: SubnetType.PRIVATE_ISOLATED }, or name them another way',
};

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

/** What becomes of a resource that the stack no longer has. */
export const REMOVAL: Kind = {
  ...oneOf('destroy', 'retain', 'snapshot', 'retain-on-update-or-delete'),
  rule: 'must be a removal policy',
  remedy: () => 'write RemovalPolicy.RETAIN',
};
