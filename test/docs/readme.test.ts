import { existsSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { linksOf } from './links';

const readme = readFileSync('README.md', 'utf8');

test.each(['aws', 'edge'])('README has every class of lintel/%s', (cloud) => {
  const index = `patterns/${cloud}/index.ts`;
  const classes = [...readFileSync(index, 'utf8').matchAll(/\{([^}]*)\} from '([^']+)'/g)].flatMap(
    ([, names, file]) => {
      const source = readFileSync(path.join(path.dirname(index), `${file}.ts`), 'utf8');
      return names!
        .split(',')
        .map((name) => name.trim())
        .filter((name) => new RegExp(`^export class ${name}\\b`, 'm').test(source));
    },
  );
  expect(classes.length).toBeGreaterThan(10);
  // A projection and a publication are made by their store.
  const made = ['Projection', 'Publication'];
  expect(classes.filter((name) => !made.includes(name) && !readme.includes(`\`${name}\``))).toEqual([]);
});

const pages = ['README.md', 'CONTRIBUTING.md', 'CHANGELOG.md', 'RULES.md'].concat(
  ...['docs', 'examples', 'decisions'].map((folder) =>
    readdirSync(folder, { recursive: true, encoding: 'utf8' })
      .filter((name) => name.endsWith('.md') && !name.includes('node_modules'))
      .map((name) => path.join(folder, name)),
  ),
);

test('every link from page to page leads somewhere', () => {
  const dead = pages.flatMap((page) =>
    linksOf(page)
      .filter((link) => !existsSync(path.join(path.dirname(page), link)))
      .map((link) => `${page}: ${link}`),
  );
  expect(dead).toEqual([]);
});
