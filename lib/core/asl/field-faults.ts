import { isList, isMap } from '../model/select';
import type { DefinitionFault } from './faults';
import { type Flow, isStateType, type QueryLanguage, type State, type StateType } from './definition';
import { ALL } from './errors';

/** Fields of only one query language. */
export const LANGUAGE_FIELDS: Readonly<Record<QueryLanguage, readonly string[]>> = {
  JSONPath: [
    'InputPath',
    'OutputPath',
    'ResultPath',
    'ResultSelector',
    'Parameters',
    'Result',
    'ItemsPath',
    'TimeoutSecondsPath',
    'HeartbeatSecondsPath',
    'SecondsPath',
    'TimestampPath',
    'ErrorPath',
    'CausePath',
    'MaxConcurrencyPath',
    'ToleratedFailureCountPath',
    'ToleratedFailurePercentagePath',
  ],
  JSONata: ['Arguments', 'Output', 'Items'],
};

const DATA = ['InputPath', 'OutputPath', 'Output'];
const GOING = ['Next', 'End', 'Assign'];
const RESULT = ['ResultPath', 'Parameters'];
const CALLS = [...RESULT, 'Arguments', 'ResultSelector', 'Retry', 'Catch'];
const TOLERATED = ['Percentage', 'Count'].flatMap((of) => [`ToleratedFailure${of}`, `ToleratedFailure${of}Path`]);

/** The fields that a type of state takes, besides those of all. As measured, of each type and each field. */
const FIELDS: Readonly<Record<StateType, readonly string[]>> = {
  Pass: [...DATA, ...GOING, ...RESULT, 'Result'],
  Task: [
    ...DATA,
    ...GOING,
    ...CALLS,
    'Resource',
    'Credentials',
    ...['TimeoutSeconds', 'TimeoutSecondsPath', 'HeartbeatSeconds', 'HeartbeatSecondsPath'],
  ],
  Wait: [...DATA, ...GOING, 'Seconds', 'Timestamp', 'SecondsPath', 'TimestampPath'],
  Parallel: [...DATA, ...GOING, ...CALLS, 'Branches'],
  Map: [
    ...DATA,
    ...GOING,
    ...CALLS.filter((field) => field !== 'Arguments'),
    ...['ItemProcessor', 'Iterator', 'ItemsPath', 'Items', 'ItemSelector', 'ItemReader', 'ItemBatcher', 'ResultWriter'],
    ...['MaxConcurrency', 'MaxConcurrencyPath', ...TOLERATED, 'Label'],
  ],
  Choice: [...DATA, 'Assign', 'Choices', 'Default'],
  Succeed: DATA,
  Fail: ['Error', 'Cause', 'ErrorPath', 'CausePath'],
};
/** Fields that some state takes; of any other, it is not known whether one does. */
const KNOWN = new Set(Object.values(FIELDS).flat());

/** Makes a fault at a place below the state. */
export type Fault = (message: string, ...place: (string | number)[]) => DefinitionFault;

/** Fields that a state must not have, by its type and query language. */
export function fieldFaults(state: State, fault: Fault): readonly DefinitionFault[] {
  const { type, body, language } = state;
  const other = language === 'JSONata' ? 'JSONPath' : 'JSONata';
  const has = (name: string) => body[name] !== undefined;
  const taken = isStateType(type) ? FIELDS[type] : undefined;
  const unsupported = taken ? Object.keys(body).filter((name) => KNOWN.has(name) && !taken.includes(name)) : [];
  return [
    ...LANGUAGE_FIELDS[other]
      .filter((name) => has(name) && !unsupported.includes(name))
      .map((name) => fault(`The field '${name}' is not supported where the query language is ${language}`, name)),
    ...unsupported.map((name) => fault(`The field '${name}' is not supported in a ${type} state`, name)),
    ...errorFaults(state, fault),
    ...assignmentsOf(state)
      .filter((name) => !/^[\p{L}_][\p{L}\p{N}_]{0,79}$/u.test(name) || name === 'states')
      .map((name) => fault(`'${name}' is not a name that a variable may have`, 'Assign')),
  ];
}

function errorFaults({ retriers, catchers }: State, fault: Fault): readonly DefinitionFault[] {
  return [['Retry', retriers] as const, ['Catch', catchers] as const].flatMap(([field, entries]) =>
    entries.flatMap(({ errors }, index) => {
      const place = [field, index, 'ErrorEquals'] as const;
      return [
        ...(errors.length === 0 ? [fault('Value cannot be empty', ...place)] : []),
        ...(errors.includes(ALL) && (errors.length > 1 || index < entries.length - 1)
          ? [fault(`${ALL} must appear alone and in the last ${field === 'Retry' ? 'retrier' : 'catcher'}`, ...place)]
          : []),
      ];
    }),
  );
}

/**
 * Variables of a flow that nested flows also assign, which Step Functions refuses; distributed items have separate
 * scopes.
 */
export function shadowed(
  flow: Flow,
  outer: ReadonlySet<string> = new Set(),
): readonly { readonly state: State; readonly name: string }[] {
  const states = [...flow.states.values()];
  const own = states.flatMap((state) => assignmentsOf(state).map((name) => ({ state, name })));
  const known = new Set([...outer, ...own.map(({ name }) => name)]);
  return [
    ...own.filter(({ name }) => outer.has(name)),
    ...states.flatMap(({ inner }) => inner.flatMap((one) => shadowed(one, isDistributed(one) ? new Set() : known))),
  ];
}

function isDistributed({ body }: Flow): boolean {
  return isMap(body.ProcessorConfig) && body.ProcessorConfig.Mode === 'DISTRIBUTED';
}

/** The variables that a state assigns on any exit; in JSONPath without the `$` suffix. */
function assignmentsOf({ body, catchers, type }: State): readonly string[] {
  const choices = type === 'Choice' && isList(body.Choices) ? body.Choices.filter(isMap) : [];
  return [body, ...catchers.map((one) => one.body), ...choices]
    .map((holder) => holder.Assign)
    .filter(isMap)
    .flatMap((assigned) => Object.keys(assigned).map((name) => name.replace(/\.\$$/, '')));
}
