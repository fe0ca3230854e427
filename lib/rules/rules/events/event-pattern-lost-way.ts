import { lostWays, waysOf } from '../../../core/event-pattern/compile';
import { faultsIn } from '../../../core/event-pattern/faults';
import type { Node } from '../../../core/event-pattern/node';
import { nodesOf } from '../../../core/event-pattern/pattern-faults';
import { at, eachBranch } from '../../../core/model/select';
import { recordFilters } from '../../lookups/filters';
import type { Rule } from '../../rule';

/**
 * No alternative of `$or` is lost to an earlier one.
 * @see https://github.com/aws/event-ruler/pull/140
 */
export const eventPatternLostWay: Rule = {
  id: 'EventPatternLostWay',
  severity: 'error',
  title: "Alternatives of '$or' in a pattern do not share a value in each of their fields",
  why: 'AWS’s matcher mistakes a later alternative for an earlier one that names the same fields and shares a value in each: what only the later one matches is silently not matched.',
  fix: 'write each value in one alternative only, or merge the alternatives into one list',
  source: 'https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-create-pattern-operators.html',
  *check({ model }) {
    for (const resource of model.ofType('AWS::Events::Rule', 'AWS::Events::Archive')) {
      for (const { value } of eachBranch(at(resource, 'EventPattern'))) {
        if (value !== undefined && nodesOf(value).some(losesAWay))
          yield { resource, property: 'EventPattern', message: MESSAGE };
      }
    }
    for (const { resource, property, pattern } of recordFilters(model)) {
      if (pattern !== undefined && pattern !== 'none' && losesAWay(pattern))
        yield { resource, property, message: MESSAGE, detail: property };
    }
  },
};

const MESSAGE = "has a way of '$or' that is taken for an earlier one, and is never looked at";

function losesAWay(pattern: Node): boolean {
  const valid = pattern.kind === 'object' && !faultsIn(pattern, 'bus').some(({ fault }) => fault !== undefined);
  return valid && lostWays(waysOf(pattern)).size > 0;
}
