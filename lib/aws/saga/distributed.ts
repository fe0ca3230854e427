import { jsonataIn } from '../../core/asl/expressions';
import { readJsonata } from '../../core/asl/jsonata';
import type { Body } from './definition-states';
import { jsonata } from './expressions';
import { EXECUTION } from './invocation';
import type { SagaPlan } from './plan';
import type { JsonObject } from '../../core/record';

/** Child executions may run as long as the saga; Express may run twice. */
export const DISTRIBUTED = { Mode: 'DISTRIBUTED', ExecutionType: 'STANDARD' };

/** What states in a distributed map may read of the saga, whose variables they do not see. */
const OUTER = ['key', 'input', 'results', 'deadline', 'failed'];

/** Renamed inside: a variable of the enclosing states must not be assigned there. */
const ownName = (name: string) => `its_${name}`;

/** What a child execution is given of the saga. */
export function outerNames({ deadline }: SagaPlan, more: readonly string[] = []): JsonObject {
  const names = ['key', 'input', 'results', ...(deadline === undefined ? [] : ['deadline']), ...more];
  return { ...Object.fromEntries(names.map((name) => [ownName(name), jsonata(`$${name}`)])), saga: EXECUTION };
}

/**
 * The first state of a child execution: stores what it is given of the saga.
 * @param next the state that follows
 */
export function begun(next: string, plan: SagaPlan, more: readonly string[] = []): Body {
  const names = Object.keys(outerNames(plan, more));
  return {
    Type: 'Pass',
    Assign: Object.fromEntries(names.map((name) => [name, jsonata(`$states.input.${name}`)])),
    Output: { item: jsonata('$states.input.item'), index: jsonata('$states.input.index') },
    Next: next,
  };
}

/** Makes states read what their execution was given, rather than the saga's variables. */
export function withOwnNames<T>(value: T): T {
  if (typeof value === 'string') return renamed(value) as T;
  if (Array.isArray(value)) return value.map(withOwnNames) as T;
  if (typeof value !== 'object' || value === null || Object.getPrototypeOf(value) !== Object.prototype) return value;
  return Object.fromEntries(Object.entries(value).map(([name, one]) => [name, withOwnNames(one as unknown)])) as T;
}

function renamed(text: string): string {
  const source = jsonataIn(text.trim());
  if (source === undefined) return text;
  const reading = readJsonata(source);
  // An expression with a Token cannot be parsed before the end of synthesis.
  if (!('variables' in reading))
    return text.replaceAll(new RegExp(`\\$(${OUTER.join('|')})\\b`, 'g'), `$${ownName('$1')}`);
  const uses = reading.variables.filter(({ name }) => OUTER.includes(name)).sort((a, b) => b.position - a.position);
  const changed = uses.reduce(
    (all, { name, position }) => all.slice(0, position - name.length) + ownName(name) + all.slice(position),
    source,
  );
  return `{%${changed}%}`;
}
