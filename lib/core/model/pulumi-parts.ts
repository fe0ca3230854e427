import type { PartOf } from './aws-types/aws-type';
import type { Resource, UnreadNote } from './model';
import { NAME_TABLE } from './name-table';
import type { AwsType } from './pulumi-aws';
import { merged } from './pulumi-properties';
import { at, isList, isMap, items } from './select';
import { Reference, Secret, Text, Unknown, type Value, type ValueMap } from './values';

/** A resource of a Pulumi program, with its mapping. */
export interface Translated {
  readonly resource: Resource;
  /** The mapping; without one it keeps its type and inputs. */
  readonly mapping?: AwsType;
}

/** Resources in CloudFormation's form, and what could not be read. */
export interface Joined {
  readonly resources: readonly Resource[];
  readonly unread: readonly UnreadNote[];
}

/**
 * Merges what are several resources in Pulumi and one in CloudFormation (a bucket and its public access block, a rule
 * and its targets, a role and its attachments), and splits the reverse. A part whose whole is unknown or not in the
 * program is noted as not read.
 */
export function joinParts(translated: readonly Translated[]): Joined {
  const parts = translated.filter(({ mapping }) => mapping?.partOf);
  const wholes = new Wholes(translated.filter(({ mapping }) => !mapping?.partOf).map(({ resource }) => resource));
  const unread: UnreadNote[] = [];
  for (const { resource, mapping } of parts) {
    for (const part of mapping!.partOf!) {
      if (byOf(part).every((name) => resource.properties[name] === undefined)) continue;
      const failure = wholes.add(resource, part);
      if (failure !== undefined) unread.push({ kind: 'translation', logicalId: keyOf(resource), reason: failure });
    }
  }
  // Unread parts stay, so that they can be named.
  const open = new Set(unread.map(({ logicalId }) => logicalId));
  const kept = parts.filter(({ resource }) => open.has(keyOf(resource))).map(({ resource }) => asPart(resource));
  const mappings = new Map(translated.map(({ resource, mapping }) => [resource.id, mapping]));
  const joined = wholes.all().flatMap((resource) => takenApart(resource, mappings.get(resource.id)));
  return { resources: [...joined, ...kept], unread };
}

/** A part alone is not a resource of its whole's type. */
function asPart(resource: Resource): Resource {
  const [type = resource.type] = keyOf(resource).split('::');
  return { ...resource, type };
}

function keyOf({ id, template }: Resource): string {
  return id.slice(template.length + 1);
}

function byOf(part: PartOf): readonly string[] {
  return part.by.split(',');
}

class Wholes {
  private readonly byId: Map<string, Resource>;

  constructor(resources: readonly Resource[]) {
    this.byId = new Map(resources.map((resource) => [resource.id, resource]));
  }

  all(): readonly Resource[] {
    return [...this.byId.values()];
  }

  /** @returns why the part was not merged, in words */
  add(resource: Resource, part: PartOf): string | undefined {
    const names = byOf(part);
    const rest = Object.fromEntries(Object.entries(resource.properties).filter(([name]) => !names.includes(name)));
    const value = part.take === undefined ? rest : resource.properties[part.take];
    if (value === undefined) return undefined;
    const targets =
      names.length > 1
        ? [this.byAll(resource, part, names)]
        : items(resource.properties[part.by]).map((named) => this.find(named, part.type));
    for (const target of targets) {
      if (target === undefined) return this.beside(resource, part);
      this.byId.set(target.id, { ...target, properties: put(target.properties, part, value) });
    }
    return targets.length === 0 ? `the ${part.type} that it configures is not known` : undefined;
  }

  /** A part that can be read without its whole. */
  private beside(resource: Resource, part: PartOf): string | undefined {
    if (part.otherwise === undefined) return `it configures an ${part.type} that is not in the program`;
    this.byId.set(resource.id, { ...resource, type: part.otherwise });
    return undefined;
  }

  private find(named: Value, type: string): Resource | undefined {
    const found = this.candidates(type).filter((whole) => names(named, whole));
    return found.length === 1 ? found[0] : undefined;
  }

  /** The whole with the same key properties: a method by its API, resource and verb. */
  private byAll(resource: Resource, { type }: PartOf, by: readonly string[]): Resource | undefined {
    const same = (one: Value | undefined, other: Value | undefined): boolean =>
      one !== undefined && other !== undefined && textOf(one) === textOf(other);
    const found = this.candidates(type).filter((whole) =>
      by.every(
        (name) =>
          same(resource.properties[name], whole.properties[OWN[name] ?? name]) ||
          isNamed(whole, resource.properties[name], name),
      ),
    );
    return found.length === 1 ? found[0] : undefined;
  }

  private candidates(type: string): Resource[] {
    return this.all().filter((one) => one.type === type);
  }
}

/** Properties of a part with another name in the whole. */
const OWN: Readonly<Record<string, string>> = { MethodOfIntegration: 'HttpMethod' };

/** Names that a part may take from its whole: `stage.stageName`, `group.name`. */
const BY_WHOLE = ['StageName', 'TargetGroupName', 'DBProxyName'];

/** Whether a value is the whole's own name: `stage.stageName`, as a reference to the stage. */
function isNamed(whole: Resource, value: Value | undefined, name: string): boolean {
  return BY_WHOLE.includes(name) && value instanceof Reference && value.target === whole.id;
}

/** A comparable form of a value. */
function textOf(value: Value): string {
  if (value instanceof Reference) return `\0${value.target}`;
  if (value instanceof Text)
    return value.parts.map((part) => (typeof part === 'string' ? part : textOf(part))).join('');
  if (value instanceof Unknown || value instanceof Secret) return `\0${Math.random()}`;
  return String(value);
}

/** Whether a value names a resource: by reference, by its name, or by an ARN or a URL that ends with its name. */
function names(named: Value, whole: Resource): boolean {
  if (named instanceof Reference) return named.target === whole.id;
  const text = named instanceof Text ? named.parts.at(-1) : named;
  if (named instanceof Text && named.parts.some((part) => part instanceof Reference && part.target === whole.id))
    return true;
  const own = at(whole, NAME_TABLE[whole.type]?.name ?? 'Name');
  if (typeof text !== 'string' || typeof own !== 'string') return false;
  return text === own || text.endsWith(`:${own}`) || text.endsWith(`/${own}`);
}

function put(into: ValueMap, part: PartOf, value: Value): ValueMap {
  if (part.at === '')
    return Object.entries(isMap(value) ? value : {}).reduce((all, [name, item]) => merged(all, [name], item), into);
  if (!part.append) return merged(into, part.at.split('.'), value);
  const present = at(into, part.at);
  const list = present === undefined ? [] : items(present);
  return merged(into, part.at.split('.'), [...list, ...(isList(value) ? value : [value])]);
}

/** A resource, with its properties that are separate resources in CloudFormation. */
function takenApart(resource: Resource, mapping: AwsType | undefined): readonly Resource[] {
  let { properties } = resource;
  const others = (mapping?.apart ?? []).flatMap(({ property, type, as, owner, listed }): Resource[] => {
    const { [property]: value, ...rest } = properties;
    if (value === undefined) return [];
    properties = rest;
    const itself = new Reference(resource.id);
    const own = { [owner]: listed ? [itself] : itself, [as]: value };
    return [{ ...resource, id: `${resource.id}/${property}`, type, properties: own, dependsOn: [], metadata: {} }];
  });
  return [{ ...resource, properties }, ...others];
}
