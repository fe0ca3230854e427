/**
 * Random pairs of a pattern and an event, and what our matcher says of them, to be held against another one:
 *
 *     npx tsx scripts/event-patterns.ts generate 100000 1 > pairs.jsonl
 *     npx tsx scripts/event-patterns.ts compare pairs.jsonl verdicts.jsonl
 *
 * A line of the pairs is `["pattern as JSON", "event as JSON"]`, one of the verdicts `"yes"`, `"no"` or `"invalid: reason"`.
 */
import { readFileSync } from 'node:fs';
import { lostWays, waysOf } from '../lib/core/event-pattern/compile';
import { EventPattern, PatternError } from '../lib/core/event-pattern/event-pattern';
import { faultsIn } from '../lib/core/event-pattern/faults';
import { readJson } from '../lib/core/event-pattern/node';

type Random = () => number;

/** A small, seeded generator: the same seed gives the same pairs. */
function random(seed: number): Random {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296;
  };
}

const NAMES = ['a', 'b', 'c', 'a.b', 'detail', ''];
const TEXTS = [
  ...[
    '',
    'a',
    'ab',
    'abc',
    'abcabc',
    'A',
    'aB',
    'ABC',
    'b',
    'x*y',
    'a\\b',
    '5',
    'null',
    'true',
    'a"',
    '"a',
    'é',
    'É',
    'ß',
  ],
  ...[
    'SS',
    '😀',
    '??',
    '10.0.0.1',
    '10.0.0.255',
    '10.0.1.0',
    '010.0.0.1',
    '10.0.0.256',
    '::1',
    '::ffff:a00:1',
    '2001:db8::1',
  ],
];
const NUMBERS = [
  ...[
    '0',
    '-0',
    '1',
    '1.0',
    '1e0',
    '10',
    '5',
    '-3',
    '0.1',
    '0.10',
    '100',
    '1E2',
    '9007199254740992',
    '9007199254740993',
  ],
  ...['123456789012345678901', '4999999999.5', '105', '10000001', '0.30000000000000004', '1e400', '16000000'],
];
const COMPARABLE = ['0', '1', '1.0', '10', '5', '100', '1E2', '0.1', '4999999999.5', '105'];
const WORDS = ['true', 'false', 'null'];
const CIDRS = ['10.0.0.0/24', '10.0.0.0/8', '16.0.0.0/8', '0.0.0.0/0', '2001:db8::/32', '::1/127', '10.0.0.1/31'];
const BAD_CIDRS = ['10.0.0.1', '10.0.0.0/32', '10.0.0.0/33', 'x/8', '10.0.0.0/x', '::1/128', '10.0.0.0/-1', '10.0.0/8'];
const WILDCARDS = ['*', 'a*', '*c', 'a*c', '*b*', 'a*b*c', 'x\\*y', 'a\\\\b', 'a'];
const BAD_WILDCARDS = ['**', 'a**b', 'a\\b', 'a\\'];

/** Makes pairs. */
class Pairs {
  private names: readonly string[] = NAMES;
  private texts: readonly string[] = TEXTS;
  /** How often something stands in a place where it is refused. */
  private wrong = 0;

  constructor(private readonly next: Random) {}

  /** A pattern and an event, as JSON. */
  pair(): readonly [string, string] {
    for (;;) {
      const pair = this.any();
      if (isTold(pair[0])) return pair;
    }
  }

  private any(): readonly [string, string] {
    // Few names and texts, so that many pairs match; or all of them.
    const few = this.chance(0.7);
    [this.names, this.texts] = few
      ? [
          ['a', 'b'],
          ['a', 'ab', 'A', ''],
        ]
      : [NAMES, TEXTS];
    this.wrong = this.chance(0.3) ? 0.03 : 0;
    return [this.object(few ? 1 : 0, false), this.event(0)];
  }

  private below(limit: number): number {
    return Math.floor(this.next() * limit);
  }

  private pick<T>(list: readonly T[]): T {
    return list[this.below(list.length)]!;
  }

  private chance(share: number): boolean {
    return this.next() < share;
  }

  private many(least: number, most: number, make: () => string): string[] {
    return Array.from({ length: least + this.below(most - least + 1) }, make);
  }

  private scalar(): string {
    const kind = this.next();
    if (kind < 0.55) return JSON.stringify(this.pick(this.texts));
    return kind < 0.85 ? this.pick(NUMBERS) : this.pick(WORDS);
  }

  private event(depth: number): string {
    const members = this.many(depth === 0 ? 1 : 0, 3, () => {
      const kind = this.next();
      const value =
        depth > 2 || kind < 0.55
          ? this.scalar()
          : kind < 0.75
            ? this.event(depth + 1)
            : `[${this.many(0, 3, () => this.item(depth)).join(',')}]`;
      return `${JSON.stringify(this.pick(this.names))}:${value}`;
    });
    return `{${members.join(',')}}`;
  }

  private item(depth: number): string {
    const kind = this.next();
    if (kind < 0.35) return this.scalar();
    return kind < 0.9 ? this.event(depth + 1) : `[${this.many(0, 2, () => this.event(depth + 1)).join(',')}]`;
  }

  private object(depth: number, inOr: boolean): string {
    const least = this.chance(this.wrong) ? 0 : 1;
    const members = this.many(least, 3, () => {
      if (depth < 2 && this.chance(0.1)) return this.either(depth);
      const name = JSON.stringify(this.chance(this.wrong / 5) ? 'prefix' : this.pick(this.names));
      const kind = this.next();
      if (depth < 2 && kind < 0.35) return `${name}:${this.object(depth + 1, inOr)}`;
      if (kind > 1 - this.wrong) return `${name}:${this.scalar()}`;
      return `${name}:[${this.many(this.chance(this.wrong) ? 0 : 1, 2, () => this.value()).join(',')}]`;
    });
    return `{${members.join(',')}}`;
  }

  private either(depth: number): string {
    const ways = this.many(this.chance(this.wrong) ? 0 : 2, 3, () =>
      this.chance(this.wrong) ? this.scalar() : this.object(depth + 1, true),
    );
    return `"$or":[${ways.join(',')}]`;
  }

  private value(): string {
    const kind = this.next();
    if (kind < 0.3) return this.scalar();
    if (kind < 0.3 + this.wrong) return '[1]';
    if (kind < 0.3 + 2 * this.wrong) return `{"prefix":"a","suffix":"b"}`;
    return `{${this.comparison()}}`;
  }

  private comparison(): string {
    const text = () => (this.chance(this.wrong) ? this.scalar() : JSON.stringify(this.pick(this.texts)));
    switch (this.below(11)) {
      case 0:
        return `"prefix":${this.maybeIgnoring(text)}`;
      case 1:
        return `"suffix":${this.maybeIgnoring(text)}`;
      case 2:
        return `"equals-ignore-case":${text()}`;
      case 3:
        return `"wildcard":${this.wildcard()}`;
      case 4:
        return `"exists":${this.chance(this.wrong) ? this.scalar() : this.pick(['true', 'false'])}`;
      case 5:
        return `"exists":false`;
      case 6:
        return `"numeric":${this.numeric()}`;
      case 7:
        return `"cidr":${JSON.stringify(this.pick(this.chance(this.wrong * 3) ? BAD_CIDRS : CIDRS))}`;
      case 8:
        return `"${this.chance(this.wrong) ? 'like' : 'exactly'}":${text()}`;
      default:
        return `"anything-but":${this.anythingBut(text)}`;
    }
  }

  private maybeIgnoring(text: () => string): string {
    return this.chance(0.3) ? `{"${this.chance(this.wrong) ? 'prefix' : 'equals-ignore-case'}":${text()}}` : text();
  }

  private wildcard(): string {
    return JSON.stringify(this.pick(this.chance(this.wrong * 3) ? BAD_WILDCARDS : WILDCARDS));
  }

  private numeric(): string {
    const number = () => (this.chance(this.wrong) ? this.scalar() : this.pick(this.chance(0.9) ? COMPARABLE : NUMBERS));
    const kind = this.next();
    if (kind < 0.5) return `["${this.pick(['=', '<', '<=', '>', '>='])}",${number()}]`;
    if (kind < 1 - this.wrong)
      return `["${this.pick(['>', '>='])}",${this.pick(['-3', '0'])},"${this.pick(['<', '<='])}",${number()}]`;
    return `["${this.pick(['=', '<', '>', '!='])}",${number()},"${this.pick(['<', '>=', '='])}",${number()}]`;
  }

  private anythingBut(text: () => string): string {
    const kind = this.next();
    if (kind < 0.2) return this.chance(this.wrong) ? this.scalar() : text();
    if (kind < 0.35) return `[${this.many(this.chance(this.wrong) ? 0 : 1, 2, text).join(',')}]`;
    if (kind < 0.45) return `[${this.many(1, 2, () => this.pick(COMPARABLE)).join(',')}]`;
    const operator = this.pick(['prefix', 'suffix', 'equals-ignore-case', 'wildcard']);
    const value = operator === 'wildcard' ? () => this.wildcard() : text;
    return `{"${operator}":${this.chance(0.5) ? value() : `[${this.many(1, 2, value).join(',')}]`}}`;
  }
}

/**
 * Whether event-ruler says the same of a pattern each time, and what its pages say. It does not where ways of \`$or\` share
 * their values (see \`lostWays\`), and where texts without case stand beside other values of one field.
 */
function isTold(pattern: string): boolean {
  const read = readJson(pattern);
  if (read?.kind !== 'object' || faultsIn(read, 'bus').length > 0) return true;
  const ways = waysOf(read);
  const paths = new Set(ways.flatMap((way) => [...way.keys()]));
  const mixed = [...paths].some((path) => {
    const said = new Set(ways.flatMap((way) => way.get(path)?.patterns.map(({ same }) => same) ?? []));
    return said.size > 1 && [...said].some((same) => /any case|ignore-case/.test(same));
  });
  return !mixed && lostWays(ways).size === 0;
}

function verdict(pattern: string, event: string): string {
  const [read, happened] = [readJson(pattern), readJson(event)];
  if (!read || !happened) return 'no JSON';
  try {
    return new EventPattern(read, 'bus').matches(happened) ? 'yes' : 'no';
  } catch (error) {
    if (!(error instanceof PatternError)) throw error;
    // A machine of event-ruler takes a broken `$or` for a field of that name, which no event has.
    const { message: said = '$or' } = error.fault;
    return said.includes('$or') ? 'documented' : `invalid: ${said}`;
  }
}

const lines = (file: string) => readFileSync(file, 'utf8').split('\n').filter(Boolean);

function compare(pairs: string, verdicts: string): void {
  const given = lines(verdicts).map((line) => JSON.parse(line) as string);
  const counts: Record<string, number> = {};
  const count = (name: string) => (counts[name] = (counts[name] ?? 0) + 1);
  for (const [index, line] of lines(pairs).entries()) {
    const [pattern, event] = JSON.parse(line) as [string, string];
    const [ours, theirs] = [verdict(pattern, event), given[index] ?? 'missing'];
    const word = (said: string) => said.split(':')[0]!;
    if (word(ours) === 'documented') count('refused by the documentation alone');
    else if (word(ours) === word(theirs)) count(word(ours));
    else if (count('different') <= 20) console.log(`${pattern}\n${event}\nours ${ours}, theirs ${theirs}\n`);
  }
  console.log(counts);
}

const [command, ...given] = process.argv.slice(2);
if (command === 'generate') {
  const pairs = new Pairs(random(Number(given[1] ?? 1)));
  for (let index = 0; index < Number(given[0] ?? 1000); index++) console.log(JSON.stringify(pairs.pair()));
} else if (command === 'compare') compare(given[0] ?? '', given[1] ?? '');
