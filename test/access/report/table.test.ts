import fc from 'fast-check';
import { table, wrap } from '../../../lib/access/report/table';

test('breaks lines at spaces, and long words after a slash', () => {
  expect(wrap('a bb ccc', 4)).toEqual(['a bb', 'ccc']);
  expect(wrap('Shop/Imports/DeadLetterQueue', 14)).toEqual(['Shop/Imports/', 'DeadLetterQueu', 'e']);
  expect(wrap('', 4)).toEqual(['']);
});

test('puts columns side by side', () => {
  expect(
    table(
      [
        ['a', 'b', 'c d'],
        ['aa', 'bb', 'e'],
      ],
      40,
    ),
  ).toEqual(['  a   b   c d', '  aa  bb  e']);
  expect(table([], 40)).toEqual([]);
});

test('no line is wider than the terminal, and no word is lost', () => {
  const word = fc.string({ minLength: 1, maxLength: 30, unit: fc.constantFrom('a', 'b', '/', 'a:') });
  const cell = fc.array(word, { maxLength: 6 }).map((words) => words.join(' '));
  fc.assert(
    fc.property(
      fc.array(fc.tuple(cell, cell, cell), { maxLength: 4 }),
      fc.integer({ min: 40, max: 140 }),
      (rows, width) => {
        const lines = table(rows, width);
        for (const line of lines) expect(line.length).toBeLessThanOrEqual(width);
        const letters = (texts: readonly string[]) => texts.join('').replaceAll(' ', '').length;
        expect(letters(lines)).toBe(letters(rows.flat()));
      },
    ),
  );
});
