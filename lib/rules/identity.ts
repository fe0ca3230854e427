import path from 'node:path';
import { type Model, type Resource } from '../core/model/model';

/** The namespace of our ids in acknowledgements, which is also the name of the CDK plugin. */
export const NAMESPACE = 'Lintel';

/** The hash that CDK appends to the logical ids it makes up. */
const LOGICAL_ID_HASH = /(?<=.)[0-9A-F]{8}$/;

/** `FunctionSecrets[TOKEN]`: a rule and what tells its findings on one resource apart. */
export function findingName(rule: string, detail?: string): string {
  return detail === undefined ? rule : `${rule}[${safe(detail)}]`;
}

/** `Lintel::FunctionSecrets[TOKEN]`, by which a finding is acknowledged. */
export function acknowledgementId(rule: string, detail?: string): string {
  return `${NAMESPACE}::${findingName(rule, detail)}`;
}

/** The file of a template as a report shows it, or its name where it has none. */
export function templateLabel(model: Model, template: string): string {
  return model.templates.get(template)?.file ?? template;
}

/**
 * Where a resource is, in words that stay the same when CDK renames it: its construct path, or the template (as seen
 * from the working directory) with the logical id less its hash.
 */
export function placeOf(model: Model, resource: Resource): string {
  if (resource.path !== undefined) return resource.path.replace(/\/(Resource|Default)$/, '');
  const template = model.templates.get(resource.template);
  const name = template?.file === undefined ? resource.template : path.relative(process.cwd(), template.file);
  return `${name.split(path.sep).join('/')}/${resource.logicalId.replace(LOGICAL_ID_HASH, '')}`;
}

/** Numbers ids that would be the same otherwise: two branches of a condition, two resources that differ by their hash. */
export class Ids {
  private readonly taken = new Map<string, number>();

  /** The id itself the first time, then `id#2`, `id#3`. */
  next(id: string): string {
    const count = (this.taken.get(id) ?? 0) + 1;
    this.taken.set(id, count);
    return count === 1 ? id : `${id}#${count}`;
  }
}

/** The platform takes `::` for its own separator and wants brackets in pairs. */
function safe(detail: string): string {
  return detail
    .replaceAll('::', ':')
    .replace(/[[\](){}]/g, '_')
    .replaceAll(' ', '-');
}
