import { allStates, type QueryLanguage, readDefinition, type State as FlowState } from '../../core/asl/definition';
import type { Model, Resource } from '../../core/model/model';
import { at, eachBranch, toText } from '../../core/model/select';
import type { Value, ValueMap } from '../../core/model/values';
import { indexed } from '../../core/model/indexed';
import { parsedDefinition, type ParsedDefinition } from './state-machine-definition';

/** A state machine with its parsed definition; one per branch if a condition chooses the definition. */
export interface Machine {
  readonly machine: Resource;
  /** Whether it runs as Express. */
  readonly express: boolean;
  /** The whole definition; absent if it cannot be read. */
  readonly definition?: ValueMap;
  /** The property that holds it. */
  readonly property: string;
  /** What is wrong with the text of the definition. */
  readonly fault?: string;
  /** Why the definition cannot be read. */
  readonly undecided?: string;
  /** Its states, those of branches and iterations included. */
  readonly states: readonly State[];
}

/** One state of a definition. */
export interface State {
  readonly name: string;
  /** Its dotted place in the machine's properties. */
  readonly property: string;
  /** `Task`, `Choice`, `Map`. */
  readonly type: string;
  /** The state as written. */
  readonly body: ValueMap;
  /** Its query language. */
  readonly language: QueryLanguage;
  readonly call?: Call;
}

/** What a task calls, read from its `Resource`. */
export interface Call {
  /** Service and action of an integration, as IAM writes them: `lambda`, `InvokeFunction`; absent for a function's ARN. */
  readonly integration?: { readonly service: string; readonly api: string; readonly sdk: boolean };
  readonly pattern: 'answer' | 'job' | 'token';
  /** `Parameters` or `Arguments`. */
  readonly parameters: Value | undefined;
  /** The function that it calls. */
  readonly function?: Value;
  /** Whether it waits for an activity worker. */
  readonly activity: boolean;
}

/** Every state machine of a model. */
export const machines = indexed((model: Model): readonly Machine[] =>
  model.ofType('AWS::StepFunctions::StateMachine').flatMap((machine) => {
    const express = toText(at(machine, 'StateMachineType')) === 'EXPRESS';
    const property = at(machine, 'Definition') === undefined ? 'DefinitionString' : 'Definition';
    const source = at(machine, property);
    if (source === undefined) {
      return [
        { machine, express, property, states: [], undecided: 'its definition is in a file outside the template' },
      ];
    }
    return eachBranch(source).flatMap(({ value }) =>
      value === undefined ? [] : [read(machine, express, property, parsedDefinition(machine, value))],
    );
  }),
);

function read(machine: Resource, express: boolean, property: string, parsed: ParsedDefinition): Machine {
  const { definition } = parsed;
  const states = definition ? allStates(readDefinition(definition)).map((state) => stateOf(state, property)) : [];
  return { machine, express, property, ...parsed, states };
}

function stateOf(state: FlowState, property: string): State {
  const { name, type, place, body, language } = state;
  const call = callOf(state);
  return {
    name,
    property: [property, ...place].join('.'),
    type,
    body: body as ValueMap,
    language,
    ...(call && { call }),
  };
}

/** A string that names a function; what another string names is unknown. */
const FUNCTION = /^arn:[^:]*:lambda:/;

/** What a task calls; undefined for another state. */
function callOf({ body, call }: FlowState): Call | undefined {
  if (!call) return undefined;
  const { Arguments, Parameters } = body as ValueMap;
  const parameters = Arguments ?? Parameters;
  if (call.kind !== 'integration') {
    const activity = call.kind === 'activity';
    const { Resource } = body as ValueMap;
    const calls = !activity && (typeof Resource !== 'string' || FUNCTION.test(Resource));
    return { pattern: 'answer', parameters, activity, ...(calls && { function: Resource }) };
  }
  const { service, api, sdk, waits: pattern } = call;
  const fn = service === 'lambda' ? at(parameters, 'FunctionName') : undefined;
  return {
    integration: { service, api, sdk },
    pattern,
    parameters,
    activity: false,
    ...(fn !== undefined && { function: fn }),
  };
}
