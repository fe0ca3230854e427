import { existsSync, readdirSync, statSync } from 'node:fs';
import path from 'node:path';
import { filesBeside } from './beside';
import { parseText, type ParsedText } from './document';
import { readText } from './files';
import { link, type TemplateSource } from './link';
import type { Model, UnreadNote } from './model';
import { readAssembly } from './read-assembly';
import { orFailure, ReadError } from './read-error';
import { isGraph, readGraph } from './read-graph';
import { placeWithin, within } from './within';

const TEMPLATE_FILE = /\.(json|ya?ml|template)$/;

/** How something is read. */
export interface ReadOptions {
  /**
   * The folder that holds everything that was given. Templates are named by their place in it, and what they name is read
   * only where it is inside.
   * @default - the directory itself, or the folder of a file
   */
  readonly root?: string;
  /**
   * What a file that is given by itself is called.
   * @default - its place in the root
   */
  readonly name?: string;
  /**
   * Whether a file of a directory is left out.
   * @default - none is
   */
  readonly ignores?: (file: string) => boolean;
}

/**
 * Reads whatever a path names: a cloud assembly (or its `manifest.json`), a template, a Pulumi graph, or a directory of
 * templates, which may import from each other and name each other as nested stacks. What cannot be read beside something
 * that can is among the failures of the model.
 * @throws ReadError when there is nothing in it that can be judged
 */
export function read(place: string, { root = rootOf(place), name, ignores = () => false }: ReadOptions = {}): Model {
  if (!existsSync(place)) throw new ReadError(place, 'does not exist', 'check the path');
  if (statSync(place).isDirectory()) return readDirectory(place, root, ignores);
  if (path.basename(place) === 'manifest.json') return readAssembly(path.dirname(place));
  const text = parseText(readText(place), place);
  const own = name ?? placeWithin(root, place);
  if (isGraph(text.data)) return readGraph(text.data, { file: place, name: own });
  const reader = new TemplateReader(root);
  return link(reader.withNested(place, text, { name: own }), { failures: reader.failures });
}

/** The folder of what a path names: that of a file, or the directory itself. */
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
  // A template that another one nests is judged there, with the parameters that it is given.
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

  /** A template and those that it names by a relative path, as `aws cloudformation package` and SAM take them. */
  withNested(
    file: string,
    text: ParsedText,
    place: Pick<TemplateSource['origin'], 'name' | 'parent'> = { name: placeWithin(this.root, file) },
    above: readonly string[] = [],
  ): TemplateSource[] {
    const unread: UnreadNote[] = [];
    const nested = localTemplates(text.data).flatMap(({ logicalId, property, location }) => {
      const named = within(this.root, path.dirname(file), location);
      if (typeof named === 'string') {
        unread.push({
          kind: 'nested-template',
          logicalId,
          property,
          reason: `the template ${location} is ${WHY[named]}`,
        });
        return [];
      }
      const child = named.file;
      if ([...above, file].includes(child) || statSync(child).isDirectory()) return [];
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

const WHY = { missing: 'not there', outside: 'outside of the folder that was given' } as const;

/** Other people's files stand beside templates; only what looks like a template must be readable. */
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
