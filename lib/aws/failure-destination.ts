import type * as lambda from 'aws-cdk-lib/aws-lambda';
import type { IBucket } from 'aws-cdk-lib/aws-s3';
import type { IQueue } from 'aws-cdk-lib/aws-sqs';
import type { AccessStatement } from './access/capability';
import { ENCRYPT, throughService } from './access/encryption';
import { CALLS } from '../core/iam/platform-actions';

/** Where a mapping puts batches that it gave up: a queue is told where they were, a bucket keeps the records. */
export type FailureDestination = IQueue | IBucket;

/** Whether failed batches go to a bucket. */
export function isBucket(destination: FailureDestination): destination is IBucket {
  return 'bucketArn' in destination;
}

/** The destination as a mapping names it. The L2's own classes grant more than Lambda needs. */
export function onFailure(destination: FailureDestination): lambda.IEventSourceDlq {
  return { bind: () => ({ destination: isBucket(destination) ? destination.bucketArn : destination.queueArn }) };
}

/**
 * What Lambda needs, in the function's name, to put a failed batch there.
 * @see https://docs.aws.amazon.com/lambda/latest/dg/services-dynamodb-errors.html
 */
export function failureStatements(destination: FailureDestination): AccessStatement[] {
  if (!isBucket(destination)) {
    return [
      { actions: CALLS.queue.granted, resources: [destination.queueArn] },
      ...throughService(destination.encryptionMasterKey, 'sqs', ENCRYPT),
    ];
  }
  return [
    {
      actions: CALLS.bucket.granted.filter((action) => action !== CALLS.bucket.required),
      resources: [destination.bucketArn],
    },
    {
      actions: [CALLS.bucket.required],
      resources: [destination.arnForObjects('aws/lambda/*')],
      wildcard: 'Lambda names each object after the mapping, the shard and the time',
    },
    ...throughService(destination.encryptionKey, 's3', ENCRYPT),
  ];
}
