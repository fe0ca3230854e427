import { readFileSync } from 'node:fs';
import { displayName } from '../../core/model/display';
import type { Template } from '../../core/model/model';
import { ReadError } from '../../core/model/read-error';
import { nearest } from '../../core/nearest';
import { isRecord, type JsonObject } from '../../core/record';
import { readPath } from '../read-path';
import { incomplete } from '../unread';
import { metadataIn } from '../watch/recipes';

/** A construct of an assembly, with the elements of its template that it made. */
export interface Selection {
  /** Construct path: `Shop/Ingest`. */
  readonly construct: string;
  /** File of the template. */
  readonly file: string;
  /** The template itself. */
  readonly template: JsonObject;
  /** Where each element of the stack stands in the app, by logical id. */
  readonly paths: ReadonlyMap<string, string>;
  /** Logical ids of the construct's resources. */
  readonly resources: readonly string[];
  /** Logical ids of its outputs. */
  readonly outputs: readonly string[];
  /** Parts of it that are not resources or outputs, or were not read. */
  readonly unread: readonly string[];
  /** Resources of other stacks, by their export names. */
  readonly exports: ReadonlyMap<string, string>;
}

/** Siblings that our building blocks create, named after their own id. */
const BESIDE = ['Role', 'Logs', 'DeadLetterQueue', 'AccessLogs'];

/**
 * The elements of a construct: those below it, and the siblings of building blocks.
 * @throws ReadError when there is no such construct, or it made nothing
 */
export async function selectionOf(assembly: string, requested: string): Promise<Selection> {
  const construct = requested.replace(/^\/+|\/+$/g, '');
  const model = await readPath(assembly);
  const stack = stackOf([...model.templates.values()], construct);
  const template = stack && (JSON.parse(readFileSync(stack.file!, 'utf8')) as JsonObject);
  const paths = new Map(stack && elementsOf(assembly, stack));
  for (const one of model.resources.values())
    if (one.template === stack?.name && one.path !== undefined) paths.set(one.logicalId, one.path);
  const idsIn = (section: string) => Object.keys(sectionOf(template ?? {}, section));
  const own = (id: string) => belongs(paths.get(id), construct, stack?.path);
  const resources = idsIn('Resources').filter(own);
  if (resources.length === 0) {
    const all = [...model.resources.values()].flatMap((one) => prefixesOf(displayName(one)));
    const meant = nearest(construct, [...new Set(all)]);
    const remedy = meant === undefined ? "'lintel access' lists the constructs" : `did you mean '${meant}'?`;
    throw new ReadError(assembly, `has no construct '${construct}' with resources`, remedy);
  }
  const { unread, failures } = incomplete([model]);
  return {
    construct,
    file: stack!.file!,
    template: template!,
    paths,
    resources,
    outputs: idsIn('Outputs').filter(own),
    unread: [
      ...['Parameters', 'Conditions', 'Mappings', 'Rules'].flatMap((section) =>
        construct === stack!.path
          ? []
          : idsIn(section)
              .filter(own)
              .map((id) => `${paths.get(id)}: is of ${section}`),
      ),
      ...unread.map(({ resource, message }) => `${resource}: ${message}`).filter((line) => line.startsWith(construct)),
      ...failures.map(({ message }) => message),
    ],
    exports: new Map([...model.templates.values()].flatMap(exportsOf)),
  };
}

/** A section of a template, or one of its resources. */
export function sectionOf(template: JsonObject, name: string): Readonly<Record<string, JsonObject>> {
  const section = template[name];
  return isRecord(section) ? (section as Readonly<Record<string, JsonObject>>) : {};
}

/** The stack that a construct is in: the nearest above it. */
function stackOf(templates: readonly Template[], construct: string): Template | undefined {
  return templates
    .filter(({ path, file }) => file !== undefined && path !== undefined && `${construct}/`.startsWith(`${path}/`))
    .sort((one, other) => other.path!.length - one.path!.length)[0];
}

function belongs(path: string | undefined, construct: string, stack: string | undefined): boolean {
  if (path === undefined) return false;
  if (path === construct || path.startsWith(`${construct}/`)) return true;
  if (construct === stack || !path.startsWith(construct)) return false;
  const [beside = ''] = path.slice(construct.length).split('/');
  return BESIDE.includes(beside);
}

function* elementsOf(assembly: string, { path }: Template): Iterable<[logicalId: string, path: string]> {
  for (const metadata of metadataIn(assembly)) {
    for (const [place, notes] of Object.entries(metadata)) {
      if (!place.startsWith(`/${path}/`) || !Array.isArray(notes)) continue;
      for (const { type, data } of (notes as readonly unknown[]).filter(isRecord))
        if (type === 'aws:cdk:logicalId' && typeof data === 'string') yield [data, place.slice(1)];
    }
  }
}

/** A path and those above it. */
const prefixesOf = (path: string): readonly string[] =>
  path.split('/').map((_, index, parts) => parts.slice(0, index + 1).join('/'));

function exportsOf({ file }: Template): readonly [string, string][] {
  if (file === undefined) return [];
  const outputs = Object.entries(sectionOf(JSON.parse(readFileSync(file, 'utf8')) as JsonObject, 'Outputs'));
  return outputs.flatMap(([, { Export, Value }]): [string, string][] =>
    isRecord(Export) && typeof Export.Name === 'string' ? [[Export.Name, JSON.stringify(Value)]] : [],
  );
}
