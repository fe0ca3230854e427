import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';

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
  expect(lintel(['check', 'bad.yaml'], { FORCE_COLOR: '1', NO_COLOR: '' }).stdout).toContain('\u001b[');
  expect(lintel(['check', 'bad.yaml'], { FORCE_COLOR: '1', NO_COLOR: '1' }).stdout).not.toContain('\u001b[');
});

test('the process exits 2 when it cannot judge', () => {
  const { status, stdout, stderr } = lintel(['check', 'nowhere', '--format', 'json']);
  expect(status).toBe(2);
  expect(stderr).toBe('nowhere does not exist; check the path\n');
  expect(JSON.parse(stdout)).toMatchObject({ failures: [{ template: 'nowhere' }] });
});
