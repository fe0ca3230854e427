import { flowGraph } from '../../core/event-flow/graph';
import { reach } from '../../core/event-schema/comparison';
import type { EventDocument } from '../../core/event-schema/documents';
import { identifier, TypeWriter } from '../../core/event-schema/type-text';
import { displayName } from '../../core/model/display';
import type { Model, Resource } from '../../core/model/model';
import { named } from '../../core/model/references';
import { at, isList, toText } from '../../core/model/select';
import { isRecord } from '../../core/record';
import type { Handler } from './handlers';

/** What a hub's events hold. */
export interface HubTypes {
  /** The construct path of the hub, or the name of its bus. */
  readonly hub: string;
  /** As a TypeScript identifier. */
  readonly name: string;
  /** Types by their names. */
  readonly types: ReadonlyMap<string, string>;
  /** Type names by event type; undefined if a hub has no schema for the data. */
  readonly events: Readonly<Record<string, string | undefined>>;
}

/** What may be published under a variable: types of events by source, with the hubs that know them. */
export type Published = Readonly<
  Record<string, Readonly<Record<string, Readonly<Record<string, readonly HubTypes[]>>>>>
>;

/** Everything about events that handlers see. */
export interface EventTypes {
  readonly hubs: readonly HubTypes[];
  readonly published: Published;
}

/** What handlers may publish and receive, from a model's hubs and their documents. */
export function eventTypesOf(
  model: Model,
  handlers: readonly Handler[],
  documents: readonly EventDocument[],
): EventTypes {
  const declared = handlers.flatMap((handler) => declarationsOf(model, handler));
  const subscribed = subscribedBy(model, handlers);
  const buses = [...new Set([...declared.map(({ bus }) => bus), ...subscribed.map(({ bus }) => bus)])].sort(byName);
  const taken = new Set<string>();
  const hubs = new Map(
    buses.map((bus) => {
      const hub = displayName(bus).replace(/\/Bus$/, '');
      const types = [...declared, ...subscribed].filter((one) => one.bus === bus).flatMap((one) => one.types);
      const document = documents.find(({ title }) => title === hub && displayName(bus) !== hub);
      return [bus, hubTypes(hub, types, document, taken)];
    }),
  );
  const published: Record<string, Record<string, Record<string, HubTypes[]>>> = {};
  for (const { variable, bus, source, types } of declared) {
    const sources = (published[variable] ??= {});
    const known = (sources[source] ??= {});
    for (const type of types) known[type] = [...new Set([...(known[type] ?? []), hubs.get(bus)!])];
  }
  return { hubs: [...hubs.values()], published };
}

function byName(one: Resource, other: Resource): number {
  return displayName(one) < displayName(other) ? -1 : 1;
}

interface Declaration {
  readonly variable: string;
  readonly bus: Resource;
  readonly source: string;
  readonly types: readonly string[];
}

/** What a hub's `publish()` adds to the variables: next to `HUB`, `HUB_PUBLISH_<hash>`. */
function declarationsOf(model: Model, { variables }: Handler): readonly Declaration[] {
  return Object.entries(variables).flatMap(([name, values]): readonly Declaration[] => {
    const variable = /^(.+)_PUBLISH_[0-9A-F]{8}$/.exec(name)?.[1];
    const [bus] = (variables[variable ?? ''] ?? []).flatMap((value) => named(model, value));
    const source = parsed(toText(values[0]));
    return variable === undefined || bus === undefined || source === undefined ? [] : [{ variable, bus, ...source }];
  });
}

function parsed(text: string | undefined): { readonly source: string; readonly types: readonly string[] } | undefined {
  try {
    const value = JSON.parse(text ?? '') as unknown;
    if (!isRecord(value) || typeof value.source !== 'string' || !Array.isArray(value.types)) return undefined;
    return { source: value.source, types: value.types.map(String) };
  } catch {
    return undefined;
  }
}

/** The types that rules deliver to handlers with `subscriber()`. */
function subscribedBy(
  model: Model,
  handlers: readonly Handler[],
): readonly { bus: Resource; types: readonly string[] }[] {
  const subscribers = new Set(
    handlers.filter(({ variables }) => 'SUBSCRIPTION' in variables).map((one) => one.resource),
  );
  return flowGraph(model).listenings.flatMap(({ bus, rule, subscribers: called }) => {
    if (typeof bus === 'string' || !called.some((one) => subscribers.has(one))) return [];
    const types = at(rule, 'EventPattern.detail-type');
    return [{ bus, types: isList(types) ? types.flatMap((one) => toText(one) ?? []) : [] }];
  });
}

function hubTypes(
  hub: string,
  types: readonly string[],
  document: EventDocument | undefined,
  taken: Set<string>,
): HubTypes {
  const writer = new TypeWriter(document?.content ?? {});
  const events: Record<string, string | undefined> = {};
  for (const [type, message] of Object.entries(document?.messages ?? {})) {
    const data = message && dataOf(message);
    events[type] = data === undefined ? undefined : writer.named(identifier(type), data);
  }
  for (const type of types) if (!Object.hasOwn(events, type)) events[type] = undefined;
  let name = identifier(hub);
  while (taken.has(name) || RESERVED.includes(name)) name += '_';
  taken.add(name);
  return { hub, name, types: writer.types, events };
}

/** Names of the declaration itself. */
const RESERVED = ['Variables', 'Events', 'Publishers'];

function dataOf(message: NonNullable<EventDocument['messages'][string]>): Record<string, unknown> | undefined {
  const properties = reach(message)?.schema.properties;
  const data = isRecord(properties) ? properties.data : undefined;
  if (!isRecord(data) || Object.keys(data).length === 0) return undefined;
  // The schema itself instead of a reference to it, which would become a separate type.
  return { ...(reach({ root: message.root, schema: data })?.schema ?? data) };
}
