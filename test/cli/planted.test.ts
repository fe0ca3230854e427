import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { main } from '../../lib/cli/main';
import { PLANTS } from './plants';

const scratch = mkdtempSync(path.join(tmpdir(), 'lintel-planted-'));
afterAll(() => rmSync(scratch, { recursive: true, force: true }));

interface Finding {
  readonly rule: string;
  readonly template: string;
  readonly message: string;
}

let findings: readonly Finding[] = [];

/** All of them in one run, as the validator takes seconds to begin. */
beforeAll(async () => {
  PLANTS.forEach(({ template }, index) => writeFileSync(path.join(scratch, `${index}.yaml`), template));
  let out = '';
  await main(['check', '--format', 'json', scratch], {
    out: (text) => (out += text),
    note: () => undefined,
    colour: false,
  });
  const report = JSON.parse(out) as { findings: Finding[]; failures: unknown[]; unread: unknown[] };
  expect([report.failures, report.unread]).toEqual([[], []]);
  findings = report.findings;
}, 120_000);

test.each(PLANTS.map((plant, index) => [plant.mistake, plant, index] as const))(
  'lintel check names %s',
  (_mistake, { rule }, index) => {
    const said = findings.filter(({ template }) => path.basename(template) === `${index}.yaml`);
    const rules = said.map((finding) => finding.rule);
    expect(rules).toContainEqual(typeof rule === 'string' ? rule : expect.stringMatching(rule));
  },
);
