import { matchesPattern } from '../../../../../lib/testing/local/services/sns/pattern';

const EVENT = {
  source: 'shop.orders',
  account: null,
  detail: { total: 120, tags: ['new', 'big'], ip: '10.0.0.7', items: [{ sku: 'a' }, { sku: 'b' }], empty: [] },
};

test.each([
  ['an exact value', { source: ['x', 'shop.orders'] }, true],
  ['another value', { source: ['x'] }, false],
  ['null', { account: [null] }, true],
  ['an absent field', { other: ['x'] }, false],
  ['an item of a list', { detail: { tags: ['big'] } }, true],
  ['a field of an item', { detail: { items: { sku: ['b'] } } }, true],
  ['prefix', { source: [{ prefix: 'shop.' }] }, true],
  ['prefix without case', { source: [{ prefix: { 'equals-ignore-case': 'SHOP.' } }] }, true],
  ['suffix', { source: [{ suffix: '.orders' }] }, true],
  ['equals-ignore-case', { source: [{ 'equals-ignore-case': 'SHOP.Orders' }] }, true],
  ['wildcard', { source: [{ wildcard: 's*.o*s' }] }, true],
  ['a wildcard that does not match', { source: [{ wildcard: 's*.x' }] }, false],
  ['anything-but', { source: [{ 'anything-but': ['x', 'y'] }] }, true],
  ['anything-but the value', { source: [{ 'anything-but': 'shop.orders' }] }, false],
  ['anything-but a prefix', { source: [{ 'anything-but': { prefix: 'shop' } }] }, false],
  ['anything-but an absent field', { other: [{ 'anything-but': 'x' }] }, false],
  ['numeric', { detail: { total: [{ numeric: ['>', 100, '<=', 120] }] } }, true],
  ['numeric of a text', { source: [{ numeric: ['>', 0] }] }, false],
  ['cidr', { detail: { ip: [{ cidr: '10.0.0.0/24' }] } }, true],
  ['exists', { detail: { total: [{ exists: true }] } }, true],
  ['exists of an empty list', { detail: { empty: [{ exists: true }] } }, false],
  ['does not exist', { detail: { other: [{ exists: false }] } }, true],
  ['all fields', { source: ['shop.orders'], detail: { total: [1] } }, false],
  ['$or', { $or: [{ source: ['x'] }, { detail: { total: [120] } }] }, true],
])('%s', (_, pattern, expected) => {
  expect(matchesPattern(pattern, EVENT)).toBe(expected);
});

test('refuses an operator that it does not know', () => {
  expect(() => matchesPattern({ source: [{ like: 'x' }] }, EVENT)).toThrow("the pattern operator 'like' is not known");
});
