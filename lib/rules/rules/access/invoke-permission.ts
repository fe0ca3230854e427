import { displayName } from '../../../core/model/display';
import type { Model, Resource } from '../../../core/model/model';
import { at, items, toText } from '../../../core/model/select';
import type { Value } from '../../../core/model/values';
import { functionsNamed, permissionsOf } from '../../lookups/functions';
import { mentioned } from '../../../core/model/references';
import { type Trigger, triggers } from '../../lookups/triggers';
import type { Rule } from '../../rule';

export const invokePermission: Rule = {
  id: 'InvokePermission',
  severity: 'error',
  title: 'A service that calls a function has permission to',
  why: 'Without it the call is refused: an API answers 500, an event is dropped, a bucket rejects the deployment.',
  fix: 'add an AWS::Lambda::Permission for the service on the function, or on the alias it calls',
  source: 'https://docs.aws.amazon.com/lambda/latest/dg/access-control-resource-based.html',
  *check({ model }) {
    for (const trigger of triggers(model)) {
      const { holder, property, principal, function: fn, qualifier } = trigger;
      if (principal === undefined) continue;
      if (permissionsOf(model, fn).some((permission) => permits(model, permission, trigger))) continue;
      const called = qualifier ? `${displayName(qualifier)} of ${displayName(fn)}` : displayName(fn);
      yield {
        resource: holder,
        property,
        message: `calls ${called}, which does not admit ${principal}`,
        detail: property,
      };
    }
  },
};

function permits(model: Model, permission: Resource, trigger: Trigger): boolean {
  const principals = items(at(permission, 'Principal')).map(toText);
  if (!principals.some((principal) => principal === '*' || isService(principal, trigger.principal))) return false;
  const action = toText(at(permission, 'Action'));
  if (action !== undefined && !['lambda:InvokeFunction', 'lambda:*'].includes(action)) return false;
  const named = functionsNamed(model, at(permission, 'FunctionName'));
  const qualified = named.some(({ qualifier }) => qualifier?.id === trigger.qualifier?.id);
  return qualified && speaksOf(model, at(permission, 'SourceArn'), trigger);
}

/** CloudWatch Logs may be written with its region: `logs.eu-west-1.amazonaws.com`. */
function isService(principal: string | undefined, service: string | undefined): boolean {
  return principal === service || (service === 'logs.amazonaws.com' && /^logs\.[\w-]+\./.test(principal ?? ''));
}

/** Whether `SourceArn` can refer to the trigger: it mentions one of its sources, or no resource in the model. */
function speaksOf(model: Model, sourceArn: Value | undefined, trigger: Trigger): boolean {
  const sources = mentioned(model, sourceArn);
  return (
    sources.length === 0 ||
    sources.some((source) => trigger.sources.includes(source)) ||
    trigger.sources.includes(undefined)
  );
}
