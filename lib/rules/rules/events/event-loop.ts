import { ModelAccess } from '../../../core/iam/model-access';
import { listOf, type Statement } from '../../../core/iam/policy';
import { displayName } from '../../../core/model/display';
import type { Resource } from '../../../core/model/model';
import { at, isMap, items, toText } from '../../../core/model/select';
import { named } from '../../../core/model/references';
import { rolesOf } from '../../lookups/roles';
import { conditionsOf, namesAction } from '../../lookups/statements';
import { triggersOf } from '../../lookups/triggers';
import { each, type Rule } from '../../rule';
import { CALLS } from '../../../core/iam/platform-actions';

export const eventLoop: Rule = {
  id: 'EventLoop',
  severity: 'warning',
  title: 'A function does not publish the events that trigger it',
  why: 'One event can then loop forever: Lambda’s loop detection does not see EventBridge.',
  fix: 'match events by source and detail type in the rule, and have the function publish only others',
  source: 'https://docs.aws.amazon.com/lambda/latest/dg/invocation-recursion.html',
  check: each(['AWS::Lambda::Function'], function* (fn, { model }) {
    const access = ModelAccess.of(model);
    const statements = rolesOf(model, fn, 'Role').flatMap((role) => access.statementsOf(role));
    for (const { holder: rule } of triggersOf(model, fn)) {
      if (rule.type !== 'AWS::Events::Rule' || at(rule, 'ScheduleExpression') !== undefined) continue;
      const buses = named(model, at(rule, 'EventBusName'));
      const loop = statements.find(
        (statement) =>
          statement.Effect === 'Allow' &&
          namesAction(statement, CALLS.bus.required) &&
          listOf(statement.Resource).some((bus) => buses.some((one) => one === access.names.find(bus)?.resource)) &&
          publishes(statement, rule),
      );
      if (!loop) continue;
      yield {
        resource: fn,
        property: 'Role',
        message: `may publish the events that trigger it through ${displayName(rule)}`,
        detail: displayName(rule),
      };
    }
  }),
};

/**
 * Whether a statement is known to allow events that a rule matches: the rule matches every source, or the statement
 * names one of its sources. A statement without a condition does not show what is really published.
 */
function publishes(statement: Statement, rule: Resource): boolean {
  const pattern = at(rule, 'EventPattern');
  const source = isMap(pattern) ? at(pattern, 'source') : undefined;
  if (source === undefined) return isMap(pattern) && at(pattern, ['detail-type']) === undefined;
  const sources = items(source).map(toText);
  return (
    conditionsOf(statement)
      .filter(({ operator, key }) => key === 'events:source' && !operator.includes('Not'))
      .some(({ values }) => values.some((value) => sources.includes(value))) && overlaps(statement, pattern)
  );
}

function overlaps(statement: Statement, pattern: ReturnType<typeof at>): boolean {
  const types = items(at(pattern, ['detail-type'])).map(toText);
  const published = conditionsOf(statement).filter(({ key }) => key === 'events:detail-type');
  if (types.length === 0 || published.length === 0) return true;
  return published.some(({ values }) => values.some((value) => types.includes(value)));
}
