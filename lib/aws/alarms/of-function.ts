import { Duration, Token } from 'aws-cdk-lib';
import { Metric, type MetricOptions } from 'aws-cdk-lib/aws-cloudwatch';
import type { EventSourceMapping, IFunction } from 'aws-cdk-lib/aws-lambda';
import { concurrencyShare, durationShare, errorRate } from '../../core/facts/cloudwatch';
import { reservationOf, timeoutOf } from '../handler-settings';
import { definedFunction } from '../service-function';
import { LASTING, percentage, PERIOD, SUM, type Watched } from './metrics';
import { above, type AlarmSettings } from './settings';

/** Percent of the stream's retention. */
const HALF = 50;

/** An alias is watched as its function. */
export function watchedFunction(called: IFunction): IFunction {
  return definedFunction(called) ?? called;
}

/** Milliseconds that the oldest record of a function's stream has waited. */
export function iteratorAgeOf(called: IFunction, options?: MetricOptions): Metric {
  return watchedFunction(called).metric('IteratorAge', { statistic: 'Maximum', ...options });
}

/** Errors, throttles, and how close a function comes to its timeout and its reservation. */
export function ofFunction(called: IFunction, settings: AlarmSettings = {}): Watched[] {
  const fn = watchedFunction(called);
  const timeout = timeoutOf(fn);
  const reserved = knownReservation(fn);
  const failing = above(settings.errorRate, errorRate.value);
  return [
    {
      resource: fn,
      what: 'ErrorRate',
      metric: percentage('errors', fn.metricErrors(SUM), 'invocations', fn.metricInvocations(SUM)),
      setting: 'errorRate',
      threshold: failing,
      alarmDescription: `More than ${failing} % of the invocations fail: see the function's log`,
    },
    {
      resource: fn,
      what: 'Throttles',
      metric: fn.metricThrottles(SUM),
      setting: 'throttles',
      threshold: above(settings.throttles, 0),
      alarmDescription: "Invocations are refused: raise the function's reservation or the account's concurrency",
    },
    ...(timeout === undefined ? [] : [slow(fn, timeout, above(settings.duration, durationShare.value))]),
    ...(reserved === undefined ? [] : [crowded(fn, reserved, above(settings.concurrency, concurrencyShare.value))]),
  ];
}

/** Records that a function reads too late from a stream. */
export function lagOf(called: IFunction, maxLag: Duration, settings: AlarmSettings = {}): Watched {
  const age = above(settings.age, maxLag);
  return {
    ...iteratorAge(called, 'IteratorAge', age),
    setting: 'age',
    alarmDescription: `Records wait longer than ${age.toHumanString()}: the function fails, or is too slow`,
  };
}

/** Records that a function reads so late that the stream is about to drop them. */
export function expiringOf(called: IFunction, kept: Duration, settings: AlarmSettings = {}): Watched {
  const age = Duration.seconds(Math.round((kept.toSeconds() * above(settings.expiring, HALF)) / 100));
  return {
    ...iteratorAge(called, 'Expiring', age),
    setting: 'expiring',
    alarmDescription: `Records wait longer than ${age.toHumanString()}, and are gone after ${kept.toHumanString()}`,
  };
}

/** Batches that a mapping gave up; requires the mapping's metrics. */
export function discardedBy(mapping: EventSourceMapping, settings: AlarmSettings = {}): Watched {
  return {
    resource: mapping,
    what: 'Discarded',
    metric: new Metric({
      ...SUM,
      namespace: 'AWS/Lambda',
      metricName: 'OnFailureDestinationDeliveredEventCount',
      dimensionsMap: { EventSourceMappingUUID: mapping.eventSourceMappingId },
    }),
    setting: 'discarded',
    threshold: above(settings.discarded, 0),
    alarmDescription: 'Records were skipped after the last retry: the data they update is stale until repaired',
  };
}

function iteratorAge(called: IFunction, what: string, above: Duration): Omit<Watched, 'alarmDescription'> {
  const metric = iteratorAgeOf(called, { period: PERIOD });
  return { resource: watchedFunction(called), what, metric, threshold: above.toMilliseconds() };
}

function slow(fn: IFunction, timeout: number, share: number): Watched {
  return {
    ...LASTING,
    resource: fn,
    what: 'Duration',
    metric: fn.metricDuration({ period: PERIOD, statistic: 'p99' }),
    setting: 'duration',
    threshold: (timeout * 1000 * share) / 100,
    alarmDescription: `One invocation in a hundred takes more than ${share} % of the timeout`,
  };
}

function crowded(fn: IFunction, reserved: number, share: number): Watched {
  return {
    ...LASTING,
    resource: fn,
    what: 'Concurrency',
    metric: fn.metric('ConcurrentExecutions', { period: PERIOD, statistic: 'Maximum' }),
    setting: 'concurrency',
    threshold: (reserved * share) / 100,
    alarmDescription: `More than ${share} % of the reserved concurrency is in use`,
  };
}

/** Only the template knows reservations. */
function knownReservation(fn: IFunction): number | undefined {
  const reserved = reservationOf(fn);
  return reserved === undefined || reserved === 0 || Token.isUnresolved(reserved) ? undefined : reserved;
}
