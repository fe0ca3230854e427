import { MADE_FROM } from '../core/model/foreach';
import type { Model, Resource } from '../core/model/model';
import { isDate, type ParsedAcknowledgement } from './acknowledgements';
import { NAMESPACE } from './identity';
import { isRecord } from '../core/record';

/** Something in a template that was meant as an acknowledgement but is malformed. */
export interface MalformedAcknowledgement {
  /** The resource that carries it. */
  readonly resource: Resource;
  /** What is wrong, with the place: `acknowledge.0 has no 'reason'`. */
  readonly faults: readonly string[];
}

/** Acknowledgements written in templates. */
export interface TemplateAcknowledgements {
  readonly acknowledged: readonly ParsedAcknowledgement[];
  readonly malformed: readonly MalformedAcknowledgement[];
}

/** The key in a resource's `Metadata`. */
export const METADATA_KEY = NAMESPACE;

/**
 * Acknowledgements in resource metadata, for templates without constructs. On a SAM resource or in a loop, they cover
 * everything expanded from it.
 *
 * ```yaml
 * Metadata:
 *   Lintel:
 *     acknowledge:
 *       - { rule: QueueEncryption, reason: public data, expires: 2027-03-31 }
 * ```
 */
export function templateAcknowledgements(model: Model): TemplateAcknowledgements {
  const acknowledgements: ParsedAcknowledgement[] = [];
  const malformed: MalformedAcknowledgement[] = [];
  for (const resources of together(model).values()) {
    const [first] = resources as readonly [Resource];
    const faults: string[] = [];
    const ids = new Set(resources.map(({ id }) => id));
    for (const entry of entriesOf(first.metadata[METADATA_KEY], faults)) {
      const parsed = parse(entry.value, entry.place, faults);
      if (parsed) acknowledgements.push({ ...parsed, path: first.path ?? '', on: { resource: first, all: ids } });
    }
    if (faults.length > 0) malformed.push({ resource: first, faults });
  }
  return { acknowledged: acknowledgements, malformed };
}

/** The resources with metadata, grouped by the resource in the text that they were expanded from. */
function together(model: Model): ReadonlyMap<string, readonly Resource[]> {
  const groups = new Map<string, Resource[]>();
  for (const resource of model.resources.values()) {
    if (!Object.hasOwn(resource.metadata, METADATA_KEY)) continue;
    const from = resource.metadata[MADE_FROM];
    const key = `${resource.template}\n${typeof from === 'string' ? from : resource.logicalId}`;
    const group = groups.get(key);
    if (group) group.push(resource);
    else groups.set(key, [resource]);
  }
  return groups;
}

function entriesOf(metadata: unknown, faults: string[]): { value: unknown; place: string }[] {
  if (!isRecord(metadata)) {
    faults.push(`${METADATA_KEY} is not a map`);
    return [];
  }
  for (const key of Object.keys(metadata)) {
    if (key !== 'acknowledge') faults.push(`${METADATA_KEY} has no '${key}', only 'acknowledge'`);
  }
  const { acknowledge = [] } = metadata;
  if (!Array.isArray(acknowledge)) {
    faults.push("'acknowledge' is not a list");
    return [];
  }
  return acknowledge.map((value: unknown, index) => ({ value, place: `acknowledge.${index}` }));
}

const KEYS = ['rule', 'reason', 'expires'];

function parse(
  entry: unknown,
  place: string,
  faults: string[],
): Pick<ParsedAcknowledgement, 'id' | 'reason' | 'expires'> | undefined {
  const before = faults.length;
  if (!isRecord(entry)) {
    faults.push(`${place} is not a map of ${KEYS.join(', ')}`);
    return undefined;
  }
  for (const key of Object.keys(entry)) {
    if (!KEYS.includes(key)) faults.push(`${place} has no '${key}', only ${KEYS.join(', ')}`);
  }
  const { rule, reason, expires } = entry;
  if (!isText(rule)) faults.push(`${place} names no 'rule'`);
  if (!isText(reason)) faults.push(`${place} has no 'reason'`);
  if (expires !== undefined && (!isText(expires) || !isDate(expires)))
    faults.push(`${place} has an 'expires' that is not a date such as 2027-03-31`);
  if (faults.length > before) return undefined;
  const name = (rule as string).replace(`${NAMESPACE}::`, '');
  return { id: `${NAMESPACE}::${name}`, reason: reason as string, expires: expires as string | undefined };
}

function isText(value: unknown): value is string {
  return typeof value === 'string' && value.trim() !== '';
}
