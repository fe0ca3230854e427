import { existsSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';

const ROOTS = ['lib', '', 'patterns'];
const ENDINGS = ['', '.ts', '.mts', '.mjs', '.js', '.md'];

/** Folders of tests whose subject is no folder of ours. */
const ELSEWHERE: Record<string, string> = {
  'aws/mistakes': "what a user gets wrong, over all that 'lintel/aws' exports from lib/aws and patterns/aws",
  'edge/mistakes': "what a user gets wrong, over all that 'lintel/edge' exports from lib/edge and patterns/edge",
  jest: 'what the tests themselves run in',
  package: 'the built package, as npm installs it',
};

/** Sources by which a test reaches what is behind them. */
const ENTRANCES = ['lib/cli/main', 'lib/core/model/read-template'];

const filesIn = (folder: string) =>
  readdirSync(folder, { recursive: true, encoding: 'utf8' }).map((file) => path.posix.join(folder, file));

const tests = filesIn('test').filter((file) => file.endsWith('.test.ts') && !file.includes('node_modules'));
const placeOf = (test: string) => test.slice('test/'.length, -'.test.ts'.length);

/** A folder of ours, or a file without its ending: `core/arn` is `lib/core/arn.ts`. */
function isSource(place: string): boolean {
  return ROOTS.some((root) => ENDINGS.some((ending) => existsSync(path.join(root, place + ending))));
}

/** What a test imports of ours, by path or as `lintel/...`. */
function sourcesOf(test: string): string[] {
  const imports = readFileSync(test, 'utf8').matchAll(/(?:from|import\(|require\()\s*'(\.[^']+|lintel\/[^']+)'/g);
  const modules = Array.from(imports, ([, from = '']) =>
    path.posix.join(from[0] === '.' ? path.dirname(test) : '', from),
  );
  return [...new Set(modules.filter((module) => !module.startsWith('test/')))];
}

test('each test is at the path of a source or of a folder of them, or is in such a folder', () => {
  const lost = tests.filter((test) => {
    const place = placeOf(test);
    const folder = path.posix.dirname(place);
    return !isSource(place) && !isSource(folder) && !(folder in ELSEWHERE);
  });
  expect(lost).toEqual([]);
  expect(tests.length).toBeGreaterThan(500);
});

/** The path, or one that goes on after a source's: `serverless-api-keys`, `evaluate.property`. */
function beginsWithSource(place: string): boolean {
  const ends = [...path.basename(place).matchAll(/[-.]/g)].map(({ index }) => path.dirname(place).length + 1 + index);
  return [place.length, ...ends].some((end) => isSource(place.slice(0, end)));
}

test('a test that imports one source alone has the path of one, or begins with it', () => {
  const misnamed = tests.filter((test) => {
    const [source = '', ...others] = sourcesOf(test);
    if (others.length > 0 || !existsSync(`${source}.ts`) || ENTRANCES.includes(source)) return false;
    // Whatever is in a folder 'workers' is compiled with the types of Workers, a test too.
    return !source.includes('/workers/') && !beginsWithSource(placeOf(test));
  });
  expect(misnamed).toEqual([]);
});

test('the folders elsewhere hold tests, and are no folders of ours', () => {
  const folders = Object.keys(ELSEWHERE);
  expect(folders.filter(isSource)).toEqual([]);
  expect(folders.filter((folder) => !tests.some((test) => path.dirname(placeOf(test)) === folder))).toEqual([]);
});

test('each rule has a test at its path', () => {
  const rules = filesIn('lib/rules/rules').filter((file) =>
    /: Rule = \{/.test(file.endsWith('.ts') ? readFileSync(file, 'utf8') : ''),
  );
  expect(rules.filter((file) => !existsSync(file.replace(/^lib\/(.*)\.ts$/, 'test/$1.test.ts')))).toEqual([]);
  expect(rules.length).toBeGreaterThan(100);
});
