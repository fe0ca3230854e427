import { displayName } from '../../core/model/display';
import type { Model, Resource, Template } from '../../core/model/model';
import type { Assumptions } from '../../core/model/select';

/** A template of one side, with its resources. */
export interface Side {
  readonly model: Model;
  readonly template: Template;
  readonly resources: readonly Resource[];
}

/** A stack before and after; one is absent if the stack is new or gone. */
export interface StackPair {
  /** The stack's display name: its name, then nested stacks by logical id. */
  readonly stack: string;
  readonly before?: Side;
  readonly after?: Side;
}

/**
 * Pairs the stacks of two models by deployed name, nested ones by logical id. If one side is a single template, which
 * has no name, and the other has one stack, they are paired.
 */
export function pairsOf(before: Model, after: Model): readonly StackPair[] {
  const all = [before, after].map(roots);
  const alone = all.every(({ length }) => length === 1) && all.flat().some(({ stackName }) => stackName === undefined);
  const one = alone ? nameOfStack(roots(after)[0]!) : undefined;
  const [old, now] = [sidesOf(before, one), sidesOf(after, one)];
  const names = [...new Set([...old.keys(), ...now.keys()])].sort();
  return names.map((stack) => ({ stack, before: old.get(stack), after: now.get(stack) }));
}

const roots = (model: Model): readonly Template[] =>
  [...model.templates.values()].filter(({ parent }) => parent === undefined);

const nameOfStack = ({ stackName, name }: Template): string => stackName ?? name;

/** @param one the name of the only stack, if paired whatever its name */
function sidesOf(model: Model, one: string | undefined): ReadonlyMap<string, Side> {
  const own = new Map<string, Resource[]>();
  for (const resource of model.resources.values()) {
    const some = own.get(resource.template);
    if (some) some.push(resource);
    else own.set(resource.template, [resource]);
  }
  return new Map(
    [...model.templates.values()].map((template) => [
      stackOf(model, template, one),
      { model, template, resources: own.get(template.name) ?? [] },
    ]),
  );
}

function stackOf(model: Model, template: Template, one: string | undefined): string {
  const { parent } = template;
  if (parent === undefined) return one ?? nameOfStack(template);
  const above = model.templates.get(parent.template)!;
  const { logicalId } = model.resources.get(parent.resource)!;
  return `${stackOf(model, above, one)}/${logicalId}`;
}

/** Conditions of both sides that can hold together. */
export interface ScenarioPair {
  readonly before: Assumptions;
  readonly after: Assumptions;
}

/**
 * The ways a stack can be deployed before and after, with consistent assumptions. A condition is the same if both
 * templates define it the same way; the comparison of a parameter with a value always is.
 */
export function scenarioPairs({ before, after }: StackPair): readonly ScenarioPair[] {
  const [old, now] = [scenariosOf(before), scenariosOf(after)];
  const shared = (name: string): boolean => {
    const [one, other] = [before, after].map((side) => side?.template.conditions?.[name]);
    return JSON.stringify(one) === JSON.stringify(other);
  };
  const agree = (one: Assumptions, other: Assumptions): boolean =>
    Object.entries(one).every(([name, holds]) => (other[name] ?? holds) === holds || !shared(name));
  return old.flatMap((one) => {
    const agreeing = now.filter((other) => agree(one, other));
    // A value no longer allowed becomes any of the others.
    return (agreeing.length > 0 ? agreeing : now).map((other) => ({ before: one, after: other }));
  });
}

function scenariosOf(side: Side | undefined): readonly Assumptions[] {
  const scenarios = side?.template.scenarios?.() ?? [];
  return scenarios.length === 0 ? [{}] : scenarios;
}

/** The display name of a side's resource, by logical id. */
export function nameOf(side: Side | undefined, logicalId: string): string | undefined {
  const resource = side?.resources.find((one) => one.logicalId === logicalId);
  return resource && displayName(resource);
}
