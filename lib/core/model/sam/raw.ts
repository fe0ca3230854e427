import { MADE_FROM, NOT_READ } from '../foreach';
import type { UnreadNote } from '../model';
import { asList, isRecord, recordOf, type JsonObject } from '../../record';

/** Resources of a template by logical id, as written. */
export type RawResources = Readonly<Record<string, JsonObject>>;

/** `{ Ref }`. */
export const ref = (logicalId: string): JsonObject => ({ Ref: logicalId });

/** `{ 'Fn::GetAtt' }`. */
export const getAtt = (logicalId: string, attribute: string): JsonObject => ({ 'Fn::GetAtt': [logicalId, attribute] });

/** `{ 'Fn::Sub' }`. */
export const sub = (text: string, variables?: JsonObject): JsonObject => ({
  'Fn::Sub': variables ? [text, variables] : text,
});

/** An object without its undefined members. */
export function compact(members: JsonObject): JsonObject {
  return Object.fromEntries(Object.entries(members).filter(([, value]) => value !== undefined));
}

/** The named members of an object that exist. */
export function pick(from: JsonObject, names: readonly string[]): JsonObject {
  return Object.fromEntries(names.filter((name) => Object.hasOwn(from, name)).map((name) => [name, from[name]]));
}

/** All members of an object but the named ones. */
export function omit(from: JsonObject, names: readonly string[]): JsonObject {
  return Object.fromEntries(Object.entries(from).filter(([name]) => !names.includes(name)));
}

/** A SAM resource as written, with the settings of `Globals` merged into its properties. */
export interface SamResource {
  readonly id: string;
  readonly raw: JsonObject;
  /** Its properties, those of `Globals` included. */
  readonly properties: JsonObject;
}

/** A resource that replaces (a part of) a SAM resource, with the same condition and metadata. */
export function made(from: SamResource, type: string, properties: JsonObject, more: JsonObject = {}): JsonObject {
  return compact({
    Type: type,
    Condition: from.raw.Condition,
    Metadata: from.raw.Metadata,
    Properties: compact(properties),
    ...more,
  });
}

/** A resource, with a note that something in it was not expanded. */
export function notExpanded(resource: JsonObject, reason: string, property?: string): JsonObject {
  const note: Omit<UnreadNote, 'logicalId'> = { kind: 'expansion', property, reason };
  return { ...resource, [NOT_READ]: [...asList(resource[NOT_READ]), note] };
}

/** An IAM policy in a role, by name. */
export function inlinePolicy(name: string, ...statements: readonly JsonObject[]): JsonObject {
  return { PolicyName: name, PolicyDocument: { Version: '2012-10-17', Statement: statements } };
}

/** A statement that allows something. */
export function allow(actions: unknown, resources: unknown): JsonObject {
  return { Effect: 'Allow', Action: actions, Resource: resources };
}

/** The trust policy of a role that a service assumes. */
export function assumedBy(service: string): JsonObject {
  return {
    Version: '2012-10-17',
    Statement: [{ Effect: 'Allow', Action: 'sts:AssumeRole', Principal: { Service: service } }],
  };
}

/** The resource that a reference names; undefined for anything else. */
export function referred(value: unknown): string | undefined {
  const { Ref: name, 'Fn::GetAtt': attribute } = recordOf(value);
  const target: unknown = name ?? (typeof attribute === 'string' ? attribute.split('.')[0] : asList(attribute)[0]);
  return typeof target === 'string' ? target : undefined;
}

/** Tags in CloudFormation's format. */
export function tagList(tags: unknown): unknown {
  return isRecord(tags) ? Object.entries(tags).map(([Key, Value]) => ({ Key, Value })) : tags;
}

/** An acknowledgement on a SAM resource applies to everything expanded from it. */
export function acknowledged({ id, raw }: SamResource, made: JsonObject): JsonObject {
  const { Lintel: own } = recordOf(raw.Metadata);
  return own === undefined ? made : { ...made, Metadata: { ...recordOf(made.Metadata), Lintel: own, [MADE_FROM]: id } };
}

/** Changes the properties of a resource that SAM made. */
export function change(
  resources: Map<string, JsonObject>,
  id: string,
  by: (properties: JsonObject) => JsonObject,
): void {
  const resource = resources.get(id);
  if (!resource) return;
  const properties = recordOf(resource.Properties);
  resources.set(id, { ...resource, Properties: { ...properties, ...by(properties) } });
}
