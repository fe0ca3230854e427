import { Duration, Token } from 'aws-cdk-lib';
import { Metric } from 'aws-cdk-lib/aws-cloudwatch';
import type { EventSourceMapping, IFunction } from 'aws-cdk-lib/aws-lambda';
import { concurrencyShare, durationShare, errorRate } from '../../core/facts/cloudwatch';
import { reservationOf, timeoutOf } from '../handler-settings';
import { definedFunction } from '../service-function';
import { LASTING, percentage, PERIOD, SUM, type Watched } from './metrics';

/** Errors, throttles, and how near a function comes to its timeout and its reservation. */
export function ofFunction(called: IFunction): Watched[] {
  const fn = definedFunction(called) ?? called;
  const timeout = timeoutOf(fn);
  const reserved = knownReservation(fn);
  return [
    {
      resource: fn,
      what: 'ErrorRate',
      metric: percentage('errors', fn.metricErrors(SUM), 'invocations', fn.metricInvocations(SUM)),
      threshold: errorRate.value,
      alarmDescription: `More than ${errorRate.value} % of the invocations fail: see the function's log`,
    },
    {
      resource: fn,
      what: 'Throttles',
      metric: fn.metricThrottles(SUM),
      threshold: 0,
      alarmDescription: "Invocations are refused: raise the function's reservation or the account's concurrency",
    },
    ...(timeout === undefined ? [] : [slow(fn, timeout)]),
    ...(reserved === undefined ? [] : [crowded(fn, reserved)]),
  ];
}

/** Records that a function reads too late from a stream. */
export function lagOf(called: IFunction, maxLag: Duration): Watched {
  return {
    ...iteratorAge(called, 'IteratorAge', maxLag),
    alarmDescription: `Records wait longer than ${maxLag.toHumanString()}: the function fails, or is too slow`,
  };
}

/** Records that a function reads so late that the stream is about to drop them. */
export function expiringOf(called: IFunction, kept: Duration): Watched {
  const half = Duration.seconds(kept.toSeconds() / 2);
  return {
    ...iteratorAge(called, 'Expiring', half),
    alarmDescription: `Records wait longer than ${half.toHumanString()}, and are gone after ${kept.toHumanString()}`,
  };
}

/** Batches that a mapping gave up; the mapping counts its events. */
export function discardedBy(mapping: EventSourceMapping): Watched {
  return {
    resource: mapping,
    what: 'Discarded',
    metric: new Metric({
      ...SUM,
      namespace: 'AWS/Lambda',
      metricName: 'OnFailureDestinationDeliveredEventCount',
      dimensionsMap: { EventSourceMappingUUID: mapping.eventSourceMappingId },
    }),
    threshold: 0,
    alarmDescription: 'Records were given up: what they would have changed is stale until it is repaired',
  };
}

function iteratorAge(called: IFunction, what: string, above: Duration): Omit<Watched, 'alarmDescription'> {
  const fn = definedFunction(called) ?? called;
  const metric = fn.metric('IteratorAge', { period: PERIOD, statistic: 'Maximum' });
  return { resource: fn, what, metric, threshold: above.toMilliseconds() };
}

function slow(fn: IFunction, timeout: number): Watched {
  return {
    ...LASTING,
    resource: fn,
    what: 'Duration',
    metric: fn.metricDuration({ period: PERIOD, statistic: 'p99' }),
    threshold: (timeout * 1000 * durationShare.value) / 100,
    alarmDescription: `One invocation in a hundred takes more than ${durationShare.value} % of the timeout`,
  };
}

function crowded(fn: IFunction, reserved: number): Watched {
  return {
    ...LASTING,
    resource: fn,
    what: 'Concurrency',
    metric: fn.metric('ConcurrentExecutions', { period: PERIOD, statistic: 'Maximum' }),
    threshold: (reserved * concurrencyShare.value) / 100,
    alarmDescription: `More than ${concurrencyShare.value} % of the reserved concurrency is in use`,
  };
}

/** Reservations are known to the template alone. */
function knownReservation(fn: IFunction): number | undefined {
  const reserved = reservationOf(fn);
  return reserved === undefined || reserved === 0 || Token.isUnresolved(reserved) ? undefined : reserved;
}
