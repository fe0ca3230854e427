import { isRecord } from '../core/record';

/** Deletion policies under which CloudFormation keeps a resource, or a copy of it. */
const KEPT: ReadonlySet<unknown> = new Set(['Retain', 'RetainExceptOnCreate', 'Snapshot']);

/** Properties that make resources refuse deletion. */
const PROTECTION =
  /^(DeletionProtection(Enabled)?|DeleteProtection|DisableApiTermination|TerminationProtect(ed|ion(Enabled)?))$/;

/** Protecting values, and their opposites. */
const OPPOSITES: ReadonlyMap<unknown, unknown> = new Map<unknown, unknown>([
  [true, false],
  ['true', 'false'],
  ['ACTIVE', 'INACTIVE'],
  ['ENABLED', 'DISABLED'],
]);

/**
 * A template for a preview: nothing in it refuses deletion or is retained, except the contents of buckets; a stack
 * whose buckets are not empty cannot be deleted.
 */
export function released(template: Readonly<Record<string, unknown>>): Record<string, unknown> {
  const resources = isRecord(template.Resources) ? template.Resources : {};
  return {
    ...template,
    Resources: Object.fromEntries(
      Object.entries(resources).map(([id, resource]) => [
        id,
        isRecord(resource) ? releasedResource(resource) : resource,
      ]),
    ),
  };
}

/** Types that CloudFormation snapshots by default. */
const KEPT_BY_DEFAULT: ReadonlySet<unknown> = new Set(['AWS::RDS::DBCluster', 'AWS::RDS::DBInstance']);

function releasedResource(resource: Readonly<Record<string, unknown>>): Record<string, unknown> {
  const explicit = KEPT_BY_DEFAULT.has(resource.Type) ? { DeletionPolicy: 'Delete', ...resource } : resource;
  return Object.fromEntries(
    Object.entries(explicit).map(([key, value]) => {
      if (key === 'DeletionPolicy' || key === 'UpdateReplacePolicy') return [key, KEPT.has(value) ? 'Delete' : value];
      return [key, key === 'Properties' ? unprotected(value) : value];
    }),
  );
}

function unprotected(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(unprotected);
  if (!isRecord(value)) return value;
  // A load balancer's attributes are a list.
  if (value.Key === 'deletion_protection.enabled') return { ...value, Value: opposite(value.Value) };
  return Object.fromEntries(
    Object.entries(value).map(([key, item]) => {
      if (!PROTECTION.test(key)) return [key, unprotected(item)];
      return [key, isRecord(item) && 'Mode' in item ? { ...item, Mode: opposite(item.Mode) } : opposite(item)];
    }),
  );
}

function opposite(value: unknown): unknown {
  return OPPOSITES.has(value) ? OPPOSITES.get(value) : value;
}
