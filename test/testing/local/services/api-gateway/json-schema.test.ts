import Ajv from 'ajv';
import { matchesSchema, unknownKeywords } from '../../../../../lib/testing/local/services/api-gateway/json-schema';

const VALUES: readonly unknown[] = [
  null,
  true,
  0,
  1,
  1.5,
  -3,
  10,
  '',
  'a',
  'abc',
  [],
  [1],
  [1, 2, 2],
  ['a', 'b', 'c'],
  {},
  { a: 1 },
  { a: 'x', b: 2 },
  { a: 'x', c: null },
  { x1: 1 },
];

// Another validator is the judge of this one.
test.each([
  [{ type: 'object' }],
  [{ type: ['string', 'null'] }],
  [{ type: 'integer', minimum: 0, maximum: 5 }],
  [{ type: 'number' }],
  [{ enum: ['a', 1, null, [1]] }],
  [{ const: { a: 1 } }],
  [{ required: ['a'] }],
  [{ properties: { a: { type: 'string' }, b: { type: 'number' } } }],
  [{ properties: { a: {} }, additionalProperties: false }],
  [{ properties: { a: {} }, additionalProperties: { type: 'number' } }],
  [{ patternProperties: { '^x': { type: 'number', minimum: 2 } }, additionalProperties: false }],
  [{ items: { type: 'number' } }],
  [{ minItems: 1, maxItems: 2 }],
  [{ uniqueItems: true }],
  [{ minLength: 1, maxLength: 2 }],
  [{ pattern: '^a' }],
  [{ allOf: [{ type: 'number' }, { minimum: 1 }] }],
  [{ anyOf: [{ type: 'string' }, { minimum: 1 }] }],
  [{ oneOf: [{ type: 'number' }, { type: 'integer' }] }],
  [{ not: { type: 'string' } }],
])('judges by %j as another validator does', (schema) => {
  const validate = new Ajv({ strict: false }).compile(schema);
  for (const value of VALUES) expect([value, matchesSchema(value, schema)]).toEqual([value, validate(value)]);
});

test('names the keywords that it does not judge, at any depth', () => {
  const schema = {
    $schema: 'http://json-schema.org/draft-04/schema#',
    title: 'Order',
    properties: { dependencies: { type: 'string' }, items: { items: { contains: {} } } },
    enum: [{ $ref: 'not a keyword here' }],
    allOf: [{ $ref: '#/definitions/Other' }],
  };
  expect(unknownKeywords(schema)).toEqual(['contains']);
});
