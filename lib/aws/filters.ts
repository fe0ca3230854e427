import type { Check } from '../core/check/check';
import { isJson, isPlain, list } from '../core/check/kinds';
import type { Kind } from '../core/check/shape';
import { faultsIn } from '../core/event-pattern/faults';
import { GRAMMARS, type PatternPlace } from '../core/event-pattern/grammar';
import { nodeOf } from '../core/event-pattern/node';
import { isLater, isUnresolved } from '../core/unresolved';
import { filterLength, filters, filtersRaised } from '../core/facts/event-source';

const PATTERN: Kind = {
  rule: 'must be a pattern',
  remedy: () => "write it as { body: { kind: ['order'] } }",
  is: isPlain,
  inside: (pattern: object, prop) => [...patternChecks(pattern, prop, 'mapping'), lengthCheck(pattern, prop)],
};

function lengthCheck(pattern: object, prop: string): Check {
  const length = isJson(pattern) ? JSON.stringify(pattern).length : 0;
  return {
    prop,
    value: length,
    valid: () => length <= filterLength.value,
    rule: `must be at most ${filterLength.value} characters long as JSON`,
    remedy: 'compare fewer values, or write several patterns, any of which may match',
  };
}

/** Patterns for messages or records, any of which may match. */
export const FILTERS = list(PATTERN, "[{ body: { kind: ['order'] } }]");

/** The check of how many filters a function has on one source. */
export function filterCount(patterns: readonly unknown[]): Check {
  return {
    prop: 'filters',
    value: patterns.length,
    valid: () => patterns.length <= filters.value,
    rule: `must be at most ${filters.value}`,
    remedy: `merge patterns: a key takes a list of values (AWS raises the quota to ${filtersRaised.value} on request)`,
  };
}

/**
 * Checks of a pattern: what its service refuses at deployment.
 * @param prop the pattern's prop
 * @param where the service the pattern is for
 */
export function patternChecks(pattern: object, prop: string, where: PatternPlace): Check[] {
  const entries = Object.entries(pattern);
  const named = {
    prop,
    value: pattern,
    valid: () => entries.length > 0,
    rule: 'must name what to compare',
    remedy: "write it as { kind: ['order'] }, or leave it out",
  };
  const inner = entries.flatMap(([name, value]: [string, unknown]) => {
    const at = `${prop}.${name}`;
    if (isPlain(value)) return patternChecks(value as object, at, where);
    if (name === '$or') return either(value, at, where);
    const items: readonly unknown[] = Array.isArray(value) && !isUnresolved(value) ? value : [];
    return [
      {
        prop: at,
        value,
        ofType: true,
        valid: () =>
          (isUnresolved(value) && !isLater(value) && !Array.isArray(value)) ||
          (Array.isArray(value) && !isUnresolved(value) && value.length > 0 && value.every(isMatch)),
        rule: 'must be a list of the values that match, at least one',
        remedy: typeof value === 'string' ? `write it as ['${value}']` : 'put it in a list',
      },
      ...items.flatMap((item, index) => comparison(item, `${at}.${index}`, where)),
    ];
  });
  return [named, ...inner];
}

function either(value: unknown, prop: string, where: PatternPlace): Check[] {
  const ways: readonly unknown[] = Array.isArray(value) ? value : [];
  return [
    {
      prop,
      value,
      valid: () => ways.length > 1 && ways.every(isPlain),
      rule: 'must be a list of at least two patterns',
      remedy: "write it as [{ kind: ['order'] }, { urgent: [true] }]",
    },
    ...ways.flatMap((way, index) => (isPlain(way) ? patternChecks(way as object, `${prop}.${index}`, where) : [])),
  ];
}

function comparison(item: unknown, prop: string, where: PatternPlace): Check[] {
  if (!isPlain(item)) return [];
  const { name, source } = GRAMMARS[where];
  const faults = faultsIn(nodeOf({ field: [item] }, isUnresolved), where);
  return faults
    .flatMap(({ fault, unknown }) => fault ?? (unknown === undefined ? [] : `is unknown: ${unknown}`))
    .map((fault) => ({
      prop,
      value: item,
      valid: () => false,
      rule: `must be a comparison that ${name} supports, but ${fault}`,
      remedy: `see ${source}`,
    }));
}

/** A value to compare with, or a matcher: `{ prefix: 'a' }`. */
function isMatch(value: unknown): boolean {
  return !Array.isArray(value) && isJson(value);
}
