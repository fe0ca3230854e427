import type { Consumer } from '../../kernel/event-source';
import type { Functions, FunctionTarget } from '../../lambda/functions';
import { timeoutOf } from '../../lambda/variables';
import { failureRecord } from './failure-record';

/** A function that an event source mapping calls. */
export function functionConsumer(functions: Functions, target: FunctionTarget): Consumer {
  const { function: fn, arn } = target;
  return {
    name: fn.deployed.displayName,
    caller: fn.caller,
    timeout: timeoutOf(fn.deployed),
    ...(fn.reserved !== undefined && { atMost: fn.reserved }),
    work: (Records, more = {}) => functions.invoke(target, JSON.stringify({ Records, ...more })),
    failure: (given, place) => failureRecord(given, arn, place),
  };
}
