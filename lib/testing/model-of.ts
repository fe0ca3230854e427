import type * as cdk from 'aws-cdk-lib';
import { type Model, whole } from '../core/model/model';
import { read } from '../core/model/read';
import { readAssembly } from '../core/model/read-assembly';
import { isGraph, readGraph } from '../core/model/read-graph';
import { readTemplate } from '../core/model/read-template';
import { isStack, templateOf } from './snapshot/template-of';
import type { ModelSource, StageSource } from './sources';

/** A model, and the part of it in question. */
export interface SourceModel {
  /** Of the whole app if the source is a construct, since nested stacks and references need it. */
  readonly model: Model;
  /**
   * The templates in question.
   * @default - all
   */
  readonly templates?: ReadonlySet<string>;
  /** The app, if the source is a construct. */
  readonly app?: cdk.Stage;
}

/**
 * The model of whatever a matcher is given. It is read even if validation plugins find errors.
 * @throws Error when the value contains no template
 * @throws ReadError when its content cannot be read
 */
export function modelOf(source: ModelSource): SourceModel {
  if (typeof source === 'string') return { model: whole(read(source)) };
  if (isStack(source)) {
    const made = synthesized(stageOf(source));
    return { ...made, templates: templatesOf(made.model, source.node.path) };
  }
  if (isStage(source)) return synthesized(source as cdk.Stage);
  if (isAssembly(source)) return { model: whole(readAssembly(source.directory)) };
  if (isGraph(source)) return { model: readGraph(source) };
  return { model: readTemplate(JSON.stringify(templateOf(source))) };
}

function stageOf(stack: cdk.Stack): cdk.Stage {
  const { Stage } = require('aws-cdk-lib') as typeof cdk;
  const stage = Stage.of(stack);
  if (!stage) throw new Error(`stack '${stack.node.path}' is in no App; create it in one`);
  return stage;
}

function isStage(value: unknown): value is StageSource {
  return typeof value === 'object' && value !== null && 'synth' in value && 'outdir' in value && 'node' in value;
}

function isAssembly(value: unknown): value is { readonly directory: string } {
  return typeof value === 'object' && value !== null && 'directory' in value && typeof value.directory === 'string';
}

const modelsOfAssemblies = new WeakMap<object, Model>();

/** The whole app, so that references into other stages' stacks are followed; plugins may have found errors. */
function synthesized(stage: cdk.Stage): SourceModel {
  const root = stage.node.root;
  const app = isStage(root) ? (root as cdk.Stage) : stage;
  try {
    const assembly = app.synth();
    // An unchanged app returns the same assembly.
    const model = modelsOfAssemblies.get(assembly) ?? whole(readAssembly(app.outdir));
    modelsOfAssemblies.set(assembly, model);
    return { model, app };
  } catch (error) {
    if (!(error instanceof Error && error.name === 'ValidationFailed')) throw error;
    return { model: whole(readAssembly(app.outdir)), app };
  }
}

/** The stack at a construct path, and its nested stacks. */
function templatesOf({ templates }: Model, stack: string): ReadonlySet<string> {
  const names = new Set<string>();
  for (const { name, path, parent } of templates.values()) {
    if (path === stack || (parent && names.has(parent.template))) names.add(name);
  }
  return names;
}
