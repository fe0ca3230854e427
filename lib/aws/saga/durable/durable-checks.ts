import { ADDED_FUNCTIONS, readJsonata } from '../../../core/asl/jsonata';
import { jsonataIn } from '../../../core/asl/expressions';
import type { Check } from '../../../core/check/check';
import { isUnresolved } from '../../../core/unresolved';
import { isEach, isTask, type SagaNode, type SagaWork, stepsOf } from '../steps';

/** Functions whose names fit into the variables of one function, which hold 4 KB. */
const FUNCTIONS = 50;

/** What a durable function cannot do that a state machine can. */
export function durableChecks(steps: readonly SagaNode[]): Check[] {
  const all = steps.flatMap((node, index) => stepsOf(node, `steps.${index}`));
  const works = all.flatMap(({ step: { action, compensation }, prop }) => [
    { work: action, prop: `${prop}.action` },
    ...(compensation === undefined ? [] : [{ work: compensation, prop: `${prop}.compensation` }]),
  ]);
  const expressions = [
    ...steps.flatMap((node, index) => (isEach(node) ? [{ text: node.each, prop: `steps.${index}.each` }] : [])),
    ...all.flatMap(({ step: { when }, prop }) => (when === undefined ? [] : [{ text: when, prop: `${prop}.when` }])),
  ];
  const functions = distinct(works.map(({ work }) => work));
  return [
    ...works.map(({ work, prop }) => ({
      prop,
      value: work,
      valid: () => !isTask(work),
      rule: "must be a handler where 'engine' is 'durable-function', which runs no task of Step Functions",
      remedy: 'write a handler that makes the call',
    })),
    {
      prop: 'steps',
      value: `${functions} functions`,
      valid: () => functions <= FUNCTIONS,
      rule: `must call at most ${FUNCTIONS} functions where 'engine' is 'durable-function', whose variables hold their names`,
      remedy: "let steps share functions, or choose the engine 'step-functions'",
    },
    ...expressions.map(({ text, prop }) => ({
      prop,
      value: 'an expression with a value that is known only at deployment',
      valid: () => !isUnresolved(text),
      rule: "must be known when the program runs where 'engine' is 'durable-function', whose code holds it",
      remedy: 'give the value to the saga with its input, or read it in a handler',
    })),
    ...expressions.flatMap(({ text, prop }) => ownJsonata(text, prop, "where 'engine' is 'durable-function'")),
  ];
}

/** A function that several steps name is one; a path makes one for each. */
function distinct(works: readonly SagaWork[]): number {
  const own = works.filter((work) => typeof work === 'string');
  return own.length + new Set(works.filter((work) => typeof work !== 'string')).size;
}

/**
 * What no function can read, but a state machine.
 * @param text an expression
 * @param where in which saga or list
 */
export function ownJsonata(text: string, prop: string, where: string): Check[] {
  const reading = readJsonata(jsonataIn(text.trim()) ?? '');
  // Whatever is wrong with it for both engines is said by other checks.
  if ('fault' in reading) return [];
  const added = reading.functions.find(({ name }) => ADDED_FUNCTIONS.includes(name))?.name;
  const states = reading.variables.some(({ name }) => name === 'states');
  const found = added ?? (states ? 'states' : undefined);
  return [
    {
      prop,
      value: text,
      valid: () => found === undefined,
      rule: `must not use $${found} ${where}: only Step Functions has it`,
      remedy: 'read $input, $results or $key, and compute the rest in a handler',
    },
  ];
}
