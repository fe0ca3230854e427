import * as cloudflare from '@pulumi/cloudflare';
import * as pulumi from '@pulumi/pulumi';
import { cloudflare as facts } from '../core/facts';
import { refuse } from './check-args';
import { claimOwnName } from './claims';
import { derivedName, physicalName } from './physical-name';

/** A queue's account and name. */
export interface QueueArgs {
  readonly accountId: pulumi.Input<string>;
  /** The name of a new queue. */
  readonly queueName?: pulumi.Input<string>;
  /** An existing queue. */
  readonly queue?: cloudflare.Queue;
}

/** A queue with its dead-letter queue. */
export interface Queues {
  readonly queue: cloudflare.Queue;
  readonly deadLetterQueue: cloudflare.Queue;
}

/**
 * A queue, and a dead-letter queue with the platform's longest retention: 14 days.
 * @throws InputPropertiesError when another queue has the name
 */
export function createQueues(parent: pulumi.ComponentResource, name: string, args: QueueArgs): Queues {
  const { accountId, queueName } = args;
  const { value, ignoreChanges } = physicalName(queueName, name, 'queueName');
  const deadLetters = deadLettersName(queueName, value, name);
  if (!args.queue) claimOwnName(name, 'queue', 'queueName', { value, ignoreChanges, accountId });
  claimOwnName(name, 'queue', 'queueName', { value: deadLetters, ignoreChanges, accountId });
  return {
    queue:
      args.queue ?? new cloudflare.Queue(`${name}-queue`, { accountId, queueName: value }, { parent, ignoreChanges }),
    deadLetterQueue: new cloudflare.Queue(
      `${name}-dead-letter-queue`,
      {
        accountId,
        queueName: deadLetters,
        settings: { messageRetentionPeriod: facts.queueRetention.value.max },
      },
      { parent, ignoreChanges },
    ),
  };
}

function deadLettersName(
  given: pulumi.Input<string> | undefined,
  value: pulumi.Input<string>,
  name: string,
): pulumi.Input<string> {
  if (given === undefined) return derivedName(`${name}-dead-letters`);
  return typeof value === 'string' ? `${value}-dead-letters` : pulumi.interpolate`${value}-dead-letters`;
}

/** How a queue is consumed. */
export interface ConsumerArgs extends Queues {
  readonly accountId: pulumi.Input<string>;
  /** The Worker. */
  readonly script: Pick<cloudflare.WorkersScript, 'scriptName'>;
  readonly batch: { readonly size: number; readonly window: number };
  readonly maxAttempts: number;
  /** In seconds. */
  readonly retryDelay: number;
  readonly maxConcurrency?: number;
}

/** Which component consumes a queue. */
const consumers = new WeakMap<cloudflare.Queue, string>();

/**
 * Connects a queue to its Worker.
 * @throws InputPropertiesError when another component consumes it
 */
export function createConsumer(
  parent: pulumi.ComponentResource,
  name: string,
  { accountId, queue, deadLetterQueue, script, batch, maxAttempts, retryDelay, maxConcurrency }: ConsumerArgs,
): cloudflare.QueueConsumer {
  const other = consumers.get(queue);
  refuse(name, [
    {
      prop: 'queue',
      value: undefined,
      sensitive: true,
      valid: () => other === undefined,
      rule: `must not be one that '${other}' consumes: a queue has only one consumer`,
      remedy: 'let one of them do both, or send to two queues',
    },
  ]);
  consumers.set(queue, name);
  return new cloudflare.QueueConsumer(
    `${name}-consumer`,
    {
      accountId,
      queueId: queue.queueId,
      type: 'worker',
      scriptName: script.scriptName,
      deadLetterQueue: deadLetterQueue.queueName,
      settings: {
        batchSize: batch.size,
        maxWaitTimeMs: batch.window * 1000,
        // The first attempt is not a retry.
        maxRetries: maxAttempts - 1,
        retryDelay,
        maxConcurrency,
      },
    },
    { parent },
  );
}
