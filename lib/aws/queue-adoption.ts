import { Duration } from 'aws-cdk-lib';
import { CfnQueue, type IQueue, Queue } from 'aws-cdk-lib/aws-sqs';
import type { IConstruct } from 'constructs';
import type { Check } from '../core/check/check';
import { visibilityFactor } from '../core/facts/event-source';
import { defaultRetention, defaultVisibilityTimeout, retention } from '../core/facts/sqs';
import { isUnresolved } from '../core/unresolved';
import { timeoutOf } from './handler-settings';
import type { FunctionSource } from './service-function-props';

/** A team's queue, and what is to process it. */
export interface Adoption {
  /** Processes the messages. */
  readonly handler: FunctionSource;
  /** How long a batch is gathered. */
  readonly batch?: { readonly window?: Duration };
  /** Receives before the dead-letter queue. */
  readonly maxAttempts?: number;
  /** Whether the queue is FIFO. */
  readonly fifo?: boolean;
  readonly queue?: IQueue;
  readonly encryptionKey?: object;
}

/** Checks that a team's queue suits the handler, if this app creates it; an imported one is not checked. */
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
      remedy: "remove it, or set it where 'queue' is created",
    })),
    {
      prop: 'encryptionKey',
      value: encryptionKey,
      valid: () => encryptionKey === undefined,
      rule: "must not be given with 'queue', which has its own or none",
      remedy: "remove it, or set it where 'queue' is created",
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
      rule: 'must have a dead-letter queue, or a failing message is retried until it expires',
      remedy: "give it a 'deadLetterQueue', or let the worker create the queue",
    },
  ];
}

/** The dead-letter queue of a team's queue, if this app creates both. */
export function deadLetterQueueOf(queue: IQueue): IQueue | undefined {
  return queue instanceof Queue ? queue.deadLetterQueue?.queue : undefined;
}

/** A queue's retention, or the longest possible if unknown. */
export function keptBy(queue: IQueue | undefined): Duration {
  if (queue === undefined) return Duration.seconds(defaultRetention.value);
  const definition = definitionOf(queue);
  return Duration.seconds(
    definition ? (definition.messageRetentionPeriod ?? defaultRetention.value) : retention.value.max,
  );
}

/** The L1 of a queue in this app; undefined for an imported one. */
export function definitionOf(queue: IQueue): CfnQueue | undefined {
  const definition: IConstruct | undefined = queue.node.defaultChild;
  return CfnQueue.isCfnQueue(definition) ? definition : undefined;
}
