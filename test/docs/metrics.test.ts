import { readFileSync } from 'node:fs';
import { declaredBy } from './declared-words';

/** Rows of the page on metrics: the methods, and the classes that have them or how those are described. */
const rows = readFileSync('docs/alarms.md', 'utf8')
  .split('\n')
  .filter((line) => line.startsWith('| `metric'))
  .map((line) => line.split('|').map((cell) => [...cell.matchAll(/`(\w+)(\(\))?`/g)].map(([, name]) => name!)))
  .map(([, methods = [], classes = []]) => ({ methods, classes }));

/** The patterns with a metric, by its method. */
const owners = new Map<string, string[]>();
for (const { name, words } of declaredBy('patterns/aws/index.ts')) {
  for (const { name: word } of words) {
    const method = /^(metric\w+)\(\)$/.exec(word)?.[1];
    if (method) owners.set(method, [...(owners.get(method) ?? []), name]);
  }
}

test('the page on metrics names every method, and no other', () => {
  expect([...new Set(rows.flatMap(({ methods }) => methods))].sort()).toEqual([...owners.keys()].sort());
});

test('a class stands in the rows of the metrics that it has', () => {
  const named = rows.filter(({ classes }) => classes.length > 0);
  const said = named.flatMap(({ methods, classes }) =>
    methods.flatMap((method) => classes.map((one) => `${one}.${method}`)),
  );
  const described = new Set(rows.filter(({ classes }) => classes.length === 0).flatMap(({ methods }) => methods));
  const has = [...owners].flatMap(([method, classes]) =>
    described.has(method) ? [] : classes.map((one) => `${one}.${method}`),
  );
  expect(said.sort()).toEqual(has.sort());
});
