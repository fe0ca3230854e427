import { createHash } from 'node:crypto';
import * as pulumi from '@pulumi/pulumi';
import { cloudflare } from '../core/facts';
import { isPreview } from './preview';

/** A name in Cloudflare, with the resource options it needs. */
export interface PhysicalName {
  readonly value: pulumi.Input<string>;
  /** A derived name is fixed when the resource is created: a component renamed with an alias keeps it. */
  readonly ignoreChanges?: string[];
}

/**
 * Names are unique per account, so a derived one contains project and stack: `shop-prod-orders`.
 * A word without a Latin letter or a digit, of which Cloudflare would take nothing, is represented by a hash.
 * @param name the component's name, with a suffix if it has several resources of a kind
 */
export function derivedName(name: string): string {
  const words = name.normalize().replace(WORD, (word) => (/[a-z0-9]/i.test(word) ? word : hashOf(word)));
  return shortened(slug(`${pulumi.getProject()}-${pulumi.getStack()}-${words}`));
}

/** Characters between blanks and punctuation, of any script. */
const WORD = /(?:[a-z0-9]|[^\p{ASCII}\p{P}\p{Z}\p{C}])+/giu;

/**
 * The given name, or one derived from project, stack and component. In a preview the stack's name is appended, so that two
 * previews, or a preview and production, never clash.
 * @param property the resource input for the name
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

/** A name of a length that all services accept; a truncated one stays unique. */
export function shortened(text: string): string {
  const max = cloudflare.nameLength.value;
  return text.length <= max ? text : `${text.slice(0, max - 9)}-${hashOf(text)}`;
}

function hashOf(text: string): string {
  return createHash('sha256').update(text).digest('hex').slice(0, 8);
}
