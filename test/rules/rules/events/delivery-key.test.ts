import { deliveryKey } from '../../../../lib/rules/rules/events/delivery-key';
import { describeFaults, OPEN } from '../faults';
import { queues } from '../queues/templates';

describeFaults(deliveryKey, queues, [
  {
    mistake: 'a queue whose AWS-managed key admits no service',
    change: { 'Jobs.KmsMasterKeyId': 'alias/aws/sqs' },
    message: 'whose AWS-managed key admits no service',
    open: { 'Jobs.KmsMasterKeyId': OPEN },
  },
  {
    mistake: 'a queue whose own key does not admit the service',
    change: { 'Undelivered.KmsMasterKeyId': { Ref: 'Key' } },
    message: 'whose key Shop/Key does not admit sns.amazonaws.com',
  },
]);
