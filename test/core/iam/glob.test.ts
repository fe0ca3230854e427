import fc from 'fast-check';
import { covers, overlaps } from '../../../lib/core/iam/coverage';
import { matches, tokensOf, type Wildcards } from '../../../lib/core/iam/glob';
import { Pattern } from '../../../lib/core/iam/pattern';

/** All texts over a small alphabet up to a length, colons among them. */
function textsOf(alphabet: string, length: number): readonly string[] {
  let last = [''];
  const all = [''];
  for (let round = 0; round < length; round++) {
    last = last.flatMap((text) => alphabet.split('').map((char) => text + char));
    all.push(...last);
  }
  return all;
}

/** What a pattern means, by the documented words and a regular expression: no code of ours. */
function meaning(pattern: string, wildcards: Wildcards): RegExp {
  const escape = (text: string) => text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
  if (wildcards === 'none') return new RegExp(`^${escape(pattern)}$`);
  const parts = pattern.split(':');
  const [heads, rest] = [parts.slice(0, 5), parts.slice(5).join(':')];
  const glob = (text: string, any: string) =>
    text.replace(/\*+|\?|[^*?]+/g, (piece) => (piece[0] === '*' ? `${any}*` : piece === '?' ? any : escape(piece)));
  if (wildcards === 'text') return new RegExp(`^${glob(pattern, '[^]')}$`);
  const inPart = (text: string) => (wildcards === 'resource' ? text.replace(/\*+$/, '\u0000') : text);
  const head = heads.map((text) => glob(inPart(text), '[^:]').replace('\u0000', '[^]*'));
  return new RegExp(`^${[...head, ...(parts.length > 5 ? [glob(rest, '[^]')] : [])].join(':')}$`);
}

const relations: readonly Wildcards[] = ['none', 'text', 'arn', 'resource'];
/** `c` is in no pattern, as most characters are. */
const texts = textsOf('abc:', 5);

const short = fc.array(fc.constantFrom('a', 'b', ':', '*', '?', '*', ':'), { maxLength: 5 }).map((all) => all.join(''));
/**
 * All that two such patterns can differ in: of all pairs of up to five characters, where one does not cover the other, the
 * shortest text that shows it has eight at most: `*::::` and `???:*`.
 */
const witnesses = textsOf('abc:', 8);
/** Deep in an ARN, where colons no longer part. */
const deep = short.map((text) => `:::::${text}`);
const pattern = fc.oneof({ arbitrary: short, weight: 3 }, { arbitrary: deep, weight: 1 });

test.each(relations)('%s: a pattern means what its documentation says', (wildcards) => {
  fc.assert(
    fc.property(pattern, (one) => {
      const tokens = tokensOf(one, wildcards);
      const expected = meaning(one, wildcards);
      const wrong = texts
        .flatMap((text) => [text, `:::::${text}`].filter((each) => each.length < 10))
        .filter((text) => matches(tokens, text) !== expected.test(text));
      expect(wrong).toEqual([]);
    }),
    { numRuns: 60 },
  );
});

test.each(['text', 'arn', 'resource'] as const)(
  '%s: covers and overlaps are what enumeration finds, both ways',
  (wildcards) => {
    let covered = 0;
    const judge = (outer: string, inner: string, head: string) => {
      const [wide, narrow] = [meaning(head + outer, wildcards), meaning(head + inner, wildcards)];
      const expected = !witnesses.some((text) => narrow.test(head + text) && !wide.test(head + text));
      const answer = covers(head + outer, head + inner, wildcards);
      if (outer !== inner && answer) covered++;
      expect({ head, outer, inner, answer }).toEqual({ head, outer, inner, answer: expected });
    };
    judge('*:?', 'aa::*', ':::::');
    fc.assert(
      fc.property(short, short, fc.constantFrom('', '', ':::::'), (outer, inner, head) => {
        judge(outer, inner, head);
      }),
      { numRuns: 400 },
    );
    expect(covered).toBeGreaterThan(4);
  },
);

test('overlaps is what enumeration finds, both ways', () => {
  const three = short.filter((text) => text.length <= 3); // a text that two of them mean is no longer than four
  fc.assert(
    fc.property(three, three, (one, other) => {
      const [first, second] = [meaning(one, 'resource'), meaning(other, 'resource')];
      const expected = texts.some((text) => first.test(text) && second.test(text));
      expect({ one, other, overlaps: overlaps(one, other) }).toEqual({ one, other, overlaps: expected });
    }),
    { numRuns: 300 },
  );
});

test.each([
  ['?????????', '*', false],
  ['*?????????', '*', false],
  ['?*', '*?', true],
  ['a*', 'a*b*', true],
  ['*a?*', '*ab*', true],
  ['*ab*', '*a?*', false],
  ['arn:aws:s3:::b/?', 'arn:aws:s3:::b/*', false],
  ['arn:aws:sqs:*', 'arn:aws:sqs:eu-*:111111111111:*', true],
  ['arn:aws:sqs:eu-*:1:q', 'arn:aws:sqs:eu-*1:1:q', true],
  // The star that ends a part may reach beyond its colon, one in the middle may not.
  ['arn:aws:sqs:e*u:1:q', 'arn:aws:sqs:e*:1:q', false],
  ['arn:aws:s3:::b/*', 'arn:aws:s3:::b/${aws:username}/*', true],
  ['arn:aws:s3:::b/?', 'arn:aws:s3:::b/${aws:username}', false],
  ['arn:aws:s3:::b/${aws:username}/*', 'arn:aws:s3:::b/*', false],
  ['arn:aws:s3:::b/${aws:username}/*', 'arn:aws:s3:::b/${aws:username}/a', true],
  ['arn:aws:s3:::b/${aws:userid}/*', 'arn:aws:s3:::b/${aws:username}/a', false],
  ['arn:aws:s3:::???????', 'arn:aws:s3:::<Name>', false],
])('%s covers %s: %p', (outer, inner, expected) => {
  expect(covers(outer, inner)).toBe(expected);
});

test('hostile patterns are answered at once', () => {
  const stars = '*a'.repeat(100) + 'b';
  const started = performance.now();
  expect(new Pattern(stars, 'text').test('a'.repeat(5_000))).toBe('no');
  expect(covers(stars, '*a'.repeat(90))).toBe(false);
  expect(covers(`*a${'?'.repeat(150)}`, `*b${'?'.repeat(150)}`)).toBe(false);
  expect(covers(`*a${'?'.repeat(150)}*`, `*a${'?'.repeat(100)}*${'?'.repeat(50)}`)).toBe(true);
  expect(overlaps('*a'.repeat(100), '*b'.repeat(100))).toBe(false);
  expect(overlaps('a'.repeat(5_000), `${'a'.repeat(4_999)}?`)).toBe(true);
  expect(performance.now() - started).toBeLessThan(2_000);
});
