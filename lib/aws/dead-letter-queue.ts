import { Duration } from 'aws-cdk-lib';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import * as sqs from 'aws-cdk-lib/aws-sqs';
import type { Construct } from 'constructs';
import { acknowledge } from './acknowledge';
import { retention } from '../core/facts/sqs';

/** Props of a dead-letter queue. */
export interface DeadLetterQueueProps {
  /**
   * ARN of the only queue that may send its failed messages here.
   * @default - any queue of the account; a function sends with its own permission
   */
  readonly from?: string;
  /**
   * Whether the source is a FIFO queue; a dead-letter queue is of the same kind.
   * @default false
   */
  readonly fifo?: boolean;
  /**
   * A customer-managed key.
   * @default - encrypted by SQS
   */
  readonly encryptionMasterKey?: IKey;
}

/**
 * A queue at the end of the line: encrypted, TLS only, and with the maximum retention (14 days), to leave
 * time to look, repair and redrive.
 */
export function deadLetterQueue(scope: Construct, id: string, props: DeadLetterQueueProps = {}): sqs.Queue {
  const { from, fifo = false, encryptionMasterKey } = props;
  const queue = new sqs.Queue(scope, id, {
    fifo: fifo || undefined,
    retentionPeriod: Duration.seconds(retention.value.max),
    encryption: encryptionMasterKey ? sqs.QueueEncryption.KMS : sqs.QueueEncryption.SQS_MANAGED,
    encryptionMasterKey,
    enforceSSL: true,
  });
  if (from !== undefined) {
    (queue.node.defaultChild as sqs.CfnQueue).redriveAllowPolicy = {
      redrivePermission: sqs.RedrivePermission.BY_QUEUE,
      sourceQueueArns: [from],
    };
  }
  acknowledge(queue, {
    'Serverless::Serverless-SQSRedrivePolicy':
      'This queue is itself a dead-letter queue: nothing consumes it, so nothing can be redriven from it',
  });
  return queue;
}
