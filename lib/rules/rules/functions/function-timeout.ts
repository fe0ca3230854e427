import { lambda, within } from '../../../core/facts';
import { at } from '../../../core/model/select';
import { eachProperty } from '../../each-property';
import { numbers, type Rule } from '../../rule';

const { min, max } = lambda.functionTimeout.value;

export const functionTimeout: Rule = {
  id: 'FunctionTimeout',
  severity: 'error',
  title: `A function runs at most ${max} seconds`,
  why: 'Lambda rejects the deployment otherwise.',
  fix: `set Timeout to a value from ${min} to ${max}, and hand longer work to Step Functions or a container`,
  source: lambda.functionTimeout.source,
  check: eachProperty(['AWS::Lambda::Function'], 'Timeout', numbers, (value, fn) =>
    within({ min, max }, value) || at(fn, 'CapacityProviderConfig') !== undefined
      ? undefined
      : `asks for ${value} seconds, outside ${min} to ${max} seconds`,
  ),
};
