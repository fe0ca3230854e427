import type { Check } from '../core/check/check';
import { isJson, isPlain, list } from '../core/check/kinds';
import type { Kind } from '../core/check/shape';
import { isUnresolved } from '../core/unresolved';

const PATTERN: Kind = {
  rule: 'must be a pattern',
  remedy: () => "write it as { body: { kind: ['order'] } }",
  is: isPlain,
  inside: (pattern: object, prop) => leaves(pattern, prop),
};

/** Patterns of messages or records, of which any may match. */
export const FILTERS = list(PATTERN, "[{ body: { kind: ['order'] } }]");

/** Lambda refuses a value that is not in a list when the stack is deployed. */
function leaves(pattern: object, prop: string): Check[] {
  const entries = Object.entries(pattern);
  const named = {
    prop,
    value: pattern,
    valid: () => entries.length > 0,
    rule: 'must name what is compared',
    remedy: "write it as { kind: ['order'] }, or leave it out",
  };
  const inner = entries.flatMap(([name, value]: [string, unknown]) => {
    if (isPlain(value)) return leaves(value as object, `${prop}.${name}`);
    return [
      {
        prop: `${prop}.${name}`,
        value,
        ofType: true,
        valid: () =>
          (isUnresolved(value) && !Array.isArray(value)) ||
          (Array.isArray(value) && !isUnresolved(value) && value.length > 0 && value.every(isMatch)),
        rule: 'must be a list of the values that match, at least one',
        remedy: typeof value === 'string' ? `write it as ['${String(value)}']` : 'put it into a list',
      },
    ];
  });
  return [named, ...inner];
}

/** A value to compare with, or a comparison: `{ prefix: 'a' }`. */
function isMatch(value: unknown): boolean {
  return !Array.isArray(value) && isJson(value);
}
