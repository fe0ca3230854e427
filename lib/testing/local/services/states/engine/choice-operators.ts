import type { Body } from '../../../../../core/asl/definition';
import { TIMESTAMP } from '../../../../../core/asl/timestamp';
import { runtimeFault } from './failure';

type Test = (value: unknown, wanted: unknown) => boolean;

const ORDERS: Readonly<Record<string, (order: number) => boolean>> = {
  Equals: (order) => order === 0,
  LessThan: (order) => order < 0,
  GreaterThan: (order) => order > 0,
  LessThanEquals: (order) => order <= 0,
  GreaterThanEquals: (order) => order >= 0,
};

const IS: Readonly<Record<string, (value: unknown) => boolean>> = {
  IsPresent: () => true,
  IsNull: (value) => value === null,
  IsString: (value) => typeof value === 'string',
  IsNumeric: (value) => typeof value === 'number',
  IsBoolean: (value) => typeof value === 'boolean',
  IsTimestamp: (value) => timeOf(value) !== undefined,
};

/**
 * The comparison of a rule, by its name.
 * @throws StateFault for an unknown comparison
 * @see https://docs.aws.amazon.com/step-functions/latest/dg/state-choice.html
 */
export function comparison(rule: Body): { readonly name: string; readonly test: Test } {
  for (const name of Object.keys(rule)) {
    const test = testOf(name);
    if (test) return { name, test };
  }
  throw runtimeFault('A rule of the Choice compares nothing.');
}

function testOf(name: string): Test | undefined {
  if (Object.hasOwn(IS, name)) return (value, wanted) => IS[name]!(value) === wanted;
  if (name === 'StringMatches') return (value, wanted) => typeof value === 'string' && matches(value, String(wanted));
  const [, kind, order] = /^(String|Numeric|Timestamp|Boolean)(\w+?)(?:Path)?$/.exec(name) ?? [];
  const decide = order !== undefined && Object.hasOwn(ORDERS, order) ? ORDERS[order] : undefined;
  if (kind === undefined || decide === undefined || (kind === 'Boolean' && order !== 'Equals')) return undefined;
  return (value, wanted) => {
    const compared = compare(kind, value, wanted);
    return compared !== undefined && decide(compared);
  };
}

/** Undefined if either is of another type: then no comparison holds. */
function compare(kind: string, value: unknown, wanted: unknown): number | undefined {
  switch (kind) {
    case 'String':
      if (typeof value !== 'string' || typeof wanted !== 'string') return undefined;
      return value < wanted ? -1 : value > wanted ? 1 : 0;
    case 'Numeric':
      return typeof value === 'number' && typeof wanted === 'number' ? value - wanted : undefined;
    case 'Boolean':
      return typeof value === 'boolean' && typeof wanted === 'boolean' ? Number(value) - Number(wanted) : undefined;
    default: {
      const [one, other] = [timeOf(value), timeOf(wanted)];
      return one === undefined || other === undefined ? undefined : one - other;
    }
  }
}

function timeOf(value: unknown): number | undefined {
  if (typeof value !== 'string' || !TIMESTAMP.test(value)) return undefined;
  const time = Date.parse(value);
  return Number.isNaN(time) ? undefined : time;
}

/** `*` matches any text, `\*` a literal asterisk. */
function matches(value: string, pattern: string): boolean {
  const parts = pattern.match(/\\[*\\]|[\s\S]/g) ?? [];
  const source = parts.map((part) => {
    if (part === '*') return '[\\s\\S]*';
    return (part.length === 2 ? part[1]! : part).replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
  });
  return new RegExp(`^${source.join('')}$`).test(value);
}
