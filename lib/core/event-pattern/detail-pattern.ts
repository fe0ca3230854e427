import type { Check } from '../check/check';
import { isJson, isPlain } from '../check/kinds';
import type { Kind } from '../check/shape';
import { patternFaults } from './pattern-faults';
import type { Value } from '../model/values';
import { isLater, isUnresolved } from '../unresolved';

/** What a subscription asks of the envelope, in EventBridge's language; what the service refuses is refused here. */
export const DETAIL: Kind = {
  rule: 'must be an event pattern',
  remedy: () => EXAMPLE,
  is: isPlain,
  inside: (pattern: object, prop) => {
    const foreign = noJson(pattern, prop);
    return foreign.length > 0 ? foreign : faults(pattern, prop);
  },
};

const EXAMPLE = "write it as { data: { total: [{ numeric: ['>', 100] }] } }";

function faults(pattern: object, prop: string): Check[] {
  if (Object.keys(pattern).length === 0) return [];
  return patternFaults({ detail: pattern as Value }).flatMap(({ place, fault }) => {
    if (fault === undefined) return [];
    const [, ...path] = place.split('.');
    const value = path.reduce<unknown>(
      (one, name) => (one as Readonly<Record<string, unknown>> | undefined)?.[name],
      pattern,
    );
    if (isUnresolved(value)) return [];
    const rule = `must be valid in EventBridge: it ${fault}`;
    return [{ prop: [prop, ...path].join('.'), value, ofType: true, valid: () => false, rule, remedy: EXAMPLE }];
  });
}

/** What cannot be written as JSON is no part of a pattern. */
function noJson(value: unknown, prop: string): Check[] {
  if (isUnresolved(value) && !isLater(value)) return [];
  if (Array.isArray(value)) return value.flatMap((one, index) => noJson(one, `${prop}.${index}`));
  if (isPlain(value)) return Object.entries(value as object).flatMap(([name, one]) => noJson(one, `${prop}.${name}`));
  const rule = 'must be serializable as JSON';
  return isJson(value) ? [] : [{ prop, value, ofType: true, valid: () => false, rule, remedy: EXAMPLE }];
}
