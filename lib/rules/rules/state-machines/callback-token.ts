import { isList, isMap } from '../../../core/model/select';
import { Text, type Value } from '../../../core/model/values';
import { machines } from '../../lookups/state-machines';
import type { Rule } from '../../rule';

export const callbackToken: Rule = {
  id: 'CallbackToken',
  severity: 'error',
  title: 'A task that waits for a task token passes the token on',
  why: 'Otherwise nobody can ever respond: the execution waits until its timeout, or a year without one.',
  fix: 'put $$.Task.Token (JSONPath) or $states.context.Task.Token (JSONata) into the parameters',
  source: 'https://docs.aws.amazon.com/step-functions/latest/dg/connect-to-resource.html',
  *check({ model }) {
    for (const { machine, states } of machines(model)) {
      for (const { name, property, call } of states) {
        if (call?.pattern !== 'token' || mentionsToken(call.parameters)) continue;
        yield {
          resource: machine,
          property,
          message: `has ${name} wait for a token that it passes to nobody`,
          detail: name,
        };
      }
    }
  },
};

/** The token itself, or the context that holds it, in either query language. */
const TOKEN = /(?:\$\$|states\.context)(?:\.Task)?(?:\.Token)?(?![\w.])/;

function mentionsToken(value: Value | undefined): boolean {
  if (typeof value === 'string') return TOKEN.test(value);
  if (value instanceof Text) return value.parts.some(mentionsToken);
  if (isList(value)) return value.some(mentionsToken);
  return isMap(value) && Object.values(value).some(mentionsToken);
}
