import { displayName } from '../../../core/model/display';
import { at, items } from '../../../core/model/select';
import type { Model, Resource } from '../../../core/model/model';
import type { Value } from '../../../core/model/values';
import { keyRefusal } from '../../lookups/service-keys';
import { named } from '../../../core/model/references';
import type { Rule } from '../../rule';

interface Notice {
  readonly holder: Resource;
  readonly property: string;
  readonly value: Value | undefined;
  readonly principal: string;
}

/** Whoever is to be told by an alarm or a budget is told. */
export const alarmTopicKey: Rule = {
  id: 'AlarmTopicKey',
  severity: 'error',
  title: 'An alarm or a budget that tells a topic may use the topic’s key',
  why: 'The console shows ALARM, and nobody is told: what cannot be encrypted is dropped without a word.',
  fix: 'use a key of your own whose policy allows the service kms:GenerateDataKey* and kms:Decrypt',
  source: 'https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/Notify_Users_Alarm_Changes.html',
  *check({ model }) {
    for (const { holder, property, value, principal } of [...alarms(model), ...budgets(model)]) {
      for (const topic of named(model, value)) {
        if (topic.type !== 'AWS::SNS::Topic') continue;
        const refusal = keyRefusal(model, topic, principal);
        if (refusal)
          yield {
            resource: holder,
            property,
            message: `tells ${displayName(topic)}, whose ${refusal}`,
            detail: property,
          };
      }
    }
  },
};

function alarms(model: Model): Notice[] {
  return model.ofType('AWS::CloudWatch::Alarm', 'AWS::CloudWatch::CompositeAlarm').flatMap((holder) =>
    ['AlarmActions', 'OKActions', 'InsufficientDataActions'].flatMap((list) =>
      items(at(holder, list)).map((value, index) => ({
        holder,
        property: `${list}.${index}`,
        value,
        principal: 'cloudwatch.amazonaws.com',
      })),
    ),
  );
}

function budgets(model: Model): Notice[] {
  return model.ofType('AWS::Budgets::Budget').flatMap((holder) =>
    items(at(holder, 'NotificationsWithSubscribers')).flatMap((notification, index) =>
      items(at(notification, 'Subscribers')).map((subscriber, which) => ({
        holder,
        property: `NotificationsWithSubscribers.${index}.Subscribers.${which}.Address`,
        value: at(subscriber, 'Address'),
        principal: 'budgets.amazonaws.com',
      })),
    ),
  );
}
