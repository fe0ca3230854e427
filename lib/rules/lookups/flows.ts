import {
  allStates,
  type Body,
  type Catcher,
  type Flow,
  type Place,
  readDefinition,
  type State,
} from '../../core/asl/definition';
import { type Expression, expressionsOf } from '../../core/asl/expressions';
import { readJsonata, type JsonataReading } from '../../core/asl/jsonata';
import { indexed } from '../../core/model/indexed';
import type { Model, Resource } from '../../core/model/model';
import { isMap, isUnknown } from '../../core/model/select';
import { Reference, type Value } from '../../core/model/values';
import { type Judgement, type Rule, undecided } from '../rule';
import { machines } from './state-machines';

/** A state machine whose definition could be read. */
export interface ReadMachine {
  readonly machine: Resource;
  /** Whether it runs as Express. */
  readonly express: boolean;
  readonly flow: Flow;
  /** The dotted property of a place in the definition. */
  readonly property: (place: Place) => string;
}

interface Unread {
  readonly machine: Resource;
  readonly path: string;
  readonly undecided: string;
}

const readMachines = indexed((model: Model): readonly (ReadMachine | Unread)[] =>
  machines(model).flatMap(({ machine, express, definition, property: path, undecided }): (ReadMachine | Unread)[] => {
    if (undecided !== undefined) return [{ machine, path, undecided }];
    // StateMachineDefinition judges text that is not a definition.
    if (!definition) return [];
    const property = (place: Place) => [path, ...place].join('.');
    return [{ machine, express, flow: readDefinition(definition), property }];
  }),
);

/** A `check` that judges each readable state machine, and reports the others. */
export function eachMachine(judge: (machine: ReadMachine, model: Model) => Iterable<Judgement>): Rule['check'] {
  return function* ({ model }) {
    for (const read of readMachines(model)) {
      if ('undecided' in read) yield { resource: read.machine, property: read.path, reason: read.undecided };
      else yield* judge(read, model);
    }
  };
}

/** A `check` that judges each state by itself. */
export function eachState(
  judge: (state: State, machine: ReadMachine, model: Model) => Iterable<Judgement>,
): Rule['check'] {
  return eachMachine(function* (machine, model) {
    for (const state of allStates(machine.flow)) yield* judge(state, machine, model);
  });
}

/** A `check` that judges each JSONata expression that can be read. */
export function eachExpression(
  judge: (found: ReadExpression, machine: ReadMachine) => Iterable<Judgement>,
): Rule['check'] {
  return eachState(function* (state, machine) {
    for (const expression of expressionsOf(state)) {
      const reading = expression.kind === 'jsonata' ? readJsonata(expression.source) : undefined;
      if (reading && !('fault' in reading)) yield* judge({ state, expression, reading }, machine);
    }
  });
}

/** An expression of a state, read. */
export interface ReadExpression {
  readonly state: State;
  readonly expression: Expression;
  readonly reading: JsonataReading;
}

/** A finding at a place in a definition; its detail is the place, which is stable between runs. */
export function at({ machine, property }: ReadMachine, place: Place, message: string): Judgement {
  const where = property(place);
  return { resource: machine, property: where, message, detail: where };
}

/** The verdict on the first value known only at deployment. */
export function openIn({ machine, property }: ReadMachine, place: Place, body: Body, ...fields: string[]): Judgement[] {
  const field = fields.find((name) => isUnknown(body[name]) || body[name] instanceof Reference);
  return field === undefined ? [] : [undecided(machine, property([...place, field]), body[field] as Value)];
}

/** The variables that an expression reads, in either language, except `$states`. */
export function variablesRead({ kind, source }: Expression): readonly string[] {
  if (kind !== 'jsonata') return [...source.matchAll(/\$([A-Za-z_]\w*)/g)].map(([, name]) => name ?? '');
  const reading = readJsonata(source);
  if ('fault' in reading) return [];
  return reading.variables.map(({ name }) => name).filter((name) => name !== 'states');
}

/** A name that a state assigns, with its place. */
export interface Assigned {
  /** As written, without JSONPath's `$` suffix. */
  readonly name: string;
  readonly state: State;
  readonly place: Place;
}

/** Every name that the states of a flow assign, excluding nested flows. */
export function assignedIn(flow: Flow): readonly Assigned[] {
  return [...flow.states.values()].flatMap((state) => assignedBy(state));
}

function assignedBy(state: State): Assigned[] {
  const choices = Array.isArray(state.body.Choices) ? (state.body.Choices as unknown[]) : [];
  const holders: [unknown, Place][] = [
    [state.body.Assign, [...state.place, 'Assign']],
    ...state.catchers.map(({ body, place }): [unknown, Place] => [body.Assign, [...place, 'Assign']]),
    ...choices.map((rule, index): [unknown, Place] => [
      isMap(rule) ? rule.Assign : undefined,
      [...state.place, 'Choices', index, 'Assign'],
    ]),
  ];
  return holders.flatMap(([assign, place]) =>
    isMap(assign)
      ? Object.keys(assign).map((name) => ({ name: name.replace(/\.\$$/, ''), state, place: [...place, name] }))
      : [],
  );
}

/** A machine's flows, each with its enclosing flows, outermost first, and whether it runs as a distributed map. */
export function flowsOf(flow: Flow): readonly Nested[] {
  const nested = (one: Flow, around: readonly Nested[], distributed: boolean): Nested[] => {
    const self: Nested = { flow: one, around, distributed };
    const inner = [...one.states.values()].flatMap((state) =>
      state.inner.flatMap((below) => nested(below, [...around, self], isDistributed(state))),
    );
    return [self, ...inner];
  };
  return nested(flow, [], false);
}

/** A flow and its enclosing flows. */
export interface Nested {
  readonly flow: Flow;
  /** Outermost first. */
  readonly around: readonly Nested[];
  /** Whether its iterations are separate executions, which see no outer variables. */
  readonly distributed: boolean;
}

/** Whether a Map starts an execution for each item. */
export function isDistributed({ body }: State): boolean {
  const processor = body.ItemProcessor;
  const config = isMap(processor) ? processor.ProcessorConfig : undefined;
  return isMap(config) && config.Mode === 'DISTRIBUTED';
}

/** The states of a flow reachable from some states, including those. */
export function reached(flow: Flow, from: readonly string[], ways: readonly string[]): ReadonlySet<string> {
  const found = new Set<string>();
  const open = [...from];
  for (let name = open.pop(); name !== undefined; name = open.pop()) {
    const state = flow.states.get(name);
    if (!state || found.has(name)) continue;
    found.add(name);
    open.push(...state.transitions.filter(({ by }) => ways.includes(by)).map(({ to }) => to));
  }
  return found;
}

/** Every transition except those of errors. */
export const ONWARD: readonly string[] = ['Next', 'Default', 'Choice'];

/** Every transition. */
export const ANY_WAY: readonly string[] = [...ONWARD, 'Catch'];

/** The tasks reached only through one state's catchers. */
export function undoneBy(flow: Flow, catchers: readonly Catcher[]): ReadonlySet<string> {
  const forward = reached(flow, flow.startAt === undefined ? [] : [flow.startAt], ONWARD);
  const after = reached(
    flow,
    catchers.flatMap(({ next }) => next ?? []),
    ANY_WAY,
  );
  return new Set([...after].filter((name) => !forward.has(name) && flow.states.get(name)?.type === 'Task'));
}
