import Ajv2020 from 'ajv/dist/2020';
import Ajv4 from 'ajv-draft-04';
import addFormats from 'ajv-formats';
import fc from 'fast-check';
import { inDraft4 } from '../../../lib/core/event-schema/draft-4';
import type { JsonSchema } from '../../../lib/core/event-schema/json-schema';

const options = { strict: false, logger: false } as const;

function judges(schema: JsonSchema, made: JsonSchema): [(data: unknown) => boolean, (data: unknown) => boolean] {
  const [now, old] = [new Ajv2020(options), new Ajv4(options)];
  addFormats(now);
  addFormats(old);
  const [before, after] = [now.compile(schema), old.compile(made)];
  return [(data) => before(data), (data) => after(data)];
}

const LINE: JsonSchema = {
  type: 'object',
  properties: { of: { $ref: '#/$defs/line' }, n: { exclusiveMinimum: 0, maximum: 9 } },
  required: [],
};

/** Schemas with words that draft 4 does not have, or has in another way. */
const SCHEMAS: readonly JsonSchema[] = [
  { const: 3 },
  { enum: [1, 2], const: 2 },
  { exclusiveMinimum: 1, minimum: 2 },
  { exclusiveMaximum: 3, type: 'integer' },
  { prefixItems: [{ type: 'number' }, { const: 'a' }], items: false },
  { prefixItems: [{ type: 'number' }], items: { type: 'string' } },
  { items: { not: { type: 'null' } }, contains: { const: 1 } },
  { properties: { a: true, b: false }, additionalProperties: { type: 'number' } },
  { if: { properties: { a: { const: 1 } }, required: ['a'] }, then: { required: ['b'] }, else: { required: ['c'] } },
  { if: { type: 'number' }, else: { type: 'string' } },
  { dependentRequired: { a: ['b'], c: [] }, dependentSchemas: { b: { properties: { b: { type: 'number' } } } } },
  { $ref: '#/$defs/line', maxProperties: 1, $defs: { line: LINE } },
  { type: ['object', 'null'], properties: { a: { $ref: '#/$defs/line' } }, $defs: { line: LINE } },
  { anyOf: [{ const: 1 }, { type: 'array', contains: { type: 'null' } }], not: { const: [null] } },
  { propertyless: 1, 'x-mine': 2, examples: [1], $comment: 'c', readOnly: true, type: 'number' },
].map(({ propertyless: _, ...schema }: JsonSchema) => schema);

const data = fc.letrec((tie) => ({
  any: fc.oneof(
    { depthSize: 'small' },
    fc.constantFrom(null, true, 0, 1, 2, 3, 9.5, 'a', 'b', ''),
    fc.array(tie('any'), { maxLength: 3 }),
    fc.dictionary(fc.constantFrom('a', 'b', 'c', 'of', 'n'), tie('any'), { maxKeys: 3 }),
  ),
})).any;

test.each(SCHEMAS)('%j in draft 4 admits the same data', (schema) => {
  const { schema: made, faults } = inDraft4(schema);
  expect(faults).toEqual([]);
  expect(JSON.stringify(made)).not.toMatch(/"(const|\$defs|if|contains|prefixItems|examples|dependentRequired)"/);
  const [before, after] = judges(schema, made);
  fc.assert(
    fc.property(data, (value) => before(value) === after(value)),
    { numRuns: 400 },
  );
});

test.each<[JsonSchema, string, string]>([
  [
    { properties: { a: { propertyNames: { minLength: 2 } } } },
    '/properties/a/propertyNames',
    'is a keyword with no equivalent in draft 4',
  ],
  [{ unevaluatedProperties: false }, '/unevaluatedProperties', 'is a keyword with no equivalent in draft 4'],
  [{ items: { contains: {}, minContains: 2 } }, '/items/contains', 'counts list items, which draft 4 cannot'],
  [{ $ref: 'https://example.com/a.json' }, '/$ref', 'refers to something outside the schema'],
  [
    { properties: { 'a/b': { $dynamicRef: '#x' } } },
    '/properties/a~1b/$dynamicRef',
    'is a keyword with no equivalent in draft 4',
  ],
  [{ $defs: { a: {} }, definitions: { a: {} } }, '/definitions', 'defines a name that is defined elsewhere, too'],
  [{ prefixItems: [{}], properties: { a: { $ref: '#/prefixItems/0' } } }, '/prefixItems/0', 'is elsewhere in draft 4'],
])('refuses %j, and says where', (schema, pointer, why) => {
  expect(inDraft4(schema).faults).toEqual([{ pointer, why: expect.stringContaining(why) }]);
});
