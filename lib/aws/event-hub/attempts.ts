import { receiveCount } from '../../core/facts/sqs';

/** Lambda calls a function with an asynchronous event once, and twice more where it fails. */
const ASYNCHRONOUS = 3;

/** Most attempts of a handler on an event. */
export function maxReceiveAttempts(buffer: 'queue' | 'none'): number {
  return buffer === 'none' ? ASYNCHRONOUS : receiveCount.value.max;
}
