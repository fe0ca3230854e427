import { existsSync, statSync } from 'node:fs';
import path from 'node:path';
import { LocalRunError } from './errors';

/** The part of a construct needed to synthesize its app. */
export interface ConstructLike {
  /** The construct's place in the tree. */
  readonly node: { readonly root: object };
}

const TEMPLATE = /\.(ya?ml|json|template)$/;

/** Whether a source is a CloudFormation or SAM template file. */
export function isTemplate(source: RunSource): source is string {
  return typeof source === 'string' && TEMPLATE.test(source) && existsSync(source) && statSync(source).isFile();
}

/** What can be run: a template file, the directory of a cloud assembly, a `CloudAssembly`, or an `App`, `Stage` or `Stack`. */
export type RunSource = string | { readonly directory: string } | ConstructLike;

interface Synthesizable {
  readonly outdir: string;
  synth(): { readonly directory: string };
}

/**
 * The directory of a cloud assembly; a construct's app is synthesized.
 * @throws LocalRunError when there is none
 */
export function assemblyDirectory(source: RunSource): string {
  if (typeof source === 'string') return checked(source);
  if ('directory' in source) return checked(source.directory);
  const { root } = source.node;
  if (!isSynthesizable(root)) {
    throw new LocalRunError('the construct is in no App; create it in one, or pass the directory of a cloud assembly');
  }
  try {
    return root.synth().directory;
  } catch (error) {
    // Validation plugins judge what is already written: their findings do not prevent a run.
    if (error instanceof Error && error.name === 'ValidationFailed') return root.outdir;
    throw error;
  }
}

function checked(directory: string): string {
  if (!existsSync(directory)) {
    throw new LocalRunError(`'${directory}' does not exist; run 'cdk synth' first, or name its output directory`);
  }
  if (!statSync(directory).isDirectory() || !existsSync(path.join(directory, 'manifest.json'))) {
    throw new LocalRunError(
      `'${directory}' is not a cloud assembly: it has no 'manifest.json'; name the output directory of 'cdk synth'`,
    );
  }
  return path.resolve(directory);
}

function isSynthesizable(root: object): root is Synthesizable {
  return 'synth' in root && typeof root.synth === 'function' && 'outdir' in root;
}
