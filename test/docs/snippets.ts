import { readFileSync, readdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { compilerErrors } from '../compiler';

/** A `ts` block of a page. */
export interface Snippet {
  /** `README.md:34`, for the test's name. */
  readonly place: string;
  readonly code: string;
}

export const root = path.join(__dirname, '../..');

/** README, the pages of the examples, and docs/. */
export function pages(): string[] {
  const examples = readdirSync(path.join(root, 'examples'), { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('README.md') && !file.includes('node_modules'))
    .map((file) => path.join('examples', file));
  const docs = readdirSync(path.join(root, 'docs')).filter((file) => file.endsWith('.md'));
  return ['README.md', ...docs.map((file) => path.join('docs', file)), ...examples].sort();
}

/** Every block fenced as `ts` in a page. */
export function snippetsOf(page: string): Snippet[] {
  const text = readFileSync(path.join(root, page), 'utf8');
  return [...text.matchAll(/^```ts\n([\s\S]*?)^```$/gm)].map((match) => ({
    place: `${page}:${text.slice(0, match.index).split('\n').length}`,
    code: match[1]!,
  }));
}

/** The imports of a snippet, and the rest. */
export function split(code: string): { imports: string; body: string } {
  const imports = [...code.matchAll(/^import [\s\S]*?;\n/gm)].map(([text]) => text);
  return { imports: imports.join(''), body: imports.reduce((rest, text) => rest.replace(text, ''), code) };
}

/** What the compiler says of snippets, as sources in a folder, with the place of each. */
export function errorsOf(
  directory: string,
  snippets: readonly Snippet[],
  source: (code: string) => string,
): readonly string[] {
  const places = new Map(
    snippets.map(({ place, code }, index) => {
      // What vitest reads for itself is an ES module.
      const extension = /'(vitest\/config|lintel\/testing\/vitest|@libsql\/client\/web)'/.test(code) ? 'mts' : 'ts';
      const file = path.join(directory, `snippet-${index}.${extension}`);
      writeFileSync(file, source(code));
      return [file, place];
    }),
  );
  return compilerErrors([...places.keys()], { noUnusedLocals: false }).map(
    ({ file = '', message }) => `${places.get(file) ?? file}: ${message}`,
  );
}
