import { Text, type Value } from '../../../core/model/values';
import { isList, isMap } from '../../../core/model/select';
import { type Machine, machines } from '../../lookups/state-machines';
import type { Judgement, Rule } from '../../rule';

type Parse = (expression: string) => unknown;

export const jsonataSyntax: Rule = {
  id: 'JsonataSyntax',
  severity: 'error',
  title: 'A JSONata expression in a state machine can be parsed',
  why: 'Step Functions rejects the deployment otherwise.',
  fix: 'correct the expression',
  source: 'https://docs.aws.amazon.com/step-functions/latest/dg/transforming-data.html',
  *check({ model }) {
    for (const machine of machines(model)) {
      const expressions = expressionsOf(machine);
      if (expressions.length > 0) yield* judge(machine, expressions, parser());
    }
  },
};

const INNER = ['Branches', 'Iterator', 'ItemProcessor'];

interface Expression {
  readonly name: string;
  readonly property: string;
  readonly text: string;
}

function* judge({ machine }: Machine, expressions: readonly Expression[], parse: Parse): Iterable<Judgement> {
  for (const { name, property, text } of expressions) {
    try {
      parse(text);
    } catch (error) {
      const reason = isMap(error) && typeof error.message === 'string' ? error.message : String(error);
      yield {
        resource: machine,
        property,
        message: `has a JSONata expression in ${name} that cannot be parsed: ${reason}`,
        detail: property,
      };
    }
  }
}

function expressionsOf({ states }: Machine): Expression[] {
  return states
    .filter(({ language }) => language === 'JSONata')
    .flatMap(({ name, property, body }) => {
      // The states inside have entries of their own.
      const own = Object.entries(body).filter(([field]) => !INNER.includes(field));
      return textsIn(Object.fromEntries(own), property).flatMap((found) => {
        const text = /^\{%([\s\S]*)%\}$/.exec(found.text.trim())?.[1];
        return text === undefined ? [] : [{ name, property: found.property, text }];
      });
    });
}

function textsIn(value: Value, property: string): { property: string; text: string }[] {
  if (typeof value === 'string') return [{ property, text: value }];
  // A substitution is inside a string or stands for a name: any word will do.
  if (value instanceof Text)
    return [{ property, text: value.parts.map((part) => (typeof part === 'string' ? part : 'open')).join('') }];
  if (isList(value)) return value.flatMap((item, index) => textsIn(item, `${property}.${index}`));
  return isMap(value) ? Object.entries(value).flatMap(([name, item]) => textsIn(item, `${property}.${name}`)) : [];
}

/** Loaded on demand: most stacks have no JSONata. */
function parser(): Parse {
  return require('jsonata') as Parse;
}
