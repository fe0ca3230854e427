import { isConstruct } from '../record';
import { isLater, isUnresolved } from '../unresolved';
import type { Check } from './check';

/** Deeper than any prop, and than JSON that AWS or Cloudflare take. */
const DEEPEST = 200;

/**
 * The rows for what cannot be read of some props: a getter that throws, an object that holds itself, or one in which others
 * are nested without end. Looked for only after something failed to read them.
 */
export function unreadable(value: unknown, prop = '', within: readonly object[] = []): Check[] {
  if (typeof value !== 'object' || value === null || isSealed(value)) return [];
  if (within.includes(value)) return [odd(prop, 'must not hold itself', 'write out what it is to hold')];
  if (within.length > DEEPEST)
    return [odd(prop, `must not be nested deeper than ${DEEPEST} levels`, 'flatten it, or pass a reference to it')];
  for (const name of Object.keys(value)) {
    const inner = prop === '' ? name : `${prop}.${name}`;
    let one: unknown;
    try {
      one = (value as Readonly<Record<string, unknown>>)[name];
      if (typeof one === 'object' && one !== null) Object.keys(one);
    } catch (error) {
      const rule = `must be readable: reading it throws '${(error as Error).message}'`;
      return [odd(inner, rule, 'give the value itself')];
    }
    const found = unreadable(one, inner, [...within, value]);
    if (found.length > 0) return found;
  }
  return [];
}

/** What others have made is not looked into. */
function isSealed(value: object): boolean {
  return isConstruct(value) || isUnresolved(value) || isLater(value);
}

function odd(prop: string, rule: string, remedy: string): Check {
  const [top = prop] = prop.split('.', 1);
  const short = prop.length > 100 ? top : prop;
  return { prop: short, value: undefined, sensitive: true, valid: () => false, rule, remedy };
}
