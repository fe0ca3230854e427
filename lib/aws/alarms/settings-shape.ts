import type { Duration } from 'aws-cdk-lib';
import { duration, either, filled, isPlain, known, needed, number, object, whole } from '../../core/check/kinds';
import { type Kind, type Shape, shapeChecks } from '../../core/check/shape';
import { alarmSpan } from '../../core/facts/cloudwatch';
import { PERIOD } from './metrics';
import type { AlarmName, AlarmSettings } from './settings';
import { WATCHED_BY, type WatchingPattern } from './watched-by';

const PERIODS = whole({ min: 1, max: alarmSpan.value / PERIOD.toSeconds() });

const OFF = { off: needed(filled('the jobs are retried by hand'), 'say why') };

/** A percentage that can be exceeded, but not always. @param least the lowest value, inclusive or not */
function percent(least: 'from 0' | 'above 0'): Kind {
  return known({
    ...number,
    inside: (value: number, prop) => [
      {
        prop,
        value,
        valid: () => (least === 'from 0' ? value >= 0 : value > 0) && value < 100,
        rule: `must be a percentage ${least === 'from 0' ? 'of at least 0' : 'above 0'} and below 100, or the alarm is ${value < 100 ? 'always' : 'never'} raised`,
        remedy: "give one in that range, or { off: 'why' } for no alarm",
      },
    ],
  });
}

const COUNT: Kind = known({
  ...number,
  inside: (value: number, prop) => [
    {
      prop,
      value,
      valid: () => Number.isSafeInteger(value) && value >= 0,
      rule: 'must be a whole number of at least 0: more than that raises the alarm',
      remedy: "give one, or { off: 'why' } for no alarm",
    },
  ],
});

const TIME: Kind = known({
  ...duration(),
  inside: (value: Duration, prop) => [
    {
      prop,
      value,
      valid: () => value.toMilliseconds() > 0,
      rule: 'must be longer than zero, or the alarm is always raised',
      remedy: "lengthen it, or give { off: 'why' } for no alarm",
    },
  ],
});

const NO_THRESHOLD: Kind = {
  rule: 'must not be a threshold',
  remedy: () => "write { periods: 6 }, or { off: 'why' }",
  is: () => false,
};

const THRESHOLDS: Readonly<Record<AlarmName, readonly [threshold: Kind, example: string]>> = {
  errorRate: [percent('from 0'), '5'],
  throttles: [COUNT, '10'],
  duration: [percent('above 0'), '90'],
  concurrency: [percent('above 0'), '90'],
  age: [TIME, 'Duration.minutes(15)'],
  expiring: [percent('above 0'), '25'],
  deadLetters: [COUNT, '10'],
  discarded: [COUNT, '10'],
  lostEvents: [COUNT, '10'],
  latency: [TIME, 'Duration.seconds(1)'],
  systemErrors: [COUNT, '10'],
  timeouts: [COUNT, '10'],
  failures: [COUNT, '1'],
  tampering: [COUNT, '1'],
  stopped: [NO_THRESHOLD, '{ periods: 6 }'],
  pinned: [COUNT, '10'],
  borrowing: [TIME, 'Duration.millis(500)'],
  connections: [COUNT, '10'],
};

/** One setting: a threshold, `{ threshold, periods }`, or `{ off }`. */
function setting([threshold, example]: readonly [Kind, string]): Kind {
  const isObject = (value: unknown) => isPlain(value) && !('toMilliseconds' in (value as object));
  const lasting: Kind = {
    ...object({ threshold, periods: PERIODS }, ''),
    is: isObject,
    inside: (value: object, prop) => [
      ...shapeChecks(value, { threshold, periods: PERIODS }, `${prop}.`, {
        evaluationPeriods: "write 'periods'",
        above: "write 'threshold'",
      }),
      {
        prop,
        value,
        valid: () => Object.keys(value).length > 0,
        rule: "must have 'threshold', 'periods' or 'off'",
        remedy: 'give one of them, or leave it out',
      },
    ],
  };
  const off: Kind = { ...object(OFF, ''), is: (value) => isObject(value) && 'off' in (value as object) };
  return known(
    either(
      `${threshold.rule}, { threshold, periods }, or { off: 'why' }`,
      () => `write it as ${example}, { threshold: ${example}, periods: 3 }, or { off: 'why' }`,
      threshold,
      off,
      lasting,
    ),
  );
}

/** What each setting may hold. */
const SETTINGS = Object.fromEntries(
  Object.entries(THRESHOLDS).map(([name, threshold]) => [name, setting(threshold)]),
) as Record<AlarmName, Kind>;

/** Names that CDK and people use for them. */
const FOREIGN = {
  errors: "write 'errorRate', in percent of the invocations",
  iteratorAge: "write 'age'",
  lag: "write 'age'",
  deadLetterQueue: "write 'deadLetters'",
  topic: "write 'alarmTopic', beside 'alarms'",
};

/** Alarm settings of a pattern. */
export function alarmSettings(pattern: WatchingPattern): Kind {
  const names: readonly AlarmName[] = WATCHED_BY[pattern];
  const shape = Object.fromEntries(names.map((name) => [name, SETTINGS[name]])) as Shape<AlarmSettings>;
  return object(shape, `{ ${names[0]!}: ${THRESHOLDS[names[0]!][1]} }`, FOREIGN);
}

/** Every setting, for alarms on any resource. */
export const ALL_SETTINGS: Kind = object(SETTINGS as Shape<AlarmSettings>, '{ errorRate: 5 }', FOREIGN);
