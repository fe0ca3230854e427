import { lostWays, sharing, type Way, waysOf } from './compile';
import { faultsIn, type PatternFault } from './faults';
import { type Field, fieldsOf, together } from './fields';
import type { PatternPlace } from './grammar';
import type { Node } from './node';
import { passesTests } from './values';

/** A pattern that a service refuses. */
export class PatternError extends Error {
  override readonly name = 'PatternError';

  /** @param fault the first of what is wrong with it */
  constructor(readonly fault: PatternFault) {
    super(fault.message ?? `the pattern ${fault.unknown ?? fault.fault ?? 'is known only at deployment'}`);
  }
}

/**
 * A pattern of EventBridge, Pipes or a filter of Lambda. Every field of it must match, a field by any item of its list, and
 * `$or` by any of its patterns; fields of objects in one list must match in one and the same object.
 * @see https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-event-patterns.html
 */
export class EventPattern {
  private readonly ways: readonly Way[];
  private readonly steps: ReadonlySet<string>;

  /**
   * @param pattern the pattern, read by `readJson` or `nodeOf`
   * @param where where it stands
   * @throws PatternError as the service refuses it
   */
  constructor(pattern: Node, where: PatternPlace) {
    const [fault] = faultsIn(pattern, where);
    if (fault) throw new PatternError(fault);
    const all = pattern.kind === 'object' ? waysOf(pattern) : [];
    const lost = lostWays(all);
    this.ways = sharing(all).filter((_, index) => !lost.has(all[index]!));
    this.steps = new Set(this.ways.flatMap((way) => [...way.keys()].flatMap(stepsOf)));
  }

  /** Whether an event, or a record, matches. */
  matches(event: Node): boolean {
    const fields = fieldsOf(
      event,
      (name) => this.steps.has(name) || stepsOf(name).every((step) => this.steps.has(step)),
    );
    return this.ways.some((way) => {
      const paths = [...way.keys()].sort();
      return found(way, paths, fields, new Map());
    });
  }
}

/** Whether all paths from the first on match, each in what lies together with those before it. */
function found(
  way: Way,
  [path, ...others]: readonly string[],
  fields: ReadonlyMap<string, readonly Field[]>,
  within: ReadonlyMap<number, number>,
): boolean {
  if (path === undefined) return true;
  const tests = way.get(path)!;
  const candidates = (fields.get(path) ?? []).flatMap(({ value, within: own }) => {
    const both = together(within, own);
    return both ? [{ value, both }] : [];
  });
  if (tests.absent && candidates.length === 0 && found(way, others, fields, within)) return true;
  return candidates.some(({ value, both }) => passesTests(tests, value) && found(way, others, fields, both));
}

/** The names of a path; those that are empty at its end do not count. */
function stepsOf(path: string): readonly string[] {
  const steps = path.split('.');
  while (steps.length > 1 && steps.at(-1) === '') steps.pop();
  return steps;
}
