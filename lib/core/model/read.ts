import { existsSync, readdirSync, statSync } from 'node:fs';
import path from 'node:path';
import { parseText, type ParsedText } from './document';
import { readText } from './files';
import { link, type TemplateSource } from './link';
import { type Model } from './model';
import { readAssembly } from './read-assembly';
import { ReadError } from './read-error';
import { isGraph, readGraph } from './read-graph';

const TEMPLATE_FILE = /\.(json|ya?ml|template)$/;

/** What is left out of a directory. */
export interface ReadOptions {
  /**
   * Whether a file is left out.
   * @default - none is
   */
  readonly ignores?: (file: string) => boolean;
}

/**
 * Reads whatever a path names: a cloud assembly (or its `manifest.json`), a template, a Pulumi graph, or a directory of
 * templates, which may import from each other and name each other as nested stacks.
 * @throws ReadError when there is nothing in it that can be judged, or something that cannot be read
 */
export function read(place: string, { ignores = () => false }: ReadOptions = {}): Model {
  if (!existsSync(place)) throw new ReadError(place, 'does not exist', 'check the path');
  if (statSync(place).isDirectory()) return readDirectory(place, ignores);
  if (path.basename(place) === 'manifest.json') return readAssembly(path.dirname(place));
  const text = parseText(readText(place), place);
  return isGraph(text.data) ? readGraph(text.data, { file: place }) : link(withNested(place, text));
}

function readDirectory(directory: string, ignores: (file: string) => boolean): Model {
  if (existsSync(path.join(directory, 'manifest.json'))) return readAssembly(directory);
  const found = templatesIn(directory, ignores);
  const nested = new Set<string>();
  const sources = [...found].flatMap(([file, text]) => {
    const [own, ...below] = withNested(file, text);
    for (const { origin } of below) nested.add(origin.shown);
    return [own!, ...below];
  });
  // A template that another one nests is judged there, with the parameters that it is given.
  const roots = sources.filter(({ origin }) => origin.parent !== undefined || !nested.has(origin.shown));
  if (roots.length === 0) {
    throw new ReadError(directory, 'holds no template', 'name a cloud assembly, a template or a Pulumi graph');
  }
  return link(roots);
}

function templatesIn(directory: string, ignores: (file: string) => boolean): ReadonlyMap<string, ParsedText> {
  const templates = new Map<string, ParsedText>();
  for (const entry of readdirSync(directory, { withFileTypes: true }).sort((a, b) => (a.name < b.name ? -1 : 1))) {
    const place = path.join(directory, entry.name);
    if (ignores(place)) continue;
    if (entry.isDirectory() && entry.name !== 'node_modules' && !entry.name.startsWith('.')) {
      for (const [file, text] of templatesIn(place, ignores)) templates.set(file, text);
    } else if (entry.isFile() && TEMPLATE_FILE.test(entry.name)) {
      const text = readText(place);
      // Other people's files stand beside templates; only what looks like one must be readable.
      if (!/^\s*["']?Resources["']?\s*:/m.test(text) && !/[{,]\s*"Resources"\s*:/.test(text)) continue;
      templates.set(place, parseText(text, place));
    }
  }
  return templates;
}

/** A template and those that it names by a relative path, as `aws cloudformation package` and SAM take them. */
function withNested(
  file: string,
  text: ParsedText,
  place: Pick<TemplateSource['origin'], 'name' | 'parent'> = { name: file },
  above: readonly string[] = [],
): TemplateSource[] {
  const nested = localTemplates(text.data).flatMap(([logicalId, location]) => {
    const child = path.join(path.dirname(file), location);
    if ([...above, file].includes(child) || !existsSync(child) || statSync(child).isDirectory()) return [];
    const name = `${place.name}/${logicalId}`;
    const parent = { template: place.name, resource: name };
    return withNested(child, parseText(readText(child), child), { name, parent }, [...above, file]);
  });
  return [{ origin: { ...place, file, shown: file }, text }, ...nested];
}

function localTemplates(data: unknown): [string, string][] {
  const resources = property(data, 'Resources');
  if (typeof resources !== 'object' || resources === null) return [];
  return Object.entries(resources).flatMap(([logicalId, resource]): [string, string][] => {
    const type = property(resource, 'Type');
    const properties = property(resource, 'Properties');
    const location =
      type === 'AWS::CloudFormation::Stack'
        ? property(properties, 'TemplateURL')
        : type === 'AWS::Serverless::Application'
          ? property(properties, 'Location')
          : undefined;
    return typeof location === 'string' && !/^\w+:\/\//.test(location) ? [[logicalId, location]] : [];
  });
}

function property(value: unknown, name: string): unknown {
  return typeof value === 'object' && value !== null && Object.hasOwn(value, name)
    ? (value as Readonly<Record<string, unknown>>)[name]
    : undefined;
}
