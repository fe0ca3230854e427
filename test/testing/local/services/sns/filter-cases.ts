import type { FilterScope } from '../../../../../lib/core/sns/filter-policy';
import type { MessageAttributes } from '../../../../../lib/testing/local/services/sns/message';

/** A text attribute. */
export const text = (StringValue: string) => ({ DataType: 'String', StringValue });
/** A number. */
export const number = (StringValue: string) => ({ DataType: 'Number', StringValue });
/** A list. */
export const array = (...items: readonly unknown[]) => ({
  DataType: 'String.Array',
  StringValue: JSON.stringify(items),
});

/** A policy on attributes, attributes, and whether they pass. */
export const ATTRIBUTE_CASES: readonly (readonly [what: string, object, MessageAttributes, boolean])[] = [
  ['the same text', { sport: ['rugby'] }, { sport: text('rugby') }, true],
  ['the same text in another case', { sport: ['rugby'] }, { sport: text('Rugby') }, false],
  ['one of several texts', { sport: ['rugby', 'tennis'] }, { sport: text('tennis') }, true],
  ['no attribute of the name', { sport: ['rugby'] }, { store: text('rugby') }, false],
  ['all keys', { sport: ['rugby'], store: ['a'] }, { sport: text('rugby'), store: text('a') }, true],
  ['only one of two keys', { sport: ['rugby'], store: ['a'] }, { sport: text('rugby'), store: text('b') }, false],
  ['a text in a list', { sport: ['rugby'] }, { sport: array('tennis', 'rugby') }, true],
  ['a text that is in no list', { sport: ['golf'] }, { sport: array('tennis', 'rugby') }, false],
  ['true in a list', { flags: [true] }, { flags: array(true) }, true],
  ['null in a list', { flags: [null] }, { flags: array('a', null) }, true],
  ['a number in a list', { flags: [5] }, { flags: array(4, 5) }, true],
  [
    'a list that is no JSON',
    { sport: ['rugby'] },
    { sport: { DataType: 'String.Array', StringValue: '[rugby' } },
    false,
  ],
  [
    'anything, of a list that is no JSON',
    { s: [{ 'anything-but': 'a' }] },
    { s: { DataType: 'String.Array', StringValue: '[' } },
    false,
  ],
  ['a number', { price: [100] }, { price: number('100.0') }, true],
  ['a number as text', { price: [100] }, { price: text('100') }, false],
  ['a text as number', { price: ['100'] }, { price: number('100') }, false],
  ['a number that differs in the sixth place', { price: [1.123456] }, { price: number('1.123459') }, true],
  ['a number that differs in the fifth place', { price: [1.12345] }, { price: number('1.12346') }, false],
  ['what is binary', { raw: ['AA=='] }, { raw: { DataType: 'Binary', BinaryValue: 'AA==' } }, false],

  ['anything but a text', { sport: [{ 'anything-but': 'rugby' }] }, { sport: text('golf') }, true],
  ['the text itself', { sport: [{ 'anything-but': 'rugby' }] }, { sport: text('rugby') }, false],
  ['anything but some texts', { sport: [{ 'anything-but': ['rugby', 'golf'] }] }, { sport: text('golf') }, false],
  ['one item that is another', { sport: [{ 'anything-but': ['rugby'] }] }, { sport: array('rugby', 'golf') }, true],
  ['no item that is another', { sport: [{ 'anything-but': ['rugby'] }] }, { sport: array('rugby') }, false],
  ['anything, where nothing is', { sport: [{ 'anything-but': ['rugby'] }] }, { store: text('a') }, false],
  ['anything but, or nothing', { sport: [{ 'anything-but': ['a'] }, { exists: false }] }, { store: text('a') }, true],
  ['anything but a number', { price: [{ 'anything-but': [100] }] }, { price: number('100') }, false],
  ['another number', { price: [{ 'anything-but': [100] }] }, { price: number('101') }, true],
  ['anything but a prefix', { sport: [{ 'anything-but': { prefix: 'bas' } }] }, { sport: text('golf') }, true],
  ['the prefix', { sport: [{ 'anything-but': { prefix: 'bas' } }] }, { sport: text('baseball') }, false],
  ['anything but a wildcard', { sport: [{ 'anything-but': { wildcard: '*ball' } }] }, { sport: text('golf') }, true],
  ['the wildcard', { sport: [{ 'anything-but': { wildcard: '*ball' } }] }, { sport: text('football') }, false],

  ['a prefix', { sport: [{ prefix: 'bas' }] }, { sport: text('baseball') }, true],
  ['another prefix', { sport: [{ prefix: 'bas' }] }, { sport: text('football') }, false],
  ['a prefix, of a number', { price: [{ prefix: '1' }] }, { price: number('100') }, false],
  ['a suffix', { sport: [{ suffix: 'ball' }] }, { sport: text('baseball') }, true],
  ['another suffix', { sport: [{ suffix: 'ball' }] }, { sport: text('golf') }, false],
  ['a wildcard', { file: [{ wildcard: '*/src/*.js' }] }, { file: text('a/src/b.js') }, true],
  ['a wildcard that ends elsewhere', { file: [{ wildcard: '*/src/*.js' }] }, { file: text('a/src/b.jsx') }, false],
  ['a star that is meant', { file: [{ wildcard: 'a\\*b' }] }, { file: text('a*b') }, true],
  ['a star that is meant, of other letters', { file: [{ wildcard: 'a\\*b' }] }, { file: text('axb') }, false],
  ['a wildcard with a dot', { file: [{ wildcard: 'a.*' }] }, { file: text('abc') }, false],
  ['any case', { sport: [{ 'equals-ignore-case': 'Tennis' }] }, { sport: text('TENNIS') }, true],
  ['another word in any case', { sport: [{ 'equals-ignore-case': 'Tennis' }] }, { sport: text('golf') }, false],
  ['an address', { ip: [{ cidr: '10.0.0.0/24' }] }, { ip: text('10.0.0.255') }, true],
  ['an address of another network', { ip: [{ cidr: '10.0.0.0/24' }] }, { ip: text('10.0.1.0') }, false],
  ['an address of version 6', { ip: [{ cidr: '2001:db8::/32' }] }, { ip: text('2001:db8::1') }, true],
  ['no address', { ip: [{ cidr: '10.0.0.0/24' }] }, { ip: text('ten') }, false],

  ['an equal number', { price: [{ numeric: ['=', 301.5] }] }, { price: number('3.015e2') }, true],
  ['a lower number', { price: [{ numeric: ['<', 0] }] }, { price: number('-1') }, true],
  ['a bound that is not part of it', { price: [{ numeric: ['<', 0] }] }, { price: number('0') }, false],
  ['a bound that is part of it', { price: [{ numeric: ['>=', 10] }] }, { price: number('10') }, true],
  ['a range', { price: [{ numeric: ['>', 0, '<=', 150] }] }, { price: number('150') }, true],
  ['outside of a range', { price: [{ numeric: ['>', 0, '<=', 150] }] }, { price: number('150.1') }, false],
  ['a text in a range', { price: [{ numeric: ['>', 0] }] }, { price: text('1') }, false],

  ['something', { store: [{ exists: true }] }, { store: text('a') }, true],
  ['nothing', { store: [{ exists: true }] }, { other: text('a') }, false],
  ['nothing, as is wanted', { store: [{ exists: false }] }, { other: text('a') }, true],
  ['something, as is not wanted', { store: [{ exists: false }] }, { store: text('a') }, false],
  ['nothing, of no attributes at all', { store: [{ exists: false }] }, {}, false],

  ['the first choice', { $or: [{ a: ['x'] }, { b: ['y'] }] }, { a: text('x') }, true],
  ['the second choice', { $or: [{ a: ['x'] }, { b: ['y'] }] }, { b: text('y') }, true],
  ['no choice', { $or: [{ a: ['x'] }, { b: ['y'] }] }, { a: text('y'), b: text('x') }, false],
  ['a choice without the key beside it', { c: ['z'], $or: [{ a: ['x'] }, { b: ['y'] }] }, { a: text('x') }, false],
  ['a choice within a choice', { $or: [{ a: ['x'] }, { $or: [{ b: ['y'] }, { c: ['z'] }] }] }, { c: text('z') }, true],
  ['an empty policy', {}, {}, true],
];

/** A policy on bodies, a body, and whether it passes. */
export const BODY_CASES: readonly (readonly [what: string, object, unknown, boolean])[] = [
  ['a field', { store: ['a'] }, { store: 'a' }, true],
  ['a field below', { order: { id: ['1'] } }, { order: { id: '1' } }, true],
  ['a field of another name below', { order: { id: ['1'] } }, { order: { key: '1' } }, false],
  ['a field of each level', { kind: ['x'], order: { id: ['1'] } }, { kind: 'x', order: { id: '1' } }, true],
  ['an item of a list', { tags: ['b'] }, { tags: ['a', 'b'] }, true],
  ['a field of an item', { lines: { sku: ['b'] } }, { lines: [{ sku: 'a' }, { sku: 'b' }] }, true],
  [
    'fields of different items',
    { lines: { sku: ['a'], n: [2] } },
    {
      lines: [
        { sku: 'a', n: 1 },
        { sku: 'b', n: 2 },
      ],
    },
    false,
  ],
  ['true', { paid: [true] }, { paid: true }, true],
  ['true as text', { paid: [true] }, { paid: 'true' }, false],
  ['null', { paid: [null] }, { paid: null }, true],
  ['a number of a range', { price: [{ numeric: ['>', 10] }] }, { price: 11 }, true],
  ['a number as text', { price: [{ numeric: ['>', 10] }] }, { price: '11' }, false],
  ['a wildcard', { file: [{ wildcard: '*.js' }] }, { file: 'a.js' }, true],
  ['an address', { from: { ip: [{ cidr: '10.0.0.0/8' }] } }, { from: { ip: '10.1.2.3' } }, true],
  ['nothing below', { order: { id: [{ exists: false }] } }, { order: {} }, true],
  ['nothing above', { order: { id: [{ exists: false }] } }, { other: 1 }, true],
  ['something that is null', { id: [{ exists: true }] }, { id: null }, false],
  ['something that is empty', { id: [{ exists: true }] }, { id: '' }, false],
  ['an object, which is no value', { order: [{ exists: true }] }, { order: { id: 1 } }, false],
  ['a choice below', { order: { $or: [{ id: ['1'] }, { key: ['2'] }] } }, { order: { key: '2' } }, true],
  ['a text, which is no object', { store: ['a'] }, 'a', false],
  ['a list, which is no object', { store: ['a'] }, [{ store: 'a' }], false],
];

const many = (count: number) => Array.from({ length: count }, (_, n) => `v${n}`);
const keys = (count: number) => Object.fromEntries(many(count).map((key) => [key, ['x']]));

/** A policy, its scope, and AWS's words for what is wrong. */
export const REFUSED: readonly (readonly [what: string, unknown, FilterScope, string])[] = [
  ['six keys', keys(6), 'MessageAttributes', 'FilterPolicy: Filter policy can not have more than 5 keys'],
  ['151 values', { a: many(151) }, 'MessageAttributes', 'FilterPolicy: Filter policy is too complex'],
  [
    'values that multiply',
    { a: many(13), b: many(12) },
    'MessageAttributes',
    'FilterPolicy: Filter policy is too complex',
  ],
  [
    'values that multiply by depth',
    { a: { b: { c: many(51) } } },
    'MessageBody',
    'FilterPolicy: Filter policy is too complex',
  ],
  [
    'choices that add up',
    { $or: [{ a: many(80) }, { b: many(80) }] },
    'MessageBody',
    'FilterPolicy: Filter policy is too complex',
  ],
  [
    'a policy below',
    { a: { b: ['c'] } },
    'MessageAttributes',
    'Filter policy scope MessageAttributes does not support nested filter policy',
  ],
  ['a value without a list', { a: 'b' }, 'MessageAttributes', 'FilterPolicy: "a" must be an object or an array'],
  ['an empty list', { a: [] }, 'MessageAttributes', 'FilterPolicy: Empty arrays are not allowed'],
  [
    'a list in a list',
    { a: [['b']] },
    'MessageAttributes',
    'FilterPolicy: Match value must be String, number, true, false, or null',
  ],
  ['no JSON', 'a: b', 'MessageAttributes', 'FilterPolicy: failed to parse JSON.'],
  ['an unknown operator', { a: [{ like: 'b' }] }, 'MessageAttributes', 'FilterPolicy: Unrecognized match type like'],
  [
    'two operators',
    { a: [{ prefix: 'b', suffix: 'c' }] },
    'MessageAttributes',
    'FilterPolicy: Only one key allowed in match expression',
  ],
  [
    'a prefix that is no text',
    { a: [{ prefix: 1 }] },
    'MessageAttributes',
    'FilterPolicy: prefix match pattern must be a string',
  ],
  [
    'a suffix that is no text',
    { a: [{ suffix: ['b'] }] },
    'MessageAttributes',
    'FilterPolicy: suffix match pattern must be a string',
  ],
  [
    'any case of no text',
    { a: [{ 'equals-ignore-case': 1 }] },
    'MessageAttributes',
    'FilterPolicy: equals-ignore-case match pattern must be a string',
  ],
  ['four stars', { a: [{ wildcard: '*a*b*c*' }] }, 'MessageAttributes', 'FilterPolicy: Filter policy is too complex'],
  [
    'wildcards of over 100 points',
    { a: many(4).map((v) => ({ wildcard: `*${v}*x*` })) },
    'MessageAttributes',
    'FilterPolicy: Filter policy is too complex',
  ],
  [
    'two stars in a row',
    { a: [{ wildcard: 'a**' }] },
    'MessageAttributes',
    'FilterPolicy: Consecutive wildcard characters are not allowed',
  ],
  [
    'anything but a suffix',
    { a: [{ 'anything-but': { suffix: 'b' } }] },
    'MessageAttributes',
    'FilterPolicy: Unsupported anything-but pattern: suffix',
  ],
  [
    'anything but true',
    { a: [{ 'anything-but': true }] },
    'MessageAttributes',
    'FilterPolicy: Value of anything-but must be an array or single string/number value.',
  ],
  [
    'exists that is no boolean',
    { a: [{ exists: 'true' }] },
    'MessageAttributes',
    'FilterPolicy: exists match pattern must be either true or false.',
  ],
  [
    'numeric that is no list',
    { a: [{ numeric: 5 }] },
    'MessageAttributes',
    'FilterPolicy: Value of numeric must be an array.',
  ],
  [
    'numeric without anything',
    { a: [{ numeric: [] }] },
    'MessageAttributes',
    'FilterPolicy: Invalid member in numeric match: ]',
  ],
  [
    'an unknown comparison',
    { a: [{ numeric: ['<>', 1] }] },
    'MessageAttributes',
    'FilterPolicy: Unrecognized numeric range operator: <>',
  ],
  [
    'a comparison with text',
    { a: [{ numeric: ['<', '1'] }] },
    'MessageAttributes',
    'FilterPolicy: Value of < must be numeric',
  ],
  [
    'equal to text',
    { a: [{ numeric: ['=', '1'] }] },
    'MessageAttributes',
    'FilterPolicy: Value of equals must be numeric',
  ],
  [
    'a range from above',
    { a: [{ numeric: ['<', 1, '>', 0] }] },
    'MessageAttributes',
    'FilterPolicy: Too many elements in numeric expression',
  ],
  [
    'a range of nothing',
    { a: [{ numeric: ['>', 2, '<', 1] }] },
    'MessageAttributes',
    'FilterPolicy: Bottom must be less than top',
  ],
  [
    'a range of three',
    { a: [{ numeric: ['>', 1, '<', 2, '<', 3] }] },
    'MessageAttributes',
    'FilterPolicy: Too many terms in numeric range expression',
  ],
  [
    'a network without bits',
    { a: [{ cidr: '10.0.0.0' }] },
    'MessageAttributes',
    "FilterPolicy: Malformed CIDR, one '/' required",
  ],
  [
    'a network of text',
    { a: [{ cidr: '10.0.0.0/x' }] },
    'MessageAttributes',
    'FilterPolicy: Malformed CIDR, mask bits must be an integer',
  ],
  [
    'a network that is none',
    { a: [{ cidr: '10.0.0/8' }] },
    'MessageAttributes',
    'FilterPolicy: Nonstandard IP address: 10.0.0',
  ],
];

/** Policies at a limit, which SNS takes. */
export const TAKEN: readonly (readonly [what: string, object, FilterScope])[] = [
  ['five keys', keys(5), 'MessageAttributes'],
  ['five keys with six below', { ...keys(4), deep: keys(6) }, 'MessageBody'],
  ['150 values', { a: many(150) }, 'MessageAttributes'],
  ['3 x 4 x 2 x 3 = 72', { a: { b: { c: many(4) } }, d: { e: many(3) } }, 'MessageBody'],
  ['a policy of choices', { $or: [{ a: ['b'] }, { c: ['d'] }] }, 'MessageAttributes'],
  ['three stars', { a: [{ wildcard: '*a*b*' }] }, 'MessageAttributes'],
];
