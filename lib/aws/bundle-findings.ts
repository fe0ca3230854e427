import { realpathSync } from 'node:fs';
import { join, relative, resolve } from 'node:path';
import type { BuildFailure, BuildResult, Message } from 'esbuild';
import { check } from '../core/check/check';
import { type Failure, PatternError } from '../core/errors';
import { decoratorMetadataLost } from './decorator-metadata';

/** What esbuild made of some entries. */
export type Built = BuildResult<Record<'write', false> & Record<'metafile', true>>;

/** An entry, and what Lambda calls of it. */
interface Named {
  /** Path of its module. */
  readonly entry: string;
  /** File and export that Lambda calls. */
  readonly handler?: string;
}

/**
 * Lambda calls an export by its name, and finds out that there is none when the first event has come.
 * @param exported what the module exports; undefined where that shows only when it runs
 * @throws PatternError when the module does not export what the function names
 */
export function checkExport(
  path: string,
  { entry, handler = 'index.handler' }: Named,
  exported: readonly string[] | undefined,
): void {
  const [file, ...names] = handler.split('.');
  const name = names.join('.');
  const inBundle = file === 'index' && name !== '';
  check(path, [
    {
      prop: 'handler',
      value: handler,
      valid: () => inBundle,
      rule: "must begin with 'index.', the file that 'entry' is bundled to",
      remedy: `write it as 'index.${names.at(-1) ?? file}'`,
    },
    {
      prop: 'entry',
      value: entry,
      valid: () => !inBundle || exported === undefined || exported.includes(names[0]!),
      rule: `must export '${names[0]}', which Lambda calls`,
      remedy: exported?.length
        ? `export it, or set 'handler' to one of its exports: ${exported.map((one) => `'index.${one}'`).join(', ')}`
        : `export it: export const ${names[0]} = async (event) => { ... }`,
    },
  ]);
}

/** The sources of one output, of those that were bundled together. */
export function inputsOf({ metafile }: Built, output: string): readonly string[] {
  return Object.keys(metafile.outputs[output]?.inputs ?? {});
}

/**
 * Frameworks that inject by type find nothing when the function starts.
 * @param inputs of the bundle, relative to the project
 * @throws PatternError when a source needs what esbuild does not write
 */
export function checkDecorators(path: string, entry: string, project: string, inputs: readonly string[]): void {
  const lost = decoratorMetadataLost(
    realpathSync(entry),
    inputs.map((input) => join(project, input)),
  );
  check(path, [
    {
      prop: 'entry',
      value: entry,
      valid: () => lost === undefined,
      rule: `must not need 'emitDecoratorMetadata', which esbuild does not write (${lost && relative(process.cwd(), lost)} has decorators)`,
      remedy: "inject by name and switch it off in tsconfig.json, or compile with tsc and give the result as 'code'",
    },
  ]);
}

/** @throws PatternError when esbuild warns of what cannot work */
export function checkWarnings(path: string, project: string, requests: readonly Named[], { warnings }: Built): void {
  const errors = warnings.filter(({ id }) => FATAL.includes(id));
  if (errors.length > 0) throw new PatternError(path, failuresOf({ errors }, project, requests));
}

/** What esbuild warned of in the sources of one output. */
export function warningsOf(built: Built, output: string, project: string): readonly string[] {
  const inputs = inputsOf(built, output);
  return built.warnings
    .filter(({ location }) => !location || inputs.includes(location.file))
    .map((warning) => inWords(warning, project));
}

/** Warnings of code that cannot work: what is empty at run time, or looked for where it is not. */
const FATAL = ['empty-import-meta', 'require-resolve-not-external', 'unsupported-require-call'];

/** CommonJS lists its exports for importers from ES modules, in a line that is never run. */
const ANNOTATION = /0&&\(module\.exports=\{([^}]*)\}\)/;

/** What an entry exports; undefined where that shows only when it runs. */
export function exportsOf(
  { metafile, outputFiles }: Built,
  output: string,
  format: 'cjs' | 'esm',
): readonly string[] | undefined {
  const { exports: named, entryPoint } = metafile.outputs[output] ?? {};
  if (format === 'esm') return named;
  // A CommonJS module exports what it sets when it runs.
  if (entryPoint === undefined || metafile.inputs[entryPoint]?.format !== 'esm') return undefined;
  const text = outputFiles.find(({ path }) => path.endsWith(output))?.text ?? '';
  const annotated = ANNOTATION.exec(text)?.[1];
  if (annotated?.includes('...')) return undefined;
  return annotated === undefined ? [] : annotated.split(',').map((name) => name.split(':')[0]!.trim());
}

/** The failures of a build, in esbuild's words, each with what helps. */
export function failuresOf(error: unknown, project: string, requests: readonly Named[]): Failure[] {
  const entries = requests.map(({ entry }) => `'${entry}'`).join(', ');
  return ((error as Partial<BuildFailure>).errors ?? [{ text: String(error), location: null }]).map((problem) => ({
    prop: 'entry',
    message: `'entry' must bundle without an error, got ${entries}: ${inWords(problem, project)}; ${remedyOf(problem.text)}`,
  }));
}

function remedyOf(text: string): string {
  if (/^Top-level await|"import\.meta"/.test(text)) return "set 'bundling' to { format: 'esm' }";
  if (/^Could not resolve "[^."]/.test(text))
    return "install the package, or name it in 'bundling.external' when the runtime or a layer has it";
  if (/^No loader is configured/.test(text)) return "name one in 'bundling.loader', such as { '.sql': 'text' }";
  return 'correct the source';
}

/** A problem as esbuild shows it: file, line, column, what is wrong. The file is relative to the working directory. */
function inWords({ text, location }: Pick<Message, 'text' | 'location'>, project: string): string {
  if (!location) return text;
  return `${relative(process.cwd(), resolve(project, location.file))}:${location.line}:${location.column}: ${text}`;
}
