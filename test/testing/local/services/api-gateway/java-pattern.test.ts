import { javaPattern, matchesWhole } from '../../../../../lib/testing/local/services/api-gateway/java-pattern';

describe('a regular expression of Java', () => {
  test.each([
    ['.*Error.*', 'an Error', 'an Error\nin two lines'],
    ['(\\n|.)*Error(\\n|.)*', 'an Error\nin two lines', 'none'],
    ['(?s).*Error.*', 'an Error\nin two lines', 'none'],
    ['(?i)bearer [a-z]+', 'BEARER ABC', 'Basic abc'],
    ['a|b', 'b', 'bc'],
    ['\\Q[x].*\\E.*', '[x].* and more', 'xab'],
    ['\\Qa-b', 'a-b', 'a'],
    ['[\\Q]-\\E]+', ']-', 'a'],
    ['\\A\\p{Alpha}\\p{Digit}\\z', 'a1', '1a'],
    ['[\\p{Upper}_]+', 'A_B', 'a'],
    ['\\P{Alpha}', '1', 'a'],
    ['\\p{L}\\pN\\p{IsLu}', 'ä1Ä', 'a1ä'],
    ['[]a]+', ']a', 'b'],
    ['[^]a]', 'b', ']'],
    ['a]b}', 'a]b}', 'ab'],
    ['\\-\\_\\@\\/', '-_@/', ''],
    ['[\\w\\-.]+@x\\.com', 'a-b.c@x.com', 'a@xxcom'],
    ['\\x{1F600}\\u0041', '😀A', 'A'],
    ['a\\hb\\sc', 'a b c', 'a\nb c'],
    ['\\S\\H', 'ab', 'a '],
    ['a{2,3}(?<n>b)\\k<n>', 'aabb', 'abb'],
    ['(?m)a$\\Rb', 'a\nb', 'a'],
    ['(?i)(?s)a.b', 'A\nB', 'ab'],
    ['[\\s\\S]*Error[\\s\\S]*', 'an Error\nin two lines', 'none'],
    ['[^\\S\\n]', ' ', '\n'],
    ['[\\H]+[\\V]', 'ab', 'a\n'],
    ['Bearer [\\w-.]+', 'Bearer a-b.c', 'Bearer a,b'],
  ])('%s', (pattern, fits, other) => {
    expect([matchesWhole(pattern, fits), matchesWhole(pattern, other)]).toEqual([true, false]);
  });

  test.each([
    'a++',
    'a{2}+',
    '(?>a)',
    '(?x)a b',
    '[a-z&&[^b]]',
    '[a[b]]',
    '[\\P{Alpha}]',
    '\\Gx',
    '(a',
    'a)|(b',
    '[]',
    '[a',
  ])('that JavaScript cannot express is named: %s', (pattern) => {
    expect(() => javaPattern(pattern)).toThrow(`the regular expression '${pattern}' of Java is not read here`);
  });
});
