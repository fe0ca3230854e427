import type { Check } from '../core/check/check';
import { list } from '../core/check/kinds';
import type { Kind } from '../core/check/shape';
import { isRecord } from '../core/record';

const PATTERN: Kind = {
  rule: 'must be a pattern',
  remedy: () => "write it as { body: { kind: ['order'] } }",
  is: isRecord,
  inside: (pattern: object, prop) => leaves(pattern, prop),
};

/** Patterns of messages or records, of which any may match. */
export const FILTERS = list(PATTERN, "[{ body: { kind: ['order'] } }]");

/** Lambda refuses a value that is not in a list when the stack is deployed. */
function leaves(pattern: object, prop: string): Check[] {
  return Object.entries(pattern).flatMap(([name, value]: [string, unknown]) => {
    if (isRecord(value)) return leaves(value as object, `${prop}.${name}`);
    return [
      {
        prop: `${prop}.${name}`,
        value,
        ofType: true,
        valid: () => Array.isArray(value) && value.length > 0,
        rule: 'must be a list of the values that match, at least one',
        remedy: typeof value === 'string' ? `write it as ['${String(value)}']` : 'put it into a list',
      },
    ];
  });
}
