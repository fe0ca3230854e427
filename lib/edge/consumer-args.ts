import type * as cloudflare from '@pulumi/cloudflare';
import type * as pulumi from '@pulumi/pulumi';
import type { Check } from '../core/check/check';
import { filled, having, input, number, object } from '../core/check/kinds';
import type { Shape } from '../core/check/shape';
import { cloudflare as facts, within } from '../core/facts';

/** How messages are batched for one invocation. Whichever limit is reached first sends the batch. */
export interface EdgeBatch {
  /**
   * Messages per batch, from 1 to 100.
   * @default 10
   */
  readonly size?: number;
  /**
   * How long to wait for a full batch, in seconds from 0 to 60.
   * @default 5
   */
  readonly window?: number;
}

/** Which queue a Worker consumes, and how. */
export interface EdgeConsumerArgs {
  /**
   * Size and window of a batch.
   * @default - 10 messages or 5 seconds
   */
  readonly batch?: EdgeBatch;
  /**
   * Attempts to process a message before it goes to the dead-letter queue, from 1 to 101.
   * @default 5
   */
  readonly maxAttempts?: number;
  /**
   * Delay between attempts, in seconds from 0 to 86,400. `message.retry({ delaySeconds })` overrides it.
   * @default 30
   */
  readonly retryDelay?: number;
  /**
   * Concurrent invocations, from 1 to 250.
   * @default - as many as the backlog requires
   */
  readonly maxConcurrency?: number;
  /**
   * A queue that exists already.
   * @default - a new one
   */
  readonly queue?: cloudflare.Queue;
  /**
   * The name of the new queue, unique in the account; its dead-letter queue adds `-dead-letters`.
   * @default - from project, stack and the component's name
   */
  readonly queueName?: pulumi.Input<string>;
}

/** Shape of how a queue is consumed. */
export const CONSUMER: Shape<EdgeConsumerArgs> = {
  batch: object<EdgeBatch>({ size: number, window: number }, '{ size: 100, window: 10 }', {
    batchSize: "write 'size'",
    maxWaitTimeMs: "write 'window', in seconds",
  }),
  maxAttempts: number,
  retryDelay: number,
  maxConcurrency: number,
  queue: having('a queue', 'queueId', 'pass the queue itself'),
  queueName: input(filled('ingest')),
};

/** Names from the provider, and their equivalents here. */
export const CONSUMER_NAMES = {
  maxRetries: "write 'maxAttempts', which counts the first attempt too",
  batchSize: "write 'batch: { size: ... }'",
  deadLetterQueue: 'leave it out: there is one',
};

/** How a queue is consumed by default. */
export function settingsOf({
  batch = {},
  maxAttempts = 5,
  retryDelay = 30,
  maxConcurrency,
}: EdgeConsumerArgs): Settings {
  const { size = 10, window = 5 } = batch;
  return { batch: { size, window }, maxAttempts, retryDelay, maxConcurrency };
}

/**
 * Checks of a queue and its consumer.
 * @param prefix of the props' names: `consumes.jobs.`
 */
export function consumerChecks(args: EdgeConsumerArgs, prefix = ''): Check[] {
  const rows = [...queueNameChecks(args.queueName), ...checks(settingsOf(args))];
  return rows.map((row) => ({ ...row, prop: prefix + row.prop }));
}

function queueNameChecks(queueName: EdgeConsumerArgs['queueName']): Check[] {
  const { value: most } = facts.nameLength;
  return [
    {
      prop: 'queueName',
      value: queueName,
      valid: () =>
        typeof queueName !== 'string' ||
        (queueName.length <= most && /^[a-z0-9]([a-z0-9-]*[a-z0-9])?$/.test(queueName)),
      rule: `must be at most ${most} lower-case letters, digits and dashes, with no leading or trailing dash`,
      remedy: "write 'ingest', for instance",
    },
  ];
}

type Settings = Pick<EdgeConsumerArgs, 'maxConcurrency'> &
  Required<Pick<EdgeConsumerArgs, 'maxAttempts' | 'retryDelay'>> & { readonly batch: Required<EdgeBatch> };

function checks({ batch: { size, window }, maxAttempts, retryDelay, maxConcurrency }: Settings): Check[] {
  const { queueBatch, queueWait, queueRetries, queueDelay, queueConcurrency, queueDefaultRetention } = facts;
  const attempts = { min: queueRetries.value.min + 1, max: queueRetries.value.max + 1 };
  const lasts = (maxAttempts - 1) * retryDelay;
  return [
    {
      prop: 'batch.size',
      value: size,
      valid: () => Number.isInteger(size) && within(queueBatch.value, size),
      rule: `must be a whole number from ${queueBatch.value.min} to ${queueBatch.value.max}`,
      remedy: `set at most ${queueBatch.value.max}; more messages come in the next batch`,
    },
    {
      prop: 'batch.window',
      value: window,
      valid: () => within(queueWait.value, window * 1000),
      rule: `must be from 0 to ${queueWait.value.max / 1000} seconds`,
      remedy: 'give it in seconds',
    },
    {
      prop: 'maxAttempts',
      value: maxAttempts,
      valid: () => Number.isInteger(maxAttempts) && within(attempts, maxAttempts),
      rule: `must be a whole number from ${attempts.min} to ${attempts.max}`,
      remedy: 'lower it; the dead-letter queue keeps what still fails',
    },
    {
      prop: 'retryDelay',
      value: retryDelay,
      valid: () => Number.isInteger(retryDelay) && within(queueDelay.value, retryDelay),
      rule: `must be a whole number of seconds from 0 to ${queueDelay.value.max}`,
      remedy: 'give it in seconds',
    },
    {
      prop: 'retryDelay',
      value: retryDelay,
      valid: () => lasts < queueDefaultRetention.value || !within(queueDelay.value, retryDelay),
      rule: `must let ${maxAttempts} attempts end before the queue deletes the message after ${queueDefaultRetention.value} seconds`,
      remedy: "lower it or 'maxAttempts'; a deleted message never reaches the dead-letter queue",
    },
    {
      prop: 'maxConcurrency',
      value: maxConcurrency,
      valid: () =>
        maxConcurrency === undefined ||
        (Number.isInteger(maxConcurrency) && within(queueConcurrency.value, maxConcurrency)),
      rule: `must be a whole number from ${queueConcurrency.value.min} to ${queueConcurrency.value.max}`,
      remedy: 'leave it out to follow the backlog',
    },
  ];
}
