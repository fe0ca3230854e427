import path from 'node:path';
import { tmpdir } from 'node:os';
import type { GraphResource, ResourceGraph } from '../core/model/graph';
import type { MatcherResult } from './matchers';
import { matchSnapshot } from './snapshot/match-snapshot';
import { normalizeTemplate } from './snapshot/normalize';
import { isTemplateJson } from './snapshot/template-of';

/** A digest of content, an asset or a whole directory. */
const DIGEST = /\b[0-9a-f]{64}\b/g;

/** The beginning of a digest at the end of a name: an uploaded asset. */
const SHORT_DIGEST = /(?<=-)[0-9a-f]{16}\b/g;

/** Inputs that hold code or files, which do not belong in a snapshot of the graph. */
const CODE: ReadonlySet<string> = new Set(['content', 'contentBase64', '__provider']);

/** Shorter content is configuration that a reader wants to see. */
const SHORT = 200;

/**
 * Compares the normalised graph of a Pulumi program with the stored snapshot of the test that runs.
 * @param hint tells several snapshots of one test apart
 */
export function toMatchGraphSnapshot(received: ResourceGraph, hint?: string): MatcherResult {
  return matchSnapshot(normalizeGraph(received), hint);
}

/**
 * A graph without irrelevant changes: digests, code, local file paths, and what `normalizeTemplate` leaves out of a
 * CloudFormation template. The given graph is not modified.
 * @throws Error when the value is not a graph
 */
export function normalizeGraph(graph: ResourceGraph): ResourceGraph {
  if (typeof graph !== 'object' || graph === null || !Array.isArray(graph.resources)) {
    throw new Error("expected a graph, as 'await synthesize(program)' returns; await it");
  }
  return {
    resources: graph.resources.map((resource): GraphResource => ({
      ...resource,
      name: withoutDigests(resource.name),
      inputs: normalize(resource.inputs, '') as GraphResource['inputs'],
      dependsOn: resource.dependsOn.map(withoutDigests),
    })),
    outputs: normalize(graph.outputs, '') as ResourceGraph['outputs'],
  };
}

function normalize(value: unknown, name: string): unknown {
  if (typeof value === 'string') return normalizeText(value, name);
  if (Array.isArray(value)) return value.map((item) => normalize(item, name));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, normalize(item, key)]));
}

function normalizeText(text: string, name: string): unknown {
  const template = name === 'templateBody' || name === 'content' ? templateIn(text) : undefined;
  if (template !== undefined) return normalizeTemplate(template);
  if (CODE.has(name) && text.length > SHORT) return `<${name}>`;
  return withoutDigests(withoutPlaces(text));
}

function withoutDigests(text: string): string {
  return text.replace(DIGEST, '<hash>').replace(SHORT_DIGEST, '<hash>');
}

/** Shows files relative to the working directory, and those in a temporary directory by their base name. */
function withoutPlaces(text: string): string {
  if (!path.isAbsolute(text)) return text;
  const inside = (directory: string) => text.startsWith(directory + path.sep);
  if (inside(process.cwd())) return path.relative(process.cwd(), text).replaceAll(path.sep, '/');
  return inside(tmpdir()) ? `<tmp>/${path.basename(text)}` : text;
}

function templateIn(text: string): Record<string, unknown> | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return isTemplateJson(value) ? value : undefined;
  } catch {
    return undefined; // not JSON, so not a template that we wrote
  }
}
