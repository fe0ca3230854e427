import { ADDED_FUNCTIONS, readJsonata } from '../../../core/asl/jsonata';
import { jsonataIn } from '../../../core/asl/expressions';
import type { Check } from '../../../core/check/check';
import { isUnresolved } from '../../../core/unresolved';
import { isEach, isTask, type SagaNode, type SagaWork, stepsOf } from '../steps';

/** Most functions whose names fit into one function's variables, which hold 4 KB. */
const FUNCTIONS = 50;

/** What a state machine can do and a durable function cannot. */
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
      rule: "must be a handler with 'engine' 'durable-function', which runs no Step Functions tasks",
      remedy: 'write a handler that makes the call',
    })),
    {
      prop: 'steps',
      value: `${functions} functions`,
      valid: () => functions <= FUNCTIONS,
      rule: `must call at most ${FUNCTIONS} functions with 'engine' 'durable-function', whose variables hold their names`,
      remedy: "let steps share functions, or choose the engine 'step-functions'",
    },
    ...expressions.map(({ text, prop }) => ({
      prop,
      value: 'an expression with a value known only at deployment',
      valid: () => !isUnresolved(text),
      rule: "must be known at synthesis with 'engine' 'durable-function', whose code contains it",
      remedy: 'pass the value to the saga with its input, or read it in a handler',
    })),
    ...expressions.flatMap(({ text, prop }) => ownJsonata(text, prop, "with 'engine' 'durable-function'")),
  ];
}

/** A function shared by several steps counts once; each path is a function of its own. */
function distinct(works: readonly SagaWork[]): number {
  const own = works.filter((work) => typeof work === 'string');
  return own.length + new Set(works.filter((work) => typeof work !== 'string')).size;
}

/**
 * What a state machine can evaluate, but a function cannot.
 * @param text an expression
 * @param where which saga or list
 */
export function ownJsonata(text: string, prop: string, where: string): Check[] {
  const reading = readJsonata(jsonataIn(text.trim()) ?? '');
  // Other checks report what is wrong for both engines.
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
