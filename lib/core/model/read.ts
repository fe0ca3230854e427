import { existsSync, readdirSync, statSync } from 'node:fs';
import path from 'node:path';
import { filesBeside } from './beside';
import type { Decisions } from './decided';
import { parseText, type ParsedText } from './document';
import { readText } from './files';
import { link, type TemplateSource } from './link';
import type { Model, UnreadNote } from './model';
import { readAssembly } from './read-assembly';
import { orFailure, ReadError } from './read-error';
import { isGraph, readGraph } from './read-graph';
import { placeWithin, within } from './within';

const TEMPLATE_FILE = /\.(json|ya?ml|template)$/;

/** How to read an input. */
export interface ReadOptions {
  /**
   * The folder that contains every input. Templates are named by their place in it, and the files they name are read
   * only inside it.
   * @default - the directory itself, or the folder of a file
   */
  readonly root?: string;
  /**
   * The name of a single file.
   * @default - its place in the root
   */
  readonly name?: string;
  /** Whether to skip a file of a directory. / @default - skips none */
  readonly ignores?: (file: string) => boolean;
  /** What a deployment decides, for a template or an assembly. / @default - everything is open */
  readonly decisions?: Decisions;
}

/**
 * Reads whatever a path names: a cloud assembly (or its `manifest.json`), a template, a Pulumi graph, or a directory of
 * templates, which may import from and nest each other. As long as something can be read, the rest is among the model's
 * failures.
 * @throws ReadError when it contains nothing that can be judged
 */
export function read(
  place: string,
  { root = rootOf(place), name, ignores = () => false, decisions }: ReadOptions = {},
): Model {
  if (!existsSync(place)) throw new ReadError(place, 'does not exist', 'check the path');
  if (statSync(place).isDirectory()) return readDirectory(place, root, ignores);
  if (path.basename(place) === 'manifest.json') return readAssembly(path.dirname(place), decisions);
  const text = parseText(readText(place), place);
  const own = name ?? placeWithin(root, place);
  if (isGraph(text.data)) return readGraph(text.data, { file: place, name: own });
  const reader = new TemplateReader(root);
  return link(reader.withNested(place, text, { name: own }), {
    failures: reader.failures,
    ...(decisions && { decisions }),
  });
}

/** The folder of a path: the file's, or the directory itself. */
export function rootOf(place: string): string {
  return existsSync(place) && statSync(place).isDirectory() ? place : path.dirname(place);
}

function readDirectory(directory: string, root: string, ignores: (file: string) => boolean): Model {
  if (existsSync(path.join(directory, 'manifest.json'))) return readAssembly(directory);
  const reader = new TemplateReader(root);
  const nested = new Set<string>();
  const sources = [...reader.templatesIn(directory, ignores)].flatMap(([file, text]) => {
    const [own, ...below] = reader.withNested(file, text);
    for (const { origin } of below) nested.add(path.resolve(origin.shown));
    return [own!, ...below];
  });
  // A nested template is judged in its parent, with its parameters.
  const roots = sources.filter(({ origin }) => origin.parent !== undefined || !nested.has(path.resolve(origin.shown)));
  if (roots.length === 0 && reader.failures.length === 0) {
    throw new ReadError(directory, 'contains no template', 'name a cloud assembly, a template or a Pulumi graph');
  }
  return link(roots, { failures: reader.failures });
}

class TemplateReader {
  readonly failures: ReadError[] = [];

  constructor(private readonly root: string) {}

  templatesIn(directory: string, ignores: (file: string) => boolean): ReadonlyMap<string, ParsedText> {
    const templates = new Map<string, ParsedText>();
    for (const entry of readdirSync(directory, { withFileTypes: true }).sort((a, b) => (a.name < b.name ? -1 : 1))) {
      const place = path.join(directory, entry.name);
      if (ignores(place)) continue;
      if (entry.isDirectory() && entry.name !== 'node_modules' && !entry.name.startsWith('.')) {
        for (const [file, text] of this.templatesIn(place, ignores)) templates.set(file, text);
      } else if (entry.isFile() && TEMPLATE_FILE.test(entry.name)) {
        for (const text of orFailure(this.failures, () => templateIn(place))) templates.set(place, text);
      }
    }
    return templates;
  }

  /** A template and those it names by relative path, like `aws cloudformation package` and SAM. */
  withNested(
    file: string,
    text: ParsedText,
    place: Pick<TemplateSource['origin'], 'name' | 'parent'> = { name: placeWithin(this.root, file) },
    above: readonly string[] = [],
  ): TemplateSource[] {
    const unread: UnreadNote[] = [];
    const nested = localTemplates(text.data).flatMap(({ logicalId, property, location }) => {
      const named = within(this.root, path.dirname(file), location);
      const child = typeof named === 'string' ? '' : named.file;
      const why = typeof named === 'string' ? WHY[named] : notNested(child, [...above, file]);
      if (why !== undefined) {
        unread.push({ kind: 'nested-template', logicalId, property, reason: `the template ${location} is ${why}` });
        return [];
      }
      const name = `${place.name}/${logicalId}`;
      const parent = { template: place.name, resource: name };
      return orFailure(this.failures, () =>
        this.withNested(child, parseText(readText(child), child), { name, parent }, [...above, file]),
      );
    });
    const files = filesBeside(this.root, path.dirname(file));
    return [{ origin: { ...place, file, shown: file }, text, files, unread }, ...nested];
  }
}

const WHY = {
  missing: 'not there',
  outside: 'outside the given folder',
  endless: 'a pipe or a device',
} as const;

/** Why a file is no template of a nested stack; undefined if it may be one. */
function notNested(file: string, above: readonly string[]): string | undefined {
  if (above.includes(file)) return 'the one that it is nested in';
  return statSync(file).isDirectory() ? 'a folder' : undefined;
}

/** Other files may be next to templates; only those that look like templates must be readable. */
function templateIn(file: string): ParsedText[] {
  const text = readText(file);
  if (!/^[ \t]*["']?Resources["']?[ \t]*:/m.test(text) && !/[{,]\s*"Resources"\s*:/.test(text)) return [];
  return [parseText(text, file)];
}

interface NestedTemplate {
  readonly logicalId: string;
  readonly property: string;
  readonly location: string;
}

function localTemplates(data: unknown): NestedTemplate[] {
  const resources = property(data, 'Resources');
  if (typeof resources !== 'object' || resources === null) return [];
  return Object.entries(resources).flatMap(([logicalId, resource]): NestedTemplate[] => {
    const name = LOCATED.get(property(resource, 'Type'));
    const location = name === undefined ? undefined : property(property(resource, 'Properties'), name);
    return typeof location === 'string' && !/^\w+:\/\//.test(location)
      ? [{ logicalId, property: name!, location }]
      : [];
  });
}

/** Properties that name a template, by type. */
const LOCATED: ReadonlyMap<unknown, string> = new Map([
  ['AWS::CloudFormation::Stack', 'TemplateURL'],
  ['AWS::CloudFormation::StackSet', 'TemplateURL'],
  ['AWS::Serverless::Application', 'Location'],
]);

function property(value: unknown, name: string): unknown {
  return typeof value === 'object' && value !== null && Object.hasOwn(value, name)
    ? (value as Readonly<Record<string, unknown>>)[name]
    : undefined;
}
