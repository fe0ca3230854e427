import { displayName } from '../../../core/model/display';
import { deliveries } from '../../lookups/deliveries';
import { keyRefusal } from '../../lookups/service-keys';
import type { Rule } from '../../rule';

export const deliveryKey: Rule = {
  id: 'DeliveryKey',
  severity: 'error',
  title: 'A service that delivers to an encrypted queue or topic may use the key',
  why: 'EventBridge, SNS and S3 must encrypt what they deliver: if the key refuses them, messages are dropped silently.',
  fix: 'use a key of your own whose policy allows the service kms:GenerateDataKey and kms:Decrypt, or SSE-SQS',
  source: 'https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-key-management.html',
  *check({ model }) {
    for (const delivery of deliveries(model)) {
      const { holder, property, target, principal, sender, source } = delivery;
      const refusal = keyRefusal(model, target, principal, source);
      if (refusal && 'reason' in refusal) yield { resource: holder, property, reason: refusal.reason };
      else if (refusal) {
        const message = `has ${sender} deliver to ${displayName(target)}, whose ${refusal.refusal}`;
        yield { resource: holder, property, message, detail: property };
      }
    }
  },
};
