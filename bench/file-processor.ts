import { Duration, RemovalPolicy, Stack } from 'aws-cdk-lib';
import { Rule } from 'aws-cdk-lib/aws-events';
import { SqsQueue } from 'aws-cdk-lib/aws-events-targets';
import { PolicyStatement, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { BlockPublicAccess, Bucket, BucketEncryption, type BucketProps, type CfnBucket } from 'aws-cdk-lib/aws-s3';
import type { Construct } from 'constructs';
import { FileProcessor } from 'lintel/aws';
import { allow, code, workerByHand } from './by-hand';
import type { Result } from './measure';
import { againstByHand } from './synthesis';

function byHand(scope: Construct): void {
  const bucket = bucketByHand(scope);
  const { fn, queue, deadLetters } = workerByHand(scope);
  allow(fn, ['s3:GetObject'], bucket.arnForObjects('*'));
  new Rule(scope, 'Created', {
    description: 'Objects created in the bucket',
    eventPattern: {
      source: ['aws.s3'],
      detailType: ['Object Created'],
      detail: { bucket: { name: [bucket.bucketName] } },
    },
    targets: [
      new SqsQueue(queue, { deadLetterQueue: deadLetters, maxEventAge: Duration.hours(24), retryAttempts: 185 }),
    ],
  });
}

/** A bucket with its access log. The L2's own ways to both settings of the definition make other resources. */
function bucketByHand(scope: Construct): Bucket {
  const expiry = { abortIncompleteMultipartUploadAfter: Duration.days(7) };
  const logs = privateBucket(scope, 'Logs', { lifecycleRules: [{ ...expiry, expiration: Duration.days(90) }] });
  const bucket = privateBucket(scope, 'Files', {
    versioned: true,
    lifecycleRules: [{ ...expiry, noncurrentVersionExpiration: Duration.days(30) }],
  });
  const definition = bucket.node.defaultChild as CfnBucket;
  definition.loggingConfiguration = { destinationBucketName: logs.bucketName };
  definition.notificationConfiguration = { eventBridgeConfiguration: { eventBridgeEnabled: true } };
  logs.addToResourcePolicy(
    new PolicyStatement({
      principals: [new ServicePrincipal('logging.s3.amazonaws.com')],
      actions: ['s3:PutObject'],
      resources: [logs.arnForObjects('*')],
      conditions: {
        ArnLike: { 'aws:SourceArn': bucket.bucketArn },
        StringEquals: { 'aws:SourceAccount': Stack.of(scope).account },
      },
    }),
  );
  return bucket;
}

function privateBucket(scope: Construct, id: string, props: BucketProps): Bucket {
  return new Bucket(scope, id, {
    blockPublicAccess: BlockPublicAccess.BLOCK_ALL,
    encryption: BucketEncryption.S3_MANAGED,
    enforceSSL: true,
    removalPolicy: RemovalPolicy.RETAIN,
    ...props,
  });
}

/** The pattern against the same resources by hand. */
export function run(): Result[] {
  const byPattern = (stack: Stack) => new FileProcessor(stack, 'Imports', { handler: { code } });
  return againstByHand('FileProcessor', byPattern, byHand);
}
