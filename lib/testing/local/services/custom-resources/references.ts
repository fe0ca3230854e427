import type { Model, Resource } from '../../../../core/model/model';
import { Choice, Reference, Text } from '../../../../core/model/values';
import type { Deployed, Deployment } from '../../kernel/deployment';

/** The ids of the resources that a resource refers to or waits for. */
export function referencesOf({ properties, dependsOn }: Resource): ReadonlySet<string> {
  const found = new Set(dependsOn);
  visitReferences(properties, ({ target }) => found.add(target));
  return found;
}

/** The attributes of a resource that others refer to, each with one of the referrers. */
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

/** Resources in CloudFormation's creation order: each after its dependencies, direct or not. */
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
 * The ids of the resources that depend on custom resources, directly or not. Custom resources themselves are left out.
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

/** Whether a resource reads a value of another; `DependsOn` alone reads nothing. */
export function isMadeOf({ resource }: Deployed, id: string): boolean {
  return referencesOf({ ...resource, dependsOn: [] }).has(id);
}
