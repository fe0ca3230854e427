import { createHash } from 'node:crypto';
import type { Model, Resource } from '../core/model/model';
import { at, isList, isMap, items, literal } from '../core/model/select';
import { Choice, Reference, type Value } from '../core/model/values';
import type { ReportedFinding } from './report/report';

/** The namespace of our ids in acknowledgements, which is also the name of the CDK plugin. */
export const NAMESPACE = 'Lintel';

/** The hash that CDK appends to generated logical ids. */
const LOGICAL_ID_HASH = /(?<=.)[0-9A-F]{8}$/;

/** `FunctionSecrets[TOKEN]`: a rule and what distinguishes its findings on one resource. */
export function findingName(rule: string, detail?: string): string {
  return detail === undefined ? rule : `${rule}[${safe(detail)}]`;
}

/** `Lintel::FunctionSecrets[TOKEN]`, by which a finding is acknowledged. */
export function acknowledgementId(rule: string, detail?: string): string {
  return `${NAMESPACE}::${findingName(rule, detail)}`;
}

/** The file of a template as a report shows it, or its name if it has none. */
export function templateLabel(model: Model, template: string): string {
  return model.templates.get(template)?.file ?? template;
}

/**
 * Names of resources that survive CDK's renames: the construct path, or the template's place in the input with the
 * logical id without its hash.
 */
export class Places {
  /** Places shared by several resources: only the hash tells those apart. */
  private readonly shared: ReadonlySet<string>;

  constructor(model: Model) {
    const seen = new Set<string>();
    const shared = new Set<string>();
    for (const resource of model.resources.values()) {
      const place = placeOf(resource);
      if (seen.has(place)) shared.add(place);
      seen.add(place);
    }
    this.shared = shared;
  }

  of(resource: Resource): string {
    const place = placeOf(resource);
    return this.shared.has(place) ? resource.id : place;
  }
}

function placeOf(resource: Resource): string {
  return resource.path === undefined
    ? `${resource.template}/${resource.logicalId.replace(LOGICAL_ID_HASH, '')}`
    : resource.path.replace(/\/(Resource|Default)$/, '');
}

/**
 * What tells findings on one resource apart, without the place in a list: `PolicyDocument.Statement.0` becomes
 * `PolicyDocument.Statement.<Sid>`, or a name made of the statement's content. So accepting one statement does not /
 * accept another that is later inserted before it.
 */
export function stableDetail(model: Model, resource: Resource, detail: string): string {
  if (!/(^|\.)\d+(\.|$)/.test(detail)) return detail;
  let value: Value | undefined = resource.properties;
  return detail
    .split('.')
    .map((name) => {
      const holder = parsedText(value);
      if (!/^\d+$/.test(name) || !(isList(holder) || holder instanceof Choice)) {
        value = at(holder, [name]);
        return name;
      }
      // Counted as rules do: across every branch.
      const list = items(holder);
      value = list[Number(name)];
      return value === undefined ? name : itemName(model, list, value);
    })
    .join('.');
}

/** Policies and definitions may be JSON as text. */
function parsedText(value: Value | undefined): Value | undefined {
  if (typeof value !== 'string') return value;
  try {
    return JSON.parse(value) as Value;
  } catch {
    return value;
  }
}

/** Members that name an item of a list. */
const NAMES = ['Sid', 'Id', 'id', 'Name', 'PolicyName'];

function itemName(model: Model, list: readonly Value[], item: Value): string {
  for (const member of NAMES) {
    const name = literal(at(item, [member]));
    if (typeof name !== 'string' || name === '') continue;
    if (list.filter((other) => at(other, [member]) === name).length === 1) return name;
  }
  return contentName(model, item);
}

function contentName(model: Model, value: Value): string {
  return shortHash(JSON.stringify(value, (_, part: unknown) => comparable(model, part)));
}

/** A value for comparison: references by place, members sorted. */
function comparable(model: Model, value: unknown): unknown {
  if (value instanceof Reference) {
    const target = model.resources.get(value.target);
    return { reference: target ? placeOf(target) : value.target, attribute: value.attribute };
  }
  if (!isMap(value)) return value;
  return Object.fromEntries(Object.entries(value).sort(([one], [other]) => (one < other ? -1 : 1)));
}

function shortHash(text: string): string {
  return createHash('sha256').update(text).digest('hex').slice(0, 8);
}

/**
 * Tells apart findings that would share an id (two branches of a condition, two findings of a rule without a detail) by
 * their message. Not by their order: a new finding could then take the id of an old one.
 */
export function distinguish(findings: readonly ReportedFinding[]): void {
  const groups = new Map<string, ReportedFinding[]>();
  for (const finding of findings) {
    const group = groups.get(finding.id);
    if (group) group.push(finding);
    else groups.set(finding.id, [finding]);
  }
  for (const group of groups.values()) {
    if (group.length === 1) continue;
    const taken = new Map<string, number>();
    for (const finding of group) {
      const id = `${finding.id}#${shortHash(`${withoutIndexes(finding.property)} ${finding.message}`)}`;
      const count = (taken.get(id) ?? 0) + 1;
      taken.set(id, count);
      Object.assign(finding, { id: count === 1 ? id : `${id}#${count}` });
    }
  }
}

function withoutIndexes(property = ''): string {
  return property.replace(/(^|\.)\d+(?=\.|$)/g, '$1*');
}

/** The platform reserves `::` as its separator and requires balanced brackets. */
function safe(detail: string): string {
  return detail
    .replaceAll('::', ':')
    .replace(/[[\](){}]/g, '_')
    .replaceAll(' ', '-');
}
