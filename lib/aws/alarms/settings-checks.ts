import { Duration } from 'aws-cdk-lib';
import type { Check } from '../../core/check/check';
import { reservationOf, timeoutOf } from '../handler-settings';
import type { FunctionSource } from '../service-function-props';
import { type AlarmSettings, thresholdOf } from './settings';

/** What a handler's alarms are derived from must be known; a setting for an alarm that is not created would be ignored. */
export function handlerAlarmChecks(
  handler: FunctionSource,
  alarms: Pick<AlarmSettings, 'duration' | 'concurrency'> = {},
): Check[] {
  return [
    {
      prop: 'alarms.duration',
      value: alarms.duration,
      valid: () => thresholdOf(alarms.duration) === undefined || timeoutOf(handler) !== undefined,
      rule: 'must not be given for a handler whose timeout is known only at deployment or in another app: there is no such alarm',
      remedy: 'remove it, or pass a handler that this app creates',
    },
    {
      prop: 'alarms.concurrency',
      value: alarms.concurrency,
      valid: () => thresholdOf(alarms.concurrency) === undefined || reservationOf(handler) !== undefined,
      rule: "must not be given without 'reservedConcurrency' on the handler, of which it is a percentage: there is no such alarm",
      remedy: "remove it, or set 'reservedConcurrency' on the handler",
    },
  ];
}

/** The range that an age must be in for its alarm to be raised at all, yet not always. */
export interface AgeLimits {
  /** How long a gathered batch waits in any case. */
  readonly window?: Duration;
  /** The age at which it is given up or dropped. */
  readonly kept: Duration;
  /** The prop that sets it, in quotes: `'maxAge'`. */
  readonly by: string;
}

/** An age that can be reached, but is not by merely gathering a batch. */
export function ageChecks({ age }: Pick<AlarmSettings, 'age'> = {}, { window, kept, by }: AgeLimits): Check[] {
  const above = thresholdOf(age);
  if (above === undefined) return [];
  const gathering = window ?? Duration.seconds(0);
  return [
    {
      prop: 'alarms.age',
      value: above,
      reads: [gathering],
      valid: () => above.toMilliseconds() > gathering.toMilliseconds(),
      rule: `must be longer than 'batch.window' (${text(gathering)}), which any message may wait, or the alarm is always raised`,
      remedy: "lengthen it, or shorten 'batch.window'",
    },
    {
      prop: 'alarms.age',
      value: above,
      reads: [kept],
      valid: () => above.toMilliseconds() < kept.toMilliseconds(),
      rule: `must be less than ${by} (${text(kept)}), after which it is gone, or the alarm is never raised`,
      remedy: 'shorten it',
    },
  ];
}

function text(time: Duration): string {
  return time.isUnresolved() ? '' : time.toHumanString();
}
