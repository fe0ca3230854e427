import type { Model, Resource } from '../../core/model/model';
import { named } from '../../core/model/references';
import { at, items } from '../../core/model/select';
import type { Value } from '../../core/model/values';
import { indexed } from '../../core/model/indexed';

/** An alarm or budget that notifies a topic of the model. */
export interface Notice {
  readonly holder: Resource;
  /** The property that names the topic. */
  readonly property: string;
  readonly topic: Resource;
  /** The service that publishes: `cloudwatch.amazonaws.com`. */
  readonly principal: string;
}

type Place = Omit<Notice, 'topic'> & { readonly value: Value | undefined };

/** Every alarm and budget that notifies a topic. */
export const notices = indexed((model: Model): readonly Notice[] =>
  [...alarms(model), ...budgets(model)].flatMap(({ value, ...place }) =>
    named(model, value).flatMap((topic) => (topic.type === 'AWS::SNS::Topic' ? [{ ...place, topic }] : [])),
  ),
);

function alarms(model: Model): Place[] {
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

function budgets(model: Model): Place[] {
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
