import { lambda, within } from '../../core/facts';
import { inWords } from '../../core/model/select';
import { each, numbers, type Rule } from '../rule';

const { min, max } = lambda.functionMemory.value;

/** The memory of a function lies in the service's range. */
export const functionMemory: Rule = {
  id: 'FunctionMemory',
  severity: 'error',
  title: `A function has between ${min} and ${max} MB of memory`,
  why: 'Lambda rejects the deployment otherwise.',
  fix: `set MemorySize to a value from ${min} to ${max}`,
  source: lambda.functionMemory.source,
  check: each(['AWS::Lambda::Function'], function* (fn) {
    const memory = numbers(fn, 'MemorySize');
    yield* memory.unknown;
    for (const { value, when } of memory.values) {
      if (within({ min, max }, value)) continue;
      yield {
        resource: fn,
        property: 'MemorySize',
        message: `asks for ${value} MB${inWords(when)}, outside ${min}-${max} MB`,
      };
    }
  }),
};
