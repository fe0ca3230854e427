import { readFileSync } from 'node:fs';
import { parse } from 'yaml';
import { pointed } from '../event-schema/comparison';
import { isRecord, type JsonObject } from '../record';

/** A document of OpenAPI 3.0 or 3.1, and what it is called in messages. */
export interface OpenApiDocument {
  /** Its file, or its title. */
  readonly name: string;
  readonly content: JsonObject;
}

/** What is wrong with a document: where in it, the rule, what stands there, and the remedy. */
export interface Problem {
  readonly prop: string;
  readonly value?: unknown;
  readonly rule: string;
  readonly remedy: string;
}

/** A document that was read, or why it was not. */
export type Read = { readonly document: OpenApiDocument } | { readonly problem: Problem };

/**
 * Reads a document, in YAML or JSON where it is a file. A name that stands twice is a mistake in both.
 * @param source path of a file, or the document itself
 */
export function readDocument(source: string | object): Read {
  const found = typeof source === 'string' ? parsed(source) : { content: source };
  if ('problem' in found) return found;
  const { content } = found;
  const version = isRecord(content) ? (content.openapi ?? content.swagger) : undefined;
  if (!isRecord(content) || !/^3\.[01]\.\d+/.test(String(content.openapi))) {
    const remedy =
      isRecord(content) && 'swagger' in content
        ? 'convert it to OpenAPI 3 first'
        : 'give an OpenAPI document, whose first line is openapi: 3.1.0';
    return { problem: { prop: 'document', value: version, rule: 'must be OpenAPI 3.0 or 3.1', remedy } };
  }
  const title = isRecord(content.info) ? content.info.title : undefined;
  return { document: { name: typeof source === 'string' ? source : String(title ?? 'OpenAPI'), content } };
}

function parsed(file: string): { readonly content: unknown } | { readonly problem: Problem } {
  try {
    return { content: parse(readFileSync(file, 'utf8')) as unknown };
  } catch (error) {
    const [line = ''] = (error as Error).message.split('\n');
    const missing = (error as NodeJS.ErrnoException).code === 'ENOENT';
    const rule = missing ? 'must be an existing file' : `must be YAML or JSON (${line.replace(/:$/, '')})`;
    const remedy = missing ? 'give its path relative to the working directory' : 'correct it';
    return { problem: { prop: 'document', value: file, rule, remedy } };
  }
}

/** Where texts are no part of the document's structure. */
const CONTENTS = new Set(['example', 'examples', 'default', 'enum', 'const']);

/** What is wrong with the references of a document: all must lead to what stands in it. */
export function referenceProblems({ content }: OpenApiDocument): Problem[] {
  const found = new Map<string, Problem>();
  const seen = new Set<object>();
  const walk = (value: unknown, under?: string): void => {
    if (typeof value !== 'object' || value === null || seen.has(value)) return;
    seen.add(value);
    if (Array.isArray(value)) return value.forEach((one) => walk(one));
    for (const [name, inner] of Object.entries(value)) {
      // A property of a schema may be called as it likes.
      const named = under === 'properties' || under === 'patternProperties' || under === 'schemas';
      if (!named && (CONTENTS.has(name) || name.startsWith('x-'))) continue;
      if (name === '$ref' && typeof inner === 'string' && !named) {
        const problem = referenceProblem(content, inner);
        if (problem) found.set(inner, problem);
      } else walk(inner, named ? undefined : name);
    }
  };
  walk(content);
  return [...found.values()];
}

function referenceProblem(content: JsonObject, reference: string): Problem | undefined {
  const row = { prop: '$ref', value: reference };
  if (!reference.startsWith('#/')) {
    const remedy = 'bundle the document first, so that nothing is fetched when the app is synthesized';
    return { ...row, rule: "must begin with '#/', a place in the document itself", remedy };
  }
  if (pointed(content, reference) !== undefined) return undefined;
  return { ...row, rule: 'must refer to something in the document', remedy: 'correct it, or add what it names' };
}

/**
 * What stands in a place, or where its references lead.
 * @returns undefined where they lead in a circle, or to no object
 */
export function resolved(content: JsonObject, value: unknown, via: readonly string[] = []): JsonObject | undefined {
  if (!isRecord(value)) return undefined;
  const { $ref: reference } = value;
  if (typeof reference !== 'string') return value;
  if (via.includes(reference)) return undefined;
  return resolved(content, pointed(content, reference), [...via, reference]);
}
