import type * as cdk from 'aws-cdk-lib';
import type { Template } from 'aws-cdk-lib/assertions';
import type { CloudFormationStackArtifact } from 'aws-cdk-lib/cx-api';
import { type ResourceGraph } from '../core/model/graph';
import { Model } from '../core/model/model';
import { read } from '../core/model/read';
import { readAssembly } from '../core/model/read-assembly';
import { isGraph, readGraph } from '../core/model/read-graph';
import { readTemplate } from '../core/model/read-template';
import { judge } from '../rules/judge';
import { acknowledgementsBelow } from '../rules/plugin';
import { textReport } from '../rules/report/text';
import { type Rule } from '../rules/rule';
import { RULES } from '../rules/rules';
import type { MatcherResult } from './matchers';
import { isStack, type TemplateJson, templateOf } from './snapshot/template-of';

/** Whatever rules can judge: constructs, templates, a Pulumi graph, a path that `lintel check` takes. */
export type RulesSource =
  cdk.Stage | cdk.Stack | Template | CloudFormationStackArtifact | TemplateJson | ResourceGraph | string;

/**
 * Whether all rules pass: no error, no warning, nothing unknown and no failure that is not acknowledged. Unknown is no
 * pass, and a test that passes shows nothing.
 * @param rules which rules judge; all by default
 */
export function toPassRules(received: RulesSource, rules: readonly Rule[] = RULES): MatcherResult {
  const report = judge(...judged(received, rules));
  const pass = [report.findings, report.unknown, report.failures].every(({ length }) => length === 0);
  return {
    pass,
    message: () =>
      pass
        ? 'expected a finding, but all rules pass'
        : `expected all rules to pass\n\n${textReport({ ...report, acknowledged: [] }).trimEnd()}`,
  };
}

type Judged = Parameters<typeof judge>;

/** A stack or stage is synthesized once, since its nested stacks and references need it; all else is judged as it is. */
function judged(received: RulesSource, rules: readonly Rule[]): Judged {
  const options = { rules, known: RULES.map(({ id }) => id) };
  if (typeof received === 'string') return [read(received), options];
  if (isStack(received)) {
    const model = synthesized(stageOf(received));
    return [model, { ...options, templates: templatesOf(model, received.node.path) }];
  }
  if (isStage(received)) return [synthesized(received), options];
  if (isGraph(received)) return [readGraph(received), options];
  return [readTemplate(JSON.stringify(templateOf(received))), options];
}

function stageOf(stack: cdk.Stack): cdk.Stage {
  const { Stage } = require('aws-cdk-lib') as typeof cdk;
  const stage = Stage.of(stack);
  if (!stage) throw new Error(`stack '${stack.node.path}' is in no App; create it in one`);
  return stage;
}

function isStage(value: unknown): value is cdk.Stage {
  return typeof value === 'object' && value !== null && 'synth' in value && 'outdir' in value && 'node' in value;
}

/** The whole app, so that references into other stages' stacks are followed; plugins may have found errors. */
function synthesized(stage: cdk.Stage): Model {
  const root = stage.node.root;
  const app = isStage(root) ? root : stage;
  try {
    app.synth();
  } catch (error) {
    if (!(error instanceof Error && error.name === 'ValidationFailed')) throw error;
  }
  const { templates, resources } = readAssembly(app.outdir);
  return new Model([...templates.values()], [...resources.values()], acknowledgementsBelow(app));
}

/** The stack at a construct path, and the stacks that are nested in it. */
function templatesOf({ templates }: Model, stack: string): ReadonlySet<string> {
  const names = new Set<string>();
  for (const { name, path, parent } of templates.values()) {
    if (path === stack || (parent && names.has(parent.template))) names.add(name);
  }
  return names;
}
