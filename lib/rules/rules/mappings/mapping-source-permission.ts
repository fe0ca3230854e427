import { ModelAccess } from '../../../core/iam/model-access';
import { pollerActions } from '../../../core/iam/platform-actions';
import { displayName } from '../../../core/model/display';
import { at } from '../../../core/model/select';
import { functionsNamed } from '../../lookups/functions';
import { each, type Rule } from '../../rule';
import { judgeRole } from '../../lookups/role-judgements';

export const mappingSourcePermission: Rule = {
  id: 'MappingSourcePermission',
  severity: 'error',
  title: 'The role of a function may read the source of its mapping',
  why: 'Lambda reads queues and streams with the function’s role, and rejects the mapping when it may not.',
  fix: 'allow the actions on the source (in CDK queue.grantConsumeMessages(fn))',
  source: 'https://docs.aws.amazon.com/lambda/latest/dg/invocation-eventsourcemapping.html',
  check: each(['AWS::Lambda::EventSourceMapping'], function* (mapping, { model }) {
    const source = at(mapping, 'EventSourceArn');
    const target = model.target(source);
    const arn = ModelAccess.of(model).names.arnOf(source, mapping.template);
    const actions = arn === undefined ? undefined : pollerActions(arn);
    if (!target || arn === undefined || !actions) return;
    const place = { resource: mapping, property: 'EventSourceArn' };
    for (const { function: fn } of functionsNamed(model, at(mapping, 'FunctionName'))) {
      yield* judgeRole(
        model,
        { runner: fn, role: 'Role', actions: actions.required, on: [arn], place },
        (missing) => `reads ${displayName(target)}, but the role of ${displayName(fn)} lacks ${missing}`,
      );
    }
  }),
};
