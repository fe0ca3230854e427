import { lambda } from '../../../core/facts';
import { at, entries } from '../../../core/model/select';
import { each, type Rule } from '../../rule';

export const functionReservedVariable: Rule = {
  id: 'FunctionReservedVariable',
  severity: 'error',
  title: 'A function sets no variable that Lambda reserves',
  why: 'Lambda rejects the deployment: it sets these names itself.',
  fix: 'choose another name',
  source: lambda.reservedVariables.source,
  check: each(['AWS::Lambda::Function'], function* (fn) {
    for (const [name] of entries(at(fn, 'Environment.Variables'))) {
      if (!lambda.reservedVariables.value.includes(name)) continue;
      yield {
        resource: fn,
        property: `Environment.Variables.${name}`,
        message: `sets the reserved variable ${name}`,
        detail: name,
      };
    }
  }),
};
