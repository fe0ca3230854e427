import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { App, CfnParameter, NestedStack, Stack, Stage, Validations } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import { CfnFunction } from 'aws-cdk-lib/aws-lambda';
import type { Construct } from 'constructs';
import { LintelChecks } from 'lintel/rules';
import 'lintel/testing';
import { each, numbers, type Rule } from '../../lib/rules/rule';

const scratch = mkdtempSync(path.join(tmpdir(), 'lintel-matcher-'));
afterAll(() => rmSync(scratch, { recursive: true, force: true }));

const enough: Rule = {
  id: 'EnoughMemory',
  severity: 'warning',
  title: 'T',
  why: 'W',
  fix: 'raise it',
  source: 'https://x',
  check: each(['AWS::Lambda::Function', 'aws:x/y:Z'], function* (resource) {
    const memory = numbers(resource, 'MemorySize');
    yield* memory.unknown;
    for (const { value } of memory.values) if (value < 128) yield { resource, message: `has ${value} MB` };
  }),
};
const rules = [enough];
const newApp = () => new App({ builtinCloudFormationValidation: false });
const fn = (scope: Construct, id: string, memorySize: number) =>
  new CfnFunction(scope, id, { code: { zipFile: 'x' }, role: 'r', memorySize });

const template = (memory: unknown) => ({
  Resources: { Worker: { Type: 'AWS::Lambda::Function', Properties: { MemorySize: memory } } },
});

test('accepts and refuses a template, with all that is wrong', () => {
  expect(template(128)).toPassRules(rules);
  expect(template(64)).not.toPassRules(rules);
  expect(() => expect(template(64)).toPassRules(rules)).toThrow(
    /expected all rules to pass[^]*EnoughMemory +has 64 MB[^]*raise it/,
  );
});

test('judges by all rules by default', () => {
  expect(() => expect(template(64)).toPassRules()).toThrow(/FunctionMemory/);
});

test('refuses what is unknown', () => {
  const stack = new Stack(newApp(), 'Shop');
  fn(stack, 'Worker', new CfnParameter(stack, 'Memory', { type: 'Number' }).valueAsNumber);
  expect(() => expect(stack).toPassRules(rules)).toThrow(/Unknown[^]*parameter 'Memory' has no default/);
});

test('judges a stack with its nested stacks, and no other', () => {
  const app = newApp();
  const good = new Stack(app, 'Good');
  fn(new NestedStack(good, 'Nested'), 'Fine', 128);
  const bad = new Stack(app, 'Bad');
  fn(new NestedStack(bad, 'Nested'), 'Small', 64);
  expect(good).toPassRules(rules);
  expect(() => expect(bad).toPassRules(rules)).toThrow('Bad/Nested/Small');
  expect(app).not.toPassRules(rules);
});

test('judges a stage', () => {
  const app = newApp();
  const stages = ['Dev', 'Prod'].map((name) => new Stage(app, name));
  stages.forEach((stage, index) => fn(new Stack(stage, 'Shop'), 'Worker', index === 0 ? 64 : 128));
  expect(() => expect(stages[0]).toPassRules(rules)).toThrow('Dev/Shop/Worker');
});

test.each(['app', 'function'])('accepts what is acknowledged on the %s', (where) => {
  const app = newApp();
  const stack = new Stack(app, 'Shop');
  const worker = fn(stack, 'Worker', 64);
  Validations.of(where === 'app' ? app : worker).acknowledge({ id: 'Lintel::EnoughMemory', reason: 'tiny' });
  expect(stack).toPassRules(rules);
});

test('judges a stack whose synthesis a plugin fails', () => {
  const app = newApp();
  const stack = new Stack(app, 'Shop');
  fn(stack, 'Worker', 64);
  Validations.of(app).addPlugins(new LintelChecks({ rules: [{ ...enough, severity: 'error' }] }));
  expect(() => expect(stack).toPassRules(rules)).toThrow('has 64 MB');
});

test('judges templates of assertions, Pulumi graphs and paths without a synthesis', () => {
  expect(Template.fromJSON(template(64))).not.toPassRules(rules);
  const graph = (MemorySize: number) => ({
    resources: [{ type: 'aws:x/y:Z', name: 'z', inputs: { MemorySize }, dependsOn: [], secrets: [], options: {} }],
    outputs: {},
  });
  expect(graph(128)).toPassRules(rules);
  expect(graph(64)).not.toPassRules(rules);
  const file = path.join(scratch, 't.json');
  writeFileSync(file, JSON.stringify(template(64)));
  expect(file).not.toPassRules(rules);
});
