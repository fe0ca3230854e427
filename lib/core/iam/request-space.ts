import { CompiledConditions } from './conditions';
import { RequestContext } from './context';
import { matches, type Token, tokensOf } from './glob';
import { regionsOf } from './glob-regions';
import { type Grant, type GrantCondition, NEEDS, WHEN, WITHIN } from './grants';
import { type KeyState, statesOf } from './key-states';

/** Whether a part of a grant holds in a cell; `maybe` depends on the request or the deployment. */
export type CellTruth = 'yes' | 'no' | 'maybe' | 'unknown';

/** A part of a grant: its resource, one of its exceptions or one of its conditions. */
export interface Part {
  /** Equal parts have equal ids. */
  readonly id: string;
  /** Whether it must hold, or must not hold. */
  readonly expected: boolean;
  /** The pattern of a resource. */
  readonly pattern?: string;
  /** A condition on the context or of the template. */
  readonly condition?: GrantCondition;
}

/** One aspect in which requests differ, with all cases that grants can distinguish. */
export interface Dimension {
  /** For each case, what holds, by the id of a part. */
  readonly cells: readonly ReadonlyMap<string, CellTruth>[];
}

/** What a grant requires of a request, apart from its actions. */
export function partsOf({ resource, except, conditions }: Grant): readonly Part[] {
  return [
    resourcePart(resource, true),
    ...except.map((pattern) => resourcePart(pattern, false)),
    ...conditions.map((condition): Part => {
      const { operator, key, values } = condition;
      if (operator === WITHIN) return resourcePart(values.join(), true);
      const name = operator === WHEN || operator === NEEDS ? key : key.toLowerCase();
      return { id: JSON.stringify([operator, name, ...values]), expected: true, condition };
    }),
  ];
}

function resourcePart(pattern: string, expected: boolean): Part {
  return { id: pattern, expected, pattern };
}

/** The dimensions of some parts; undefined if there are too many cases. */
export function dimensionsOf(parts: readonly Part[]): readonly Dimension[] | undefined {
  const distinct = [...new Map(parts.map((part) => [part.id, part])).values()];
  const patterns = distinct.flatMap(({ pattern }) => pattern ?? []);
  const byKey = new Map<string, GrantCondition[]>();
  for (const { condition } of distinct) {
    if (!condition) continue;
    const { operator, key } = condition;
    const name = operator === WHEN || operator === NEEDS ? `${operator} ${key}` : key.toLowerCase();
    byKey.set(name, [...(byKey.get(name) ?? []), condition]);
  }
  const all = [resources(patterns), ...[...byKey.values()].map(contexts)];
  return all.every((dimension) => dimension !== undefined) ? all : undefined;
}

function resources(patterns: readonly string[]): Dimension | undefined {
  const read = patterns.map((pattern) => tokensOf(pattern, 'resource', { variables: true, placeholders: true }));
  const texts = regionsOf(read.map((tokens) => ({ tokens })));
  if (!texts) return undefined;
  const truth = (tokens: readonly Token[], text: string): CellTruth => {
    if (!matches(tokens, text)) return 'no';
    return tokens.some(({ kind }) => kind === 'open') ? 'maybe' : 'yes';
  };
  const cells = texts
    .filter(Boolean)
    .map((text) => read.map((tokens, at) => [patterns[at]!, truth(tokens, text)] as const));
  return { cells: cells.map((cell) => new Map(cell)) };
}

function contexts(conditions: readonly GrantCondition[]): Dimension | undefined {
  const [{ operator } = { operator: '' }] = conditions;
  if (operator === NEEDS) return { cells: [new Map(conditions.map((one) => [idOf(one), 'maybe']))] };
  if (operator === WHEN) {
    const cell = (outcome: string) =>
      new Map(conditions.map((one) => [idOf(one), one.values[0] === outcome ? 'yes' : 'no'] as const));
    return { cells: [cell('true'), cell('false')] };
  }
  const judges = conditions.map(judgeOf);
  const states = statesOf(conditions, (state) => judges.map((judge) => judge(state)).join());
  return (
    states && { cells: states.map((state) => new Map(conditions.map((one, at) => [idOf(one), judges[at]!(state)]))) }
  );
}

function idOf(condition: GrantCondition): string {
  const { operator, key, values } = condition;
  const name = operator === WHEN || operator === NEEDS ? key : key.toLowerCase();
  return JSON.stringify([operator, name, ...values]);
}

/** The value of `${...}` comes from the request; `${*}` and the like are literal characters. */
const VARIABLE = /\$\{(?![*?$]\})[^{}]*\}/;

function judgeOf({ operator, key, values }: GrantCondition): (state: KeyState) => CellTruth {
  const compiled = new CompiledConditions({ [operator]: { [key]: values } }, true);
  if (compiled.problems.length > 0) return () => 'maybe';
  const open = values.some((value) => VARIABLE.test(value));
  return (state) =>
    open && state !== undefined
      ? 'maybe'
      : compiled.judge(new RequestContext(state === undefined ? {} : { [key]: state })).truth;
}
