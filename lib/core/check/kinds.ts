import { type Range, within } from '../facts/fact';
import { nearest } from '../nearest';
import { isLater, isUnresolved } from '../unresolved';
import { kindChecks, type Kind, type Shape, shapeChecks } from './shape';
import { isConstruct, isRecord } from '../record';

/** The part of CDK's `Duration` needed here. */
interface DurationLike {
  toMilliseconds(): number;
}

/**
 * A prop that must be given.
 * @param remedy if it is missing
 * @param rule that a missing one breaks
 */
export function needed(kind: Kind, remedy: string, rule = 'must be given'): Kind {
  return { ...kind, needed: { rule, remedy } };
}

export function text(example: string): Kind {
  return {
    rule: 'must be a string',
    remedy: () => `write it as '${example}'`,
    is: (value) => typeof value === 'string',
  };
}

/** Non-empty text. */
export function filled(example: string): Kind {
  return {
    ...text(example),
    inside: (value: string, prop) => [
      { prop, value, valid: () => value !== '', rule: 'must not be empty', remedy: `write it as '${example}'` },
    ],
  };
}

/**
 * Text of a form.
 * @param rule from its verb on: `must be letters and digits`
 */
export function matching(pattern: RegExp, rule: string, example: string): Kind {
  return {
    ...text(example),
    inside: (value: string, prop) => [
      { prop, value, valid: () => pattern.test(value), rule, remedy: `write it as '${example}'` },
    ],
  };
}

/** A value that must be known when the program runs. */
export function known(kind: Kind): Kind {
  return { ...kind, now: true };
}

/** A value that messages redact. */
export function hidden(kind: Kind): Kind {
  return { ...kind, sensitive: true };
}

/** A value that may be a Pulumi Output or promise. */
export function input(kind: Kind): Kind {
  return { ...kind, later: true };
}

/** `true` or `false`. */
export const flag: Kind = {
  rule: 'must be true or false',
  remedy: (value) => (value === 'true' || value === 'false' ? 'write it without quotes' : 'give one of them'),
  is: (value) => typeof value === 'boolean',
};

/** Any finite number. */
export const number: Kind = {
  rule: 'must be a number',
  remedy: quoted,
  is: (value) => Number.isFinite(value),
};

/**
 * A whole number.
 * @param range allowed
 * @param remedy for one that is not
 */
export function whole(range: Range, remedy?: string): Kind {
  return {
    rule: `must be a whole number from ${range.min} to ${range.max}`,
    remedy: quoted,
    is: (value) => typeof value === 'number',
    inside: (value: number, prop, required) => [
      {
        prop,
        value,
        valid: () => Number.isInteger(value) && within(range, value),
        rule: `must be a whole number from ${range.min} to ${range.max}`,
        remedy: remedy ?? inRange(required),
      },
    ],
  };
}

/**
 * A `Duration`.
 * @param range in whole seconds
 * @param remedy for one that is not in it
 * @param unit in which its user writes it
 */
export function duration(range?: Range, remedy?: string, unit = usualUnit(range)): Kind {
  return {
    rule: 'must be a Duration',
    remedy: (value) => `write Duration.${unit}(${typeof value === 'number' && value > 0 ? value : 30})`,
    is: (value) => typeof value === 'object' && value !== null && 'toMilliseconds' in value && 'toSeconds' in value,
    inside: (value: DurationLike, prop, required) =>
      range === undefined
        ? []
        : [
            {
              prop,
              value,
              valid: () =>
                Number.isInteger(value.toMilliseconds() / 1000) && within(range, value.toMilliseconds() / 1000),
              rule: `must be a whole number from ${range.min} to ${range.max} seconds`,
              remedy: remedy ?? inRange(required),
            },
          ],
  };
}

function usualUnit(range: Range | undefined): 'days' | 'minutes' | 'seconds' {
  return range !== undefined && range.min >= 86_400 ? 'days' : 'seconds';
}

/** A `Size`. */
export const size: Kind = {
  rule: 'must be a Size',
  remedy: (value) => `write Size.kibibytes(${typeof value === 'number' ? Math.ceil(value / 1024) : 64})`,
  is: (value) => typeof value === 'object' && value !== null && 'toBytes' in value,
};

/** One of some strings. */
export function oneOf(...values: readonly string[]): Kind {
  const all = values.map((value) => `'${value}'`);
  return {
    rule: `must be ${all.length > 2 ? `one of ${all.join(', ')}` : all.join(' or ')}`,
    remedy: (value) => {
      const meant = typeof value === 'string' ? nearest(value, values) : undefined;
      return meant === undefined ? 'choose one of them' : `did you mean '${meant}'?`;
    },
    is: (value) => typeof value === 'string' && (values.includes(value) || isUnresolved(value)),
  };
}

export function list(item: Kind, example: string): Kind {
  return {
    rule: 'must be a list',
    remedy: () => `write it as ${example}`,
    // A list known only at deployment has strings.
    is: (value) => Array.isArray(value) && (!isUnresolved(value) || item.is(value[0])),
    inside: (value: readonly unknown[], prop) =>
      // An item that was left out is nothing, which a list's own methods pass over.
      Array.from(value, (one, index) => kindChecks(item, `${prop}.${index}`, one)).flat(),
  };
}

/**
 * Values by user-chosen names.
 * @param names the rule for names
 */
export function record(value: Kind, example: string, names: Kind = anything): Kind {
  return {
    rule: 'must be an object with a name for each',
    remedy: () => `write it as ${example}`,
    is: isPlain,
    inside: (all: Readonly<Record<string, unknown>>, prop) =>
      Object.entries(all).flatMap(([name, one]) => [
        ...kindChecks(names, `${prop}.${name}`, name),
        ...kindChecks(value, `${prop}.${name}`, one),
      ]),
  };
}

/** Props within a prop. */
export function object<P extends object>(
  shape: Shape<P>,
  example: string,
  foreign: Readonly<Record<string, string>> = {},
): Kind {
  return {
    rule: 'must be an object',
    remedy: () => `write it as ${example}`,
    is: isPlain,
    inside: (value: object, prop) => shapeChecks(value, shape, `${prop}.`, foreign),
  };
}

/** One of several kinds; a value is judged by the first kind whose type it has. */
export function either(rule: string, remedy: (value: unknown) => string, ...kinds: readonly Kind[]): Kind {
  const kindOf = (value: unknown) => kinds.find(({ is }) => is(value));
  return {
    rule,
    remedy,
    later: kinds.some(({ later }) => later),
    is: (value) => kindOf(value) !== undefined,
    inside: (value: never, prop, required) => kindOf(value)?.inside?.(value, prop, required) ?? [],
  };
}

/**
 * A library object, recognised by a member.
 * @param what with its article: `a queue`
 * @param member of every such object: `queueArn`
 */
export function having(
  what: string,
  member: string | readonly string[],
  remedy: string | ((value: unknown) => string),
): Kind {
  const members = [member].flat();
  return {
    rule: `must be ${what}`,
    remedy: typeof remedy === 'string' ? () => remedy : remedy,
    is: (value) => typeof value === 'object' && value !== null && members.some((name) => name in value),
  };
}

/** A value that is checked elsewhere, or not at all. */
export const anything: Kind = { rule: 'must be given', remedy: () => 'give it', is: () => true };

function inRange(required = false): string {
  return required ? 'choose a value in that range' : 'choose a value in that range, or remove it';
}

function quoted(value: unknown): string {
  return typeof value === 'string' && value.trim() !== '' && !Number.isNaN(Number(value))
    ? `write it without quotes: ${value}`
    : 'give a number';
}

/**
 * Whether a value survives conversion to JSON; values known only at deployment do.
 * @param later whether Pulumi's do too
 * @param within what the value is in: nothing may hold itself
 */
export function isJson(value: unknown, later = false, within: readonly unknown[] = []): boolean {
  if (isUnresolved(value)) return later || !isLater(value);
  if (within.includes(value) && typeof value === 'object') return false;
  const inside = (one: unknown) => isJson(one, later, [...within, value]);
  if (Array.isArray(value)) return value.every(inside);
  if (isPlain(value)) return Object.values(value as object).every((one) => one === undefined || inside(one));
  return value === null || Number.isFinite(value) || ['string', 'boolean'].includes(typeof value);
}

/** The kind of an object: a date, a map and others are not props. */
const TAG = Object.prototype.toString;

/** Whether a value is an object literal; a construct is none, and a literal may have a member that is named `node`. */
export function isPlain(value: unknown): boolean {
  return isRecord(value) && !isConstruct(value) && !isUnresolved(value) && TAG.call(value) === '[object Object]';
}
