import { existsSync } from 'node:fs';
import path from 'node:path';
import { isRecord, type JsonObject, recordOf } from '../record';
import { AssemblyStack } from './assembly-stack';
import type { Decisions } from './decided';
import { type Held, noteAbsent, noting, readJsonObject, unchanged } from './files';
import { fileIn, type Inside, notInside } from './inside-assembly';
import { link, type TemplateSource } from './link';
import type { Acknowledgement, Model } from './model';
import { orFailure, ReadError } from './read-error';

/**
 * Reads a CDK cloud assembly: every stack of every stage, nested stacks at any depth, acknowledgements, construct paths
 * and source locations, if recorded. Nothing outside the directory is read, whatever the assembly names. A stack that
 * cannot be read is among the model's failures.
 * @param decisions what a deployment decides; everything is open without it
 * @throws ReadError when the directory is not an assembly, holds no stack, or none that can be read
 */
export function readAssembly(directory: string, decisions?: Decisions): Model {
  const sources: TemplateSource[] = [];
  const acknowledgements: Acknowledgement[] = [];
  const failures: ReadError[] = [];
  const names = new Set<string>();
  const read = (stack: AssemblyStack): readonly TemplateSource[] => {
    // Stacks of two stages may share a name; their construct paths differ.
    const name = names.has(stack.id) ? stack.constructPath : stack.id;
    names.add(name);
    acknowledgements.push(...stack.metadata.acknowledgements);
    return stack.sources(name, failures);
  };
  eachStack({ directory, root: directory }, (open) => {
    for (const source of orFailure(failures, () => read(open()))) sources.push(source);
  });
  if (sources.length === 0) {
    throw (
      failures[0] ??
      new ReadError(directory, 'is an assembly without stacks', 'synthesize an app that has at least one')
    );
  }
  return link(sources, {
    acknowledgements: distinct([...acknowledgements, ...acknowledgedAbove(directory)]),
    failures,
    ...(decisions && { decisions }),
  });
}

let last: { readonly directory: string; readonly held: Held; readonly model: Model } | undefined;

/**
 * Like `readAssembly`, but cached: an app is judged once per stage. The last model is reused while all its files are
 * unchanged.
 * @throws ReadError as `readAssembly` does
 */
export function readAssemblyAgain(directory: string): Model {
  // A relative one depends on the working directory.
  const key = `${directory}\n${path.resolve(directory)}`;
  if (last?.directory === key && unchanged(last.held)) return last.model;
  const { made, held } = noting(() => readAssembly(directory));
  last = { directory: key, held, model: made };
  return made;
}

/**
 * Acknowledgements on the app or a stage, which stack metadata lacks: the platform's own report lists what it
 * suppressed.
 */
function acknowledgedAbove(directory: string): Acknowledgement[] {
  const file = path.join(directory, 'validation-report.json');
  if (!existsSync(file)) {
    noteAbsent(file);
    return [];
  }
  return recordsIn(readJsonObject(file).pluginReports)
    .flatMap((report) => recordsIn(report.suppressedViolations))
    .filter(({ acknowledgedId }) => typeof acknowledgedId === 'string')
    .map(({ acknowledgedId, reason = '', acknowledgedAt = '' }) => ({
      id: String(acknowledgedId),
      reason: String(reason),
      path: String(acknowledgedAt),
    }));
}

function distinct(acknowledgements: readonly Acknowledgement[]): Acknowledgement[] {
  return [...new Map(acknowledgements.map((one) => [`${one.path} ${one.id}`, one])).values()];
}

function eachStack(inside: Inside, visit: (open: () => AssemblyStack) => void): void {
  const manifest = readJsonObject(path.join(inside.directory, 'manifest.json'));
  const artifacts = recordOf(manifest.artifacts);
  for (const [id, content] of Object.entries(artifacts)) {
    const artifact = isRecord(content) ? content : {};
    if (artifact.type === 'cdk:cloud-assembly') {
      const name = String(recordOf(artifact.properties).directoryName);
      visitBelow(inside, name, visit);
    } else if (artifact.type === 'aws:cloudformation:stack') {
      visit(() => new AssemblyStack(inside, id, artifact, artifacts));
    }
  }
}

/** A stage. An unreadable one is reported like an unreadable stack. */
function visitBelow(inside: Inside, name: string, visit: (open: () => AssemblyStack) => void): void {
  try {
    // Only below this one, so that two cannot refer to each other.
    const directory = fileIn({ ...inside, root: inside.directory }, name);
    if (path.relative(inside.directory, directory) === '') throw notInside(inside, name, 'outside');
    eachStack({ ...inside, directory }, visit);
  } catch (error) {
    visit(() => {
      throw error;
    });
  }
}

function recordsIn(value: unknown): readonly JsonObject[] {
  return Array.isArray(value) ? value.filter(isRecord) : [];
}
