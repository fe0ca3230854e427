import { jsonataIn } from '../../core/asl/expressions';
import { JSONATA_FUNCTIONS, ADDED_FUNCTIONS, type JsonataReading, readJsonata } from '../../core/asl/jsonata';
import type { Check } from '../../core/check/check';
import { isEach, isTask, type SagaNode, type SagaWork, stepsOf } from './steps';
import { textsOf } from './task-texts';

/** Variables that a saga's expressions may read. */
const VARIABLES = ['input', 'results', 'key', 'states'];

/** Checks that the expressions of `when` and `each` parse, and read only what exists. */
export function expressionChecks(steps: readonly SagaNode[]): Check[] {
  const names = (nodes: readonly SagaNode[]) => nodes.flatMap((node) => stepsOf(node, '').map(({ step }) => step.name));
  return steps.flatMap((node, index) => {
    const prop = `steps.${index}`;
    const before = names(steps.slice(0, index));
    const conditions = stepsOf(node, prop).map(({ step, prop: at }) => ({ prop: `${at}.when`, text: step.when }));
    const lists = isEach(node) ? [{ prop: `${prop}.each`, text: node.each }] : [];
    const tasks = stepsOf(node, prop).flatMap(({ step: { action, compensation }, prop: at }) => [
      ...taskTexts(action).map((text) => resultsCheck(text, `${at}.action`, before)),
      ...taskTexts(compensation).map((text) => resultsCheck(text, `${at}.compensation`, names(steps))),
    ]);
    const own = [...lists, ...conditions].flatMap(({ prop: at, text }) =>
      text === undefined ? [] : [...checksOf(text, at), resultsCheck(text, at, before)],
    );
    return [...own, ...tasks];
  });
}

function taskTexts(work: SagaWork | undefined): readonly string[] {
  return work === undefined || !isTask(work) ? [] : textsOf(work);
}

/** To an expression, a result that cannot exist is nothing, and a condition on it is never true. */
function resultsCheck(text: string, prop: string, known: readonly string[]): Check {
  const reading = readJsonata(jsonataIn(text.trim()) ?? '');
  const read = 'variables' in reading ? reading.variables.filter(({ name }) => name === 'results') : [];
  const missing = read.map(({ path: [step] }) => step).find((step) => step !== undefined && !known.includes(step));
  return {
    prop,
    value: text,
    valid: () => missing === undefined,
    rule: `must only read results of earlier steps, not of '${missing}'`,
    remedy: known.length === 0 ? 'read $input' : `write one of them: ${known.map((name) => `'${name}'`).join(', ')}`,
  };
}

function checksOf(text: string, prop: string): Check[] {
  const source = jsonataIn(text.trim());
  if (source === undefined) {
    return [
      {
        prop,
        value: text,
        valid: () => false,
        rule: 'must be JSONata between {% and %}',
        remedy: `write it as '{% $input.${/^\w+$/.test(text) ? text : 'lines'} %}'`,
      },
    ];
  }
  const fault = jsonataFault(source);
  return fault === undefined ? [] : [{ prop, value: text, valid: () => false, ...fault }];
}

/** What is wrong with a saga's JSONata, without its marks; undefined if nothing is. */
export function jsonataFault(source: string): Pick<Check, 'rule' | 'remedy'> | undefined {
  return faultOf(readJsonata(source));
}

/** What other JSONata implementations have, but Step Functions does not. */
function faultOf(reading: ReturnType<typeof readJsonata>): Pick<Check, 'rule' | 'remedy'> | undefined {
  if ('fault' in reading) {
    return { rule: `must be valid JSONata (${reading.fault})`, remedy: 'fix the expression' };
  }
  return (
    first(reading, 'topLevel', (name) => ({
      rule: `must not read '${name}' without a variable, since Step Functions has no root context`,
      remedy: `write $input.${name}`,
    })) ??
    first(reading, 'root', () => ({
      rule: 'must not read $$, which Step Functions does not have',
      remedy: 'write $input',
    })) ??
    first(reading, 'newer', (name) => ({
      rule: `must not use ${name}, which is newer than the JSONata of Step Functions`,
      remedy: 'write a condition: a ? b : c',
    })) ??
    unknown(reading.functions, [...JSONATA_FUNCTIONS, ...ADDED_FUNCTIONS], 'must call functions that exist') ??
    unknown(reading.variables, VARIABLES, 'must read variables that exist')
  );
}

function first(
  reading: JsonataReading,
  kind: 'topLevel' | 'root' | 'newer',
  say: (name: string) => Pick<Check, 'rule' | 'remedy'>,
): Pick<Check, 'rule' | 'remedy'> | undefined {
  const [found] = reading[kind];
  return found && say(found.name);
}

function unknown(
  used: readonly { readonly name: string }[],
  known: readonly string[],
  rule: string,
): Pick<Check, 'rule' | 'remedy'> | undefined {
  const found = used.find(({ name }) => !known.includes(name));
  if (found === undefined) return undefined;
  return { rule: `${rule}, not $${found.name}`, remedy: 'read $input, $results or $key' };
}
