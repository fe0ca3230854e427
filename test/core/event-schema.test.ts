import { eventSchemaChanges } from '../../lib/core/event-schema/changes';
import type { JsonSchema } from '../../lib/core/event-schema/json-schema';
import { neverMatches } from '../../lib/core/event-schema/never-matches';

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
  expect(
    changed({ total: { type: 'number' }, weight: { type: 'number' }, state: { enum: ['open', 'paid', 'sent'] } }),
  ).toEqual([]);
});
