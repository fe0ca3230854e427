import type * as lambda from 'aws-cdk-lib/aws-lambda';
import type { IBucket } from 'aws-cdk-lib/aws-s3';
import type { IQueue } from 'aws-cdk-lib/aws-sqs';
import type { Check } from '../core/check/check';
import type { AccessStatement } from './access/capability';
import { ENCRYPT, throughService } from './access/encryption';
import { elsewhere, nameOf, otherAccount, type Place } from './access/place';
import { CALLS } from '../core/iam/platform-actions';

/** Where a mapping sends batches it gave up: a queue gets their position, a bucket the records. */
export type FailureDestination = IQueue | IBucket;

/** Whether failed batches go to a bucket. */
export function isBucket(destination: FailureDestination): destination is IBucket {
  return 'bucketArn' in destination;
}

/** Lambda needs the destination in the function's account, and a queue also in its region. */
export function nearFailures(place: Place, prop: string, destination: FailureDestination): Check[] {
  const far = isBucket(destination) ? otherAccount : elsewhere;
  return [
    {
      prop,
      value: destination.node.path,
      valid: () => !far(place, destination.env),
      rule: `must be in the account${isBucket(destination) ? '' : ' and the region'} of the function: it is in ${nameOf(destination.env)}, and this is in ${nameOf(place)}`,
      remedy: 'leave it out for a new queue, or pass one that is there',
    },
    {
      prop,
      value: destination.node.path,
      valid: () => isBucket(destination) || !destination.fifo,
      rule: 'must be a standard queue: Lambda sends no failures to a FIFO one',
      remedy: 'leave it out for a new queue, or pass a standard one',
    },
  ];
}

/** The destination for a mapping. The L2's own classes grant more than Lambda needs. */
export function onFailure(destination: FailureDestination): lambda.IEventSourceDlq {
  return { bind: () => ({ destination: isBucket(destination) ? destination.bucketArn : destination.queueArn }) };
}

/**
 * What Lambda needs, as the function's role, to send a failed batch there.
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
