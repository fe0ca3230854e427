import { isMap } from '../model/select';
import { allStates, type Flow, isStateType, parseDefinition, type State } from './definition';
import { fieldFaults, shadowed } from './field-faults';
import { expressionsOf } from './expressions';
import { readJsonata } from './jsonata';
import { choiceFaults } from './choice-faults';
import { shapeFaults } from './shape-faults';
import { valueFaults } from './value-faults';

/** A fault for which Step Functions refuses a definition. */
export interface DefinitionFault {
  /** The API's code: `SCHEMA_VALIDATION_FAILED`. */
  readonly code: string;
  readonly message: string;
  /** Where: `/States/Charge/Next`. */
  readonly location?: string;
}

const SCHEMA = 'SCHEMA_VALIDATION_FAILED';
const TARGET = 'MISSING_TRANSITION_TARGET';

/**
 * The faults for which Step Functions refuses a definition at deployment, in the definition's order.
 * @param definition its text
 * @param express whether its executions are Express
 * @see https://docs.aws.amazon.com/step-functions/latest/apireference/API_ValidateStateMachineDefinition.html
 */
export function definitionFaults(definition: string, express: boolean): readonly DefinitionFault[] {
  if (definition.trim() === '') return [{ code: SCHEMA, message: 'Definition must be a valid JSON object' }];
  const parsed = parseDefinition(definition);
  if ('fault' in parsed) return [{ code: 'INVALID_JSON_DESCRIPTION', message: `The definition ${parsed.fault}` }];
  const { machine } = parsed;
  return [
    ...flowFaults(machine),
    ...allStates(machine).flatMap((state) => stateFaults(state, express, machine)),
    ...twins(machine),
    ...shadowed(machine).map(({ state, name }) => ({
      code: SCHEMA,
      message: `The variable '${name}' is assigned by a flow around this one`,
      location: pointer([...state.place, 'Assign']),
    })),
  ];
}

/** States of one name, wherever in the machine. */
function twins(machine: Flow): readonly DefinitionFault[] {
  const names = new Set<string>();
  const again = allStates(machine).filter(({ name }) => names.size === names.add(name).size);
  return again.map(({ name, place }) => ({
    code: 'DUPLICATE_STATE_NAME',
    message: `Duplicate State name: ${name}`,
    location: pointer(place),
  }));
}

function isDistributed({ inner }: State): boolean {
  return inner.some(({ body }) => isMap(body.ProcessorConfig) && body.ProcessorConfig.Mode === 'DISTRIBUTED');
}

function flowFaults(flow: Flow): readonly DefinitionFault[] {
  const { startAt, states, place } = flow;
  const missing = ['States', 'StartAt'].filter((name) => flow.body[name] === undefined);
  if (missing.length > 0) {
    return [{ code: SCHEMA, message: `These fields are required: [${missing.join(', ')}]`, location: pointer(place) }];
  }
  const reached = reachable(flow);
  const unreachable = [...states.values()].filter(
    ({ name }) => startAt !== undefined && states.has(startAt) && !reached.has(name),
  );
  const all = [...states.values()];
  // A state without a transition has its own fault.
  const ends = all.some(({ end, transitions }) => end || !transitions.every(({ to }) => states.has(to)));
  const written = isMap(flow.body.States) ? Object.entries(flow.body.States) : [];
  return [
    ...written
      .filter(([, state]) => !isMap(state))
      .map(([name]) => ({
        code: SCHEMA,
        message: 'Expected value of type Object',
        location: pointer([...place, 'States', name]),
      })),
    ...(startAt !== undefined && states.has(startAt)
      ? []
      : [{ code: TARGET, message: `Missing 'StartAt' target: ${startAt}`, location: pointer([...place, 'StartAt']) }]),
    ...(ends
      ? []
      : [{ code: 'NO_TERMINAL_STATE', message: 'No terminal state', location: pointer([...place, 'States']) }]),
    ...unreachable.map((state) => ({
      code: TARGET,
      message: `State "${state.name}" is not reachable.`,
      location: pointer(state.place),
    })),
    ...[...states.values()].flatMap((state) => [
      ...state.transitions
        .filter(({ to }) => !states.has(to))
        .map(({ to, by, place: at }) => ({
          code: TARGET,
          message: `Missing '${by === 'Default' ? 'Default' : 'Next'}' target: ${to}`,
          location: pointer(at),
        })),
      ...state.inner.flatMap(flowFaults),
    ]),
  ];
}

function stateFaults(state: State, express: boolean, machine: Flow): readonly DefinitionFault[] {
  const { type, body, place, call } = state;
  const location = pointer(place);
  const schema = (message: string, where = location): DefinitionFault => ({ code: SCHEMA, message, location: where });
  const waits = call?.kind === 'integration' ? call.waits : 'answer';
  const suffix = waits === 'token' ? '.waitForTaskToken' : '.sync';
  return [
    ...(isStateType(type) ? [] : [schema(`Value is not valid: '${type}'`, pointer([...place, 'Type']))]),
    ...(machine.language === 'JSONata' && body.QueryLanguage === 'JSONPath'
      ? [schema("'QueryLanguage' can not be 'JSONPath' if set to 'JSONata' for whole state machine")]
      : []),
    ...(type === 'Task' && body.Resource === undefined ? [schema('These fields are required: [Resource]')] : []),
    ...(type === 'Parallel' && state.inner.length === 0
      ? [schema('Value cannot be empty', pointer([...place, 'Branches']))]
      : []),
    ...(type === 'Map' && state.inner.length === 0 ? [schema('These fields are required: [ItemProcessor]')] : []),
    ...(type === 'Choice' && state.transitions.length === 0
      ? [schema('Value cannot be empty', pointer([...place, 'Choices']))]
      : []),
    ...(express && waits !== 'answer'
      ? [
          schema(
            `Express state machine does not support '${suffix}' service integration `,
            pointer([...place, 'Resource']),
          ),
        ]
      : []),
    ...(needsNext(state) ? [schema('These fields are required: [Next] or [End]')] : []),
    ...[fieldFaults, valueFaults, choiceFaults, shapeFaults].flatMap((faultsIn) =>
      faultsIn(state, (message, ...below) => schema(message, pointer([...place, ...below]))),
    ),
    ...(express && isDistributed(state)
      ? [schema("The field 'Mode' with value 'DISTRIBUTED' is not supported inside 'EXPRESS' state machines")]
      : []),
    ...(express && call?.kind === 'activity'
      ? [schema('Express state machine does not support Activity ARN', pointer([...place, 'Resource']))]
      : []),
    ...expressionFaults(state),
  ];
}

function needsNext({ type, end, transitions }: State): boolean {
  if (['Choice', 'Succeed', 'Fail'].includes(type) || end) return false;
  return !transitions.some(({ by }) => by === 'Next');
}

function expressionFaults(state: State): readonly DefinitionFault[] {
  return expressionsOf(state)
    .filter(({ kind }) => kind === 'jsonata')
    .flatMap(({ source, place }) => {
      const reading = readJsonata(source);
      const location = pointer(place);
      if ('fault' in reading) return [{ code: 'INVALID_JSONATA_EXPRESSION', message: reading.fault, location }];
      const unsupported = (message: string) => ({ code: 'UNSUPPORTED_JSONATA_EXPRESSION', message, location });
      const names = new Set(reading.topLevel.map(({ name }) => name));
      return [
        ...reading.newer.map(({ name }) => ({
          code: 'INVALID_JSONATA_EXPRESSION',
          message: `The operator '${name}' is not part of JSONata 2.0.6`,
          location,
        })),
        ...[...names].map((name) => unsupported(`Reference to '${name}' at the top level is not supported.`)),
        ...(reading.root.length > 0 ? [unsupported("Reference to '$$' is not supported.")] : []),
      ];
    });
}

function reachable({ startAt, states }: Flow): ReadonlySet<string> {
  const found = new Set<string>();
  const open = startAt === undefined ? [] : [startAt];
  for (let name = open.pop(); name !== undefined; name = open.pop()) {
    if (found.has(name)) continue;
    found.add(name);
    open.push(...(states.get(name)?.transitions.map(({ to }) => to) ?? []));
  }
  return found;
}

/** `/States/Charge`; the machine itself is `/`. */
function pointer(place: State['place']): string {
  return `/${place.map(String).join('/')}`;
}
