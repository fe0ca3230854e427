import { readFileSync, statSync } from 'node:fs';
import path from 'node:path';
import type { Model, Resource } from '../../core/model/model';
import { at, toText } from '../../core/model/select';
import { within } from '../../core/model/within';
import { indexed } from '../../core/model/indexed';

/** Larger bundles are not inspected. */
const LARGEST = 10 * 1024 * 1024;
const ENDINGS = ['.js', '.mjs', '.cjs', '.py'];

const codes = indexed((): Map<string, string | undefined> => new Map());

/**
 * The code of a function's handler: inline in the template, or the handler's file in its asset / in the assembly.
 * Undefined if it is elsewhere.
 */
export function handlerCode(model: Model, fn: Resource): string | undefined {
  const inline = toText(at(fn, 'Code.ZipFile'));
  if (inline !== undefined) return inline;
  const file = handlerFile(model, fn);
  if (file === undefined) return undefined;
  const known = codes(model);
  if (!known.has(file)) known.set(file, statSync(file).size > LARGEST ? undefined : readFileSync(file, 'utf8'));
  return known.get(file);
}

function handlerFile(model: Model, fn: Resource): string | undefined {
  const template = model.templates.get(fn.template)?.file;
  const asset = fn.metadata['aws:asset:path'];
  const handler = toText(at(fn, 'Handler'))?.replace(/\.[^./]+$/, '');
  if (template === undefined || typeof asset !== 'string' || handler === undefined) return undefined;
  const directory = path.dirname(template);
  for (const ending of ENDINGS) {
    const found = within(assemblyAround(directory), directory, path.join(asset, `${handler}${ending}`));
    if (typeof found === 'object') return found.file;
  }
  return undefined;
}

/** A stage's assembly is nested in the app's, which has the assets. */
function assemblyAround(directory: string): string {
  return path.basename(directory).startsWith('assembly-') ? assemblyAround(path.dirname(directory)) : directory;
}
