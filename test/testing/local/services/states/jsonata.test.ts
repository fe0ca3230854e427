import { EvaluationFault } from '../../../../../lib/testing/local/services/states/engine/failure';
import { JsonataEvaluator } from '../../../../../lib/testing/local/services/states/jsonata/evaluator';

const evaluator = new JsonataEvaluator(1500);
afterAll(() => evaluator.stop());

const NOW = Date.parse('2026-11-29T12:00:00Z');
const evaluate = (expression: string, input: unknown = {}) =>
  evaluator.evaluate(`{% ${expression} %}`, 'Output/r', { states: { input }, rate: 2 }, NOW);

describe('what Step Functions adds to JSONata', () => {
  test.each([
    ['$partition([1, 2, 3, 4, 5], 2)', [[1, 2], [3, 4], [5]]],
    ['$partition([0], 3)', [[0]]],
    ['$range(0, 6, 2)', [0, 2, 4, 6]],
    ['$range(-1.7, 2, 1)', [-1, 0, 1, 2]],
    ['$range(1, 9, 9)', 1],
    ['$count($range(1, 200000, 1))', 200_000],
    ['$hash("input", "SHA-1")', '140f86aae51ab9e1cda9b4254fe98a74eb54c1a1'],
    ['$random(42)', 0.727_563_680_032_868_1],
    ['$random() < 1', true],
    ['$parse("{\\"a\\": [1]}").a', [1]],
    ['$match($uuid(), /^[0-9a-f]{8}-[0-9a-f]{4}-4/).index', 0],
    ['$now()', '2026-11-29T12:00:00.000Z'],
    ['$now("[Y]-[M01]")', '2026-11'],
    ['$millis()', NOW],
    ['$count([1..873782])', 873_782],
    ['1/0', 'Infinity'],
    ['[-1/0]', ['-Infinity']],
  ])('%s', async (expression, expected) => {
    await expect(evaluate(expression)).resolves.toEqual(expected);
  });
});

describe('what it takes away', () => {
  const failing = async (expression: string) => {
    const error: unknown = await evaluate(expression).catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(EvaluationFault);
    return error as EvaluationFault;
  };

  test.each([
    ['what is undefined', '$states.input.missing', 'returned nothing (undefined).'],
    ['a function as a result', '$sum', 'returned an unsupported result type.'],
    ['$eval', '$eval("1+1")', 'threw an error during evaluation. T1006: Attempted to invoke a non-function'],
    [
      'a long list',
      '[1..873783] ~> $count()',
      ': Expression evaluation memory limit exceeded: Check for excessive memory usage',
    ],
    [
      'endless recursion',
      '($f := function($x) { 1 + $f($x) }; $f(1))',
      ': Stack overflow error: Check for non-terminating',
    ],
    ['200 terms', Array.from({ length: 200 }, () => '1').join('+'), ': Stack overflow error: '],
    ['an empty sequence', '$states.input.lines[price > 3]', 'returned nothing (undefined).'],
    ['text that is not JSON', '$parse("{")', 'threw an error during evaluation: '],
    ['a hash that is unknown', '$hash("a", "SHA-3")', 'threw an error during evaluation: '],
    ['a partition of nothing', '$partition([1], -1)', 'threw an error during evaluation: '],
  ])('%s fails, and the field is named', async (_what, expression, said) => {
    const { sentence, field, error } = await failing(expression);
    expect([error, field]).toEqual(['States.QueryEvaluationError', 'Output/r']);
    expect(sentence).toContain(said);
    expect(sentence).toMatch(/^The JSONata expression '.*' specified for the field 'Output\/r'/);
  });

  test('an expression that never ends is ended, and what comes after it is evaluated', async () => {
    const endless = failing('($f := function($x) { $f($x + 1) }; $f(1))');
    const after = evaluate('$rate * 2');
    expect((await endless).sentence).toContain('Expression evaluation timeout: Check for infinite loop');
    await expect(after).resolves.toBe(4);
  });

  test('a text that is not marked whole is text', async () => {
    const template = { a: ' {% 1 %}', b: '{% 1 %} and more', c: ['{% $rate %}', { d: '{% "x" %}' }] };
    await expect(evaluator.evaluate(template, 'Output', { rate: 2 }, NOW)).resolves.toEqual({
      ...template,
      c: [2, { d: 'x' }],
    });
  });

  test('fields below are named by their path', async () => {
    const template = { list: ['{% 1 %}', { x: '{% $missing %}' }] };
    await expect(evaluator.evaluate(template, 'Assign', {}, NOW)).rejects.toThrow(/'Assign\/list\[1\]\/x'/);
  });
});
