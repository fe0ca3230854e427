import { eventPatternSyntax } from '../../../../lib/rules/rules/events/event-pattern-syntax';
import { describeAccepted, describeFaults, OPEN } from '../faults';
import { deliveries } from './templates';

// With a source of its own, so that it loops to nobody.
const pattern = (detail: unknown) => ({ 'OrderPlaced.EventPattern': { source: ['shop'], detail } });

describeFaults(eventPatternSyntax, deliveries, [
  {
    mistake: 'a value in place of a list',
    change: pattern({ state: 'paid' }),
    message: 'has a pattern that is a single value, and must be a list',
    open: pattern({ state: OPEN }),
  },
  { mistake: 'an empty list', change: pattern({ state: [] }), message: 'is an empty list' },
  { mistake: 'an empty object', change: pattern({}), message: 'is empty' },
  { mistake: 'a list in a list', change: pattern({ state: [['paid']] }), message: 'is a list in a list' },
  {
    mistake: 'an operator of another language',
    change: pattern({ state: [{ contains: 'paid' }] }),
    message: "has the operator 'contains', which does not exist",
  },
  {
    mistake: 'two operators in one object',
    change: pattern({ state: [{ prefix: 'p', suffix: 'd' }] }),
    message: 'must have one operator',
  },
  { mistake: 'two stars in a row', change: pattern({ state: [{ wildcard: 'a**b' }] }), message: 'two stars in a row' },
  {
    mistake: 'a bound that there is not',
    change: pattern({ amount: [{ numeric: ['!=', 0] }] }),
    message: "the bound '!=', which does not exist",
  },
  {
    mistake: 'a number as text',
    change: pattern({ amount: [{ numeric: ['>', '0'] }] }),
    message: 'instead of a number',
  },
  { mistake: 'exists as text', change: pattern({ a: [{ exists: 'true' }] }), message: 'not true or false' },
  {
    mistake: 'an empty range',
    change: pattern({ a: [{ numeric: ['>', 10, '<', 5] }] }),
    message: 'an empty range',
  },
  {
    mistake: 'the upper bound first',
    change: pattern({ a: [{ numeric: ['<', 5, '>=', 0] }] }),
    message: "'<' before '>=': the lower bound comes first",
  },
  {
    mistake: 'a backslash before a letter',
    change: pattern({ a: [{ wildcard: 'a\\b' }] }),
    message: 'a backslash before neither a star nor a backslash',
  },
  {
    mistake: 'one pattern of several',
    change: pattern({ $or: [{ a: ['x'] }] }),
    message: 'has fewer than two patterns',
  },
  {
    mistake: 'an operator in place of a field',
    change: pattern({ $or: [{ prefix: ['x'] }, { a: ['x'] }] }),
    message: "has a field 'prefix' inside '$or', where that is an operator",
  },
  {
    mistake: 'excluding what begins with anything',
    change: pattern({ a: [{ 'anything-but': { prefix: '' } }] }),
    message: 'an empty string inside',
  },
  {
    mistake: 'a number that is not compared',
    change: pattern({ a: [{ numeric: ['>', 6_000_000_000] }] }),
    message: 'beyond 5000000000',
  },
  {
    mistake: 'a network of one address',
    change: pattern({ a: [{ cidr: '10.0.0.1/32' }] }),
    message: 'not a CIDR block',
  },
  {
    mistake: 'a field that no event has',
    change: { 'OrderPlaced.EventPattern': { source: ['shop'], type: ['OrderPlaced'] } },
    message: "matches on 'type', which no event has",
  },
  { mistake: 'no CIDR block', change: pattern({ a: [{ cidr: '10.0.0.1' }] }), message: 'not a CIDR block' },
  {
    mistake: 'texts and numbers together',
    change: pattern({ a: [{ 'anything-but': ['x', 1] }] }),
    message: 'strings and numbers in one list',
  },
]);

describeAccepted(eventPatternSyntax, deliveries, [
  {
    accepts: 'every operator as it is documented',
    change: pattern({
      a: [{ prefix: '' }, { suffix: { 'equals-ignore-case': '.PNG' } }, { 'equals-ignore-case': 'x' }, null, true, 1],
      b: [
        { 'anything-but': 'x' },
        { 'anything-but': { wildcard: '*/tmp' } },
        { 'anything-but': { prefix: ['a', 'b'] } },
      ],
      c: [
        { numeric: ['>', 0, '<=', 5] },
        { numeric: ['<', 5] },
        { cidr: '2001:db8::/64' },
        { exists: false },
        { cidr: '10.0.0.0/24' },
        { wildcard: 'a*b\\*' },
      ],
      $or: [{ d: ['x'] }, { e: [{ exists: true }] }],
      f: [OPEN, { prefix: OPEN }],
    }),
  },
]);
