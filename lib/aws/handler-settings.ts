import type * as lambda from 'aws-cdk-lib/aws-lambda';
import { defaultTimeout } from '../core/facts/lambda';
import { DEFAULT_TIMEOUT, isFunction, settingsOf } from './service-function';
import type { HandlerSource } from './service-function-props';

/** Seconds that a handler may run; undefined where that is known only at deployment. */
export function timeoutOf(source: HandlerSource): number | undefined {
  const timeout = isFunction(source) ? source.timeout : settingsOf(source).timeout;
  if (timeout?.isUnresolved()) return undefined;
  return timeout?.toSeconds() ?? (isFunction(source) ? defaultTimeout.value : DEFAULT_TIMEOUT);
}

/** The concurrency that a handler reserves; undefined where it reserves none. */
export function reservationOf(source: HandlerSource): number | undefined {
  if (!isFunction(source)) return settingsOf(source).reservedConcurrency;
  return (source.node.defaultChild as lambda.CfnFunction).reservedConcurrentExecutions;
}
