import type { IConstruct } from 'constructs';
import { isRecord } from '../../core/record';
import { isLater } from '../../core/unresolved';
import type { AllDefaults } from './props';

/** State of one scope: its defaults, and which constructs below have read them. */
interface Kept {
  readonly given: Partial<AllDefaults>;
  readonly readers: Map<keyof AllDefaults, string>;
}

const KEPT = Symbol.for('lintel.Defaults');

/** A scope's own state. */
export function keptAt(scope: IConstruct): Kept {
  const holder = scope as IConstruct & { [KEPT]?: Kept };
  return (holder[KEPT] ??= { given: {}, readers: new Map() });
}

/** Sets defaults of one kind at a scope, over those set there before. */
export function keep<K extends keyof AllDefaults>(scope: IConstruct, kind: K, defaults: AllDefaults[K]): void {
  const { given } = keptAt(scope);
  Object.assign(given, { [kind]: over(given[kind] ?? {}, defaults) });
}

/**
 * The defaults in effect in a scope: inner ones over outer ones. Readers are recorded, so that none can be set later.
 * @param path of the reading construct
 */
export function defaultsIn<K extends keyof AllDefaults>(scope: IConstruct, kind: K, path: string): AllDefaults[K] {
  return scope.node.scopes.reduce<object>((outer, place) => {
    const { given, readers: asked } = keptAt(place);
    if (!asked.has(kind)) asked.set(kind, path);
    return given[kind] === undefined ? outer : over(outer, given[kind]);
  }, {});
}

/** Settings keyed by names of the team's; anything else, such as a runtime, is one value. */
const JOINED = ['environment', 'tags'];

/** A program run without type checks may pass no props at all. */
export function given<P extends object>(props: P | undefined): P {
  return props === undefined ? ({} as P) : props;
}

/** Merges settings: omitted ones keep the outer value, and named ones are merged by name. */
export function over<T extends object>(outer: object, inner: T): T {
  if (!isRecord(inner) || isLater(inner)) return inner;
  const all: Record<string, unknown> = { ...outer };
  for (const [name, value] of Object.entries(inner)) {
    if (value === undefined) continue;
    const known = all[name];
    all[name] = JOINED.includes(name) && isRecord(known) && isRecord(value) ? { ...known, ...value } : value;
  }
  return all as T;
}
