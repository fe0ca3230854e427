import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { App, Stack } from 'aws-cdk-lib';
import { EntityTable, ServerlessApi, type ServerlessApiProps } from 'lintel/aws';
import { main } from '../../lib/cli/main';

let directory: string;
beforeAll(() => {
  directory = mkdtempSync(path.join(tmpdir(), 'lintel-review-'));
  writeFileSync(path.join(directory, 'handler.ts'), 'export const handler = async () => ({ statusCode: 200 });\n');
  const entry = path.join(directory, 'handler.ts');
  synthesize('base', () => ({ 'GET /a': entry }));
  synthesize('route', () => ({ 'GET /a': entry, 'GET /b': entry }));
  synthesize('reading', (table) => ({ 'GET /a': entry, 'GET /b': { entry, access: { ORDERS: table.read() } } }));
  synthesize('wider', (table) => ({ 'GET /a': { entry, access: { ORDERS: table.read() } } }));
});
afterAll(() => rmSync(directory, { recursive: true, force: true }));

function synthesize(name: string, routes: (table: EntityTable) => ServerlessApiProps['routes']): void {
  const app = new App({ outdir: path.join(directory, name), builtinCloudFormationValidation: false });
  const stack = new Stack(app, 'Shop');
  const table = new EntityTable(stack, 'Orders', { partitionKey: 'id' });
  new ServerlessApi(stack, 'Api', { authorizer: 'iam', routes: routes(table) });
  app.synth();
}

/** Runs the command and keeps what it writes. */
async function lintel(...argv: string[]): Promise<{ code: number; out: string; notes: string }> {
  let [out, notes] = ['', ''];
  const code = await main(['access', ...argv.map((one) => one.replace('@', `${directory}/`))], {
    out: (text: string) => (out += text),
    note: (text: string) => (notes += `${text}\n`),
    colour: false,
    columns: 100,
  });
  return { code, out, notes };
}

const widened = (out: string) => (JSON.parse(out) as { widened: { id: string }[] }).widened.map(({ id }) => id);

test('a new route, its logs and its traces are shown apart and fail nothing', async () => {
  const { code, out } = await lintel('--diff', '@base', '@route');
  expect([code, out.split('\n')[0]]).toEqual([0, 'nothing widened']);
  expect(out).toContain('for the platform only, which does not count\napi Shop/Api/Api\n');
  expect(out).toMatch(/HandlerLogs {2,}new principal {2,}logs: CreateLogStream, PutLogEvents/);
  const { platform } = JSON.parse((await lintel('--diff', '@base', '@route', '--json')).out) as { platform: unknown[] };
  expect(platform).toHaveLength(3);
});

test('what the function of a new route may do besides counts, until new principals are for review', async () => {
  const counted = await lintel('--diff', '@base', '@reading');
  expect([counted.code, counted.out]).toEqual([
    1,
    expect.stringContaining('widened\nfunction Shop/Api/GET b/Handler\n'),
  ]);
  const reviewed = await lintel('--diff', '@base', '@reading', '--new-principals', 'review');
  expect(reviewed.code).toBe(0);
  expect(reviewed.out).toContain('nothing widened\n\nnew, to be reviewed\nfunction Shop/Api/GET b/Handler\n');
  // An old function that may do more is another matter.
  expect((await lintel('--diff', '@base', '@wider', '--new-principals', 'review')).code).toBe(1);
});

describe('accepted changes', () => {
  const accept = async (...more: object[]) => {
    const [id] = widened((await lintel('--diff', '@base', '@wider', '--json')).out);
    const changes = [{ change: id, reason: 'reviewed by Ana' }, ...more].map((one, index) => ({
      ...one,
      ...more[index],
    }));
    writeFileSync(path.join(directory, 'accepted.yaml'), JSON.stringify(changes.slice(0, Math.max(1, more.length))));
    return lintel('--diff', '@base', '@wider', '--accept', '@accepted.yaml');
  };

  test('do not count, and stay in the report with their reason', async () => {
    const { code, out } = await accept({ expires: '2999-12-31' });
    expect([code, out.split('\n')[0]]).toEqual([0, 'nothing widened']);
    expect(out).toMatch(/accepted\nfunction Shop\/Api\/GET a\/Handler\n.*reviewed by Ana \(until\s+2999-12-31\)/s);
  });

  test('count again after their day, and are named where they are no change any more', async () => {
    const { code, out } = await accept({ expires: '2020-01-31' }, { change: 'Shop/Gone@000000000000', reason: 'old' });
    expect(code).toBe(1);
    expect(out).toMatch(/accepted 'Shop\/Api\/GET-a\/Handler@[0-9a-f]{12}' ended on 2020-01-31/);
    expect(out).toContain("accepted 'Shop/Gone@000000000000' is no longer a change");
  });

  test('hold for that change alone', async () => {
    await accept();
    expect((await lintel('--diff', '@base', '@reading', '--accept', '@accepted.yaml')).code).toBe(1);
  });

  test.each([
    ['a file that is not there', undefined, 'cannot be read: there is no such file'],
    ['a change without a reason', '- change: a@1', "'accept.0.reason' must say why it is accepted"],
    ['text that is no YAML', '- [', 'cannot be read: '],
  ])('refuses %s', async (_, content, message) => {
    if (content !== undefined) writeFileSync(path.join(directory, 'bad.yaml'), content);
    const { code, notes } = await lintel(
      '--diff',
      '@base',
      '@wider',
      '--accept',
      content === undefined ? '@no.yaml' : '@bad.yaml',
    );
    expect([code, notes]).toEqual([2, expect.stringContaining(message)]);
  });
});

test('refuses options of --diff without it', async () => {
  expect((await lintel('@base', '--accept', 'x')).notes).toContain("'--accept' is for '--diff'");
  expect((await lintel('--diff', '@base', '@base', '--new-principals', 'no')).notes).toContain(
    'must be refuse or review',
  );
});
