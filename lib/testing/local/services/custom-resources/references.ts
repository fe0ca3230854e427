import type { Model, Resource } from '../../../../core/model/model';
import { Choice, Reference, Text } from '../../../../core/model/values';

/** The ids of the resources that a resource refers to or waits for. */
export function referencesOf({ properties, dependsOn }: Resource): ReadonlySet<string> {
  const found = new Set(dependsOn);
  const visit = (value: unknown): void => {
    if (value instanceof Reference) found.add(value.target);
    else if (value instanceof Text) value.parts.forEach(visit);
    else if (value instanceof Choice) [value.then, value.otherwise].forEach(visit);
    else if (typeof value === 'object' && value !== null) Object.values(value).forEach(visit);
  };
  visit(properties);
  return found;
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
