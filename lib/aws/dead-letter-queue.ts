import { Duration, Validations } from 'aws-cdk-lib';
import * as sqs from 'aws-cdk-lib/aws-sqs';
import type { Construct } from 'constructs';
import { retention } from '../core/facts/sqs';

/** What sets a dead-letter queue apart from others of its kind. */
export type DeadLetterQueueProps = Pick<sqs.QueueProps, 'fifo' | 'redriveAllowPolicy'>;

/**
 * A queue at the end of a line: encrypted, TLS only, and with the longest retention there is (14 days), so that there is
 * time to see, repair and redrive.
 */
export function deadLetterQueue(scope: Construct, id: string, props: DeadLetterQueueProps = {}): sqs.Queue {
  const queue = new sqs.Queue(scope, id, {
    ...props,
    retentionPeriod: Duration.seconds(retention.value.max),
    encryption: sqs.QueueEncryption.SQS_MANAGED,
    enforceSSL: true,
  });
  Validations.of(queue).acknowledge({
    id: 'Serverless::Serverless-SQSRedrivePolicy',
    reason: 'This queue is itself a dead-letter queue: nothing consumes it, so nothing can be redriven from it',
  });
  return queue;
}
