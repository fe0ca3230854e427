import { readFileSync } from 'node:fs';
import path from 'node:path';
import Ajv from 'ajv';
import addFormats from 'ajv-formats';
import { baselineOf, compare } from '../../../lib/rules/report/baseline';
import { fromHere } from '../../../lib/rules/report/grouped';
import { jsonReport } from '../../../lib/rules/report/json';
import { markdownReport } from '../../../lib/rules/report/markdown';
import {
  type AcknowledgedFinding,
  combined,
  failed,
  type ReportedFinding,
  reportOf,
} from '../../../lib/rules/report/report';
import { sarifReport } from '../../../lib/rules/report/sarif';
import { textReport } from '../../../lib/rules/report/text';

const finding: ReportedFinding = {
  id: 'QueueTime:Shop/Queue',
  rule: 'QueueTime',
  severity: 'error',
  template: 'cdk.out/Shop.template.json',
  resource: 'Queue1A2B3C4D',
  path: 'Shop/Queue/Resource',
  property: 'VisibilityTimeout',
  message: 'hides a message for 30 | 60 seconds',
  remedy: 'set it to 360',
  location: { file: 'cdk.out/Shop.template.json', line: 12, column: 4 },
  origin: { file: 'bin/shop.ts', line: 7, column: 3 },
  acknowledge: 'Lintel::QueueTime',
};
const warning: ReportedFinding = {
  id: 'Other:a.yaml/Fn',
  rule: 'Other',
  severity: 'warning',
  template: 'a.yaml',
  resource: 'Fn',
  message: 'could be <better> @team',
  location: { file: 'a.yaml', line: 3 },
  acknowledge: 'Lintel::Other',
};
const open: ReportedFinding = {
  ...warning,
  id: 'Other?:a.yaml/Fn',
  message: "parameter 'X' has no default",
  property: 'Size',
};
const accepted: AcknowledgedFinding = {
  ...finding,
  id: 'QueueTime:Shop/Old',
  reason: 'moved soon',
  expires: '2027-03-31',
  by: { id: 'Lintel::QueueTime', path: 'Shop' },
};
const cdksOwn: AcknowledgedFinding = {
  ...warning,
  id: 'Other:Shop/LogRetention',
  reason: 'made by aws-cdk-lib itself: log retention',
};
const report = reportOf({
  findings: [finding, warning],
  unknown: [open, { ...open, rule: 'Third' }],
  acknowledged: [accepted, cdksOwn, cdksOwn],
  failures: [],
});
const rules = ['QueueTime', 'Other', 'Third', 'Unused'].map((id) => ({
  id,
  severity: 'error' as const,
  title: `${id} holds`,
  why: 'It matters.',
  fix: 'repair it',
  source: 'https://docs.aws.amazon.com/x.html',
}));

describe('JSON', () => {
  const parsed = JSON.parse(jsonReport(report)) as Record<string, never>;

  test('has the shape of the contract', () => {
    expect(Object.keys(parsed)).toEqual([
      'version',
      'summary',
      'findings',
      'unknown',
      'unread',
      'acknowledged',
      'failures',
      'unjudged',
    ]);
    expect(parsed).toMatchObject({ version: 1, summary: { errors: 1, warnings: 1, unknown: 1, acknowledged: 3 } });
    expect(parsed.findings![0]).toEqual({
      id: 'QueueTime:Shop/Queue',
      rule: 'QueueTime',
      severity: 'error',
      template: 'cdk.out/Shop.template.json',
      resource: 'Queue1A2B3C4D',
      path: 'Shop/Queue/Resource',
      property: 'VisibilityTimeout',
      message: 'hides a message for 30 | 60 seconds',
      remedy: 'set it to 360',
      line: 12,
      source: { file: 'bin/shop.ts', line: 7, column: 3 },
    });
  });

  test('leaves absent facts out', () => {
    expect(Object.keys(parsed.findings![1])).toEqual([
      'id',
      'rule',
      'severity',
      'template',
      'resource',
      'message',
      'line',
    ]);
    expect(parsed.acknowledged![0]).toMatchObject({ reason: 'moved soon', expires: '2027-03-31' });
    expect(parsed.acknowledged![1]).not.toHaveProperty('expires');
  });
});

describe('text', () => {
  test('groups findings by resource, and shows everything else with its reason', () => {
    expect(textReport(report)).toBe(`Shop/Queue  bin/shop.ts:7, cdk.out/Shop.template.json
  12  error    QueueTime  hides a message for 30 | 60 seconds (VisibilityTimeout)
                          -> set it to 360

Fn in a.yaml
  3  warning  Other  could be <better> @team

Unknown: known only at deployment, so not judged
  Fn in a.yaml Size: parameter 'X' has no default (Other, Third)

Acknowledged
  QueueTime on Shop/Queue: hides a message for 30 | 60 seconds (moved soon; expires 2027-03-31)
  Other: 2 findings (made by aws-cdk-lib itself: log retention)

1 error, 1 warning, 1 unknown, 3 acknowledged
`);
  });

  test('is coloured only when asked', () => {
    expect(textReport(report)).not.toContain('\u001b');
    expect(textReport(report, { colour: true })).toContain('\u001b[31merror');
  });

  test('never looks clean when something could not be judged', () => {
    const text = textReport(failed({ template: 'x.yaml', message: 'x.yaml is not a template; name one' }));
    expect(text).toBe(
      'Not judged\n  x.yaml is not a template; name one\n\n0 errors, 0 warnings, 0 unknown, 0 acknowledged; incomplete\n',
    );
  });
});

describe('markdown', () => {
  test('is a table that a pull request shows as it is written', () => {
    expect(markdownReport(report)).toBe(`### Lintel: 1 error, 1 warning, 1 unknown, 3 acknowledged

| | Rule | Where | What | What to do |
| --- | --- | --- | --- | --- |
| error | QueueTime | \`Shop/Queue\`<br>\`bin/shop.ts:7\` | hides a message for 30 \\| 60 seconds (\`VisibilityTimeout\`) | set it to 360 |
| warning | Other | \`Fn in a.yaml\`<br>\`a.yaml:3\` | could be \\<better\\> @\u200bteam |  |

<details><summary>1 unknown: known only at deployment</summary>

- Fn in a.yaml Size: parameter 'X' has no default (Other, Third)

</details>

<details><summary>3 acknowledged</summary>

- QueueTime on Shop/Queue: hides a message for 30 \\| 60 seconds (moved soon; expires 2027-03-31)
- Other: 2 findings (made by aws-cdk-lib itself: log retention)

</details>
`);
  });

  test('stays within what a comment can hold', () => {
    const many = reportOf({
      findings: Array.from({ length: 2000 }, () => finding),
      unknown: [],
      acknowledged: [],
      failures: [],
    });
    expect(markdownReport(many).length).toBeLessThan(65_536);
    expect(markdownReport(many)).toContain('... and 1900 more.');
  });
});

describe('SARIF of more results than code scanning keeps', () => {
  const many = reportOf({
    findings: [...Array.from({ length: 5000 }, (_, index) => ({ ...warning, id: `Other:${index}` })), finding],
    unknown: [open],
    acknowledged: [],
    failures: [],
  });

  test('has those that weigh most, and says how many are left out', () => {
    const { runs } = JSON.parse(sarifReport(many, { rules, version: '0.1.0' })) as {
      runs: { results: { level: string }[]; invocations: object[] }[];
    };
    expect(runs[0]!.results).toHaveLength(5000);
    expect(runs[0]!.results[0]!.level).toBe('error');
    expect(runs[0]!.invocations[0]).toMatchObject({
      toolExecutionNotifications: [
        { level: 'warning', message: { text: expect.stringContaining('the 2 that weigh least') } },
      ],
    });
  });
});

describe('SARIF', () => {
  const ajv = new Ajv({ strict: false, unicodeRegExp: false });
  addFormats(ajv);
  const repository = path.join(__dirname, '../../..');
  const schema = path.join(__dirname, '../../fixtures/sarif-2.1.0-rtm.5.schema.json');
  const validate = ajv.compile(JSON.parse(readFileSync(schema, 'utf8')) as object);
  const log = (of: typeof report) => JSON.parse(sarifReport(of, { rules, version: '0.1.0' })) as { runs: [Run] };

  interface Run {
    readonly tool: { driver: { rules: { id: string }[] } };
    readonly invocations: readonly object[];
    readonly results: readonly Record<string, never>[];
  }

  test.each([
    ['findings of every kind', report],
    ['nothing', reportOf({ findings: [], unknown: [], acknowledged: [], failures: [] })],
    ['a failure', failed({ template: 'x', message: 'x is broken' })],
    [
      'a finding without a place',
      reportOf({ ...report, findings: [{ ...warning, location: undefined, resource: undefined }] }),
    ],
  ])('with %s is valid by the schema of 2.1.0', (_, of) => {
    validate(log(of));
    expect(validate.errors ?? []).toEqual([]);
  });

  test('a finding without a place is at its template: code scanning refuses a report with a result in no file', () => {
    const [{ results }] = log(reportOf({ findings: [{ ...warning, location: undefined }] })).runs as [Run];
    expect(results[0]).toMatchObject({
      locations: [{ physicalLocation: { artifactLocation: { uri: 'a.yaml' }, region: { startLine: 1 } } }],
    });
  });

  test('files are named by their place in the repository, also from a folder of it', () => {
    const cwd = jest.spyOn(process, 'cwd').mockReturnValue(path.join(repository, 'docs'));
    const of = reportOf({
      findings: [{ ...warning, location: { file: path.join(repository, 'lib/a.yaml'), line: 1 } }],
    });
    const [{ results }] = log(of).runs as [Run];
    cwd.mockRestore();
    expect(JSON.stringify(results)).toContain('"uri":"lib/a.yaml"');
  });

  test('the schema is one that can fail', () => {
    expect(validate({ version: '2.1.0', runs: [{ tool: { driver: {} }, results: [{}] }] })).toBe(false);
  });

  test('places a finding in the program, and in the template beside it', () => {
    const [run] = log(report).runs;
    expect(run.results[0]).toMatchObject({
      ruleId: 'QueueTime',
      ruleIndex: 0,
      level: 'error',
      message: { text: 'Shop/Queue: hides a message for 30 | 60 seconds (VisibilityTimeout); set it to 360' },
      locations: [
        {
          physicalLocation: { artifactLocation: { uri: 'bin/shop.ts' }, region: { startLine: 7, startColumn: 3 } },
          logicalLocations: [{ fullyQualifiedName: 'Shop/Queue/Resource' }],
        },
      ],
      relatedLocations: [{ physicalLocation: { artifactLocation: { uri: 'cdk.out/Shop.template.json' } } }],
      partialFingerprints: { 'lintel/v1': 'QueueTime:Shop/Queue' },
    });
    expect(run.results[1]).toMatchObject({
      locations: [{ physicalLocation: { artifactLocation: { uri: 'a.yaml' }, region: { startLine: 3 } } }],
    });
    expect(run.tool.driver.rules.map(({ id }) => id)).toEqual(['QueueTime', 'Other', 'Third']);
  });

  test('keeps apart what is open and what is suppressed', () => {
    const { results } = log(report).runs[0];
    expect(results[2]).toMatchObject({
      kind: 'open',
      level: 'none',
      message: { text: expect.stringMatching(/ \(not judged by Other, Third\)$/) },
    });
    expect(results[3]).toMatchObject({
      suppressions: [{ kind: 'inSource', justification: 'moved soon (expires 2027-03-31)' }],
    });
    expect(results[4]).toMatchObject({ suppressions: [{ kind: 'external' }] });
  });

  test('says that a run failed', () => {
    expect(log(failed({ template: 'x', message: 'x is broken' })).runs[0].invocations).toEqual([
      {
        executionSuccessful: false,
        toolExecutionNotifications: [{ level: 'error', message: { text: 'x is broken' } }],
      },
    ]);
  });
});

describe('a baseline', () => {
  const baseline = JSON.parse(baselineOf(report)) as Parameters<typeof compare>[1];

  test('lists the findings, and nothing else', () => {
    expect(baseline).toEqual({ version: 1, findings: ['Other:a.yaml/Fn', 'QueueTime:Shop/Queue'] });
  });

  test('lets known findings pass, still in sight, and new ones count', () => {
    const added = { ...finding, id: 'QueueTime:Shop/New' };
    const compared = compare(reportOf({ ...report, findings: [finding, warning, added] }), baseline);
    expect(compared.report.summary).toEqual({ errors: 1, warnings: 0, unknown: 1, unread: 0, acknowledged: 5 });
    expect(compared.report.findings).toEqual([added]);
    expect(compared.report.acknowledged.at(-1)).toMatchObject({ id: 'Other:a.yaml/Fn', reason: 'in the baseline' });
    expect(compared.fixed).toEqual([]);
  });

  test('names what is fixed, but not what was acknowledged since', () => {
    const since = { ...warning, reason: 'fine' };
    expect(compare(reportOf({ ...report, findings: [], acknowledged: [since] }), baseline).fixed).toEqual([
      'QueueTime:Shop/Queue',
    ]);
  });
});

test('several reports make one', () => {
  const both = combined([report, failed({ template: 'x', message: 'x' })]);
  expect(both.summary).toEqual(report.summary);
  expect(both.failures).toHaveLength(1);
});

test('a file far from the working directory is named as it is', () => {
  const far = '/somewhere/else/entirely/Shop.template.json';
  expect(fromHere(far)).toBe(far);
  expect(fromHere(path.resolve('cdk.out/Shop.template.json'))).toBe('cdk.out/Shop.template.json');
  expect(fromHere('template.yaml')).toBe('template.yaml');
});
