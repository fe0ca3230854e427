import { existsSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import type { Assets } from '../kernel/assets';
import type { Deployed, Deployment } from '../kernel/deployment';
import { LocalRunError } from '../kernel/errors';
import { recordOf, text, texts } from '../kernel/json';
import { addCfnResponse } from './cfn-response';
import { kindOf } from './runtimes/kinds';
import { runtimeOf } from './runtimes/runtime-kind';

/** The code of a function and its layers, on disk. */
export interface FunctionCode {
  /** The directory of its code. */
  readonly taskRoot: string;
  /** The directories of those layers that are assets of the assembly. */
  readonly layers: readonly string[];
  /** ARNs of all other layers: AWS's own, and other accounts'. */
  readonly foreignLayers: readonly string[];
}

/** Why a function cannot run here; undefined when it can. Does not unpack archives of Node.js functions. */
export function whyNotRunnable(
  fn: Deployed,
  deployment: Deployment,
  assets: Assets,
  scratch: (name: string) => string,
): string | undefined {
  const reason = deployment.whyNotMade(fn) ?? whyUnknown(fn);
  const kind = kindOf(runtimeOf(fn));
  if (reason !== undefined) return reason;
  try {
    if (!kind) {
      checkCode(fn, deployment, assets);
      return undefined;
    }
    const { taskRoot: code, layers } = foundCode(fn, deployment, assets, scratch);
    return kind.whyNot(fn, code, layers);
  } catch (error) {
    if (error instanceof LocalRunError) return error.message;
    throw error;
  }
}

/** Why such a function cannot run here, whatever its code. */
function whyUnknown({ properties }: Deployed): string | undefined {
  if (properties.PackageType === 'Image' || recordOf(properties.Code).ImageUri !== undefined) {
    return 'it is a container image; only functions with zip or inline code run here';
  }
  if (recordOf(properties.TenancyConfig).TenantIsolationMode !== undefined) {
    return 'it isolates its tenants (TenancyConfig), and here they would share execution environments';
  }
  const runtime = text(properties.Runtime) ?? 'none';
  if (runtime.startsWith('nodejs') || kindOf(runtime)) return undefined;
  return `its runtime is ${runtime}; only Node.js, Python and 'provided' functions run here`;
}

/**
 * Puts a function's code on disk.
 * @param scratch gives a directory for inline code
 * @throws LocalRunError when it cannot run here, or its asset is missing
 */
export function codeOf(
  fn: Deployed,
  deployment: Deployment,
  assets: Assets,
  scratch: (name: string) => string,
): FunctionCode {
  const reason = whyNotRunnable(fn, deployment, assets, scratch);
  if (reason) throw new LocalRunError(`'${fn.displayName}' cannot run: ${reason}`);
  return foundCode(fn, deployment, assets, scratch);
}

/** The files of a layer. */
export function layerFiles(layer: Deployed, deployment: Deployment, assets: Assets): string {
  return filesOf(layer, 'Content', deployment, assets);
}

/** @throws LocalRunError when the code of a function or of a layer is missing */
function checkCode(fn: Deployed, deployment: Deployment, assets: Assets): void {
  const layers = texts(fn.properties.Layers).map((arn) => deployment.withRef(arn, 'AWS::Lambda::LayerVersion'));
  for (const layer of layers) if (layer) placeOf(layer, 'Content', deployment, assets);
  const isOwn =
    assets.replacementOf(fn.resource.id) !== undefined || recordOf(fn.properties.Code).ZipFile !== undefined;
  if (!isOwn) placeOf(fn, 'Code', deployment, assets);
}

function foundCode(
  fn: Deployed,
  deployment: Deployment,
  assets: Assets,
  scratch: (name: string) => string,
): FunctionCode {
  const arns = texts(fn.properties.Layers);
  const layers = arns.map((arn) => deployment.withRef(arn, 'AWS::Lambda::LayerVersion'));
  return {
    taskRoot: taskRoot(fn, deployment, assets, scratch),
    layers: layers.filter((layer) => layer !== undefined).map((layer) => layerFiles(layer, deployment, assets)),
    foreignLayers: arns.filter((_, index) => layers[index] === undefined),
  };
}

function taskRoot(fn: Deployed, deployment: Deployment, assets: Assets, scratch: (name: string) => string): string {
  const replacement = assets.replacementOf(fn.resource.id);
  if (replacement !== undefined) return replacement;
  const inline = text(recordOf(fn.properties.Code).ZipFile);
  if (inline === undefined) return filesOf(fn, 'Code', deployment, assets);
  const directory = scratch(`${fn.resource.template}-${fn.logicalId}`.replace(/[^\w.-]/g, '_'));
  const file = path.join(directory, runtimeOf(fn).startsWith('python') ? 'index.py' : 'index.js');
  // Only once: another environment may be reading it.
  if (!existsSync(file)) {
    addCfnResponse(directory, inline);
    writeFileSync(file, inline);
  }
  return directory;
}

/** The directory of the code: an asset of the assembly or, for an unpackaged template, a path beside it. */
function filesOf(owner: Deployed, property: string, deployment: Deployment, assets: Assets): string {
  const { beside, key } = placeOf(owner, property, deployment, assets);
  return beside === undefined ? assets.directory(key, owner.displayName) : assets.beside(beside, owner.displayName);
}

/** @throws LocalRunError when nothing is there */
function placeOf(
  owner: Deployed,
  property: string,
  deployment: Deployment,
  assets: Assets,
): { readonly beside?: string; readonly key: string } {
  const code = owner.properties[property];
  const key = text(recordOf(code).S3Key) ?? '';
  const template = deployment.model.templates.get(owner.resource.template)?.file;
  if (typeof code === 'string' && template !== undefined) {
    const beside = path.resolve(path.dirname(template), code);
    assets.checkBeside(beside, owner.displayName);
    return { beside, key };
  }
  assets.place(key, owner.displayName);
  return { key };
}
