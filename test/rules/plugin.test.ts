import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { App, NestedStack, Stack, Stage, Validations } from 'aws-cdk-lib';
import { CfnFunction } from 'aws-cdk-lib/aws-lambda';
import { AwsSolutionsChecks } from 'cdk-nag';
import type { Construct } from 'constructs';
import { readAssembly } from '../../lib/core/model/read-assembly';
import { enforce } from '../../lib/rules/enforce';
import { LintelChecks } from '../../lib/rules/plugin';
import { each, numbers, type Rule } from '../../lib/rules/rule';

const scratch = mkdtempSync(path.join(tmpdir(), 'lintel-plugin-'));
afterAll(() => rmSync(scratch, { recursive: true, force: true }));

interface Violation {
  readonly ruleName: string;
  readonly severity: string;
  readonly description: string;
  readonly suggestedFix?: string;
  readonly violatingConstructs: readonly { constructPath: string; locations?: unknown }[];
  readonly reason?: string;
}

interface PluginReport {
  readonly pluginName: string;
  readonly conclusion: string;
  readonly violations: readonly Violation[];
  readonly suppressedViolations?: readonly Violation[];
}

const text = { severity: 'error', title: 'T', why: 'W', fix: 'raise it', source: 'https://x' } as const;

/** Its name is that of a real rule, so that acknowledgements of it are known. */
const functionMemory: Rule = {
  ...text,
  id: 'FunctionMemory',
  check: each(['AWS::Lambda::Function'], function* (resource) {
    for (const { value } of numbers(resource, 'MemorySize').values) {
      if (value < 128) yield { resource, property: 'MemorySize', message: `is ${value} MB` };
    }
  }),
};

let count = 0;
function newApp(): App {
  count += 1;
  return new App({ builtinCloudFormationValidation: false, outdir: path.join(scratch, String(count)) });
}

/** Synthesizes and gives what the plugins said. */
function synthesized(app: App): { failed: boolean; reports: readonly PluginReport[] } {
  let failed = false;
  try {
    app.synth();
  } catch (error) {
    failed = true;
    if ((error as Error).name !== 'ValidationFailed') throw error;
  }
  const report = JSON.parse(readFileSync(path.join(app.outdir, 'validation-report.json'), 'utf8')) as {
    pluginReports: PluginReport[];
  };
  return { failed, reports: report.pluginReports };
}

function fn(scope: Construct, id: string, memorySize: number): CfnFunction {
  return new CfnFunction(scope, id, { code: { zipFile: 'x' }, role: 'r', memorySize, runtime: 'nodejs18.x' });
}

const checks = () => new LintelChecks({ rules: [functionMemory] });
const constructs = (violations: readonly Violation[] = []) =>
  violations.map((one) => [one.ruleName, ...one.violatingConstructs.map(({ constructPath }) => constructPath)]);

test('fails a synthesis on an error, with the construct, the property and the remedy', () => {
  const app = newApp();
  fn(new Stack(app, 'Shop'), 'Worker', 64);
  Validations.of(app).addPlugins(checks());
  const { failed, reports } = synthesized(app);
  expect(failed).toBe(true);
  expect(reports).toHaveLength(1);
  expect(reports[0]).toMatchObject({ pluginName: 'Lintel', conclusion: 'failure' });
  expect(reports[0]!.violations).toMatchObject([
    {
      ruleName: 'FunctionMemory',
      severity: 'error',
      description: 'Shop/Worker: is 64 MB (MemorySize)',
      violatingConstructs: [{ constructPath: 'Shop/Worker' }],
    },
  ]);
  expect(JSON.stringify(reports[0]!.violations)).toContain('Properties.MemorySize');
});

test('judges stages and nested stacks, and what an escape hatch set', () => {
  const app = newApp();
  const stack = new Stack(new Stage(app, 'Prod'), 'Shop');
  fn(stack, 'Outer', 128).addPropertyOverride('MemorySize', 64);
  const nested = new NestedStack(stack, 'Nested');
  fn(new NestedStack(nested, 'Deep'), 'Inner', 64);
  fn(nested, 'Fine', 128);
  Validations.of(app).addPlugins(checks());
  expect(constructs(synthesized(app).reports[0]!.violations)).toEqual([
    ['FunctionMemory', 'Prod/Shop/Outer'],
    ['FunctionMemory', 'Prod/Shop/Nested/Deep/Inner'],
  ]);
});

test('on a stage, judges that stage', () => {
  const app = newApp();
  const [dev, prod] = ['Dev', 'Prod'].map((name) => new Stage(app, name));
  fn(new Stack(dev, 'Shop'), 'Worker', 64);
  fn(new Stack(prod, 'Shop'), 'Worker', 64);
  Validations.of(prod!).addPlugins(checks());
  expect(constructs(synthesized(app).reports[0]!.violations)).toEqual([['FunctionMemory', 'Prod/Shop/Worker']]);
});

test('passes where nothing is wrong', () => {
  const app = newApp();
  fn(new Stack(app, 'Shop'), 'Worker', 128);
  Validations.of(app).addPlugins(checks());
  const { failed, reports } = synthesized(app);
  expect([failed, reports[0]?.conclusion ?? 'success']).toEqual([false, 'success']);
});

test('stands beside a pack of cdk-nag', () => {
  const app = newApp();
  fn(new Stack(app, 'Shop'), 'Worker', 64);
  Validations.of(app).addPlugins(new AwsSolutionsChecks(), checks());
  expect(synthesized(app).reports.map(({ pluginName }) => pluginName)).toEqual(['AwsSolutions', 'Lintel']);
});

test('enforce adds our rules and the packs that are asked for', () => {
  const app = newApp();
  fn(new Stack(app, 'Shop'), 'Worker', 64);
  enforce(app, { packs: ['AwsSolutions', 'Serverless'], rules: [functionMemory] });
  expect(synthesized(app).reports.map(({ pluginName }) => pluginName)).toEqual([
    'Lintel',
    'AwsSolutions',
    'Serverless',
  ]);
});

/** Finds every function, once per variable. */
const perVariable: Rule = {
  ...text,
  id: 'PerVariable',
  check: each(['AWS::Lambda::Function'], function* (resource) {
    for (const name of ['A', 'B']) yield { resource, message: `${name} is bad`, detail: name };
  }),
};

describe('acknowledgements', () => {
  function acknowledged(id: string, reason: string, on: 'app' | 'stack' | 'function' = 'function') {
    const app = newApp();
    const stack = new Stack(app, 'Shop');
    const worker = fn(stack, 'Worker', 64);
    Validations.of({ app, stack, function: worker }[on]).acknowledge({ id, reason });
    Validations.of(app).addPlugins(new LintelChecks({ rules: [functionMemory, perVariable] }));
    const { failed, reports } = synthesized(app);
    const [{ violations, suppressedViolations }] = reports as [PluginReport];
    return { failed, violations: constructs(violations), suppressed: suppressedViolations ?? [] };
  }

  test.each(['app', 'stack', 'function'] as const)(
    'of a rule on the %s hide its findings and stay in the report',
    (on) => {
      const { violations, suppressed } = acknowledged('Lintel::FunctionMemory', 'an old one', on);
      expect(violations.map(([name]) => name)).toEqual(['PerVariable[A]', 'PerVariable[B]']);
      expect(suppressed).toMatchObject([{ ruleName: 'FunctionMemory', reason: 'an old one' }]);
    },
  );

  test('on the app are in the assembly too, for those who judge it later', () => {
    const app = newApp();
    fn(new Stack(app, 'Shop'), 'Worker', 64);
    Validations.of(app).acknowledge({ id: 'Lintel::FunctionMemory', reason: 'small ones' });
    Validations.of(app).addPlugins(checks());
    synthesized(app);
    expect(readAssembly(app.outdir).acknowledgements).toEqual([
      { id: 'Lintel::FunctionMemory', reason: 'small ones', path: '' },
    ]);
  });

  test('of one finding leave the others', () => {
    const { violations, suppressed } = acknowledged('Lintel::PerVariable[A]', 'fine');
    expect(violations.map(([name]) => name)).toEqual(['FunctionMemory', 'PerVariable[B]']);
    expect(suppressed).toMatchObject([{ ruleName: 'PerVariable[A]', reason: 'fine' }]);
  });

  test('of a rule hide all of its findings on the construct', () => {
    const { violations, suppressed } = acknowledged('Lintel::PerVariable', 'fine');
    expect(violations.map(([name]) => name)).toEqual(['FunctionMemory']);
    expect(suppressed.map(({ reason }) => reason)).toEqual(['fine', 'fine']);
  });

  test('that have expired hide nothing', () => {
    const { failed, violations } = acknowledged('Lintel::FunctionMemory', 'an old one; expires 2020-01-01');
    expect(failed).toBe(true);
    expect(violations).toContainEqual(['FunctionMemory(acknowledgement-expired)', 'Shop/Worker']);
    expect(violations.map(([name]) => name)).toContain('ExpiredAcknowledgement');
  });

  test('that match nothing are warnings', () => {
    const { violations } = acknowledged('Lintel::FunctionTimeout', 'x');
    expect(violations.map(([name]) => name)).not.toContain('StaleAcknowledgement');
    const stale = acknowledged('Lintel::FunctionMemory[nothing]', 'x').violations;
    expect(stale).toContainEqual(['StaleAcknowledgement', 'Shop/Worker']);
  });
});

test('fails a synthesis when a rule breaks', () => {
  const app = newApp();
  fn(new Stack(app, 'Shop'), 'Worker', 128);
  const broken: Rule = {
    ...perVariable,
    id: 'Broken',
    check: () => {
      throw new Error('oops');
    },
  };
  Validations.of(app).addPlugins(new LintelChecks({ rules: [broken] }));
  const { failed, reports } = synthesized(app);
  expect(failed).toBe(true);
  expect(reports[0]!.violations).toMatchObject([{ severity: 'fatal', description: 'rule Broken failed: oops' }]);
});
