import { overlaps } from './coverage';
import type { Grant } from './grants';

interface Index {
  readonly byResource: ReadonlyMap<string, readonly Grant[]>;
  readonly patterns: readonly Grant[];
}

const indexes = new WeakMap<readonly Grant[], Index>();

/** The grants of a list that overlap a resource pattern. A list is indexed once and must not change. */
export function near(grants: readonly Grant[], resource: string): readonly Grant[] {
  if (!isLiteral(resource)) return grants.filter((grant) => overlaps(grant.resource, resource));
  const known = indexes.get(grants) ?? indexOf(grants);
  indexes.set(grants, known);
  const { byResource, patterns } = known;
  return [...(byResource.get(resource) ?? []), ...patterns.filter((grant) => overlaps(grant.resource, resource))];
}

function indexOf(grants: readonly Grant[]): Index {
  const byResource = new Map<string, Grant[]>();
  const patterns: Grant[] = [];
  for (const grant of grants) {
    if (!isLiteral(grant.resource)) patterns.push(grant);
    else if (byResource.has(grant.resource)) byResource.get(grant.resource)!.push(grant);
    else byResource.set(grant.resource, [grant]);
  }
  return { byResource, patterns };
}

/** Whether a text is a plain literal, independent of request and deployment. */
function isLiteral(resource: string): boolean {
  return !/[*?<$]/.test(resource);
}
