import { displayName } from '../../core/model/display';
import { type Model, type Resource } from '../../core/model/model';
import { at, items } from '../../core/model/select';
import { type Value } from '../../core/model/values';
import { allowance, lacking } from '../lookups/allowance';
import { functionsNamed } from '../lookups/functions';
import { readActions } from '../lookups/read-actions';
import { rolesOf } from '../lookups/policies';
import { type Judgement, type Rule } from '../rule';

/** What a caller does to a target, by the target’s type. */
const ACTIONS: Readonly<Record<string, string>> = {
  'AWS::Lambda::Function': 'lambda:InvokeFunction',
  'AWS::Lambda::Alias': 'lambda:InvokeFunction',
  'AWS::Lambda::Version': 'lambda:InvokeFunction',
  'AWS::SQS::Queue': 'sqs:SendMessage',
  'AWS::SNS::Topic': 'sns:Publish',
  'AWS::StepFunctions::StateMachine': 'states:StartExecution',
  'AWS::Events::EventBus': 'events:PutEvents',
  'AWS::Kinesis::Stream': 'kinesis:PutRecord',
  'AWS::Logs::LogGroup': 'logs:PutLogEvents',
  'AWS::KinesisFirehose::DeliveryStream': 'firehose:PutRecord',
};

/** Targets that a rule of EventBridge reaches with a role, and never without one. */
const NEEDS_ROLE = ['AWS::StepFunctions::StateMachine', 'AWS::Kinesis::Stream', 'AWS::KinesisFirehose::DeliveryStream'];

/** A rule, schedule, subscriber or pipe may do with its role what it is there for. */
export const targetRolePermission: Rule = {
  id: 'TargetRolePermission',
  severity: 'error',
  title: 'A rule, schedule or pipe may call its target with its role, and write to its dead-letter queue',
  why: 'Each call is refused otherwise: the schedule never runs, the event is dropped, and the dead letter too.',
  fix: 'allow the role the action on the target',
  source: 'https://docs.aws.amazon.com/scheduler/latest/UserGuide/setting-up.html',
  *check({ model }) {
    for (const rule of model.ofType('AWS::Events::Rule')) {
      for (const index of items(at(rule, 'Targets')).keys()) yield* ruleTarget(model, rule, `Targets.${index}`);
    }
    for (const schedule of model.ofType('AWS::Scheduler::Schedule')) {
      yield* judge(model, schedule, 'Target.RoleArn', 'Target.Arn');
      yield* judge(model, schedule, 'Target.RoleArn', 'Target.DeadLetterConfig.Arn');
    }
    for (const subscriber of model.ofType('AWS::EventsV2::Subscriber')) {
      yield* judge(model, subscriber, 'InvokeConfiguration.RoleArn', 'InvokeConfiguration.TargetArn');
    }
    for (const pipe of model.ofType('AWS::Pipes::Pipe')) {
      yield* judge(model, pipe, 'RoleArn', 'Target');
      yield* judge(model, pipe, 'RoleArn', 'Enrichment');
      yield* pipeSource(model, pipe);
    }
  },
};

function* ruleTarget(model: Model, rule: Resource, target: string): Iterable<Judgement> {
  if (at(rule, `${target}.RoleArn`) !== undefined) {
    yield* judge(model, rule, `${target}.RoleArn`, `${target}.Arn`);
    return;
  }
  const called = model.target(at(rule, `${target}.Arn`));
  if (!called || !NEEDS_ROLE.includes(called.type)) return;
  const property = `${target}.RoleArn`;
  yield { resource: rule, property, message: `calls ${displayName(called)} without a role`, detail: property };
}

function* judge(model: Model, holder: Resource, role: string, property: string): Iterable<Judgement> {
  const target = at(holder, property);
  const called =
    target === undefined ? undefined : (model.target(target) ?? functionsNamed(model, target)[0]?.function);
  const action = called && ACTIONS[called.type];
  if (!target || !action) return;
  for (const runner of rolesOf(model, holder, role)) {
    const answer = allowance(model, runner, action, target);
    if (answer === 'unknown')
      yield { resource: holder, property, reason: `a policy of ${displayName(runner)} cannot be read` };
    if (answer !== 'no') continue;
    yield { resource: holder, property, message: missing(runner, [action], called), detail: property };
  }
}

function* pipeSource(model: Model, pipe: Resource): Iterable<Judgement> {
  const source: Value | undefined = at(pipe, 'Source');
  const target = model.target(source);
  const actions = target && readActions(target.type);
  if (!source || !actions) return;
  for (const role of rolesOf(model, pipe, 'RoleArn')) {
    const lacked = lacking(model, role, actions, source);
    if (lacked === 'unknown' || lacked.length === 0) continue;
    yield { resource: pipe, property: 'Source', message: missing(role, lacked, target), detail: 'Source' };
  }
}

function missing(role: Resource, actions: readonly string[], target: Resource): string {
  return `runs as ${displayName(role)}, which lacks ${actions.join(', ')} on ${displayName(target)}`;
}
