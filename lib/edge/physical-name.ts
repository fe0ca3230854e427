import { createHash } from 'node:crypto';
import * as pulumi from '@pulumi/pulumi';
import { cloudflare } from '../core/facts';
import { isPreview } from './preview';

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
  return shortened(slug(`${pulumi.getProject()}-${pulumi.getStack()}-${name}`));
}

/**
 * The given name, or one derived from project, stack and component. In a preview a given one ends with the stack's, so that two
 * previews, and production, do not meet in it.
 * @param property the input of the resource that holds the name
 */
export function physicalName(given: pulumi.Input<string> | undefined, name: string, property: string): PhysicalName {
  if (given === undefined) return { value: derivedName(name), ignoreChanges: [property] };
  if (!isPreview()) return { value: given };
  const ended = (text: string) => shortened(`${text}-${slug(pulumi.getStack())}`);
  return { value: typeof given === 'string' ? ended(given) : pulumi.output(given).apply(ended) };
}

function slug(text: string): string {
  return text
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^-|-$/g, '');
}

/** A name of the length that all services take; one that was cut stays a name of its own. */
export function shortened(text: string): string {
  const max = cloudflare.nameLength.value;
  return text.length <= max
    ? text
    : `${text.slice(0, max - 9)}-${createHash('sha256').update(text).digest('hex').slice(0, 8)}`;
}
