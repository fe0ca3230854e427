import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { main } from '../../lib/cli/main';

const root = path.join(__dirname, '../..');
const scratch = mkdtempSync(path.join(tmpdir(), 'lintel-main-'));
afterAll(() => rmSync(scratch, { recursive: true, force: true }));

function lintel(argv: readonly string[], env: Record<string, string> = {}) {
  const { status, stdout, stderr } = spawnSync(
    process.execPath,
    ['--import', require.resolve('tsx'), path.join(root, 'lib/cli/main.ts'), ...argv],
    { cwd: scratch, encoding: 'utf8', env: { ...process.env, ...env } },
  );
  return { status, stdout, stderr };
}

test('the process exits with the code of the command, and prints paths as seen from here', () => {
  const worker = '{ Type: AWS::Lambda::Function, Properties: { MemorySize: 64, Role: r, Code: { ZipFile: x } } }';
  writeFileSync(path.join(scratch, 'bad.yaml'), `Resources:\n  Worker: ${worker}\n`);
  const { status, stdout, stderr } = lintel(['check', 'bad.yaml']);
  expect([status, stderr]).toEqual([1, '']);
  expect(stdout).toMatch(/^Worker in bad\.yaml\n/);
  expect(stdout).not.toContain('\u001b');
});

test('colours are shown where they are forced, and never where they are unwanted', () => {
  // CloudFormation's own validator takes seconds, and has nothing to do with colours.
  const check = ['check', 'bad.yaml', '--no-validate'];
  expect(lintel(check, { FORCE_COLOR: '1', NO_COLOR: '' }).stdout).toContain('\u001b[');
  const { stdout } = lintel(check, { FORCE_COLOR: '1', NO_COLOR: '1' });
  expect(stdout).toMatch(/^Worker in bad\.yaml\n/);
  expect(stdout).not.toContain('\u001b[');
});

describe('the terminal', () => {
  /** What a command says, in this process. */
  async function said(...argv: readonly string[]) {
    let [out, notes] = ['', ''];
    const io = {
      out: (text: string) => void (out += text),
      note: (text: string) => void (notes += text),
      colour: false,
    };
    return { code: await main(argv, io), out, notes };
  }
  let commands: readonly string[];
  beforeAll(async () => {
    const { out } = await said('--help');
    commands = [...out.matchAll(/^ {2}lintel (\w+) /gm)].map(([, name]) => name!);
  });

  test('every page of help fits 80 columns and has examples', async () => {
    expect(commands).toEqual(expect.arrayContaining(['check', 'run', 'doctor', 'completion']));
    const pages = await Promise.all(commands.map((name) => said(name, '--help')));
    for (const { code, out } of [await said('--help'), ...pages]) {
      expect(code).toBe(0);
      expect(out.split('\n').filter((line) => line.length > 80)).toEqual([]);
      expect(out).toMatch(/^Examples:\n {2}\S/m);
    }
  });

  test('asks what was meant by a command or an option that is not there', async () => {
    expect(await said('chek')).toEqual({
      code: 2,
      out: '',
      notes: "lintel has no command 'chek', did you mean 'check'?",
    });
    expect((await said('check', '--frmat', 'json')).notes).toContain(
      "unknown option '--frmat', did you mean '--format'?",
    );
  });

  test('completes commands and their options', async () => {
    const { out } = await said('completion', 'bash');
    const complete = (line: string) => {
      const words = line.split(' ');
      const script = `${out}\nCOMP_WORDS=(${words.map((word) => `'${word}'`).join(' ')}); COMP_CWORD=${words.length - 1}; _lintel; echo "\${COMPREPLY[@]}"`;
      return spawnSync('bash', ['-c', script], { encoding: 'utf8' }).stdout.trim().split(' ');
    };
    expect(complete('lintel ')).toEqual(expect.arrayContaining([...commands]));
    expect(complete('lintel access --n')).toEqual(['--new-principals']);
    for (const shell of ['zsh', 'fish']) expect((await said('completion', shell)).out).toContain('new-principals');
    expect(await said('completion', 'tcsh')).toMatchObject({
      code: 2,
      notes: expect.stringContaining('bash, zsh or fish'),
    });
  });

  test('doctor says what is there, and the one command for what is not', async () => {
    const { code, out } = await said('doctor');
    expect(code).toBe(0);
    expect(out).toMatch(/^ok Node\.js \d+/);
    expect(out).toMatch(/^ok lintel\/aws\n {2}aws-cdk-lib \d+\.\d+\.\d+\n/m);
  });
});

test('the process exits 2 when it cannot judge', () => {
  const { status, stdout, stderr } = lintel(['check', 'nowhere', '--format', 'json']);
  expect(status).toBe(2);
  expect(stderr).toBe('nowhere does not exist; check the path\n');
  expect(JSON.parse(stdout)).toMatchObject({ failures: [{ template: 'nowhere' }] });
});
