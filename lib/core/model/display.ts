import type { Resource } from './model';

/**
 * The display name of a resource: its construct path without the L1's `/Resource`, or `template/logical id` if the
 * template is not from a CDK app.
 */
export function displayName(resource: Resource): string {
  return resource.path?.replace(/\/(Resource|Default)$/, '') ?? resource.id;
}
