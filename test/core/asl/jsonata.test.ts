import { type JsonataReading, readJsonata } from '../../../lib/core/asl/jsonata';

function read(source: string): JsonataReading {
  const reading = readJsonata(source);
  if ('fault' in reading) throw new Error(reading.fault);
  return reading;
}

const names = (found: readonly { readonly name: string }[]) => found.map(({ name }) => name);

describe('what a JSONata expression reads', () => {
  test('variables from outside, with the fields that are read of them', () => {
    const { variables, topLevel } = read(' $states.input.order.id & $customer[0].name ');
    expect(variables.map(({ name, path }) => [name, ...path].join('.'))).toEqual(['states.input.order.id', 'customer']);
    expect(topLevel).toEqual([]);
  });

  test.each([
    ['a name', 'id', ['id']],
    ['the first step of a path', 'order.id', ['order']],
    ['the context', '$.id', ['$']],
    ['a wildcard', '*.id', ['*']],
    ['descendants', '**.id', ['**']],
    ['a name in the body of a function', '$map($states.input, function($v) { $v + rate })', ['rate']],
    ['a name in an object', '{"id": id}', ['id']],
  ])('%s is read of the root, where there is nothing', (_what, source, expected) => {
    expect(names(read(source).topLevel)).toEqual(expected);
  });

  test.each([
    '$states.input.lines[price > 3 and $.open]',
    '$states.input.lines.{"id": id, "all": $}',
    '$states.input.lines^(>price)',
    '$states.input.lines{id: $sum(price)}',
    '$states.input ~> |lines|{"total": price * amount}, ["price"]|',
    '$states.input.lines.(price * amount)',
    '$states.input.lines.*',
    '$states.input.lines@$l#$i.{"line": $l.id, "at": $i, "id": id}',
  ])('names are read of the items of %s', (source) => {
    expect(read(source).topLevel).toEqual([]);
    expect(new Set(names(read(source).variables))).toEqual(new Set(['states']));
  });

  test('what it binds itself comes not from outside, and only after it is bound', () => {
    const { variables, bound } = read(
      '($a := $a + 1; $b := $a; $f := function($x) { $x > 0 ? $f($x - 1) : $b }; $f($a))',
    );
    expect(names(variables)).toEqual(['a']);
    expect(names(bound)).toEqual(['a', 'b', 'f']);
  });

  test('the names of a block end with it', () => {
    expect(names(read('[($x := 1; $x), $x]').variables)).toEqual(['x']);
  });

  test('functions that it calls, and those that it hands on', () => {
    const { functions, variables } = read('$map($states.input, $string) ~> $eval() ~> $uuid');
    expect(names(functions)).toEqual(['map', 'eval']);
    expect(names(variables)).toEqual(['states', 'string', 'uuid']);
  });

  test('$$ and the operators that Step Functions does not have yet', () => {
    const { root, newer } = read('[$$.id, $states.input.a ?? 1, $states.input.b ?: 2, $states.input.c ? 3 : 4]');
    expect(names(root)).toEqual(['$']);
    expect(names(newer)).toEqual(['??', '?:']);
  });

  test('says what is wrong with one that cannot be read', () => {
    expect(readJsonata('$states.input.(')).toEqual({ fault: expect.stringMatching(/./), position: expect.any(Number) });
  });
});
