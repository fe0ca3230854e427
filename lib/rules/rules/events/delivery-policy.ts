import { ModelAccess, type ResourceStatement } from '../../../core/iam/model-access';
import { displayName } from '../../../core/model/display';
import type { Model } from '../../../core/model/model';
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
  return speaksOf(model, statement, delivery.source);
}
