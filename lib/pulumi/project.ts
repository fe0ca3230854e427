import { type ChildProcess, fork } from 'node:child_process';
import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { parse } from 'yaml';
import type { ResourceGraph } from '../core/model/graph';
import { ReadError } from '../core/model/read-error';
import type { ConfigValue } from './program';
import { isRecord } from '../core/record';

const PROJECT_FILE = /^Pulumi\.ya?ml$/;
const STACK_FILE = /^Pulumi\.(.+)\.ya?ml$/;

/** A project on disk, with the stack to run it as. */
export interface PulumiProject {
  /** `Pulumi.yaml`, as in the given path. */
  readonly file: string;
  readonly project: string;
  readonly stack: string;
  /** The program's main module. */
  readonly main: string;
  readonly nodeArguments: readonly string[];
  /** The stack's configuration; encrypted values become secrets of unknown content. */
  readonly config: Readonly<Record<string, ConfigValue>>;
}

/** What the process that runs a program sends back. */
export type ProjectAnswer =
  | { readonly graph: ResourceGraph }
  | { readonly failure: { readonly name: string; readonly message: string } };

/** Whether a path is a Pulumi project: its directory, its `Pulumi.yaml`, or the `Pulumi.<stack>.yaml` of one stack. */
export function isProject(place: string): boolean {
  return projectFileAt(place) !== undefined;
}

/**
 * Reads a project and the configuration of one stack: that of `Pulumi.<stack>.yaml` if the path names it, otherwise the
 * only one; `dev`, without configuration, if there is none.
 * @throws ReadError when it is not a Node.js project, or has several stacks and none is named
 */
export function readProject(place: string): PulumiProject {
  const file = projectFileAt(place);
  if (file === undefined) throw new ReadError(place, 'is not a Pulumi project', 'name its directory');
  const content = readYaml(file);
  const runtime = isRecord(content.runtime) ? content.runtime : { name: content.runtime };
  if (runtime.name !== 'nodejs') {
    throw new ReadError(file, `is a program for '${String(runtime.name)}'`, 'only Node.js programs can be run offline');
  }
  const stackFile = stackFileOf(place, path.dirname(file));
  const options = isRecord(runtime.options) ? runtime.options : {};
  const project = String(content.name);
  return {
    file,
    project,
    stack: stackFile === undefined ? 'dev' : STACK_FILE.exec(path.basename(stackFile))![1]!,
    main: mainModule(file, content.main),
    nodeArguments: String(options.nodeargs ?? '')
      .split(' ')
      .filter(Boolean),
    config: {
      ...configOf(content.config, (entry) => (isRecord(entry) ? (entry.value ?? entry.default) : entry)),
      ...configOf(stackFile === undefined ? {} : readYaml(stackFile).config, (entry) => entry),
    },
  };
}

/**
 * Runs a project's program like `synthesize`, in a separate process: whatever the program does there, and
 * whatever it prints, stays out of this one.
 * @throws ReadError when it cannot be run, or fails
 */
export async function synthesizeProject(project: PulumiProject): Promise<ResourceGraph> {
  const child = fork(path.join(__dirname, 'project-process.js'), {
    cwd: path.dirname(project.main),
    execArgv: [...project.nodeArguments, ...typescriptLoader(project)],
    stdio: ['ignore', 2, 2, 'ipc'],
  });
  const stop = () => void child.kill('SIGKILL');
  process.once('exit', stop);
  try {
    child.send(project);
    const answer = await answerOf(child);
    if ('graph' in answer) return { ...answer.graph, sources: seenFrom(path.dirname(project.main), answer.graph) };
    throw new ReadError(
      project.file,
      `cannot be run: ${answer.failure.message}`,
      `fix it, or stack '${project.stack}'`,
    );
  } finally {
    process.off('exit', stop);
    stop();
  }
}

/** Source positions, relative to the directory the program ran in, as seen from here. */
function seenFrom(directory: string, { sources = {} }: ResourceGraph): ResourceGraph['sources'] {
  return Object.fromEntries(
    Object.entries(sources).map(([key, { file, ...place }]) => [
      key,
      { file: path.resolve(directory, file), ...place },
    ]),
  );
}

function answerOf(child: ChildProcess): Promise<ProjectAnswer> {
  return new Promise((resolve) => {
    const ended = (how: string) => resolve({ failure: { name: 'Error', message: `its process ended with ${how}` } });
    child.once('message', (answer) => resolve(answer as ProjectAnswer));
    child.once('error', ({ message }) => ended(message));
    child.once('exit', (code, signal) => ended(String(code ?? signal)));
  });
}

/** Node.js 20 does not run TypeScript natively; nor does it run this package while that is TypeScript. */
function typescriptLoader({ main, nodeArguments }: PulumiProject): string[] {
  const needed = [main, __filename].some((file) => /\.[mc]?ts$/.test(file));
  if (!needed || nodeArguments.some((argument) => argument.includes('tsx'))) return [];
  for (const from of [main, __filename]) {
    try {
      return ['--import', pathToFileURL(createRequire(from).resolve('tsx')).href];
    } catch {
      // not installed there
    }
  }
  if (Reflect.get(process.features, 'typescript')) return [];
  throw new ReadError(main, 'is TypeScript, which this version of Node.js does not run', 'npm install --save-dev tsx');
}

function projectFileAt(place: string): string | undefined {
  if (!existsSync(place)) return undefined;
  const directory = statSync(place).isDirectory();
  if (!directory && !PROJECT_FILE.test(path.basename(place)) && !STACK_FILE.test(path.basename(place)))
    return undefined;
  const found = readdirSync(directory ? place : path.dirname(place)).find((name) => PROJECT_FILE.test(name));
  return found && path.join(directory ? place : path.dirname(place), found);
}

function stackFileOf(place: string, directory: string): string | undefined {
  if (STACK_FILE.test(path.basename(place))) return place;
  const files = readdirSync(directory).filter((name) => STACK_FILE.test(name));
  if (files.length > 1)
    throw new ReadError(place, `has several stacks: ${files.sort().join(', ')}`, 'name one of these files');
  return files[0] && path.join(directory, files[0]);
}

/** The entry as Pulumi finds it: `main` in Pulumi.yaml, `main` in package.json, or the index. */
function mainModule(file: string, main: unknown): string {
  const directory = path.dirname(file);
  const manifest = path.join(directory, 'package.json');
  const entry =
    main ?? (existsSync(manifest) ? (JSON.parse(readFileSync(manifest, 'utf8')) as { main?: string }).main : undefined);
  const place = path.resolve(directory, String(entry ?? '.'));
  // The SDK compiles TypeScript itself: index.js in package.json means index.ts.
  const source = /\.[mc]?js$/.test(place) ? [place.replace(/js$/, 'ts')] : [];
  const candidates = [
    place,
    ...source,
    ...['js', 'mjs', 'ts', 'mts'].map((extension) => path.join(place, `index.${extension}`)),
  ];
  const found = candidates.find((candidate) => existsSync(candidate) && statSync(candidate).isFile());
  if (found === undefined) throw new ReadError(file, `has no program at '${String(entry ?? '.')}'`, "set 'main'");
  return found;
}

function configOf(section: unknown, valueOf: (entry: unknown) => unknown): Record<string, ConfigValue> {
  const entries = Object.entries(isRecord(section) ? section : {}).map(
    ([key, entry]) => [key, valueOf(entry)] as const,
  );
  return Object.fromEntries(
    entries
      .filter(([, value]) => value !== undefined)
      .map(([key, value]) => [key, isEncrypted(value) ? { secret: `the secret of ${key}` } : value]),
  );
}

function isEncrypted(value: unknown): boolean {
  if (typeof value !== 'object' || value === null) return false;
  return 'secure' in value || Object.values(value).some(isEncrypted);
}

function readYaml(file: string): Record<string, unknown> {
  try {
    const content: unknown = parse(readFileSync(file, 'utf8'));
    return isRecord(content) ? content : {};
  } catch (error) {
    throw new ReadError(file, `cannot be read: ${(error as Error).message}`, 'fix it');
  }
}
