import { spawnSync } from 'node:child_process';
import path from 'node:path';

const root = path.join(__dirname, '../..');

test('the demo synthesizes, judges, runs and reports, in plain text where there is no terminal', () => {
  const tsx = require.resolve('tsx/cli');
  const { status, stdout, stderr } = spawnSync(process.execPath, [tsx, 'scripts/demo.ts'], {
    cwd: root,
    encoding: 'utf8',
    env: { ...process.env, FORCE_COLOR: undefined, NODE_NO_WARNINGS: '1' },
  });
  expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
  expect(stdout).toMatch(/rules of Lintel and cdk-nag's two packs found nothing wrong/);
  expect(stdout).toMatch(/4 {2}AWS::Lambda::Function/);
  expect(stdout.match(/^ {2}\d{3} {2}\S+ +[A-Z]+ /gm)).toEqual([
    '  201  ann   POST ',
    '  201  ann   POST ',
    '  400  ann   POST ',
    '  200  ann   GET ',
    '  200  ann   GET ',
    '  404  bob   GET ',
    '  401  who?  GET ',
    '  200  ann   POST ',
  ]);
  expect(stdout).toMatch(/used {4}dynamodb:PutItem/);
  expect(stdout).not.toMatch(/denied|\u001b/);
}, 60_000);
