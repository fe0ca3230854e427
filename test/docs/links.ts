import { readFileSync } from 'node:fs';

/** The files that a page links to, as it names them. */
export function linksOf(page: string): readonly string[] {
  const links = readFileSync(page, 'utf8').matchAll(/\]\((?!https?:|#|mailto:)([^)#\s]+)/g);
  return [...links].map(([, link]) => link!);
}
