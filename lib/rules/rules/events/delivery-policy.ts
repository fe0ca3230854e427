import { overlaps } from '../../../core/iam/coverage';
import { ModelAccess, type ResourceStatement } from '../../../core/iam/model-access';
import { listOf, type Statement } from '../../../core/iam/policy';
import { displayName } from '../../../core/model/display';
import type { Model, Resource } from '../../../core/model/model';
import { deliveries, type Delivery } from '../../lookups/deliveries';
import { isForEverybody, namesAction, servicesOf, speaksOf } from '../../lookups/statements';
import type { Rule } from '../../rule';

export const deliveryPolicy: Rule = {
  id: 'DeliveryPolicy',
  severity: 'error',
  title: 'A queue or topic allows the rule, topic or bucket that delivers to it',
  why: 'EventBridge, SNS and S3 deliver by the target’s own policy: without it messages, and dead letters, are dropped.',
  fix: 'add a policy to the queue or topic that allows the service, with a condition on aws:SourceArn',
  source: 'https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-rule-dlq.html',
  *check({ model }) {
    for (const delivery of deliveries(model)) {
      const { holder, property, principal, target, sender, action } = delivery;
      const statements = ModelAccess.of(model).statementsAbout(target);
      if (statements.some((statement) => admits(model, statement, delivery))) continue;
      yield {
        resource: holder,
        property,
        message: `has ${sender} deliver to ${displayName(target)}, whose policy does not allow ${principal} ${action}`,
        detail: property,
      };
    }
  },
};

function admits(model: Model, { statement }: ResourceStatement, delivery: Delivery): boolean {
  if (statement?.Effect !== 'Allow' || !namesAction(statement, delivery.action)) return false;
  if (!servicesOf(statement).includes(delivery.principal) && !isForEverybody(statement)) return false;
  return isAbout(model, statement, delivery.target) && speaksOf(model, statement, delivery.source);
}

/** Whether a statement in a resource's policy is about that resource: it may name another by mistake. */
function isAbout(model: Model, { Resource: named }: Statement, target: Resource): boolean {
  const { names } = ModelAccess.of(model);
  const arn = names.names.arn(target);
  if (named === undefined || arn === undefined) return true;
  return listOf(named).some((one) => {
    const found = names.find(one)?.resource;
    return found ? found === target : overlaps(one, arn) || names.mayBeSame(one, arn);
  });
}
