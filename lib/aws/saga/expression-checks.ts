import { jsonataIn } from '../../core/asl/expressions';
import { JSONATA_FUNCTIONS, ADDED_FUNCTIONS, type JsonataReading, readJsonata } from '../../core/asl/jsonata';
import type { Check } from '../../core/check/check';
import { isEach, type SagaNode, stepsOf } from './steps';

/** What an expression of a saga may read. */
const VARIABLES = ['input', 'results', 'key', 'states'];

/** The expressions of `when` and `each` can be read, and read only what is there. */
export function expressionChecks(steps: readonly SagaNode[]): Check[] {
  return steps.flatMap((node, index) => {
    const prop = `steps.${index}`;
    const conditions = stepsOf(node, prop).map(({ step, prop: at }) => ({ prop: `${at}.when`, text: step.when }));
    const lists = isEach(node) ? [{ prop: `${prop}.each`, text: node.each }] : [];
    return [...lists, ...conditions].flatMap(({ prop: at, text }) => (text === undefined ? [] : checksOf(text, at)));
  });
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

/** What is wrong with JSONata that a saga is given, without its marks; undefined where nothing is. */
export function jsonataFault(source: string): Pick<Check, 'rule' | 'remedy'> | undefined {
  return faultOf(readJsonata(source));
}

/** What Step Functions has not, though other readers of JSONata do. */
function faultOf(reading: ReturnType<typeof readJsonata>): Pick<Check, 'rule' | 'remedy'> | undefined {
  if ('fault' in reading) {
    return { rule: `must be JSONata that can be read (${reading.fault})`, remedy: 'correct the expression' };
  }
  return (
    first(reading, 'topLevel', (name) => ({
      rule: `must not read '${name}' from nowhere, since Step Functions has no root`,
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
    unknown(reading.functions, [...JSONATA_FUNCTIONS, ...ADDED_FUNCTIONS], 'must call functions that there are') ??
    unknown(reading.variables, VARIABLES, 'must read variables that there are')
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
  return { rule: `${rule}, and not $${found.name}`, remedy: 'read $input, $results or $key' };
}
