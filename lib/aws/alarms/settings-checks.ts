import { Duration } from 'aws-cdk-lib';
import type { Check } from '../../core/check/check';
import { reservationOf, timeoutOf } from '../handler-settings';
import type { FunctionSource } from '../service-function-props';
import { type AlarmSettings, thresholdOf } from './settings';

/** What a handler's alarms are derived from must be there; of an alarm that is not made, a setting is read by nobody. */
export function handlerAlarmChecks(
  handler: FunctionSource,
  alarms: Pick<AlarmSettings, 'duration' | 'concurrency'> = {},
): Check[] {
  return [
    {
      prop: 'alarms.duration',
      value: alarms.duration,
      valid: () => thresholdOf(alarms.duration) === undefined || timeoutOf(handler) !== undefined,
      rule: 'must not be given for a handler whose timeout is known only at deployment, or to another app: there is no such alarm',
      remedy: 'remove it, or pass a handler that this app makes',
    },
    {
      prop: 'alarms.concurrency',
      value: alarms.concurrency,
      valid: () => thresholdOf(alarms.concurrency) === undefined || reservationOf(handler) !== undefined,
      rule: "must not be given without 'reservedConcurrency' of the handler, whose share it is: there is no such alarm",
      remedy: "remove it, or set 'reservedConcurrency' on the handler",
    },
  ];
}

/** The times between which an age must lie to be raised at all, and not always. */
export interface AgeLimits {
  /** How long what is gathered waits in any case. */
  readonly window?: Duration;
  /** The time after which it is given up or dropped. */
  readonly kept: Duration;
  /** What says so, in quotes: `'maxAge'`. */
  readonly by: string;
}

/** An age that can be reached, and is not by a batch that is gathered. */
export function ageChecks({ age }: Pick<AlarmSettings, 'age'> = {}, { window, kept, by }: AgeLimits): Check[] {
  const above = thresholdOf(age);
  const gathering = window ?? Duration.seconds(0);
  return [
    {
      prop: 'alarms.age',
      value: above,
      reads: [gathering],
      valid: () => above === undefined || above.toMilliseconds() > gathering.toMilliseconds(),
      rule: `must be longer than 'batch.window' (${text(gathering)}), for which a message waits in any case, or the alarm is always raised`,
      remedy: "lengthen it, or shorten 'batch.window'",
    },
    {
      prop: 'alarms.age',
      value: above,
      reads: [kept],
      valid: () => above === undefined || above.toMilliseconds() < kept.toMilliseconds(),
      rule: `must be less than ${by} (${text(kept)}), when it is gone, or the alarm is never raised`,
      remedy: 'shorten it',
    },
  ];
}

function text(time: Duration): string {
  return time.isUnresolved() ? '' : time.toHumanString();
}
