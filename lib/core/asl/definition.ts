import { isList, isMap, toText } from '../model/select';
import { type TaskCall, taskCall } from './task';

/** The query languages. */
export type QueryLanguage = 'JSONPath' | 'JSONata';

/** The kinds of states. */
export type StateType = 'Task' | 'Choice' | 'Parallel' | 'Map' | 'Wait' | 'Pass' | 'Succeed' | 'Fail';

/** A place in a definition: `['States', 'Charge', 'Catch', 0, 'Next']`. */
export type Place = readonly (string | number)[];

/** An object as written; values known only at deployment may be of the rules' model. */
export type Body = Readonly<Record<string, unknown>>;

/** States with a start: a whole machine, a branch, or a map's processor. */
export interface Flow {
  /** Its place; empty for the machine. */
  readonly place: Place;
  readonly body: Body;
  /** The default language of its states. */
  readonly language: QueryLanguage;
  /** The name of the first state; undefined if missing. */
  readonly startAt: string | undefined;
  /** Its states by name, in written order, without nested ones. */
  readonly states: ReadonlyMap<string, State>;
}

export interface State {
  readonly name: string;
  /** Its type, as written; see `isStateType`. */
  readonly type: string;
  readonly place: Place;
  readonly body: Body;
  /** Its effective language. */
  readonly language: QueryLanguage;
  /** All its transitions. */
  readonly transitions: readonly Transition[];
  /** Whether it ends the flow. */
  readonly end: boolean;
  /** Its `Retry`, in order. */
  readonly retriers: readonly Retrier[];
  /** Its `Catch`, in order. */
  readonly catchers: readonly Catcher[];
  /** The branches of a Parallel, or the one processor of a Map. */
  readonly inner: readonly Flow[];
  readonly call?: TaskCall;
}

/** A transition. */
export interface Transition {
  /** The name of the next state. */
  readonly to: string;
  readonly by: 'Next' | 'Default' | 'Choice' | 'Catch';
  readonly place: Place;
}

/** An entry of a `Retry`; numbers are undefined if missing or known only at deployment. */
export interface Retrier {
  readonly place: Place;
  readonly body: Body;
  /** The names of the errors. */
  readonly errors: readonly string[];
  /** Attempts after the first; 3 by default. */
  readonly maxAttempts: number | undefined;
  /** Seconds before the first of them; 1 by default. */
  readonly interval: number | undefined;
  /** The growth factor of the pause; 2 by default. */
  readonly backoff: number | undefined;
  /** The longest pause, in seconds; undefined without one. */
  readonly maxDelay: number | undefined;
  /** Whether pauses have full jitter. */
  readonly jitter: boolean;
}

/** An entry of a `Catch`. */
export interface Catcher {
  readonly place: Place;
  readonly body: Body;
  /** The names of the errors. */
  readonly errors: readonly string[];
  /** The handling state; undefined if missing. */
  readonly next: string | undefined;
}

const STATE_TYPES: readonly string[] = ['Task', 'Choice', 'Parallel', 'Map', 'Wait', 'Pass', 'Succeed', 'Fail'];

/** Whether a state type exists. */
export function isStateType(type: string): type is StateType {
  return STATE_TYPES.includes(type);
}

/**
 * Reads the text of a definition.
 * @returns the machine, or what is wrong with the text
 */
export function parseDefinition(text: string): { readonly machine: Flow } | { readonly fault: string } {
  let parsed: unknown;
  try {
    parsed = JSON.parse(text);
  } catch (error) {
    return { fault: `is not JSON: ${error instanceof Error ? error.message : String(error)}` };
  }
  return isMap(parsed) ? { machine: readDefinition(parsed) } : { fault: 'is not an object' };
}

/** Reads a definition. Invalid parts are left out: nothing is judged here. */
export function readDefinition(body: Body): Flow {
  return readFlow(body, [], 'JSONPath');
}

/** Every state of a flow in written order; nested ones follow their parent. */
export function allStates(flow: Flow): readonly State[] {
  return [...flow.states.values()].flatMap((state) => [state, ...state.inner.flatMap(allStates)]);
}

function readFlow(body: Body, place: Place, inherited: QueryLanguage): Flow {
  const language = languageOf(body, inherited);
  const states = isMap(body.States) ? Object.entries(body.States) : [];
  return {
    place,
    body,
    language,
    startAt: toText(body.StartAt),
    states: new Map(
      states.flatMap(([name, state]) =>
        isMap(state) ? [[name, readState(name, state, [...place, 'States', name], language)] as const] : [],
      ),
    ),
  };
}

function readState(name: string, body: Body, place: Place, machine: QueryLanguage): State {
  const type = toText(body.Type) ?? '';
  const call = type === 'Task' ? taskCall(body.Resource) : undefined;
  const catchers = entries(body, 'Catch', place).map(([entry, where]) => catcherOf(entry, where));
  return {
    name,
    type,
    place,
    body,
    language: languageOf(body, machine),
    transitions: transitionsOf(type, body, place, catchers),
    end: body.End === true || type === 'Succeed' || type === 'Fail',
    retriers: entries(body, 'Retry', place).map(([entry, where]) => retrierOf(entry, where)),
    catchers,
    inner: innerOf(type, body, place).map(([flow, where]) => readFlow(flow, where, machine)),
    ...(call && { call }),
  };
}

function transitionsOf(type: string, body: Body, place: Place, catchers: readonly Catcher[]): readonly Transition[] {
  const to = (value: unknown, by: Transition['by'], where: Place): Transition[] => {
    const target = toText(value);
    return target === undefined ? [] : [{ to: target, by, place: where }];
  };
  return [
    ...(type === 'Choice'
      ? [
          ...entries(body, 'Choices', place).flatMap(([rule, at]) => to(rule.Next, 'Choice', [...at, 'Next'])),
          ...to(body.Default, 'Default', [...place, 'Default']),
        ]
      : to(body.Next, 'Next', [...place, 'Next'])),
    ...catchers.flatMap(({ next, place: at }) => to(next, 'Catch', [...at, 'Next'])),
  ];
}

function innerOf(type: string, body: Body, place: Place): readonly (readonly [Body, Place])[] {
  if (type === 'Parallel') return entries(body, 'Branches', place);
  if (type !== 'Map') return [];
  const field = body.ItemProcessor === undefined ? 'Iterator' : 'ItemProcessor';
  const processor = body[field];
  return isMap(processor) ? [[processor, [...place, field]]] : [];
}

function retrierOf(body: Body, place: Place): Retrier {
  return {
    place,
    body,
    errors: namesOf(body),
    maxAttempts: numberOr(body.MaxAttempts, 3),
    interval: numberOr(body.IntervalSeconds, 1),
    backoff: numberOr(body.BackoffRate, 2),
    maxDelay: numberOr(body.MaxDelaySeconds, undefined),
    jitter: body.JitterStrategy === 'FULL',
  };
}

function catcherOf(body: Body, place: Place): Catcher {
  return { place, body, errors: namesOf(body), next: toText(body.Next) };
}

function namesOf({ ErrorEquals: names }: Body): readonly string[] {
  return isList(names) ? names.filter((name): name is string => typeof name === 'string') : [];
}

function numberOr(value: unknown, otherwise: number | undefined): number | undefined {
  if (value === undefined) return otherwise;
  return typeof value === 'number' ? value : undefined;
}

/** The objects of a list, each with its place. */
function entries(body: Body, field: string, place: Place): readonly (readonly [Body, Place])[] {
  const list = body[field];
  if (!isList(list)) return [];
  return list.flatMap((entry, index) => (isMap(entry) ? [[entry, [...place, field, index]] as const] : []));
}

function languageOf({ QueryLanguage: language }: Body, inherited: QueryLanguage): QueryLanguage {
  return language === 'JSONata' || language === 'JSONPath' ? language : inherited;
}
