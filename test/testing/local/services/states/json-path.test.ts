import { passState } from '../../../../../scripts/pass-state';
import { readPath } from '../../../../../lib/testing/local/services/states/json-path/syntax';

const INPUT = {
  id: 'o-1',
  lines: [
    { sku: 'a', price: 5, tags: ['x', 'y'] },
    { sku: 'b', price: 15, open: true },
    { sku: 'c', price: 25 },
  ],
  nested: { 'a.b': { deep: 1 }, n: null },
};

/** What a Pass makes of a template. */
async function made(parameters: object, more: object = {}): Promise<unknown> {
  const execution = await passState(
    { StartAt: 'P', States: { P: { Type: 'Pass', Parameters: parameters, ...more, End: true } } },
    INPUT,
  );
  if (execution.output === undefined) throw new Error(`${execution.error}: ${execution.cause}`);
  return JSON.parse(execution.output) as unknown;
}

test.each([
  ['$.id', 'o-1'],
  ['$.id ', 'o-1'],
  ["$['nested']['a.b'].deep", 1],
  ['$.nested.n', null],
  ['$.lines[0].sku', 'a'],
  ['$.lines[-1].sku', 'c'],
  ['$.lines[*].sku', ['a', 'b', 'c']],
  ['$.lines[0:2].sku', ['a', 'b']],
  ['$.lines[0,2].sku', ['a', 'c']],
  ['$..price', [5, 15, 25]],
  ['$.lines[?(@.price > 10)].sku', ['b', 'c']],
  ["$.lines[?(@.price > 10 && @.open == true)]['sku']", ['b']],
  ["$.lines[?(!(@.sku == 'a'))].sku", ['b', 'c']],
  ['$.lines[?(@.open)].sku', ['b']],
  ['$.missing[*]', []],
  ['$$.Execution.Input.id', 'o-1'],
  ['$$.State.Name', 'P'],
])('the path %s', async (path, expected) => {
  await expect(made({ 'r.$': path })).resolves.toEqual({ r: expected });
});

test.each(['$.missing', '$.lines[7]', '$.nested.x.y', '$unknown'])('refuses %s, which leads nowhere', async (path) => {
  await expect(made({ 'r.$': path })).rejects.toThrow(
    /States\.Runtime: .*specified for the field 'r\.\$' could not be found/,
  );
});

test.each(['id', '$.lines.length()', '$.[', '$.a[?(@.b)', "$['a"])('refuses %s, which is no path', (path) => {
  expect(() => readPath(path)).toThrow(/is no JSONPath that Step Functions has/);
});

test.each([
  ["States.Format('{} costs {}, \\{\\} stays', $.lines[0].sku, $.lines[0].price)", 'a costs 5, {} stays'],
  ["States.Format('{}', $.lines[0])", '{sku=a, price=5, tags=[x, y]}'],
  ['States.StringToJson(\'{"a":1}\')', { a: 1 }],
  ['States.JsonToString($.lines[0].tags)', '["x","y"]'],
  ['States.Array(1, States.ArrayLength($.lines), null)', [1, 3, null]],
  ['States.ArrayPartition($.lines[*].sku, 2)', [['a', 'b'], ['c']]],
  ["States.ArrayContains($.lines[0].tags, 'y')", true],
  ['States.ArrayRange(1, 9, 2)', [1, 3, 5, 7, 9]],
  ['States.ArrayGetItem($.lines[*].price, 1)', 15],
  ['States.ArrayUnique(States.Array(1, 2, 1))', [1, 2]],
  ["States.Base64Decode(States.Base64Encode('héllo'))", 'héllo'],
  ["States.Hash('input', 'SHA-1')", '140f86aae51ab9e1cda9b4254fe98a74eb54c1a1'],
  ['States.JsonMerge($.lines[0], $.lines[1], false)', { sku: 'b', price: 15, tags: ['x', 'y'], open: true }],
  ['States.MathAdd(111, -1)', 110],
  ["States.StringSplit('1.2+3', '.+')", ['1', '2', '3']],
])('the intrinsic function %s', async (call, expected) => {
  await expect(made({ 'r.$': call })).resolves.toEqual({ r: expected });
});

test.each([
  'States.ArrayRange(0, 5000, 1)',
  'States.ArrayGetItem($.lines, 9)',
  'States.JsonMerge($.lines[0], $.lines[1], true)',
  "States.Format('{} {}', 1)",
  'States.Nothing(1)',
])('refuses %s', async (call) => {
  await expect(made({ 'r.$': call })).rejects.toThrow(/States\.IntrinsicFailure/);
});

test.each([
  [{ ResultPath: '$.made.here' }, { ...INPUT, made: { here: { x: 1 } } }],
  [{ ResultPath: null }, INPUT],
  [{ ResultPath: '$.made', OutputPath: '$.made' }, { x: 1 }],
  [{ OutputPath: null }, {}],
  [
    { Result: 7, ResultPath: '$.nested.n' },
    { ...INPUT, nested: { ...INPUT.nested, n: 7 } },
  ],
])('a Pass with %j', async (more, expected) => {
  await expect(made({ x: 1 }, more)).resolves.toEqual(expected);
});

const goes = async (rule: object) => {
  const states = {
    C: { Type: 'Choice', Choices: [{ ...rule, Next: 'Yes' }], Default: 'No' },
    Yes: { Type: 'Pass', Result: true, End: true },
    No: { Type: 'Pass', Result: false, End: true },
  };
  const { output, error, cause } = await passState({ StartAt: 'C', States: states }, INPUT);
  return output === undefined ? `${error}: ${cause}` : (JSON.parse(output) as unknown);
};

test.each([
  [{ Variable: '$.id', StringEquals: 'o-1' }, true],
  [{ Variable: '$.id', StringMatches: 'o-*' }, true],
  [{ Variable: '$.id', StringMatches: 'o-\\*' }, false],
  [{ Variable: '$.lines[0].price', NumericLessThanPath: '$.lines[1].price' }, true],
  [{ Variable: '$.lines[0].price', StringEquals: '5' }, false],
  [{ Variable: '$.missing', IsPresent: false }, true],
  [{ Variable: '$.nested.n', IsNull: true }, true],
  [{ Variable: '$.id', IsTimestamp: true }, false],
  [{ Not: { Variable: '$.id', StringEquals: 'o-2' } }, true],
  [
    {
      And: [
        { Variable: '$.id', IsString: true },
        { Variable: '$.id', IsNumeric: true },
      ],
    },
    false,
  ],
  [
    {
      Or: [
        { Variable: '$.id', IsString: true },
        { Variable: '$.id', IsNumeric: true },
      ],
    },
    true,
  ],
])('the rule %j is %s', async (rule, expected) => {
  expect(await goes(rule)).toBe(expected);
});

test('refuses to compare what is not there', async () => {
  expect(await goes({ Variable: '$.missing', StringEquals: 'a' })).toMatch(
    /^States\.Runtime: .*Invalid path '\$\.missing': The choice state's condition path references an invalid value\.$/,
  );
});
