import { readFileSync, statSync } from 'node:fs';
import path from 'node:path';
import type { ResourceGraph } from '../core/model/graph';
import type * as Project from '../pulumi/project';
import type { EdgeRun } from '../testing/edge/edge-run';
import type * as RunEdge from '../testing/edge/run-edge-locally';
import type { Io } from './io';

/** Options of `lintel run` for a Pulumi program. */
export interface RunEdgeCommand {
  /** The project's directory or file, or a graph. */
  readonly path: string;
  /** Ports of the Workers that answer from outside. */
  readonly port: readonly number[];
  /** Values of secrets, by binding. */
  readonly secrets: Readonly<Record<string, string>>;
  /** Values of outputs that only a deployment knows. */
  readonly outputs: Readonly<Record<string, string>>;
  /** Configuration of the stack, over that of its file. */
  readonly config: Readonly<Record<string, string>>;
  /** Do not print what Workers log. */
  readonly quiet: boolean;
}

/** Whether a path names a Pulumi project or a graph, rather than a cloud assembly. */
export function isEdge(place: string): boolean {
  const { isProject } = require('../pulumi/project') as typeof Project;
  return isProject(place) || readGraphFile(place) !== undefined;
}

/**
 * Runs a Pulumi program's Workers until `ended`.
 * @param ended resolves when the command is interrupted
 */
export async function runEdge(command: RunEdgeCommand, io: Io, ended: () => Promise<void>): Promise<number> {
  const { runEdgeLocally } = require('../testing/edge/run-edge-locally') as typeof RunEdge;
  const { graph, directory } = await graphOf(command);
  const run = await runEdgeLocally(graph, {
    directory,
    port: command.port,
    secrets: command.secrets,
    outputs: command.outputs,
    onLog: ({ message }) => (command.quiet ? undefined : io.out(`${message}\n`)),
  });
  try {
    const interrupted = ended();
    io.out(started(run));
    await interrupted;
    return 0;
  } finally {
    await run.stop();
  }
}

async function graphOf({ path: place, config }: RunEdgeCommand) {
  const { isProject, readProject, synthesizeProject } = require('../pulumi/project') as typeof Project;
  if (!isProject(place)) return { graph: readGraphFile(place)!, directory: process.cwd() };
  const project = readProject(place);
  // A local run needs no account, so none is asked for.
  const settings = { 'cloudflare:accountId': 'local', ...project.config, ...config };
  return {
    graph: await synthesizeProject({ ...project, config: settings }),
    directory: path.dirname(project.main),
  };
}

function readGraphFile(place: string): ResourceGraph | undefined {
  if (!place.endsWith('.json') || !statSync(place, { throwIfNoEntry: false })?.isFile()) return undefined;
  const content = JSON.parse(readFileSync(place, 'utf8')) as Partial<ResourceGraph>;
  return Array.isArray(content.resources) ? (content as ResourceGraph) : undefined;
}

/** What runs and where, and what does not. */
function started(run: EdgeRun): string {
  const section = (title: string, lines: readonly string[]) =>
    lines.length === 0 ? [] : [title, ...lines.map((line) => `  ${line}`)];
  return [
    ...section(
      'Workers',
      run.workers.map((name) => `${name}: ${run.worker(name).url}`),
    ),
    ...section(
      'Not run',
      run.unsupported.map(({ resource, type, reason }) => `${resource} (${type}): ${reason}`),
    ),
    'Stop with Ctrl-C.',
    '',
  ].join('\n');
}
