import { createHash } from 'node:crypto';
import * as pulumi from '@pulumi/pulumi';
import { cloudflare } from '../core/facts';

/** A name as Cloudflare knows it, with the resource option that goes with it. */
export interface PhysicalName {
  readonly value: pulumi.Input<string>;
  /** A derived name is decided when the resource is created: a component that is renamed under an alias keeps it. */
  readonly ignoreChanges?: string[];
}

/**
 * Names are unique per account, so a derived one holds project and stack: `shop-prod-orders`.
 * @param name the name of the component, with a suffix where it has several resources of a kind
 */
export function derivedName(name: string): string {
  const slug = `${pulumi.getProject()}-${pulumi.getStack()}-${name}`
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^-|-$/g, '');
  const max = cloudflare.nameLength.value;
  return slug.length <= max
    ? slug
    : `${slug.slice(0, max - 9)}-${createHash('sha256').update(slug).digest('hex').slice(0, 8)}`;
}

/**
 * The given name, or one derived from project, stack and component.
 * @param property the input of the resource that holds the name
 */
export function physicalName(given: pulumi.Input<string> | undefined, name: string, property: string): PhysicalName {
  return given === undefined ? { value: derivedName(name), ignoreChanges: [property] } : { value: given };
}
