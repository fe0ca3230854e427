import { ModelAccess } from '../../../core/iam/model-access';
import { displayName } from '../../../core/model/display';
import { type Model } from '../../../core/model/model';
import { at, toText } from '../../../core/model/select';
import { deliveries, type Delivery } from '../../lookups/deliveries';
import { isForEverybody, namesAction, servicesOf } from '../../lookups/statements';
import { type Rule } from '../../rule';

/** A service that delivers into an encrypted queue or topic may use its key. */
export const deliveryKey: Rule = {
  id: 'DeliveryKey',
  severity: 'error',
  title: 'A service that delivers into an encrypted queue or topic may use the key',
  why: 'EventBridge, SNS and S3 must encrypt what they deliver: where the key refuses them, messages are dropped without a word.',
  fix: 'use a key of your own whose policy allows the service kms:GenerateDataKey and kms:Decrypt, or SSE-SQS',
  source: 'https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-key-management.html',
  *check({ model }) {
    for (const delivery of deliveries(model)) {
      const message = faultOf(model, delivery);
      if (message) yield { resource: delivery.holder, property: delivery.property, message, detail: delivery.property };
    }
  },
};

function faultOf(model: Model, { target, principal, sender }: Delivery): string | undefined {
  const value = at(target, 'KmsMasterKeyId');
  const name = displayName(target);
  if (/(?:^|:)alias\/aws\/(?:sqs|sns)$/.test(toText(value) ?? '')) {
    return `has ${sender} deliver into ${name}, whose AWS-managed key admits no service`;
  }
  const key = model.target(value);
  if (key?.type !== 'AWS::KMS::Key') return undefined;
  const admitted = ModelAccess.of(model)
    .statementsAbout(key)
    .some(
      ({ statement }) =>
        statement?.Effect === 'Allow' &&
        namesAction(statement, 'kms:GenerateDataKey') &&
        (servicesOf(statement).includes(principal) || isForEverybody(statement)),
    );
  return admitted
    ? undefined
    : `has ${sender} deliver into ${name}, whose key ${displayName(key)} does not admit ${principal}`;
}
