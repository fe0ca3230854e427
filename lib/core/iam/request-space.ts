import { CompiledConditions } from './conditions';
import { RequestContext } from './context';
import { matches, type Token, tokensOf } from './glob';
import { regionsOf } from './glob-regions';
import { type Grant, type GrantCondition, NEEDS, WHEN, WITHIN } from './grants';
import { type KeyState, statesOf } from './key-states';

/** Whether a part of a grant holds in a cell; `maybe` is for the request, or the deployment, to say. */
export type CellTruth = 'yes' | 'no' | 'maybe' | 'unknown';

/** A part of a grant: that its resource, one of its exceptions or one of its conditions is met. */
export interface Part {
  /** Equal parts are equal texts. */
  readonly id: string;
  /** Whether it must hold, or must not. */
  readonly wanted: boolean;
  /** Of the resource: the pattern. */
  readonly pattern?: string;
  /** Of the context, or the template. */
  readonly condition?: GrantCondition;
}

/** One thing that requests differ in, and all ways in which grants can tell them apart. */
export interface Dimension {
  /** Of each way, what holds by the id of a part. */
  readonly cells: readonly ReadonlyMap<string, CellTruth>[];
}

/** What a grant asks of a request, its actions apart. */
export function partsOf({ resource, except, conditions }: Grant): readonly Part[] {
  return [
    resourcePart(resource, true),
    ...except.map((pattern) => resourcePart(pattern, false)),
    ...conditions.map((condition): Part => {
      const { operator, key, values } = condition;
      if (operator === WITHIN) return resourcePart(values.join(), true);
      const name = operator === WHEN || operator === NEEDS ? key : key.toLowerCase();
      return { id: JSON.stringify([operator, name, ...values]), wanted: true, condition };
    }),
  ];
}

function resourcePart(pattern: string, wanted: boolean): Part {
  return { id: pattern, wanted, pattern };
}

/** The dimensions of some parts; undefined where there is too much to tell apart. */
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

/** What `${...}` stands for is known with the request; `${*}` and its like are the characters themselves. */
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
