import { addressDigits, type AddressRange, networkOf } from './addresses';
import type { ListNode, Node, ObjectNode } from './node';
import { comparable } from './numbers';
import { ignoringCase, inWildcard, type TextTest } from './texts';
import type { FieldPattern, Tests } from './values';

/** One way in which a pattern matches: what each field must be, by its path. `$or` makes several. */
export type Way = ReadonlyMap<string, Tests>;

/**
 * The ways in which a pattern matches. A path that is named twice counts as it was named last, also inside of `$or`.
 * @param pattern one without faults
 */
export function waysOf(pattern: ObjectNode): readonly Way[] {
  return below([], pattern, []);
}

/**
 * The ways that are taken for an earlier one and never looked at: both name the same paths, and share a value of each. An
 * event that only the later one would match is not matched, as in event-ruler, which AWS publishes.
 * @see https://github.com/aws/event-ruler/pull/140
 */
export function lostWays(ways: readonly Way[]): ReadonlySet<Way> {
  const kept: Way[] = [];
  for (const way of ways) if (!kept.some((earlier) => isTakenFor(way, earlier))) kept.push(way);
  return new Set(ways.filter((way) => !kept.includes(way)));
}

function isTakenFor(way: Way, earlier: Way): boolean {
  return way.size === earlier.size && [...way.keys()].every((path) => shareValue(way, earlier, path));
}

function shareValue(one: Way, other: Way, path: string): boolean {
  const [first, second] = [one.get(path), other.get(path)];
  if (!first || !second) return false;
  const known = new Set(second.patterns.map(({ same }) => same));
  return (first.absent && second.absent) || first.patterns.some(({ same }) => known.has(same));
}

/**
 * Ways that share the values of the fields before a field look at that one together: where one of them compares it with
 * numbers, it is a number for all.
 */
export function sharing(ways: readonly Way[]): readonly Way[] {
  return ways.map((way) => {
    const paths = [...way.keys()].sort();
    const numeric = (path: string, before: readonly string[]) =>
      ways.some((other) => {
        const others = [...other.keys()].sort();
        const together = before.every((one, index) => others[index] === one && shareValue(way, other, one));
        return together && others[before.length] === path && other.get(path)!.numeric;
      });
    return new Map(
      paths.map((path, index) => [path, { ...way.get(path)!, numeric: numeric(path, paths.slice(0, index)) }]),
    );
  });
}

function below(given: readonly Way[], { members }: ObjectNode, path: readonly string[]): readonly Way[] {
  let ways = given;
  for (const [name, value] of members) {
    if (name === '$or' && value.kind === 'list') ways = forked(ways, value, path);
    else if (value.kind === 'object') ways = below(ways, value, [...path, name]);
    else if (value.kind === 'list') ways = named(ways, pathOf(path, name), testsOf(value));
  }
  return ways;
}

/** A name below an empty one stands alone. */
function pathOf(path: readonly string[], name: string): string {
  const above = path.join('.');
  return above === '' ? name : `${above}.${name}`;
}

function forked(ways: readonly Way[], { items }: ListNode, path: readonly string[]): readonly Way[] {
  const begun = ways.length === 0 ? [new Map()] : ways;
  return items.flatMap((one) => (one.kind === 'object' ? below(begun, one, path) : []));
}

function named(ways: readonly Way[], path: string, tests: Tests): readonly Way[] {
  const begun = ways.length === 0 ? [new Map<string, Tests>()] : ways;
  return begun.map((way) => new Map([...way, [path, tests]]));
}

function testsOf({ items }: ListNode): Tests {
  const patterns = items.flatMap(patternsOf);
  return {
    patterns: patterns.filter(({ kind }) => kind !== 'absent'),
    absent: patterns.some(({ kind }) => kind === 'absent'),
    numeric: patterns.some(({ kind }) => ['number', 'range', 'not-numbers'].includes(kind)),
  };
}

function patternsOf(item: Node): readonly FieldPattern[] {
  switch (item.kind) {
    case 'text': {
      const digits = addressDigits(item.text);
      return [digits === undefined ? exact(quoted(item.text)) : addresses({ from: digits, to: digits })];
    }
    case 'number': {
      const value = comparable(item.text);
      return [...(value === undefined ? [] : [numberOf(value)]), exact(item.text)];
    }
    case 'word':
      return [exact(item.text)];
    case 'object':
      return item.members.map(([operator, operand]) => compared(operator, operand));
    default:
      return [];
  }
}

function exact(text: string): FieldPattern {
  return { kind: 'exact', text, same: text };
}

function numberOf(value: number): FieldPattern {
  return { kind: 'number', value, same: `= ${value}` };
}

function addresses(range: AddressRange): FieldPattern {
  return { kind: 'addresses', range, same: `${range.from}-${range.to}` };
}

function compared(operator: string, operand: Node): FieldPattern {
  switch (operator) {
    case 'exactly':
      return exact(quoted(textOf(operand)));
    case 'exists': {
      const kind = operand.kind === 'word' && operand.text === 'true' ? 'exists' : 'absent';
      return { kind, same: kind };
    }
    case 'numeric':
      return rangeOf(operand.kind === 'list' ? operand.items : []);
    case 'cidr': {
      const range = networkOf(textOf(operand));
      // What is no network does not come here.
      return addresses(typeof range === 'string' ? { from: '', to: '' } : range);
    }
    case 'anything-but':
      return excluded(operand);
    default:
      return { kind: 'text', ...textTest(operator, operand) };
  }
}

function excluded(operand: Node): FieldPattern {
  const nested = operand.kind === 'object' ? operand.members[0] : undefined;
  const [operator, given] = nested ?? ['', operand];
  const values = given.kind === 'list' ? given.items : [given];
  if (values.some(({ kind }) => kind === 'number')) {
    const numbers = new Set(values.map((one) => comparable(textOf(one)) ?? NaN));
    return { kind: 'not-numbers', values: numbers, same: `not ${[...numbers].sort().join()}` };
  }
  const tests = values.map((one) => textTest(operator, one));
  const same = [...new Set(tests.map((one) => one.same))].sort().join();
  return { kind: 'not-text', test: (text) => tests.some(({ test }) => test(text)), same: `not ${same}` };
}

/** A test of a text in its quotation marks, which prefixes and suffixes have on their side as well. */
function textTest(operator: string, operand: Node): { readonly test: TextTest; readonly same: string } {
  const ignores = operand.kind === 'object';
  const text = textOf(ignores ? operand.members[0]?.[1] : operand);
  return { test: testFor(operator, text, ignores), same: `${operator}${ignores ? ' any case' : ''} "${text}"` };
}

function testFor(operator: string, text: string, ignores: boolean): TextTest {
  switch (operator) {
    case 'prefix':
      return ignores ? ignoringCase(`"${text}`, 'start') : (value) => value.startsWith(`"${text}`);
    case 'suffix':
      return ignores ? ignoringCase(`${text}"`, 'end') : (value) => value.endsWith(`${text}"`);
    case 'equals-ignore-case':
      return ignoringCase(quoted(text), 'whole');
    case 'wildcard':
      return inWildcard(quoted(text));
    default:
      return (value) => value === quoted(text);
  }
}

function rangeOf(items: readonly Node[]): FieldPattern {
  let [from, to, above, under] = [-Infinity, Infinity, false, false];
  for (let index = 0; index < items.length; index += 2) {
    const [bound, value] = [textOf(items[index]), Number(textOf(items[index + 1]))];
    if (bound === '=') return numberOf(value);
    if (bound.startsWith('>')) [from, above] = [value, bound === '>'];
    else [to, under] = [value, bound === '<'];
  }
  return {
    kind: 'range',
    holds: (value) => (above ? value > from : value >= from) && (under ? value < to : value <= to),
    same: `${from} ${above} ${to} ${under}`,
  };
}

function quoted(text: string): string {
  return `"${text}"`;
}

function textOf(node: Node | undefined): string {
  return node && 'text' in node ? node.text : '';
}
