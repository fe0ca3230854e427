import { createHash } from 'node:crypto';
import { Stack } from 'aws-cdk-lib';
import * as sqs from 'aws-cdk-lib/aws-sqs';
import type { Construct } from 'constructs';
import { checkPlace } from './construct-checks';
import { checkPlacedProps } from './placed-props';
import { isUnresolved } from '../core/unresolved';
import { Access } from './access/access';
import type { Capability } from './access/capability';
import { deadLetterQueue } from './dead-letter-queue';
import { hiddenFor } from './queue-times';
import { WORK_QUEUE, WORK_QUEUE_NAMES, workQueueChecks } from './work-queue-checks';
import type { WorkQueueProps } from './work-queue-props';

/**
 * A production-ready queue: a dead-letter queue that keeps messages for 14 days, TLS only, encrypted, and timing that
 * matches its consumer. Replacing an `sqs.Queue` of the same id updates that queue and replaces nothing.
 *
 * A message stays hidden for 6 x the consumer's timeout, because Lambda may receive a batch and be throttled several
 * times before it runs, plus the batching window, during which messages are already hidden. With less, a message is
 * processed twice at once, or goes to the dead-letter queue without having failed.
 * @see https://docs.aws.amazon.com/lambda/latest/dg/services-sqs-configure.html
 * @example
 * const jobs = new WorkQueue(this, 'Jobs', { consumer: worker });
 */
export class WorkQueue extends sqs.Queue {
  /** Gets messages that failed `maxAttempts` times: the given `deadLetterQueue`, or a new one next to the queue, `<id>DeadLetterQueue`. */
  readonly deadLetters: sqs.IQueue;

  constructor(scope: Construct, id: string, props: WorkQueueProps = {}) {
    const path = checkPlace(new.target, scope, id);
    checkPlacedProps({ scope, path }, props, WORK_QUEUE, (typed) => workQueueChecks(scope, typed), WORK_QUEUE_NAMES);
    const { consumer, maxAttempts = 5, fifo = false, encryptionMasterKey } = props;
    const queueName = props.queueName && named(props.queueName, fifo);
    // The two queues refer to each other. CloudFormation refuses cycles, so this one is referred to by name.
    const from = queueName && Stack.of(scope).formatArn({ service: 'sqs', resource: queueName });
    const deadLetters =
      props.deadLetterQueue ?? deadLetterQueue(scope, `${id}DeadLetterQueue`, { fifo, encryptionMasterKey, from });

    super(scope, id, {
      queueName,
      fifo: fifo || undefined,
      contentBasedDeduplication: props.contentBasedDeduplication,
      visibilityTimeout: props.visibilityTimeout ?? (consumer && hiddenFor(consumer, props.batchWindow)),
      retentionPeriod: props.retentionPeriod,
      deliveryDelay: props.delay,
      maxMessageSizeBytes: props.maxMessageSize?.toBytes(),
      ...(props.highThroughput && PER_GROUP),
      deadLetterQueue: { queue: deadLetters, maxReceiveCount: maxAttempts },
      encryption: encryptionMasterKey ? sqs.QueueEncryption.KMS : sqs.QueueEncryption.SQS_MANAGED,
      encryptionMasterKey,
      enforceSSL: true,
    });
    this.deadLetters = deadLetters;
  }

  /** `SendMessage`, alone or in batches. The variable holds the queue's URL. */
  send(): Capability {
    return Access.queue(this).send();
  }
}

/** SQS requires both or neither for more than 300 requests per second. */
const PER_GROUP = {
  deduplicationScope: sqs.DeduplicationScope.MESSAGE_GROUP,
  fifoThroughputLimit: sqs.FifoThroughputLimit.PER_MESSAGE_GROUP_ID,
};

/** FIFO queues must have this suffix. */
function named(name: string, fifo: boolean): string {
  return fifo && !isUnresolved(name) && !name.endsWith('.fifo') ? `${name}.fifo` : name;
}

/** A name, unique to the stack, for a pattern's queue: readable, with a hash of what was cut off or left out. */
export function queueNameOf(scope: Construct, id: string, fifo = false): string {
  let stack = Stack.of(scope);
  while (stack.nestedStackParent) stack = stack.nestedStackParent;
  const path = [stack.stackName, ...scope.node.path.split('/').slice(stack.node.path.split('/').length), id];
  const hash = createHash('sha256').update(path.join('/')).digest('hex').slice(0, 8);
  const suffix = `-${hash}${fifo ? '.fifo' : ''}`;
  return `${path
    .join('-')
    .replace(/[^\w-]/g, '')
    .slice(0, 80 - suffix.length)}${suffix}`;
}
