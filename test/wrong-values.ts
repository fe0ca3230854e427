/** What people write in place of something else, for the tables that give each prop and argument a wrong value. */
export const WRONG_VALUES: Readonly<Record<string, () => unknown>> = {
  'a number': () => 42,
  'a negative number': () => -1,
  'a fraction': () => 1.5,
  'no number': () => NaN,
  'an empty text': () => '',
  'some text': () => 'some text',
  'a number in quotes': () => '42',
  'a switch': () => true,
  null: () => null,
  'an empty list': () => [],
  'a list of nothing': () => [undefined],
  'an empty object': () => ({}),
  'a function': () => () => 42,
  'a date': () => new Date(0),
};
