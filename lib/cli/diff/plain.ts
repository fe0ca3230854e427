import { isRecord } from '../../core/record';
import type { Model, Resource, Template } from '../../core/model/model';
import { type Assumptions, isList, isMap } from '../../core/model/select';
import { Choice, Reference, Secret, Text, Unknown, type Value } from '../../core/model/values';

/** A resource with every condition decided and every mapping looked up. */
export interface PlainResource {
  readonly Type: string;
  readonly Properties: Readonly<Record<string, unknown>>;
  readonly DeletionPolicy?: string;
  readonly UpdateReplacePolicy?: string;
}

/** Placeholder in a plain resource for a value known only at deployment. */
const UNKNOWN = 'Lintel::Unknown';

/**
 * The resources of a template by logical id, as they are deployed under assumptions about its conditions.
 * Open conditions remain as `Fn::If`.
 */
export function plainResources(
  model: Model,
  template: Template,
  resources: readonly Resource[],
  scenario: Assumptions,
): Readonly<Record<string, PlainResource>> {
  const plain = (value: Value | undefined): unknown => plainValue(value, { model, template, scenario });
  return Object.fromEntries(
    resources
      .filter(({ attributes: { condition } }) => condition === undefined || scenario[condition] !== false)
      .map(({ logicalId, type, properties, attributes: { deletionPolicy, updateReplacePolicy } }) => [
        logicalId,
        {
          Type: type,
          Properties: plain(properties) as Readonly<Record<string, unknown>>,
          ...(deletionPolicy !== undefined && { DeletionPolicy: deletionPolicy }),
          ...(updateReplacePolicy !== undefined && { UpdateReplacePolicy: updateReplacePolicy }),
        },
      ]),
  );
}

interface Place {
  readonly model: Model;
  readonly template: Template;
  readonly scenario: Assumptions;
}

function plainValue(value: Value | undefined, place: Place): unknown {
  const inner = (one: Value | undefined): unknown => plainValue(one, place);
  if (value instanceof Reference) return reference(value, place);
  if (value instanceof Text) return { 'Fn::Join': ['', value.parts.map((part) => inner(part))] };
  if (value instanceof Secret) return { 'Lintel::Secret': value.source };
  if (value instanceof Unknown) return { [UNKNOWN]: unknownOf(value, place) };
  if (value instanceof Choice) {
    const { condition, then, otherwise } = value;
    if (place.scenario[condition] !== undefined) return inner(place.scenario[condition] ? then : otherwise);
    return { 'Fn::If': [condition, inner(then) ?? null, inner(otherwise) ?? null] };
  }
  if (isList(value)) return value.map(inner).filter((item) => item !== undefined);
  if (isMap(value)) {
    const entries = Object.entries(value).map(([name, one]): [string, unknown] => [name, inner(one)]);
    return Object.fromEntries(entries.filter(([, one]) => one !== undefined));
  }
  return value;
}

function reference({ target, attribute }: Reference, { model, template }: Place): unknown {
  const resource = model.resources.get(target);
  if (resource?.template !== template.name) return { 'Fn::ImportValue': `${target} ${attribute ?? ''}` };
  return attribute === undefined ? { Ref: resource.logicalId } : { 'Fn::GetAtt': [resource.logicalId, attribute] };
}

/** Two are the same if everything that determines them is. */
function unknownOf({ name, reason, basis, origin }: Unknown, place: Place): unknown {
  return {
    of: name ?? reason,
    basis,
    ...(origin && { part: origin.index ?? 'all', text: plainValue(origin.value, place), at: origin.delimiter }),
  };
}

/** The deployment-time parts of a plain value, as text; equal for values that differ only in literals. */
export function unknownsIn(value: unknown): string {
  const found: string[] = [];
  const visit = (one: unknown): void => {
    if (Array.isArray(one)) one.forEach(visit);
    else if (isRecord(one)) {
      if (Object.hasOwn(one, UNKNOWN)) found.push(JSON.stringify(one[UNKNOWN]));
      else Object.values(one).forEach(visit);
    }
  };
  visit(value);
  return found.sort().join('\n');
}
