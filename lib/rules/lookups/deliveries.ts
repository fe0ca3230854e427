import type { Model, Resource } from '../../core/model/model';
import { at, items, toText } from '../../core/model/select';
import type { Value } from '../../core/model/values';
import { grouped, indexed } from '../../core/model/indexed';
import { named } from '../../core/model/references';
import { CALLS } from '../../core/iam/platform-actions';

/** A service's delivery to a queue or topic that the resource's policy must allow, as no role is used. */
export interface Delivery {
  /** The resource that causes it: a rule, a subscription, a bucket. */
  readonly holder: Resource;
  /** The property that names the target. */
  readonly property: string;
  /** The service: `events.amazonaws.com`. */
  readonly principal: string;
  readonly target: Resource;
  /** What the policy must allow. */
  readonly action: string;
  /** The sender, in words: `the rule`, `the topic`. */
  readonly sender: string;
  /** The resources that the policy's `aws:SourceArn` may name. */
  readonly source: Resource | undefined;
}

interface Place {
  readonly holder: Resource;
  readonly property: string;
  readonly principal: string;
  readonly value: Value | undefined;
  readonly sender: string;
  readonly source: Resource | undefined;
}

/** Every delivery by a service to a queue or topic of the model. */
export const deliveries = indexed((model: Model): readonly Delivery[] =>
  [...ruleTargets(model), ...subscriptions(model), ...notifications(model)].flatMap(({ value, ...place }) =>
    named(model, value).flatMap((target): Delivery[] => {
      if (target.type === 'AWS::SQS::Queue') return [{ ...place, target, action: CALLS.queue.required }];
      return target.type === 'AWS::SNS::Topic' ? [{ ...place, target, action: CALLS.topic.required }] : [];
    }),
  ),
);

const byTarget = indexed((model) => grouped(deliveries(model), ({ target }) => [target.id]));

/** The deliveries to a queue or topic. */
export const deliveriesTo = (model: Model, target: Resource): readonly Delivery[] =>
  byTarget(model).get(target.id) ?? [];

function ruleTargets(model: Model): Place[] {
  return model.ofType('AWS::Events::Rule').flatMap((rule) =>
    items(at(rule, 'Targets')).flatMap((target, index) => {
      const place = { holder: rule, principal: 'events.amazonaws.com', source: rule };
      const main = at(target, 'RoleArn') === undefined ? at(target, 'Arn') : undefined;
      return [
        { ...place, property: `Targets.${index}.Arn`, value: main, sender: 'the rule' },
        {
          ...place,
          property: `Targets.${index}.DeadLetterConfig.Arn`,
          value: at(target, 'DeadLetterConfig.Arn'),
          sender: 'the rule, when a target fails,',
        },
      ];
    }),
  );
}

function subscriptions(model: Model): Place[] {
  return model.ofType('AWS::SNS::Subscription').flatMap((subscription) => {
    const source = model.target(at(subscription, 'TopicArn'));
    const place = { holder: subscription, principal: 'sns.amazonaws.com', source };
    const toQueue = toText(at(subscription, 'Protocol')) === 'sqs';
    return [
      {
        ...place,
        property: 'Endpoint',
        value: toQueue ? at(subscription, 'Endpoint') : undefined,
        sender: 'the topic',
      },
      {
        ...place,
        property: 'RedrivePolicy.deadLetterTargetArn',
        value: at(subscription, 'RedrivePolicy.deadLetterTargetArn'),
        sender: 'the topic, when a delivery fails,',
      },
    ];
  });
}

function notifications(model: Model): Place[] {
  const place = (
    holder: Resource,
    bucket: Resource | undefined,
    property: string,
    value: Value | undefined,
  ): Place => ({
    holder,
    property,
    value,
    principal: 's3.amazonaws.com',
    sender: 'the bucket',
    source: bucket,
  });
  return [
    ...model
      .ofType('AWS::S3::Bucket')
      .flatMap((bucket) =>
        ['Queue', 'Topic'].flatMap((kind) =>
          items(at(bucket, `NotificationConfiguration.${kind}Configurations`)).map((configuration, index) =>
            place(
              bucket,
              bucket,
              `NotificationConfiguration.${kind}Configurations.${index}.${kind}`,
              at(configuration, kind),
            ),
          ),
        ),
      ),
    ...model
      .ofType('Custom::S3BucketNotifications')
      .flatMap((resource) =>
        ['Queue', 'Topic'].flatMap((kind) =>
          items(at(resource, `NotificationConfiguration.${kind}Configurations`)).map((configuration, index) =>
            place(
              resource,
              model.target(at(resource, 'BucketName')),
              `NotificationConfiguration.${kind}Configurations.${index}.${kind}Arn`,
              at(configuration, `${kind}Arn`),
            ),
          ),
        ),
      ),
  ];
}
