import type * as cloudflare from '@pulumi/cloudflare';
import * as pulumi from '@pulumi/pulumi';
import { bundle } from '../../lib/edge/bundle';
import type { Capability } from '../../lib/edge/capability';
import { checkArgs, checkName, checkShape } from '../../lib/edge/check-args';
import {
  CONSUMER,
  CONSUMER_NAMES,
  consumerChecks,
  type EdgeConsumerArgs,
  settingsOf,
} from '../../lib/edge/consumer-args';
import { createConsumer, createQueues } from '../../lib/edge/queue';
import { createWorker, type Worker, type WorkerArgs } from '../../lib/edge/worker';
import { handlerChecks, workerChecks } from '../../lib/edge/worker-checks';
import { WORKER, WORKER_NAMES } from '../../lib/edge/worker-shape';
import type { Shape } from '../../lib/core/check/shape';

/** Arguments of an `EdgeQueueWorker`. */
export interface EdgeQueueWorkerArgs extends WorkerArgs, EdgeConsumerArgs {}

/**
 * A queue, the Worker that consumes it in batches, and a dead-letter queue that keeps failed messages for 14 days. Without a
 * dead-letter queue the platform deletes a message after its last attempt. A handler that throws has its whole batch
 * retried: acknowledge finished messages with `message.ack()`.
 *
 * @example
 * const ingest = new EdgeQueueWorker('ingest', { handler: 'workers/ingest.ts' });
 * new EdgeApi('api', { handler: 'workers/api.ts', access: { INGEST: ingest.send() } });
 * @see https://developers.cloudflare.com/queues/configuration/batching-retries/
 */
export class EdgeQueueWorker extends pulumi.ComponentResource {
  /** The queue. */
  readonly queue: cloudflare.Queue;
  /** Where messages go after the last attempt. */
  readonly deadLetterQueue: cloudflare.Queue;
  /** The consuming Worker. */
  readonly worker: Worker;
  /** Connects the queue to the Worker. */
  readonly consumer: cloudflare.QueueConsumer;

  /** @throws InputPropertiesError when the settings contradict each other or the platform's limits */
  constructor(name: string, args: EdgeQueueWorkerArgs, opts?: pulumi.ComponentResourceOptions) {
    checkName(new.target, name, opts);
    super('lintel:edge:EdgeQueueWorker', name, {}, opts);
    checkShape(name, args, SHAPE, NAMES);
    const code = bundle(name, args.handler, args);
    const accountId = checkArgs(name, args, [
      ...workerChecks(args, code),
      ...handlerChecks(args, code, 'queue'),
      ...consumerChecks(args),
    ]);

    const queues = createQueues(this, name, { ...args, accountId });
    this.queue = queues.queue;
    this.deadLetterQueue = queues.deadLetterQueue;
    this.worker = createWorker(this, name, { ...args, accountId }, code);
    const { script } = this.worker;
    this.consumer = createConsumer(this, name, { accountId, ...queues, script, ...settingsOf(args) });
    this.registerOutputs({ queueName: this.queue.queueName, deadLetterQueueName: this.deadLetterQueue.queueName });
  }

  /** Sending messages. */
  send(): Capability {
    return {
      binding: { type: 'queue', queueName: this.queue.queueName },
      permissions: [{ group: 'Queues Write' }],
    };
  }
}

const SHAPE: Shape<EdgeQueueWorkerArgs> = { ...WORKER, ...CONSUMER };

/** Names from the provider, and their equivalents here. */
const NAMES = { ...WORKER_NAMES, ...CONSUMER_NAMES };
