import { ModelAccess } from '../../../core/iam/model-access';
import { calledResources, callActions } from '../../../core/iam/platform-actions';
import { displayName } from '../../../core/model/display';
import type { Model, Resource } from '../../../core/model/model';
import { at } from '../../../core/model/select';
import { functionsNamed } from '../../lookups/functions';
import { judgeRole } from '../../lookups/role-judgements';
import type { Judgement, Rule } from '../../rule';

export const failureDestinationPermission: Rule = {
  id: 'FailureDestinationPermission',
  severity: 'error',
  title: 'A function may write to its failure destination',
  why: 'Lambda writes there with the function’s role: without the permission it rejects the deployment, or the event is lost.',
  fix: 'allow the function’s role to write to the destination',
  source: 'https://docs.aws.amazon.com/lambda/latest/dg/invocation-async-retain-records.html',
  *check({ model }) {
    for (const fn of model.ofType('AWS::Lambda::Function')) {
      yield* judge(model, fn, fn, 'DeadLetterConfig.TargetArn');
    }
    for (const holder of model.ofType('AWS::Lambda::EventInvokeConfig', 'AWS::Lambda::EventSourceMapping')) {
      for (const { function: fn } of functionsNamed(model, at(holder, 'FunctionName'))) {
        for (const end of ['OnFailure', 'OnSuccess']) {
          yield* judge(model, fn, holder, `DestinationConfig.${end}.Destination`);
        }
      }
    }
  },
};

function* judge(model: Model, fn: Resource, holder: Resource, property: string): Iterable<Judgement> {
  const destination = at(holder, property);
  const target = model.target(destination);
  const arn = ModelAccess.of(model).names.arnOf(destination, holder.template);
  const actions = arn === undefined ? undefined : callActions(arn);
  if (!target || arn === undefined || !actions) return;
  const place = { resource: holder, property };
  yield* judgeRole(
    model,
    { runner: fn, role: 'Role', actions: [actions.required], on: calledResources(arn), place },
    (missing) => `sends to ${displayName(target)}, but the role of ${displayName(fn)} lacks ${missing} on it`,
  );
}
