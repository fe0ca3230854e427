import type { Model, Resource } from '../../../core/model/model';
import { at, eachBranch, isList, isMap, items, toText } from '../../../core/model/select';
import { Text, type Value } from '../../../core/model/values';
import { mentioned } from '../../../core/model/references';
import { each, type Rule } from '../../rule';

export const eventPatternCatchAll: Rule = {
  id: 'EventPatternCatchAll',
  severity: 'warning',
  title: 'The pattern of a rule is selective',
  why: 'One that matches every event on the bus calls its targets for events that others add later, and you pay for all of them.',
  fix: 'name the source and the detail-type; for an archive of everything use AWS::Events::Archive',
  source: 'https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-event-patterns.html',
  check: each(['AWS::Events::Rule'], function* (rule, { model }) {
    if (forwards(model, rule)) return;
    for (const { value } of eachBranch(at(rule, 'EventPattern'))) {
      if (!isMap(value) || Object.keys(value).length === 0) continue;
      if (Object.entries(value).every(([field, filter]) => OF_EVERY_EVENT.has(field) || any(filter)))
        yield { resource: rule, property: 'EventPattern', message: 'is matched by every event of the bus' };
    }
  }),
};

/** Fields that are the same in every event of a bus, or nearly so. */
const OF_EVERY_EVENT = new Set(['account', 'region', 'version']);

/** Whether a rule sends everything to another bus or a log, which is what such a rule is for. */
function forwards(model: Model, rule: Resource): boolean {
  const targets = items(at(rule, 'Targets')).map((target) => at(target, 'Arn'));
  return targets.some(
    (arn) =>
      mentioned(model, arn).some(({ type }) => FORWARDED_TO.includes(type)) ||
      /:(?:event-bus\/|log-group:)/.test(words(arn)),
  );
}

const FORWARDED_TO = ['AWS::Events::EventBus', 'AWS::Logs::LogGroup'];

function words(arn: Value | undefined): string {
  const parts = arn instanceof Text ? arn.parts : [arn];
  return parts.map((part) => toText(part) ?? '').join('');
}

function any(filter: Value): boolean {
  return (
    isList(filter) &&
    filter.some(
      (one) => isMap(one) && (toText(one.prefix) === '' || toText(one.wildcard) === '*' || one.exists === true),
    )
  );
}
