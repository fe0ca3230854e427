import { ModelAccess } from '../../../core/iam/model-access';
import { indexed } from '../../../core/model/indexed';
import type { Model, Resource } from '../../../core/model/model';
import { mentioned } from '../../../core/model/references';
import { at, eachBranch, isList, isMap, isUnknown, items, toBoolean } from '../../../core/model/select';
import { Choice, type Value } from '../../../core/model/values';
import { each, type Rule, undecided } from '../../rule';

const ALARMS = ['AWS::CloudWatch::Alarm', 'AWS::CloudWatch::CompositeAlarm'];
const LISTS = ['AlarmActions', 'OKActions', 'InsufficientDataActions'];

/** They show an alarm and do nothing about it. */
const SHOWS = 'AWS::CloudWatch::Dashboard';

export const alarmAction: Rule = {
  id: 'AlarmAction',
  severity: 'warning',
  title: 'Where alarms have actions, each has one, or something acts on it',
  why: 'It changes its color in the console and tells nobody, while the alarms beside it do.',
  fix: 'set AlarmActions, to a topic for example, or ActionsEnabled to false while it is muted',
  source: 'https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/alarm-actions.html',
  check: each(ALARMS, function* (alarm, { model }) {
    const lists = listsOf(alarm);
    if (hasAction(lists) || !someAct(model)) return;
    const enabled = eachBranch(at(alarm, 'ActionsEnabled'));
    if (enabled.some(({ value }) => toBoolean(value) === false) || isWatched(model, alarm)) return;
    const open = lists.find(({ value }) => isUnknown(value));
    if (open?.value !== undefined) yield undecided(alarm, open.name, open.value);
    else
      yield {
        resource: alarm,
        property: LISTS[0],
        message: 'has no action, unlike other alarms, and nothing acts on it',
      };
  }),
};

/** Whether any alarm has an action. Where none has, alarms are looked at, or read by something outside. */
const someAct = indexed((model) => model.ofType(...ALARMS).some((alarm) => hasAction(listsOf(alarm))));

interface Listed {
  readonly name: string;
  readonly value: Value | undefined;
}

function listsOf(alarm: Resource): readonly Listed[] {
  return LISTS.flatMap((name) => eachBranch(at(alarm, name)).map(({ value }) => ({ name, value })));
}

function hasAction(lists: readonly Listed[]): boolean {
  return lists.some(({ value }) => !isUnknown(value) && items(value).length > 0);
}

/** Whether something else takes notice: a composite alarm, a deployment, a rule on changes of state, another stack. */
function isWatched(model: Model, alarm: Resource): boolean {
  const { ids, texts, all } = watchers(model);
  if (all || ids.has(alarm.id)) return true;
  const { names } = ModelAccess.of(model);
  const own = names.names.text(at(alarm, 'AlarmName'), alarm.template);
  return own !== undefined && texts.some((text) => namesIn(text, own));
}

/** Whether a text, such as the rule of a composite alarm, has a name as a whole. */
function namesIn(text: string, name: string): boolean {
  const parts = text.split(name);
  return parts.some((part, index) => index > 0 && !/[\w-]$/.test(parts[index - 1]!) && !/^[\w-]/.test(part));
}

const watchers = indexed((model) => {
  const others = [...model.resources.values()].filter(({ type }) => type !== SHOWS);
  const outputs = [...model.templates.values()].map((template) => template.outputs);
  const called = others.flatMap((one) => mentioned(model, one.properties).filter((found) => found !== one));
  const ids = new Set([...called, ...outputs.flatMap((one) => mentioned(model, one))].map(({ id }) => id));
  const { names } = ModelAccess.of(model).names;
  const texts = others
    .filter(({ type }) => NAMES_ALARMS.includes(type))
    .flatMap(({ properties, template }) => textsIn(properties).map((text) => names.text(text, template) ?? ''));
  const rules = model.ofType('AWS::Events::Rule');
  const all = rules.some(
    (rule) =>
      items(at(rule, 'EventPattern.source')).includes('aws.cloudwatch') ||
      items(at(rule, ['EventPattern', 'detail-type'])).includes('CloudWatch Alarm State Change'),
  );
  return { ids, texts, all };
});

/** Types that may name an alarm in text. */
const NAMES_ALARMS: readonly string[] = [
  'AWS::CloudWatch::CompositeAlarm',
  'AWS::CodeDeploy::DeploymentGroup',
  'AWS::ECS::Service',
  'AWS::Route53::HealthCheck',
  'AWS::SageMaker::Endpoint',
];

function textsIn(value: Value | undefined): readonly Value[] {
  if (value instanceof Choice) return [...textsIn(value.then), ...textsIn(value.otherwise)];
  if (isList(value)) return value.flatMap(textsIn);
  return isMap(value) ? Object.values(value).flatMap(textsIn) : value === undefined ? [] : [value];
}
