import { ModelAccess } from '../../../core/iam/model-access';
import { type CallOptions, calledResources, callActions, pollerActions } from '../../../core/iam/platform-actions';
import { displayName } from '../../../core/model/display';
import type { Model, Resource } from '../../../core/model/model';
import { at, eachBranch, items, toText } from '../../../core/model/select';
import { judgeRole } from '../../lookups/role-judgements';
import type { Judgement, Rule } from '../../rule';

/** Targets that an EventBridge rule can reach only with a role. */
const NEEDS_ROLE = [
  'AWS::Batch::JobQueue',
  'AWS::CodeBuild::Project',
  'AWS::CodePipeline::Pipeline',
  'AWS::ECS::Cluster',
  'AWS::Events::ApiDestination',
  'AWS::Kinesis::Stream',
  'AWS::KinesisFirehose::DeliveryStream',
  'AWS::StepFunctions::StateMachine',
];

export const targetRolePermission: Rule = {
  id: 'TargetRolePermission',
  severity: 'error',
  title: 'A rule, schedule or pipe may call its target with its role, and write to its dead-letter queue',
  why: 'Otherwise each call is refused: the schedule never runs, and the event is dropped, with its dead letter.',
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
      yield* pipeTarget(model, pipe);
      yield* judge(model, pipe, 'RoleArn', 'Enrichment', { synchronous: true });
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

function* judge(
  model: Model,
  holder: Resource,
  role: string,
  property: string,
  options?: CallOptions,
): Iterable<Judgement> {
  const arn = arnAt(model, holder, property);
  const actions = arn === undefined ? undefined : callActions(arn, options);
  if (arn !== undefined && actions) {
    yield* judgeUse(model, holder, role, property, [actions.required], calledResources(arn));
  }
}

/** A pipe waits for a state machine by default; if that is unresolved, either permission will do. */
function* pipeTarget(model: Model, pipe: Resource): Iterable<Judgement> {
  const arn = arnAt(model, pipe, 'Target');
  if (arn === undefined || !arn.includes(':states:')) {
    yield* judge(model, pipe, 'RoleArn', 'Target');
    return;
  }
  const property = 'TargetParameters.StepFunctionStateMachineParameters.InvocationType';
  const types = new Set(
    eachBranch(at(pipe, property)).map(({ value }) => (value === undefined ? WAITS : toText(value))),
  );
  const actions = [
    ...(types.size === 1 && types.has(WAITS) ? [] : ['states:StartExecution']),
    ...(types.size === 1 && types.has('FIRE_AND_FORGET') ? [] : ['states:StartSyncExecution']),
  ];
  yield* judgeUse(model, pipe, 'RoleArn', 'Target', [actions], [arn]);
}

const WAITS = 'REQUEST_RESPONSE';

function* pipeSource(model: Model, pipe: Resource): Iterable<Judgement> {
  const arn = arnAt(model, pipe, 'Source');
  const actions = arn === undefined ? undefined : pollerActions(arn);
  if (arn !== undefined && actions) yield* judgeUse(model, pipe, 'RoleArn', 'Source', actions.required, [arn]);
}

/** The ARN of a resource in the model that a property names; resources elsewhere may have their own policies. */
function arnAt(model: Model, holder: Resource, property: string): string | undefined {
  const { names } = ModelAccess.of(model);
  const arn = names.arnOf(at(holder, property), holder.template);
  return arn !== undefined && names.find(arn) ? arn : undefined;
}

function judgeUse(
  model: Model,
  holder: Resource,
  role: string,
  property: string,
  actions: readonly (string | readonly string[])[],
  on: readonly string[],
): Iterable<Judgement> {
  const place = { resource: holder, property, detail: property };
  return judgeRole(
    model,
    { runner: holder, role, actions, on, place },
    (missing, used) =>
      `runs as ${displayName(used)}, which lacks ${missing} on ${ModelAccess.of(model).names.show(on[0]!)}`,
  );
}
