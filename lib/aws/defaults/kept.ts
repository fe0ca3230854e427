import type { IConstruct } from 'constructs';
import { isRecord } from '../../core/record';
import { isLater } from '../../core/unresolved';
import type { AllDefaults } from './props';

/** What is kept at one scope: what was set there, and who has asked from below. */
interface Kept {
  readonly given: Partial<AllDefaults>;
  readonly asked: Map<keyof AllDefaults, string>;
}

const KEPT = Symbol.for('lintel.Defaults');

/** What a scope has of its own. */
export function keptAt(scope: IConstruct): Kept {
  const holder = scope as IConstruct & { [KEPT]?: Kept };
  return (holder[KEPT] ??= { given: {}, asked: new Map() });
}

/** Sets defaults of one kind at a scope, over those that were set there before. */
export function keep<K extends keyof AllDefaults>(scope: IConstruct, kind: K, defaults: AllDefaults[K]): void {
  const { given } = keptAt(scope);
  Object.assign(given, { [kind]: over(given[kind] ?? {}, defaults) });
}

/**
 * The defaults that hold in a scope: nearer ones over those further out. Whoever asks is remembered, so that none is set later.
 * @param path of the construct that asks
 */
export function defaultsIn<K extends keyof AllDefaults>(scope: IConstruct, kind: K, path: string): AllDefaults[K] {
  return scope.node.scopes.reduce<object>((outer, place) => {
    const { given, asked } = keptAt(place);
    if (!asked.has(kind)) asked.set(kind, path);
    return over(outer, given[kind] ?? {});
  }, {});
}

/** What has names of the team's own; all else, such as a runtime, is one value. */
const JOINED = ['environment', 'tags'];

/** A program that is run without a type check may give no props at all. */
export function given<P extends object>(props: P | undefined): P {
  return props === undefined ? ({} as P) : props;
}

/** Settings over others: those that are not given leave the others, and what has names is joined by name. */
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
