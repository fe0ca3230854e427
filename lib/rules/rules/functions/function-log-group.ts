import { ModelAccess } from '../../../core/iam/model-access';
import { at } from '../../../core/model/select';
import type { Model, Resource } from '../../../core/model/model';
import { indexed } from '../../../core/model/indexed';
import { mentioned } from '../../../core/model/references';
import { absences } from '../../each-property';
import { each, type Rule } from '../../rule';

export const functionLogGroup: Rule = {
  id: 'FunctionLogGroup',
  severity: 'warning',
  title: 'Each function has its own log group in the template',
  why: 'The group that Lambda creates by default keeps logs forever, outlives the stack and keeps costing money.',
  fix: 'create a log group with a retention, and name it in LoggingConfig.LogGroup',
  source: 'https://docs.aws.amazon.com/lambda/latest/dg/monitoring-cloudwatchlogs-loggroups.html',
  check: each(['AWS::Lambda::Function'], function* (fn, { model }) {
    if (withGroup(model).has(fn.id)) return;
    const name = nameIn(model, fn, 'FunctionName');
    if (name !== undefined && namedGroups(model).has(`/aws/lambda/${name}`)) return;
    for (const when of absences(at(fn, 'LoggingConfig.LogGroup'))) {
      const message = `writes to a log group that is not in the template${when}`;
      yield { resource: fn, property: 'LoggingConfig.LogGroup', message };
    }
  }),
};

const groups = (model: Model): Resource[] =>
  model
    .ofType('AWS::Logs::LogGroup', 'Custom::LogRetention')
    .filter((group) => at(group, 'LogGroupName') !== undefined);

/** Functions whose default group (`/aws/lambda/<function>`) is in the template, or has a retention. */
const withGroup = indexed(
  (model) => new Set(groups(model).flatMap((group) => mentioned(model, at(group, 'LogGroupName')).map(({ id }) => id))),
);

const namedGroups = indexed((model) => new Set(groups(model).map((group) => nameIn(model, group, 'LogGroupName'))));

/** A name as text, with placeholders for parameters and the stack name: names built the same way are equal. */
function nameIn(model: Model, resource: Resource, property: string): string | undefined {
  const value = at(resource, property);
  return value === undefined ? undefined : ModelAccess.of(model).names.names.text(value, resource.template);
}
