import { isList, isMap } from '../model/select';
import type { DefinitionFault } from './faults';
import type { Flow, QueryLanguage, State } from './definition';
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

const CAUGHT = ['Task', 'Parallel', 'Map'];
const UNASSIGNED = ['Succeed', 'Fail'];

type Fault = (message: string, ...place: (string | number)[]) => DefinitionFault;

/** Fields that a state must not have, by its type and query language. */
export function fieldFaults(state: State, fault: Fault): readonly DefinitionFault[] {
  const { type, body, language } = state;
  const other = language === 'JSONata' ? 'JSONPath' : 'JSONata';
  const has = (name: string) => body[name] !== undefined;
  const unsupported = [
    ...(CAUGHT.includes(type) ? [] : ['Retry', 'Catch']),
    ...(type === 'Task' ? [] : ['TimeoutSeconds', 'HeartbeatSeconds', 'Credentials']),
    ...(UNASSIGNED.includes(type) ? ['Assign', 'Next', 'End'] : []),
    ...(type === 'Choice' ? ['Next', 'End'] : []),
  ];
  return [
    ...LANGUAGE_FIELDS[other]
      .filter(has)
      .map((name) => fault(`The field '${name}' is not supported where the query language is ${language}`, name)),
    ...unsupported.filter(has).map((name) => fault(`The field '${name}' is not supported in a ${type} state`, name)),
    ...choiceFaults(state, fault),
    ...errorFaults(state, fault),
    ...assignmentsOf(state)
      .filter((name) => !/^[\p{L}_][\p{L}\p{N}_]{0,79}$/u.test(name) || name === 'states')
      .map((name) => fault(`'${name}' is not a name that a variable may have`, 'Assign')),
  ];
}

function choiceFaults({ type, body, language }: State, fault: Fault): readonly DefinitionFault[] {
  const choices = type === 'Choice' && isList(body.Choices) ? body.Choices : [];
  return choices.flatMap((rule, index) => {
    if (!isMap(rule)) return [];
    const condition = rule.Condition !== undefined;
    if (language === 'JSONata' && !condition)
      return [fault('These fields are required: [Condition]', 'Choices', index)];
    return language === 'JSONPath' && condition
      ? [fault("The field 'Condition' is not supported where the query language is JSONPath", 'Choices', index)]
      : [];
  });
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
