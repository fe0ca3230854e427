import { eventSchemaChanges, schemaChanges } from '../../../lib/core/event-schema/changes';
import type { JsonSchema } from '../../../lib/core/event-schema/json-schema';
import { neverMatches } from '../../../lib/core/event-schema/never-matches';

const ORDER: JsonSchema = {
  type: 'object',
  required: ['id'],
  additionalProperties: false,
  properties: {
    id: { type: 'string' },
    total: { type: 'number', minimum: 0 },
    state: { enum: ['open', 'paid'] },
    lines: { type: 'array', items: { type: 'string' } },
    customer: { $ref: '#/$defs/person' },
    kind: { const: 'a' },
    note: {},
  },
  $defs: { person: { type: 'object', properties: { name: { type: 'string' } } } },
};

test.each<[object, string]>([
  [{ price: [1] }, 'price asks for a field that the schema does not have'],
  [{ total: ['12'] }, 'total asks for ["12"], and by the schema it is number'],
  [{ id: [{ numeric: ['>', 1] }] }, 'id asks for [{"numeric":[">",1]}], and by the schema it is string'],
  [{ state: ['gone'] }, 'state asks for ["gone"], and by the schema it is one of ["open","paid"]'],
  [{ state: [{ prefix: 'x' }] }, 'state asks for [{"prefix":"x"}], and by the schema it is one of ["open","paid"]'],
  [{ state: [{ 'anything-but': ['open', 'paid'] }] }, 'and by the schema it is one of'],
  [{ state: [{ suffix: 'x' }] }, 'and by the schema it is one of'],
  [{ state: [{ 'anything-but': { wildcard: '*' } }] }, 'state asks for'],
  [{ state: [{ wildcard: 'c*' }, { 'equals-ignore-case': 'shut' }] }, 'and by the schema it is one of'],
  [{ kind: ['b'] }, 'kind asks for ["b"], and by the schema it is one of ["a"]'],
  [{ total: [{ numeric: ['<', -1] }] }, 'total asks for [{"numeric":["<",-1]}], and by the schema it is number from 0'],
  [{ total: [-5] }, 'total asks for [-5], and by the schema it is number from 0'],
  [{ id: [{ exists: false }] }, 'id asks for [{"exists":false}], and by the schema it is always there'],
  [{ $or: [{ state: ['x'] }, { id: [1] }] }, 'state asks for ["x"]'],
  [{ lines: [1] }, 'lines asks for [1], and by the schema it is string'],
  [{ customer: { name: [true] } }, 'customer.name asks for [true], and by the schema it is string'],
])('%j can match no data of the schema', (pattern, message) => {
  const { place, why } = neverMatches(pattern, ORDER)!;
  expect(`${place} ${why}`).toContain(message);
});

test.each([
  { id: ['a', { prefix: 'b' }], total: [{ numeric: ['>', 5] }] },
  { state: ['gone', 'paid'] },
  { state: [{ 'anything-but': 'open' }] },
  { lines: ['a'], note: [1] },
  { price: [{ exists: false }] },
  { customer: { age: [3] } },
  { $or: [{ id: [1] }, { total: [1] }] },
  { state: [{ 'equals-ignore-case': 'PAID' }], total: [{ numeric: ['>', 0, '<', 1] }], kind: [{ exists: false }] },
  { lines: [{ exists: false }], id: [{ exists: true }] },
])('%j may match data of the schema', (pattern) => {
  expect(neverMatches(pattern, ORDER)).toBeUndefined();
});

const changed = (change: object, required: readonly string[] = ['id']) =>
  eventSchemaChanges(
    { OrderPlaced: ORDER },
    { OrderPlaced: { ...ORDER, required, properties: { ...(ORDER.properties as object), ...change } } },
  );

test.each<[string, () => readonly string[], string]>([
  ['a type', () => eventSchemaChanges({ OrderPlaced: ORDER }, {}), 'OrderPlaced is no longer there'],
  [
    'a field',
    () =>
      eventSchemaChanges(
        { OrderPlaced: ORDER },
        { OrderPlaced: { ...ORDER, properties: { id: { type: 'string' } }, required: ['id'] } },
      ),
    'OrderPlaced.total is no longer there',
  ],
  [
    'a field of another',
    () => changed({ customer: { type: 'object', properties: {} } }),
    'OrderPlaced.customer.name is no longer there',
  ],
  ['the type of a field', () => changed({ id: { type: 'number' } }), 'OrderPlaced.id was string and is number'],
  ['a value', () => changed({ state: { enum: ['open'] } }), 'OrderPlaced.state is no longer "paid"'],
  ['room', () => changed({ total: { type: 'number', minimum: 1 } }), 'OrderPlaced.total has a narrower minimum: 1'],
  ['a certainty', () => changed({}, []), 'OrderPlaced.id was always there and may be absent'],
  [
    'older events',
    () => changed({}, ['id', 'total']),
    'OrderPlaced.total is required, and older events do not have it',
  ],
])('a schema that takes away %s says so', (_, changes, message) => {
  expect(changes()).toContain(message);
});

test('a schema that adds something takes nothing away', () => {
  expect(changed({ total: { type: 'number' }, weight: { type: 'number' } })).toEqual([]);
});

const field = (was: JsonSchema | boolean, is: JsonSchema | boolean, beside: JsonSchema = {}) =>
  eventSchemaChanges({ E: { properties: { a: was }, ...beside } }, { E: { properties: { a: is }, ...beside } });

test.each<[JsonSchema | boolean, JsonSchema | boolean, string]>([
  [{}, { type: 'string' }, 'E.a was anything and is string'],
  [true, { type: 'string' }, 'E.a was anything and is string'],
  [{ type: 'string' }, true, 'E.a was string and is anything'],
  [{ type: 'integer' }, { type: 'number' }, 'E.a was integer and is number'],
  [{ type: 'string' }, { type: ['string', 'null'] }, 'E.a was string and is null or string'],
  [{ enum: ['x', 'y'] }, { const: 'y' }, 'E.a is no longer "x"'],
  [{ type: 'string' }, { type: 'string', pattern: '^a' }, 'E.a was free and has the pattern "^a"'],
  [{ format: 'date' }, { format: 'date-time' }, 'E.a had the format "date" and has "date-time"'],
  [{ multipleOf: 2 }, { multipleOf: 4 }, 'E.a is a multiple of 4 only'],
  [{}, { uniqueItems: true }, 'E.a has each item once only'],
  [{ items: {} }, { items: { type: 'string' } }, 'E.a[] was anything and is string'],
  [{ prefixItems: [{}, {}] }, { prefixItems: [{}] }, 'E.a was a list that begins with 2 items'],
  [{ prefixItems: [{ type: 'string' }] }, { prefixItems: [{ type: 'null' }] }, 'E.a[0] was string and is null'],
  [{ additionalProperties: { type: 'string' } }, { additionalProperties: {} }, 'E.a.* was string and is anything'],
  [{}, { additionalProperties: false }, 'E.a takes no further fields'],
  [{ patternProperties: { '^x': {} } }, {}, 'E.a has no fields like /^x/ any longer'],
  [
    { anyOf: [{ type: 'string' }, { type: 'null' }] },
    { anyOf: [{ type: 'null' }] },
    "E.a has fewer ways to be by 'anyOf'",
  ],
  [
    { oneOf: [{ const: 1 }, { maximum: 3 }] },
    { oneOf: [{ maximum: 2 }, { const: 1 }] },
    'E.a|1 has a narrower maximum: 2',
  ],
  [
    { allOf: [{ properties: { b: {} } }, { required: ['b'] }] },
    { allOf: [{ properties: { b: {} } }] },
    'E.a.b was always there and may be absent',
  ],
])('%j that becomes %j says so', (was, is, message) => {
  expect(field(was, is)).toEqual([expect.stringContaining(message)]);
});

test.each<[JsonSchema, JsonSchema, string]>([
  [{}, { not: { type: 'null' } }, "E.a has another 'not'"],
  [{ if: {} }, { if: { const: 1 } }, "E.a has another 'if'"],
  [{ unevaluatedProperties: false }, {}, "E.a has another 'unevaluatedProperties'"],
  [{ 'x-mine': 1 }, { 'x-mine': 2 }, "E.a has another 'x-mine'"],
  [{ anyOf: [{}] }, { anyOf: [{}, { type: 'null' }] }, 'E.a has a further way to be'],
  [
    { $ref: 'https://example.com/a.json' },
    { $ref: 'https://example.com/a.json' },
    'E.a refers to what is not in the document',
  ],
  [{ allOf: [{ type: 'string' }, { type: 'null' }] }, { allOf: [{ type: 'string' }] }, "E.a has another 'allOf'"],
  [{}, { patternProperties: { '^x': {} } }, 'E.a says what fields like /^x/ are'],
  [
    { enum: ['x'] },
    { enum: ['x', 'y', 'z'], type: 'string' },
    'E.a may also be "y" or "z", which readers may not know',
  ],
  [{ const: 'x' }, { const: 'y' }, 'E.a may also be "y", which readers may not know'],
  [{ const: 'x' }, { enum: ['x', 'y'] }, 'E.a may also be "y", which readers may not know'],
  [{ enum: ['x'] }, { type: 'string' }, 'E.a was one of a list and is free'],
])('%j that becomes %j is not judged, which is said', (was, is, message) => {
  expect(field(was, is).join()).toContain(message);
  const schemas = [was, is].map((a) => ({ properties: { a } }));
  const [before, after] = schemas.map((schema) => ({ root: schema, schema }));
  expect(schemaChanges(before!, after!, 'E').unknown.join()).toContain(message);
});

test.each<[JsonSchema | boolean, JsonSchema | boolean]>([
  [{ not: { const: 1 } }, { not: { const: 1 }, description: 'new' }],
  [{ anyOf: [{ type: 'null' }, { const: 1 }] }, { anyOf: [{ const: 1 }, { type: 'null' }] }],
  [{ enum: ['x', 'y'] }, { enum: ['y', 'x'], type: 'string' }],
  [
    { type: 'string', maxLength: 3 },
    { type: 'string', maxLength: 4 },
  ],
  [{ multipleOf: 4 }, { multipleOf: 2 }],
  [true, {}],
  [{ additionalProperties: false }, { properties: { b: { type: 'string' } } }],
  [{ $ref: '#/$defs/tree' }, { $ref: '#/$defs/tree' }],
  [{ $ref: '#/$defs/tree' }, { title: 'A tree', $ref: '#/$defs/tree' }],
])('%j that becomes %j takes nothing away', (was, is) => {
  const tree = { type: 'object', properties: { left: { $ref: '#/$defs/tree' }, right: { $ref: '#/$defs/tree' } } };
  expect(field(was, is, { $defs: { tree } })).toEqual([]);
});

test('a change behind a reference, and in what refers to itself, is found', () => {
  const list = (value: JsonSchema) => ({
    E: {
      properties: { list: { $ref: '#/$defs/list' } },
      $defs: { list: { properties: { value, next: { $ref: '#/$defs/list' } } } },
    },
  });
  expect(eventSchemaChanges(list({ type: 'string' }), list({ type: 'number' }))).toEqual([
    'E.list.value was string and is number',
  ]);
});
