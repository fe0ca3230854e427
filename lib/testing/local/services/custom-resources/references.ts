import type { Model, Resource } from '../../../../core/model/model';
import { Choice, Reference, Text } from '../../../../core/model/values';
import type { Deployed, Deployment } from '../../kernel/deployment';

/** The ids of the resources that a resource refers to or waits for. */
export function referencesOf({ properties, dependsOn }: Resource): ReadonlySet<string> {
  const found = new Set(dependsOn);
  visitReferences(properties, ({ target }) => found.add(target));
  return found;
}

/** The attributes of a resource that others refer to, each with one of those that do. */
export function attributesRead(id: string, { planned }: Deployment): ReadonlyMap<string, Deployed> {
  const found = new Map<string, Deployed>();
  for (const one of planned) {
    visitReferences(one.resource.properties, ({ target, attribute }) => {
      if (target === id && attribute !== undefined) found.set(attribute, one);
    });
  }
  return found;
}

function visitReferences(value: unknown, see: (reference: Reference) => void): void {
  if (value instanceof Reference) see(value);
  else if (value instanceof Text) value.parts.forEach((part) => visitReferences(part, see));
  else if (value instanceof Choice) [value.then, value.otherwise].forEach((part) => visitReferences(part, see));
  else if (typeof value === 'object' && value !== null)
    Object.values(value).forEach((part) => visitReferences(part, see));
}

/** Resources in the order in which CloudFormation makes them: each after those that it needs, directly or through others. */
export function inOrder(resources: readonly Resource[], model: Model): readonly Resource[] {
  const ordered: Resource[] = [];
  const seen = new Set<string>();
  const visit = (resource: Resource): void => {
    if (seen.has(resource.id)) return;
    seen.add(resource.id);
    for (const id of referencesOf(resource)) {
      const needed = model.resources.get(id);
      if (needed) visit(needed);
    }
    if (resources.includes(resource)) ordered.push(resource);
  };
  resources.forEach(visit);
  return ordered;
}

/**
 * The ids of the resources that CloudFormation makes after custom resources, because they refer to them or wait for them,
 * directly or through others. Custom resources themselves are left out.
 */
export function waitingFor(custom: readonly Deployed[], { planned }: Deployment): ReadonlySet<string> {
  const made = new Set(custom.map(({ resource }) => resource.id));
  const waiting = new Set(made);
  if (made.size === 0) return made;
  const needs = planned.map(({ resource }) => ({ id: resource.id, references: [...referencesOf(resource)] }));
  for (let before = -1; before < waiting.size;) {
    before = waiting.size;
    for (const { id, references } of needs) if (references.some((one) => waiting.has(one))) waiting.add(id);
  }
  return new Set([...waiting].filter((id) => !made.has(id)));
}

/** Whether what a resource is depends on a value of another; to wait for it is nothing that is read. */
export function isMadeOf({ resource }: Deployed, id: string): boolean {
  return referencesOf({ ...resource, dependsOn: [] }).has(id);
}
