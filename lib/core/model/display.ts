import type { Resource } from './model';

/**
 * A resource as a reader knows it: its construct path without the L1's own `/Resource`, or `template/logical id` where
 * the template does not come from a CDK app.
 */
export function displayName(resource: Resource): string {
  return resource.path?.replace(/\/(Resource|Default)$/, '') ?? resource.id;
}
