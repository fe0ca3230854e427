import type { BesideFile, Files } from './beside';
import { NOT_READ } from './foreach';
import type { UnreadNote } from './model';
import { isRecord, type JsonObject } from '../record';

const TRANSFORM = 'Fn::Transform';
const INCLUDE = 'AWS::Include';

type Note = Omit<UnreadNote, 'logicalId'>;

/**
 * Applies a template's inline transforms: an include is replaced by the file it names. Inside a resource, one that
 * cannot be applied becomes unknown and is noted; elsewhere it is left for the caller to refuse.
 */
export function withoutInlineTransforms(template: JsonObject, files: Files): JsonObject {
  const { Resources: resources, ...others } = template;
  const root = new Inliner(files, false);
  const result = root.visit(others, '') as JsonObject;
  if (!isRecord(resources)) return resources === undefined ? result : { ...result, Resources: resources };
  const included = root.own(resources, '');
  return {
    ...result,
    Resources: Object.fromEntries(
      Object.entries(included).map(([id, resource]) => [
        id,
        isRecord(resource) ? inResource(resource, files) : resource,
      ]),
    ),
  };
}

function inResource(resource: JsonObject, files: Files): JsonObject {
  const inliner = new Inliner(files, true);
  const members = Object.entries(resource).map(([name, value]): [string, unknown] => [
    name,
    name === 'Properties' ? inliner.visit(value, '') : value,
  ]);
  const result = Object.fromEntries(members);
  if (inliner.notes.length === 0) return result;
  const before = Array.isArray(resource[NOT_READ]) ? (resource[NOT_READ] as unknown[]) : [];
  return { ...result, [NOT_READ]: [...before, ...inliner.notes] };
}

class Inliner {
  readonly notes: Note[] = [];

  /** @param lenient whether a transform that cannot be applied becomes unknown */
  constructor(
    private readonly files: Files,
    private readonly lenient: boolean,
  ) {}

  visit(value: unknown, path: string): unknown {
    if (Array.isArray(value)) return value.map((item, index) => this.visit(item, below(path, String(index))));
    if (!isRecord(value)) return value;
    return this.own(
      Object.fromEntries(
        Object.entries(value).map(([name, item]) => [
          name,
          name === TRANSFORM ? item : this.visit(item, below(path, name)),
        ]),
      ),
      path,
    );
  }

  /** Merges an object's inline transform into its siblings. */
  own(value: JsonObject, path: string): JsonObject {
    if (!Object.hasOwn(value, TRANSFORM)) return value;
    const { [TRANSFORM]: transform, ...beside } = value;
    const found = this.included(transform);
    if ('data' in found && isRecord(found.data)) return { ...beside, ...found.data };
    if (!this.lenient) return value;
    const reason = 'reason' in found ? found.reason : 'the included file does not contain a map';
    const kind = nameOf(transform) === INCLUDE ? 'file' : 'expansion';
    this.notes.push({ kind, property: path === '' ? undefined : path, reason });
    return { [TRANSFORM]: transform };
  }

  private included(transform: unknown): BesideFile {
    const name = nameOf(transform);
    if (name !== INCLUDE) return { reason: `only CloudFormation can apply the transform '${name}'` };
    const parameters = isRecord(transform) ? transform.Parameters : undefined;
    const location = isRecord(parameters) ? parameters.Location : undefined;
    return typeof location === 'string'
      ? this.files.at(location)
      : { reason: 'the included file is known only at deployment' };
  }
}

function nameOf(transform: unknown): string {
  return isRecord(transform) ? String(transform.Name) : String(transform);
}

function below(path: string, name: string): string {
  return path === '' ? name : `${path}.${name}`;
}
