import type { Duration } from 'aws-cdk-lib';
import type { IQueue } from 'aws-cdk-lib/aws-sqs';
import type { Check } from '../core/check/check';
import * as facts from '../core/facts/event-source';
import { POLLERS } from '../core/iam/platform-actions';
import type { AccessStatement } from './access/capability';
import { DECRYPT, throughService } from './access/encryption';
import { reservationOf } from './handler-settings';
import { inRange } from './ranges';
import type { HandlerSource } from './service-function-props';

/** The settings of a queue's mapping that limit each other. */
export interface QueueConsumption {
  /** What works on the messages. */
  readonly handler: HandlerSource;
  /** How messages are gathered. */
  readonly batch?: { readonly size?: number; readonly window?: Duration };
  /** Most invocations at once. */
  readonly maxConcurrency?: number;
  /** Pollers kept ready. */
  readonly pollers?: { readonly min: number; readonly max: number };
  /** Whether the queue keeps an order. */
  readonly fifo?: boolean;
  /** Patterns of messages to take. */
  readonly filters?: readonly unknown[];
  /** A queue that the team already has. */
  readonly queue?: IQueue;
}

const CAP = 10;

/** The cap of a queue that names none: 10, or the handler's reservation; none where that is below the mapping's least. */
export function defaultCap(handler: HandlerSource): number | undefined {
  const reserved = reservationOf(handler);
  const cap = reserved === undefined || reserved < 0 ? CAP : Math.min(CAP, reserved);
  return cap < facts.maximumConcurrency.value.min ? undefined : cap;
}

/**
 * What Lambda needs, in the function's name, to work on a queue.
 * @see https://docs.aws.amazon.com/lambda/latest/dg/services-sqs-configure.html#events-sqs-permissions
 */
export function consumerStatements(queue: IQueue): AccessStatement[] {
  return [
    { actions: POLLERS.queue.granted, resources: [queue.queueArn] },
    ...throughService(queue.encryptionMasterKey, 'sqs', DECRYPT),
  ];
}

/** Size and window of a batch, and the number of filters. */
export function batchChecks({ batch, fifo, queue, filters = [] }: QueueConsumption): Check[] {
  const size = batch?.size;
  const window = batch?.window;
  const ordered = queue ? queue.fifo : fifo;
  const unbatched = facts.queueBatchWithoutWindow.value;
  return [
    inRange('batch.size', size, facts.queueBatch.value),
    inRange('batch.window', window, facts.batchWindow.value),
    {
      prop: 'batch.size',
      value: size,
      reads: [window],
      valid: () =>
        size === undefined || size <= unbatched || ordered === true || (window?.toMilliseconds() ?? 0) >= 1000,
      rule: `must be at most ${unbatched} without 'batch.window'`,
      remedy: "set 'batch.window' to at least 1 second",
    },
    {
      prop: 'batch.size',
      value: size,
      valid: () => size === undefined || size <= unbatched || ordered !== true,
      rule: `must be at most ${unbatched} with a FIFO queue`,
      remedy: `lower it to ${unbatched}, or use a standard queue`,
    },
    {
      prop: 'batch.window',
      value: window,
      valid: () => ordered !== true || window === undefined || window.toMilliseconds() === 0,
      rule: 'must not be given with a FIFO queue, from which Lambda gathers no batches',
      remedy: 'remove it, or use a standard queue',
    },
    {
      prop: 'filters',
      value: filters.length,
      valid: () => filters.length <= facts.filters.value,
      rule: `must be at most ${facts.filters.value}`,
      remedy: `join patterns: a key takes a list of values (AWS raises the quota to ${facts.filtersRaised.value} on request)`,
    },
  ];
}

/** The cap, the pollers, and the reservation of the function. */
export function concurrencyChecks({ handler, maxConcurrency, pollers }: QueueConsumption): Check[] {
  const reserved = reservationOf(handler);
  return [
    inRange('maxConcurrency', maxConcurrency, facts.maximumConcurrency.value),
    {
      prop: 'maxConcurrency',
      value: maxConcurrency,
      reads: [reserved],
      valid: () => maxConcurrency === undefined || reserved === undefined || maxConcurrency <= reserved,
      rule: `must be at most the handler's 'reservedConcurrency' (${reserved}), or messages are throttled into the dead-letter queue`,
      remedy: "lower it, or raise or remove 'reservedConcurrency'",
    },
    {
      prop: 'maxConcurrency',
      value: maxConcurrency,
      valid: () => maxConcurrency === undefined || pollers === undefined,
      rule: "must not be given with 'pollers', whose 'max' is the cap",
      remedy: 'remove one of them',
    },
    inRange('pollers.min', pollers?.min, facts.minimumPollers.value),
    inRange('pollers.max', pollers?.max, facts.maximumPollers.value),
    {
      prop: 'pollers.max',
      value: pollers?.max,
      reads: [pollers?.min],
      valid: () => pollers === undefined || pollers.max >= pollers.min,
      rule: `must be at least 'pollers.min' (${pollers?.min})`,
      remedy: 'raise it, or lower the other',
    },
  ];
}
