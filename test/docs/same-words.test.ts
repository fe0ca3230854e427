import { readFileSync } from 'node:fs';
import { declaredBy, type Word, wordsOf } from './declared-words';

const PAGE = 'docs/same-words.md';
const INDEX = { AWS: 'patterns/aws/index.ts', Cloudflare: 'patterns/edge/index.ts' } as const;
type Cloud = keyof typeof INDEX;
const CLOUDS = ['AWS', 'Cloudflare'] as const;

/** Types of the edge whose words every Worker, route or component has. */
const SHARED = ['WorkerArgs', 'RouteArgs', 'AccountArgs'];

interface Row {
  readonly line: number;
  /** What each column names of ours; words of others (`environment` of CDK) are left out. */
  readonly words: Readonly<Record<Cloud, readonly string[]>>;
  readonly cells: readonly [string, string, string];
}
interface Section {
  readonly heading: string;
  readonly names: readonly string[];
  readonly rows: readonly Row[];
}

const wordsByClass = (cloud: Cloud): ReadonlyMap<string, readonly Word[]> =>
  new Map(declaredBy(INDEX[cloud]).map(({ name, words }) => [name, words]));
const declared = { AWS: wordsByClass('AWS'), Cloudflare: wordsByClass('Cloudflare') };
const shared = SHARED.flatMap((type) => wordsOf(INDEX.Cloudflare, type));

const quoted = (text: string) => [...text.matchAll(/`([^`]+)`/g)].map(([, word]) => word!);
/** Words of a cell that are followed by whose they are are not of the section's classes. */
const own = (cell: string) => (/` of /.test(cell) ? [] : quoted(cell));

function sectionsOf(text: string): Section[] {
  const sections: { heading: string; names: string[]; rows: Row[] }[] = [];
  text.split('\n').forEach((content, index) => {
    if (content.startsWith('## ')) sections.push({ heading: content, names: quoted(content), rows: [] });
    const cells = content.startsWith('| ')
      ? content
          .split('|')
          .slice(1, -1)
          .map((cell) => cell.trim())
      : [];
    if (cells.length !== 3 || cells[0] === 'AWS' || cells[0]!.startsWith('---')) return;
    const [aws, edge, how] = cells as [string, string, string];
    const row = { line: index + 1, cells: [aws, edge, how] as const, words: { AWS: own(aws), Cloudflare: own(edge) } };
    sections.at(-1)!.rows.push(row);
  });
  return sections;
}

const sections = sectionsOf(readFileSync(PAGE, 'utf8'));
const everywhere = sections.find(({ names }) => names.includes('WorkerArgs'))!;
const sectionOf = (name: string) => sections.filter(({ names }) => names.includes(name));
const all = CLOUDS.flatMap((cloud) => [...declared[cloud]].map(([name, words]) => ({ cloud, name, words })));

test('every class of both entry points is in one section', () => {
  const found = all.map(({ name }) => [name, sectionOf(name).length] as const);
  expect(found.filter(([, count]) => count !== 1).map(([name]) => `${PAGE}: put \`${name}\` into one heading`)).toEqual(
    [],
  );
  const known = [...all.map(({ name }) => name), ...SHARED];
  const unknown = sections.flatMap(({ names }) => names).filter((name) => !known.includes(name));
  expect(unknown.map((name) => `${PAGE}: there is no class \`${name}\` any more; remove it from its heading`)).toEqual(
    [],
  );
});

test('every word of a class is in the column of its cloud', () => {
  const missing = all.flatMap(({ cloud, name, words }) => {
    const [section = everywhere] = sectionOf(name);
    const has = (word: string, { rows }: Section) => rows.some((row) => row.words[cloud].includes(word));
    return words
      .filter((word) => !has(word.name, section) && !has(word.name.replace(/^\w+\(\{ (\w+) \}\)$/, '$1'), everywhere))
      .map(({ name: word, place }) => {
        const row = cloud === 'AWS' ? `| \`${word}\` | - | no twin: why |` : `| - | \`${word}\` | no twin: why |`;
        return `${PAGE}: under '${section.heading}' put a row ${row} for ${name} (${place})`;
      });
  });
  expect(missing).toEqual([]);
});

test('a table names what its classes have, and nothing else', () => {
  const gone = sections.flatMap((section) =>
    CLOUDS.flatMap((cloud) => {
      const words = [...section.names.flatMap((name) => declared[cloud].get(name) ?? [])];
      const known =
        section === everywhere
          ? [...words, ...shared, ...all.flatMap((one) => (one.cloud === cloud ? one.words : []))]
          : words;
      return section.rows.flatMap((row) =>
        row.words[cloud]
          .filter((word) => !known.some(({ name }) => name === word))
          .map((word) => `${PAGE}:${row.line}: no class of '${section.heading}' has \`${word}\` on ${cloud} any more`),
      );
    }),
  );
  expect(gone).toEqual([]);
});

test('each row says the same word, another word and why, or no twin and why', () => {
  const wrong = sections.flatMap(({ rows, heading }) =>
    rows.flatMap(({ line, cells: [aws, edge, how] }) => {
      const isOne = (aws === '-') !== (edge === '-');
      const isSame = quoted(aws).join() === quoted(edge).join();
      const fits =
        (how === 'same word' && isSame) ||
        (/^other word: ./.test(how) && !isSame && aws !== '-' && edge !== '-') ||
        (/^no twin: ./.test(how) && isOne);
      return fits ? [] : [`${PAGE}:${line} (${heading}): '${how}' does not fit ${aws} and ${edge}`];
    }),
  );
  expect(wrong).toEqual([]);
});

test('what both clouds have under one word is a row of one word, or says why it is not the same', () => {
  const apart = sections.flatMap(({ rows, heading }) =>
    rows
      .filter(({ cells: [aws, edge] }) => (aws === '-') !== (edge === '-'))
      .flatMap(({ line, words, cells: [, , how] }) =>
        CLOUDS.flatMap((cloud) => {
          const other = cloud === 'AWS' ? 'Cloudflare' : 'AWS';
          const theirs = rows.flatMap((row) => row.words[other]);
          return words[cloud]
            .filter((word) => theirs.includes(word) && !how.includes(`\`${word}\``))
            .map((word) => `${PAGE}:${line} (${heading}): both have \`${word}\``);
        }),
      ),
  );
  expect(apart).toEqual([]);
});
