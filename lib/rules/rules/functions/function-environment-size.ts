import { lambda } from '../../../core/facts';
import { at, entries, toText } from '../../../core/model/select';
import { each, type Rule } from '../../rule';

const LIMIT = lambda.environmentSize.value;

/** Bytes assumed for a value known only at deployment: an ARN or URL is shorter. */
const OPEN_VALUE = 256;

export const functionEnvironmentSize: Rule = {
  id: 'FunctionEnvironmentSize',
  severity: 'error',
  title: `The environment variables of a function take at most ${LIMIT} bytes together`,
  why: 'Lambda rejects the deployment otherwise.',
  fix: 'keep larger settings in Parameter Store, AppConfig or a file in the bundle',
  source: lambda.environmentSize.source,
  check: each(['AWS::Lambda::Function'], function* (fn) {
    const variables = entries(at(fn, 'Environment.Variables'));
    const bytes = variables.reduce(
      (sum, [name, value]) => sum + Buffer.byteLength(name) + Buffer.byteLength(toText(value) ?? ''),
      0,
    );
    const open = variables.filter(([, value]) => toText(value) === undefined).length;
    const property = 'Environment.Variables';
    if (bytes > LIMIT) {
      yield { resource: fn, property, message: `has ${bytes} bytes of environment variables, more than ${LIMIT}` };
    } else if (bytes + open * OPEN_VALUE > LIMIT) {
      yield {
        resource: fn,
        property,
        reason: `the length of ${open} environment variables is known only at deployment`,
      };
    }
  }),
};
