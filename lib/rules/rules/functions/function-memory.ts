import { lambda, within } from '../../../core/facts';
import { eachProperty } from '../../each-property';
import { numbers, type Rule } from '../../rule';

const { min, max } = lambda.functionMemory.value;

export const functionMemory: Rule = {
  id: 'FunctionMemory',
  severity: 'error',
  title: `A function has between ${min} and ${max} MB of memory`,
  why: 'Lambda rejects the deployment otherwise.',
  fix: `set MemorySize to a value from ${min} to ${max}`,
  source: lambda.functionMemory.source,
  check: eachProperty(['AWS::Lambda::Function'], 'MemorySize', numbers, (value) =>
    within({ min, max }, value) ? undefined : `asks for ${value} MB of memory, outside ${min} to ${max} MB`,
  ),
};
