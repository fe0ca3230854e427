import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { type Installed, root, tsc } from './installed';

/** Snapshots that vitest has kept: of the graph, and of a function that had more memory. */
const KEPT = `// Vitest Snapshot v1, https://vitest.dev/guide/snapshot.html

exports[\`compares with snapshots 1\`] = \`
{
  "outputs": {},
  "resources": [
    {
      "dependsOn": [],
      "inputs": {},
      "name": "pet",
      "options": {},
      "secrets": [],
      "type": "random:index/randomPet:RandomPet",
    },
  ],
}
\`;

exports[\`compares with snapshots 2\`] = \`
{
  "Resources": {
    "Small": {
      "Properties": {
        "MemorySize": 128,
      },
      "Type": "AWS::Lambda::Function",
    },
  },
}
\`;
`;

interface Report {
  readonly testResults: readonly [
    {
      readonly assertionResults: readonly {
        readonly status: string;
        readonly title: string;
        readonly failureMessages: readonly string[];
      }[];
    },
  ];
}

/** The kit of `lintel/testing` under test runners other than jest, which all other tests here are for. */
export function describeRunners(of: () => Installed): void {
  beforeAll(() => of().link(path.join(of().app, 'node_modules'), ['vitest']));

  test('the tests of each compile', () => {
    of().run(process.execPath, [tsc, '-p', 'runners']);
  }, 180_000);

  test('vitest has every matcher, snapshot, serializer and the local run', () => {
    const { app, run } = of();
    const file = path.join(app, 'runners/__snapshots__/vitest.spec.ts.snap');
    mkdirSync(path.dirname(file));
    writeFileSync(file, KEPT);
    const vitest = () =>
      run(process.execPath, [
        path.join(root, 'node_modules/vitest/vitest.mjs'),
        ...['run', '--config', 'runners/vitest.config.mts', '--reporter=json', '--outputFile=vitest.json'],
        // In CI vitest writes no snapshot unless it is told to.
        '--update=new',
      ]);
    expect(vitest).toThrow();
    const report = JSON.parse(readFileSync(path.join(app, 'vitest.json'), 'utf8')) as Report;
    expect(report).toMatchObject({ numPassedTests: 5, snapshot: { added: 5, matched: 1, unmatched: 1 } });
    const failed = report.testResults[0]!.assertionResults.filter(({ status }) => status !== 'passed');
    expect(failed).toMatchObject([{ title: 'compares with snapshots' }]);
    expect(failed[0]!.failureMessages[0]).toMatch(/Snapshot `compares with snapshots 2` mismatched/);
    expect(readFileSync(file, 'utf8')).toContain('keeps snapshots > again 1');
  }, 180_000);

  test('node:test has them as assertions, and the local run', () => {
    const args = ['--import', 'tsx', '--test', 'runners/node.spec.ts'];
    expect(of().run(process.execPath, args)).toMatch(/# pass 4\n# fail 0/);
  }, 180_000);
}
