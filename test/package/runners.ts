import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { type Installed, root, tsc } from './installed';

/** The kit of `lintel/testing` under test runners other than jest, which all other tests here are for. */
export function describeRunners(of: () => Installed): void {
  beforeAll(() => of().link(path.join(of().app, 'node_modules'), ['vitest']));

  test('the tests of each compile', () => {
    of().run(process.execPath, [tsc[7], '-p', 'runners']);
  }, 180_000);

  test('vitest has every matcher, snapshot, serializer and the local run', () => {
    const vitest = (...args: string[]) =>
      of().run(process.execPath, [
        path.join(root, 'node_modules/vitest/vitest.mjs'),
        ...['run', '--config', 'runners/vitest.config.mts', '--reporter=json', ...args],
      ]);
    // In CI vitest writes no snapshot unless it is told to.
    expect(JSON.parse(vitest('--update=new'))).toMatchObject({ numPassedTests: 5, snapshot: { added: 5 } });
    const file = path.join(of().app, 'runners/__snapshots__/vitest.spec.ts.snap');
    const written = readFileSync(file, 'utf8');
    expect(written).toContain('keeps snapshots > again 1');
    writeFileSync(file, written.replaceAll('PAY_PER_REQUEST', 'PROVISIONED'));
    expect(() => vitest('--testNamePattern', 'keeps snapshots')).toThrow(/Snapshot `keeps snapshots 1` mismatched/);
  }, 180_000);

  test('node:test has them as assertions, and the local run', () => {
    const args = ['--import', 'tsx', '--test', 'runners/node.spec.ts'];
    expect(of().run(process.execPath, args)).toMatch(/# pass 4\n# fail 0/);
  }, 180_000);
}
