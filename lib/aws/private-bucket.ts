import { Duration, RemovalPolicy } from 'aws-cdk-lib';
import * as iam from 'aws-cdk-lib/aws-iam';
import * as s3 from 'aws-cdk-lib/aws-s3';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import type { Construct } from 'constructs';
import { type Lifecycle, lifecycleRules } from './files/lifecycle';

/** What both buckets have: private, TLS only, incomplete uploads removed. */
const PRIVATE = {
  blockPublicAccess: s3.BlockPublicAccess.BLOCK_ALL,
  encryption: s3.BucketEncryption.S3_MANAGED,
  enforceSSL: true,
  removalPolicy: RemovalPolicy.RETAIN,
} satisfies s3.BucketProps;

/** Props of a private bucket. */
export interface PrivateBucketProps {
  /**
   * A customer-managed key.
   * @default - encrypted by S3
   */
  readonly encryptionKey?: IKey;
  /**
   * Lifecycle rules.
   * @default - files stay
   */
  readonly lifecycle?: Lifecycle;
}

/**
 * A bucket for a team's files: private, encrypted, TLS only, versioned, with an access log bucket that keeps 90
 * days. Incomplete uploads are removed after 7 days, replaced and deleted versions after 30.
 */
export function privateBucket(scope: Construct, id: string, props: PrivateBucketProps = {}): s3.Bucket {
  const logs = new s3.Bucket(scope, `${id}AccessLogs`, {
    ...PRIVATE,
    lifecycleRules: [{ expiration: Duration.days(90), abortIncompleteMultipartUploadAfter: Duration.days(7) }],
  });
  const bucket = new s3.Bucket(scope, id, {
    ...PRIVATE,
    ...(props.encryptionKey && {
      encryption: s3.BucketEncryption.KMS,
      encryptionKey: props.encryptionKey,
      // One data key for many files: otherwise each upload and download calls KMS.
      bucketKeyEnabled: true,
    }),
    versioned: true,
    lifecycleRules: lifecycleRules(props.lifecycle),
  });
  // The L2's own way depends on a feature flag, and without it opens the log bucket with an ACL.
  (bucket.node.defaultChild as s3.CfnBucket).loggingConfiguration = { destinationBucketName: logs.bucketName };
  logs.addToResourcePolicy(
    new iam.PolicyStatement({
      principals: [new iam.ServicePrincipal('logging.s3.amazonaws.com')],
      actions: ['s3:PutObject'],
      resources: [logs.arnForObjects('*')],
      conditions: {
        ArnLike: { 'aws:SourceArn': bucket.bucketArn },
        StringEquals: { 'aws:SourceAccount': bucket.env.account },
      },
    }),
  );
  return bucket;
}
