import { Duration } from 'aws-cdk-lib';
import { CfnQueue, type IQueue, Queue } from 'aws-cdk-lib/aws-sqs';
import type { IConstruct } from 'constructs';
import type { Check } from '../core/check/check';
import { visibilityFactor } from '../core/facts/event-source';
import { defaultRetention, defaultVisibilityTimeout, retention } from '../core/facts/sqs';
import { isUnresolved } from '../core/unresolved';
import { timeoutOf } from './handler-settings';
import type { FunctionSource } from './service-function-props';

/** A queue that a team has, and what is to work on it. */
export interface Adoption {
  /** What works on the messages. */
  readonly handler: FunctionSource;
  /** How long messages are gathered. */
  readonly batch?: { readonly window?: Duration };
  /** Receives before the dead-letter queue. */
  readonly maxAttempts?: number;
  /** Whether the queue keeps an order. */
  readonly fifo?: boolean;
  readonly queue?: IQueue;
  readonly encryptionKey?: object;
}

/** Whether a team's queue suits the handler, as far as this app makes it; of an imported one nothing is known. */
export function adoptionChecks({ handler, batch, maxAttempts, fifo, queue, encryptionKey }: Adoption): Check[] {
  if (queue === undefined) return [];
  const definition = definitionOf(queue);
  const timeout = timeoutOf(handler);
  const window = batch?.window?.isUnresolved() ? undefined : (batch?.window?.toSeconds() ?? 0);
  const hidden = definition && (definition.visibilityTimeout ?? defaultVisibilityTimeout.value);
  const needed = timeout === undefined || window === undefined ? undefined : visibilityFactor.value * timeout + window;
  return [
    ...(['maxAttempts', 'fifo'] as const).map((prop) => ({
      prop,
      value: prop === 'fifo' ? fifo : maxAttempts,
      valid: () => (prop === 'fifo' ? fifo : maxAttempts) === undefined,
      rule: "must not be given with 'queue', which decides it",
      remedy: "remove it, or set it where 'queue' is made",
    })),
    {
      prop: 'encryptionKey',
      value: encryptionKey,
      valid: () => encryptionKey === undefined,
      rule: "must not be given with 'queue', which has its own or none",
      remedy: "remove it, or set it where 'queue' is made",
    },
    {
      prop: 'queue',
      value: queue,
      reads: [hidden],
      valid: () => hidden === undefined || needed === undefined || hidden >= needed,
      rule: `must hide a received message for at least ${needed} seconds: ${visibilityFactor.value} x the handler's timeout (${timeout} seconds) + the batching window (${window} seconds); it hides it for ${hidden}`,
      remedy: `set its 'visibilityTimeout' to Duration.seconds(${needed})`,
    },
    {
      prop: 'queue',
      value: queue,
      valid: () =>
        definition === undefined || isUnresolved(definition.redrivePolicy) || Boolean(definition.redrivePolicy),
      rule: 'must have a dead-letter queue, or a message that fails is tried until it expires',
      remedy: "give it a 'deadLetterQueue', or let the worker make the queue",
    },
  ];
}

/** The dead-letter queue of a team's queue, where this app makes both. */
export function deadLetterQueueOf(queue: IQueue): IQueue | undefined {
  return queue instanceof Queue ? queue.deadLetterQueue?.queue : undefined;
}

/** How long a queue keeps a message: what is known of it, or the longest there is. */
export function keptBy(queue: IQueue | undefined): Duration {
  if (queue === undefined) return Duration.seconds(defaultRetention.value);
  const definition = definitionOf(queue);
  return Duration.seconds(
    definition ? (definition.messageRetentionPeriod ?? defaultRetention.value) : retention.value.max,
  );
}

/** What this app says of a queue; undefined of an imported one. */
export function definitionOf(queue: IQueue): CfnQueue | undefined {
  const definition: IConstruct | undefined = queue.node.defaultChild;
  return CfnQueue.isCfnQueue(definition) ? definition : undefined;
}
