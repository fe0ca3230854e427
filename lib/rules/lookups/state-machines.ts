import type { Model, Resource } from '../../core/model/model';
import { at, eachBranch, isList, isMap, isUnknown, toText } from '../../core/model/select';
import { Text, type Value, type ValueMap } from '../../core/model/values';
import { indexed } from '../../core/model/indexed';
import { parsedDefinition, type ParsedDefinition } from './state-machine-definition';

/** A state machine with its definition read; more than one for a machine whose definition is chosen by a condition. */
export interface Machine {
  readonly machine: Resource;
  /** Whether it runs as Express. */
  readonly express: boolean;
  /** The whole definition; absent where it cannot be read. */
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
  /** Where it stands in the machine's properties, dotted. */
  readonly property: string;
  /** `Task`, `Choice`, `Map`. */
  readonly type: string;
  /** The state as it is written. */
  readonly body: ValueMap;
  /** The query language that holds in it. */
  readonly language: 'JSONPath' | 'JSONata';
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
  /** Whether it waits for an activity's worker. */
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
  if (!parsed.definition) return { machine, express, property, states: [], ...parsed };
  return {
    machine,
    express,
    property,
    ...parsed,
    states: statesOf(parsed.definition, property, languageOf(parsed.definition)),
  };
}

function languageOf(body: ValueMap, inherited: State['language'] = 'JSONPath'): State['language'] {
  const language = toText(at(body, 'QueryLanguage'));
  return language === 'JSONata' || language === 'JSONPath' ? language : inherited;
}

function statesOf(container: ValueMap, property: string, language: State['language']): State[] {
  const states = at(container, 'States');
  if (!isMap(states)) return [];
  return Object.entries(states).flatMap(([name, body]) => {
    if (!isMap(body)) return [];
    const path = `${property}.States.${name}`;
    const type = toText(at(body, 'Type')) ?? '';
    const own = languageOf(body, language);
    const state = {
      name,
      property: path,
      type,
      body,
      language: own,
      ...(type === 'Task' ? { call: callOf(body) } : {}),
    };
    return [state, ...inner(body, path).flatMap(([nested, where]) => statesOf(nested, where, language))];
  });
}

/** The state machines inside a `Parallel` or `Map` state, each with where it stands. */
export function inner(body: ValueMap, path: string): [ValueMap, string][] {
  const branches = at(body, 'Branches');
  const found: [Value | undefined, string][] = [
    ...(isList(branches) ? branches : []).map((branch, index): [Value, string] => [
      branch,
      `${path}.Branches.${index}`,
    ]),
    [at(body, 'ItemProcessor'), `${path}.ItemProcessor`],
    [at(body, 'Iterator'), `${path}.Iterator`],
  ];
  return found.filter((entry): entry is [ValueMap, string] => isMap(entry[0]));
}

function callOf(body: ValueMap): Call {
  const resource = at(body, 'Resource');
  const text = integrationText(resource);
  const parameters = at(body, 'Arguments') ?? at(body, 'Parameters');
  const matched = /^arn:[^:]*:states:::(aws-sdk:)?([^:]+):([^.]+)(\..+)?$/.exec(text ?? '');
  if (!matched) {
    const activity = text?.includes(':activity:') ?? false;
    return {
      pattern: 'answer',
      parameters,
      activity,
      ...(activity || resource === undefined ? {} : { function: resource }),
    };
  }
  const [, sdk, service = '', api = '', suffix = ''] = matched;
  const functionName = service === 'lambda' ? at(parameters, 'FunctionName') : undefined;
  return {
    integration: { service, api, sdk: sdk !== undefined },
    pattern: suffix.startsWith('.waitForTaskToken') ? 'token' : suffix.startsWith('.sync') ? 'job' : 'answer',
    parameters,
    activity: false,
    ...(functionName === undefined ? {} : { function: functionName }),
  };
}

/** The text of a `Resource`, where only the partition is open. */
function integrationText(resource: Value | undefined): string | undefined {
  if (!(resource instanceof Text)) return toText(resource);
  const parts = resource.parts.map((part) =>
    isUnknown(part) && part.name?.startsWith('AWS::') ? part.name : toText(part),
  );
  return parts.includes(undefined) ? undefined : parts.join('').replace(/AWS::\w+/g, 'aws');
}
