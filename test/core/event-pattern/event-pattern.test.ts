import { EventPattern, PatternError } from '../../../lib/core/event-pattern/event-pattern';
import { faultsIn } from '../../../lib/core/event-pattern/faults';
import type { PatternPlace } from '../../../lib/core/event-pattern/grammar';
import { type Node, nodeOf, readJson } from '../../../lib/core/event-pattern/node';
import { LOST, REFUSED, TABLE } from './table';

const read = (json: string): Node => readJson(json) ?? { kind: 'open' };
const matches = (pattern: string, event: string) => new EventPattern(read(pattern), 'bus').matches(read(event));

test.each([...TABLE, ...LOST])('$pattern', ({ pattern, yes, no }) => {
  expect(yes.filter((event) => !matches(pattern, event))).toEqual([]);
  expect(no.filter((event) => matches(pattern, event))).toEqual([]);
});

test('the table has more than 300 pairs', () => {
  expect(TABLE.reduce((sum, { yes, no }) => sum + yes.length + no.length, 0)).toBeGreaterThan(300);
});

test.each(REFUSED)('refuses %s', (pattern, said) => {
  expect(() => matches(pattern, '{}')).toThrow(new PatternError({ place: '', message: said }));
});

test('numbers of JavaScript are compared as they are written', () => {
  const pattern = new EventPattern(nodeOf({ a: [5, 'x'], b: [{ exists: false }] }), 'bus');
  expect(pattern.matches(nodeOf({ a: 5 }))).toBe(true);
  expect(pattern.matches(nodeOf({ a: 5.5 }))).toBe(false);
});

test.each(['{"a":}', '{"a" 1}', '[1,]', '{"a":1,}', '{a:1}', '01', '"\u0001"', '1 2', ''])(
  'refuses %j, which is no JSON',
  (json) => {
    expect(readJson(json)).toBeUndefined();
  },
);

const OPERATORS: readonly (readonly [comparison: string, taken: readonly PatternPlace[]])[] = [
  ['"x"', ['bus', 'pipe', 'mapping']],
  ['{"prefix":"x"}', ['bus', 'pipe', 'mapping']],
  ['{"suffix":"x"}', ['bus', 'pipe', 'mapping']],
  ['{"equals-ignore-case":"x"}', ['bus', 'pipe', 'mapping']],
  ['{"exists":false}', ['bus', 'pipe', 'mapping']],
  ['{"numeric":[">",0]}', ['bus', 'pipe', 'mapping']],
  ['{"anything-but":["x"]}', ['bus', 'pipe', 'mapping']],
  ['{"prefix":{"equals-ignore-case":"x"}}', ['bus', 'pipe']],
  ['{"suffix":{"equals-ignore-case":"x"}}', ['bus', 'pipe']],
  ['{"cidr":"10.0.0.0/8"}', ['bus']],
  ['{"wildcard":"x*"}', ['bus']],
  ['{"anything-but":{"prefix":"x"}}', ['bus']],
  ['{"anything-but":{"suffix":"x"}}', ['bus']],
  ['{"anything-but":{"wildcard":"x*"}}', ['bus']],
  ['{"anything-but":{"equals-ignore-case":"x"}}', ['bus']],
];

test.each(OPERATORS)('%s is taken where its service takes it', (comparison, taken) => {
  const places: readonly PatternPlace[] = ['bus', 'pipe', 'mapping'];
  const clean = places.filter((where) => faultsIn(read(`{"a":[${comparison}]}`), where).length === 0);
  expect(clean).toEqual(taken);
});

test.each([
  ['pipe', 'Pipes'],
  ['mapping', 'Lambda'],
] as const)('whether a %s takes a network is not told', (place, name) => {
  expect(faultsIn(read('{"a":[{"cidr":"10.0.0.0/8"}]}'), place)).toEqual([
    { place: 'a.0', unknown: `it is not documented whether ${name} takes 'cidr' here` },
  ]);
});
