import { resolve } from 'node:path';
import type { IConstruct } from 'constructs';
import type { Bundle } from '../core/bundle/bundler';
import { shown } from '../core/bundle/entry';
import { messagesOf } from '../core/bundle/esbuild';
import { inWords } from '../core/bundle/problems';
import { check } from '../core/check/check';
import { type Failure, PatternError } from '../core/errors';
import { isCallable } from './callable-export';
import { decoratorMetadataLost } from './decorator-metadata';

/** An entry, and the export that Lambda calls. */
interface Named {
  readonly entry: string;
  /** File and export that Lambda calls. */
  readonly handler?: string;
}

/**
 * Lambda calls an export by name, and would discover that it is missing only with the first event.
 * @param exported what the module exports; undefined if that is only known at run time
 * @param source the file of the entry, absolute
 * @throws PatternError when the module does not export what the function names
 */
export function checkExport(
  path: string,
  { entry, handler = 'index.handler' }: Named,
  exported: readonly string[] | undefined,
  source: string,
): void {
  const [file, ...names] = handler.split('.');
  const name = names.join('.');
  const inBundle = file === 'index' && name !== '';
  check(path, [
    {
      prop: 'handler',
      value: handler,
      valid: () => inBundle,
      rule: "must start with 'index.', the file that 'entry' is bundled to",
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
    {
      prop: 'entry',
      value: entry,
      valid: () =>
        !inBundle ||
        names.length > 1 ||
        (exported !== undefined && !exported.includes(name)) ||
        isCallable(source, name),
      rule: `must export '${name}' as a function, which Lambda calls`,
      remedy: `write export const ${name} = async (event) => { ... }`,
    },
  ]);
}

/**
 * Frameworks that inject by type find no types at run time.
 * @param scope where the function will be
 * @param file of the entry, absolute
 * @throws PatternError when a source needs metadata that esbuild does not emit
 */
export function checkDecorators(
  scope: IConstruct,
  path: string,
  entry: string,
  file: string,
  { sources }: Bundle,
): void {
  const lost = decoratorMetadataLost(scope.node.root, file, sources);
  check(path, [
    {
      prop: 'entry',
      value: entry,
      valid: () => lost === undefined,
      rule: `must not need 'emitDecoratorMetadata', which esbuild does not emit (${lost && shown(lost)} has decorators)`,
      remedy: "inject by name and switch it off in tsconfig.json, or compile with tsc and pass the result as 'code'",
    },
  ]);
}

/** @throws PatternError when esbuild warns of something that cannot work */
export function checkWarnings(path: string, entry: string, project: string, { warnings }: Bundle): void {
  const errors = warnings.filter(({ id }) => FATAL.includes(id));
  if (errors.length > 0) throw new PatternError(path, failuresOf({ errors }, entry, project));
}

/** Warnings about code that cannot work: values that are empty at run time, or modules resolved in the wrong place. */
const FATAL = ['empty-import-meta', 'require-resolve-not-external', 'unsupported-require-call'];

/** CommonJS lists its exports for ES importers in a line that is never run, the last of the module. */
const ANNOTATION = '0&&(module.exports={';

/** What an entry exports; undefined if that is only known at run time. */
export function exportsOf(
  { exports, format: source, files }: Bundle,
  format: 'cjs' | 'esm' = 'cjs',
): readonly string[] | undefined {
  if (format === 'esm') return exports;
  // A CommonJS module sets its exports at run time.
  if (source !== 'esm') return undefined;
  const { buffer, byteOffset, byteLength } = files.get('index.js') ?? new Uint8Array();
  const code = Buffer.from(buffer, byteOffset, byteLength);
  const start = code.lastIndexOf(ANNOTATION);
  if (start === -1) return [];
  const names = code.toString('utf8', start + ANNOTATION.length, code.indexOf('})', start));
  return names.includes('...') ? undefined : names.split(',').map((name) => name.split(':')[0]!.trim());
}

/** The errors of a build, in esbuild's words, each with a remedy. */
export function failuresOf(error: unknown, entry: string, project: string): Failure[] {
  return messagesOf(error).map((problem) => {
    const lost = WRAPPED.exec(problem.text);
    if (lost !== null && isShipped(problem.location?.file, project))
      return lacking(resolve(project, lost[1]!), lost[2]!);
    return {
      prop: 'entry',
      message: `'entry' must bundle without an error, got '${entry}': ${inWords(problem, project)}; ${remedyOf(problem.text)}`,
    };
  });
}

/** Our wrapper module imports the team's handler by name, so this is how a missing export shows. */
const WRAPPED = /^No matching export in "(.+)" for import "(.+)"$/;

function isShipped(file: string | undefined, project: string): boolean {
  return file !== undefined && resolve(project, file).startsWith(__dirname);
}

function lacking(file: string, name: string): Failure {
  return {
    prop: 'entry',
    message: `'entry' must export '${name}', which Lambda calls, got '${shown(file)}'; export it: export const ${name} = async (event) => { ... }`,
  };
}

function remedyOf(text: string): string {
  if (/^Top-level await|"import\.meta"/.test(text)) return "set 'bundling' to { format: 'esm' }";
  if (/^Could not resolve "[^."]/.test(text))
    return "install the package, or name it in 'bundling.external' when the runtime or a layer has it";
  if (/^No loader is configured/.test(text)) return "name one in 'bundling.loader', such as { '.sql': 'text' }";
  return 'fix the source';
}
