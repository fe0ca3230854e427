import { displayName } from '../../../core/model/display';
import { notices } from '../../lookups/notices';
import { keyRefusal } from '../../lookups/service-keys';
import type { Rule } from '../../rule';

export const alarmTopicKey: Rule = {
  id: 'AlarmTopicKey',
  severity: 'error',
  title: 'An alarm or a budget that notifies a topic may use the topic’s key',
  why: 'The console shows ALARM, and nobody is notified: a message that cannot be encrypted is dropped silently.',
  fix: 'use a key of your own whose policy allows the service kms:GenerateDataKey* and kms:Decrypt',
  source: 'https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/Notify_Users_Alarm_Changes.html',
  *check({ model }) {
    for (const { holder, property, topic, principal } of notices(model)) {
      const refusal = keyRefusal(model, topic, principal);
      if (refusal && 'reason' in refusal) yield { resource: holder, property, reason: refusal.reason };
      else if (refusal) {
        const message = `notifies ${displayName(topic)}, whose ${refusal.refusal}`;
        yield { resource: holder, property, message, detail: property };
      }
    }
  },
};
