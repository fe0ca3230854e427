import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { Model } from '../../../lib/core/model/model';
import { read } from '../../../lib/core/model/read';
import { judge } from '../../../lib/rules/judge';
import { OFFICIAL_ID, officialRules } from '../../../lib/rules/official/official-rules';
import { findValidator, OfficialValidator, type Validation } from '../../../lib/rules/official/validator';

const scratch = mkdtempSync(path.join(tmpdir(), 'lintel-official-'));
afterAll(() => rmSync(scratch, { recursive: true, force: true }));

function write(name: string, text: string): string {
  const file = path.join(scratch, name);
  writeFileSync(file, text);
  return file;
}

const moduleOf = (found: ReturnType<typeof findValidator>): string => ('module' in found ? found.module : '');

describe('the official validator that aws-cdk-lib brings', () => {
  const file = write(
    'planted.yaml',
    `
Parameters: { Unused: { Type: String } }
Resources:
  Jobs:
    Type: AWS::SQS::Queue
    Metadata: { Lintel: { acknowledge: [{ rule: F3034, reason: a trial }] } }
    DependsOn: Other
    Properties: { VisibilityTimeout: 99999999, Timout: 1, KmsMasterKeyId: !Ref Nope }
  Other: { Type: AWS::SQS::Queue, DependsOn: Jobs }
  Worker: { Type: AWS::Lambda::Functio }
Outputs: { Url: { Value: !GetAtt Jobs.Arnn } }
`,
  );
  let model: Model;
  let validation: Validation;

  beforeAll(async () => {
    const official = new OfficialValidator(moduleOf(findValidator(__dirname)));
    model = read(file);
    validation = await official.validate(model, new Set(model.templates.keys()));
    await official.end();
  });

  test('has a version, and rules that look as ours take them', () => {
    expect(validation.version).toMatch(/^\d+\.\d+\.\d+$/);
    expect(validation.rules.length).toBeGreaterThan(200);
    expect(validation.rules.filter(({ id }) => !OFFICIAL_ID.test(id))).toEqual([]);
    expect(validation.failures).toEqual([]);
  });

  test('finds what CloudFormation rejects, at its place, beside ours and acknowledged like ours', () => {
    const { findings, acknowledged } = judge(model, { rules: officialRules(validation) });
    const found = (rule: string) => findings.find((finding) => finding.rule === rule);
    expect(found('F3002')).toMatchObject({
      id: 'F3002[Timout]:planted.yaml/Jobs',
      severity: 'error',
      tool: 'CloudFormation-Validate',
      resource: 'Jobs',
      property: 'Timout',
      message: "Additional properties are not allowed ('Timout' was unexpected)",
      location: { line: 8 },
      acknowledge: 'Lintel::F3002[Timout]',
    });
    expect(found('F1020')).toMatchObject({ property: 'KmsMasterKeyId', message: expect.stringContaining("'Nope'") });
    expect(found('F3004')).toMatchObject({ message: expect.stringContaining('Circular') });
    expect(found('F3006')).toMatchObject({ resource: 'Worker' });
    expect(found('F6101')).toMatchObject({ remedy: "did you mean 'Arn'?", location: { line: 11 } });
    expect(found('W2001')).toMatchObject({ severity: 'warning', resource: 'Parameter Unused', location: { line: 2 } });
    expect(acknowledged).toMatchObject([{ rule: 'F3034', reason: 'a trial' }]);
    expect(findings.filter(({ rule }) => rule === 'StaleAcknowledgement')).toEqual([]);
  });
});

test('a panic costs the template its validation, and no other one', async () => {
  const official = new OfficialValidator(path.join(__dirname, 'fixtures/panics/index.js'));
  const templates = ['a.yaml', 'b.yaml', 'c.yaml'].map((name) =>
    write(name, `Resources: { ${name === 'b.yaml' ? 'Panic' : 'Fine'}: { Type: X::Y::Z } }`),
  );
  const answers = [];
  for (const file of templates) {
    const model = read(file);
    answers.push(await official.validate(model, new Set(model.templates.keys())));
  }
  await official.end();
  expect(answers.map(({ failures }) => failures)).toEqual([[], [{ template: 'b.yaml', message: 'unreachable' }], []]);
});

test('a validator that cannot begin is an error, not silence', async () => {
  const official = new OfficialValidator(write('broken.js', 'throw new Error("no memory")'));
  const model = read(write('d.yaml', 'Resources: { A: { Type: X::Y::Z } }'));
  await expect(official.validate(model, new Set(model.templates.keys()))).rejects.toThrow('no memory');
  await official.end();
});
