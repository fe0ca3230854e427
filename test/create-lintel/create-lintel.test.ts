import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fits } from '../../lib/core/peers';

/** What runs in a starter that was made from the packed package is in `test/package`. */
const root = path.join(__dirname, '../..');
const made = path.join(root, 'create-lintel');
const json = (file: string) => JSON.parse(readFileSync(file, 'utf8')) as Record<string, never>;

let directory: string;
beforeEach(() => {
  directory = mkdtempSync(path.join(tmpdir(), 'create-lintel-'));
});
afterEach(() => rmSync(directory, { recursive: true, force: true }));

function create(args: readonly string[], cwd = directory) {
  const { status, stdout, stderr } = spawnSync(process.execPath, [path.join(made, 'create-lintel.js'), ...args], {
    cwd,
    encoding: 'utf8',
  });
  return { status, stdout, stderr };
}

const at = (...names: string[]) => path.join(directory, ...names);
const read = (...names: string[]) => readFileSync(at(...names), 'utf8');

test('fills a new folder, names the app after it, and says what is next in 80 columns', () => {
  const { status, stdout, stderr } = create(['team-notes']);
  expect([status, stderr]).toEqual([0, '']);
  expect(stdout).toMatch(/team-notes is ready:\n\n {2}cd team-notes\n {2}npm install[^]*npm test[^]*npm start/);
  expect(stdout.split('\n').filter((line) => line.length > 80)).toEqual([]);
  expect(JSON.parse(read('team-notes/package.json'))).toMatchObject({ name: 'team-notes' });
  expect(read('team-notes/bin/app.ts')).toContain("new NotesStack(app, 'TeamNotes')");
  expect(read('team-notes/.gitignore')).toContain('node_modules/');
  const files = readdirSync(at('team-notes'), { recursive: true, encoding: 'utf8' });
  expect(files).toEqual(expect.arrayContaining(['.github/workflows/ci.yml', 'src/lintel.d.ts', 'test/notes.test.ts']));
  const texts = files
    .filter((file) => /\.\w+$/.test(file) && !file.startsWith('.git'))
    .map((file) => read('team-notes', file));
  expect(texts.filter((text) => /__\w+__/.test(text.replaceAll('__dirname', '')))).toEqual([]);
});

test('fills the current folder, where there may be a repository', () => {
  mkdirSync(at('My Shop/.git'), { recursive: true });
  const { status, stdout } = create([], at('My Shop'));
  expect(status).toBe(0);
  expect(stdout).not.toContain('  cd ');
  expect(JSON.parse(read('My Shop/package.json'))).toMatchObject({ name: 'my-shop' });
});

test('takes a name', () => {
  expect(create(['app', '--name', 'shop']).status).toBe(0);
  expect(JSON.parse(read('app/package.json'))).toMatchObject({ name: 'shop' });
});

test('refuses a folder that has files, and leaves them as they are', () => {
  writeFileSync(at('package.json'), '{}');
  const { status, stderr } = create(['.', '--name', 'shop']);
  expect(status).toBe(1);
  expect(stderr).toMatch(
    /^create-lintel: '.*' is not empty \(package\.json\); name a new folder: npm create lintel notes\n$/,
  );
  expect([readdirSync(directory), read('package.json')]).toEqual([['package.json'], '{}']);
});

test.each([
  [['a', 'b'], 'must be one folder, got a, b'],
  [['--name', 'My App'], "'--name' must be lower-case letters, digits and single hyphens, starting with a letter"],
  [['123'], "the folder '123' does not make a name; add -- --name NAME"],
  [['--nmae', 'shop'], "Unknown option '--nmae'"],
])('refuses %j, without a trace of where it stood', (args, message) => {
  const { status, stderr } = create(args);
  expect(status).toBe(1);
  expect(stderr).toContain(`create-lintel: ${message}`);
  expect(stderr).not.toMatch(/^ +at /m);
  expect(readdirSync(directory)).toEqual([]);
});

test('refuses a file in place of a folder', () => {
  writeFileSync(at('notes'), '');
  expect(create(['notes']).stderr).toBe(`create-lintel: '${at('notes')}' is a file; name a folder\n`);
});

test('says how it is called in 80 columns', () => {
  const { status, stdout } = create(['--help']);
  expect([status, stdout.split('\n').filter((line) => line.length > 80)]).toEqual([0, []]);
  expect(stdout).toContain('Examples:');
});

describe('the template keeps step', () => {
  const ours = json(path.join(root, 'package.json')) as unknown as {
    readonly version: string;
    readonly devDependencies: Readonly<Record<string, string>>;
    readonly peerDependencies: Readonly<Record<string, string>>;
  };
  const starter = json(path.join(made, 'template/package.json')) as unknown as Record<string, Record<string, string>>;
  const wanted = { ...starter.dependencies, ...starter.devDependencies };

  test('with the version of this package', () => {
    expect(json(path.join(made, 'package.json'))).toMatchObject({ version: ours.version });
    expect(wanted.lintel).toBe(`^${ours.version}`);
  });

  test('with the packages that are tested here, which fit what Lintel takes', () => {
    // Whichever TypeScript the packages allow that are added later; `test/package` compiles the starter with 5 and 7.
    const { lintel, typescript, ...others } = wanted;
    for (const compiler of ['typescript', 'typescript-7']) {
      const { version } = json(path.join(root, 'node_modules', compiler, 'package.json')) as { version?: string };
      expect(typescript!.split(' || ').filter((range) => fits(version!, range))).toHaveLength(1);
    }
    const versionOf = (range: string) => range.replace(/^[\^~]/, '');
    const tested = Object.keys(others).map((name) => [name, versionOf(ours.devDependencies[name] ?? 'none')]);
    expect(Object.entries(others).map(([name, range]) => [name, versionOf(range)])).toEqual(tested);
    const unfit = Object.entries(others).filter(
      ([name, range]) => name in ours.peerDependencies && !fits(versionOf(range), ours.peerDependencies[name]!),
    );
    expect(unfit).toEqual([]);
  });

  test('with the flags that CDK recommends to a new app', () => {
    const flags = json(path.join(root, 'node_modules/aws-cdk-lib/recommended-feature-flags.json'));
    expect(json(path.join(made, 'template/cdk.json'))).toMatchObject({ context: flags });
  });
});
