import type * as lambda from 'aws-cdk-lib/aws-lambda';
import type { Check } from '../core/check/check';
import { runtimeBlocked } from '../core/facts/lambda-runtimes';

/** The row for a runtime on which Lambda no longer creates functions. By the facts, not by the clock: what is built today is built tomorrow. */
export function retiredRuntimeCheck(runtime: lambda.Runtime | undefined): Check {
  return {
    prop: 'runtime',
    value: runtime?.name,
    valid: () => !runtimeBlocked.value.includes(runtime?.name ?? ''),
    rule: 'must be one on which Lambda still creates functions',
    remedy:
      'choose a newer one; a function that is already deployed on it stays a lambda.Function, which may be a handler',
  };
}
