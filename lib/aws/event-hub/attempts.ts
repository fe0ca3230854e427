import { asynchronousRetries } from '../../core/facts/lambda';
import { receiveCount } from '../../core/facts/sqs';

/** Maximum attempts of a handler per event. */
export function maxReceiveAttempts(buffer: 'queue' | 'none'): number {
  return buffer === 'none' ? asynchronousRetries.value.max + 1 : receiveCount.value.max;
}
