interface Described {
  readonly errorType: string;
  readonly errorMessage: string;
  readonly trace?: readonly string[];
}
const { describe: described } = jest.requireActual<{ describe(thrown: unknown): Described }>(
  '../../../../../lib/testing/local/lambda/node/errors.js',
);

test('a character that no header takes is escaped, as by Lambda', () => {
  const { errorMessage, trace } = described(new Error('a\x7Fb'));
  expect([errorMessage, trace?.[0]]).toEqual(['a%7Fb', 'Error: a%7Fb']);
});

test.each([
  ['has no stack', { stack: undefined }],
  ['has a name that is no text', { name: 12 }],
])('an error that %s cannot be read', (_, fields) => {
  expect(described(Object.assign(new Error('x'), fields))).toMatchObject({
    errorType: 'handled',
    errorMessage: expect.stringContaining('there was a problem while retrieving') as string,
  });
});
