import { readFileSync } from 'node:fs';
import path from 'node:path';
import type * as cdk from 'aws-cdk-lib';
import type { ArtifactSource, AssertionsSource, TemplateJson, TemplateSource } from '../sources';

/**
 * The template of a stack, of `Template.fromStack()`, of a stack in a cloud assembly, or the JSON itself.
 * @throws Error when the value contains no template
 */
export function templateOf(source: TemplateSource): TemplateJson {
  if (isStack(source)) return synthesized(source);
  if (isArtifact(source)) return source.template;
  if (isTemplate(source)) return source.toJSON();
  if (isTemplateJson(source)) return source;
  throw new Error(
    'expected a Stack, a Template, a stack of a cloud assembly or a template as JSON; pass one of these, such as the stack itself',
  );
}

/** Whether a value is a template as JSON: it has resources, and each has a type. */
export function isTemplateJson(value: unknown): value is TemplateJson {
  if (typeof value !== 'object' || value === null || !('Resources' in value)) return false;
  const { Resources: resources } = value;
  if (typeof resources !== 'object' || resources === null) return false;
  return Object.values(resources).every((one) => typeof one === 'object' && typeof one?.Type === 'string');
}

/** Whether a value is a template of `aws-cdk-lib/assertions`. */
export function isTemplate(value: unknown): value is AssertionsSource {
  return has(value, 'toJSON', 'hasResourceProperties');
}

/** Whether a value is a stack of the construct tree. */
export function isStack(value: unknown): value is cdk.Stack {
  return has(value, 'node', 'templateFile', 'artifactId');
}

function isArtifact(value: unknown): value is ArtifactSource {
  return has(value, 'template', 'templateFullPath');
}

function has(value: unknown, ...names: string[]): boolean {
  return typeof value === 'object' && value !== null && names.every((name) => name in value);
}

/** Validation plugins run after the templates are written: their findings do not prevent showing the template. */
function synthesized(stack: cdk.Stack): TemplateJson {
  const { Stage } = require('aws-cdk-lib') as typeof cdk;
  const stage = Stage.of(stack);
  if (!stage) throw new Error(`stack '${stack.node.path}' is in no App; create it in one`);
  try {
    stage.synth();
  } catch (error) {
    if (!(error instanceof Error && error.name === 'ValidationFailed')) throw error;
  }
  return JSON.parse(readFileSync(path.join(stage.outdir, stack.templateFile), 'utf8')) as TemplateJson;
}
