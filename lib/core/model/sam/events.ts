import { mappingProperties, pollerOf, queueBehindTopic } from './pollers';
import { getAtt, made, notExpanded, pick, type RawResources, ref, referred, type SamResource, sub } from './raw';
import { httpRoute, restRoute } from './routes';
import { ruleResources, scheduleResources } from './targets';
import { isRecord, recordOf, type JsonObject } from '../../record';
import { CALLS } from '../../iam/platform-actions';

/** What an event invokes: the function or its alias. */
export interface EventTarget {
  /** Logical id of the function. */
  readonly id: string;
  /** What event source mappings and permissions name. */
  readonly invoked: JsonObject;
  /** The ARN that subscriptions and rules name. */
  readonly arn: JsonObject;
  /** The ARN, for use inside text. */
  readonly uri: JsonObject;
}

/** One event of a function. */
export interface Event {
  readonly fn: SamResource;
  /** What is invoked. */
  readonly target: EventTarget;
  /** `<function><event>`, with which the ids of its resources start. */
  readonly id: string;
  /** The name of the event. */
  readonly name: string;
  /** The properties of the event. */
  readonly properties: JsonObject;
}

type Maker = (event: Event) => RawResources;

const MAKERS: Readonly<Record<string, Maker>> = {
  SNS: subscription,
  // `expandSam` adds the notification itself to the bucket. Using the bucket's ARN here would be a circular reference.
  S3: (event) => permission(event, 's3.amazonaws.com', { SourceAccount: ref('AWS::AccountId') }),
  Schedule: rule,
  ScheduleV2: schedule,
  EventBridgeRule: rule,
  CloudWatchEvent: rule,
  CloudWatchLogs: logSubscription,
  Api: restRoute,
  HttpApi: httpRoute,
  // `expandSam` adds the trigger itself to the pool.
  Cognito: (event) => permission(event, 'cognito-idp.amazonaws.com', { SourceArn: arnOf(event.properties.UserPool) }),
  AlexaSkill: (event) => permission(event, 'alexa-appkit.amazon.com', { EventSourceToken: event.properties.SkillId }),
  IoTRule: topicRule,
};

/** The events of a function or state machine, as written. */
export function eventsOf({ properties }: SamResource): { name: string; type: unknown; properties: JsonObject }[] {
  return Object.entries(recordOf(properties.Events)).map(([name, raw]) => {
    const { Type: type, Properties: own } = recordOf(raw);
    return { name, type, properties: recordOf(own) };
  });
}

/** Expands a function's events: mappings, subscriptions, rules, routes, and the permissions they need. */
export function eventResources(fn: SamResource, target: EventTarget): RawResources {
  const resources: Record<string, JsonObject> = {};
  for (const { name, type, properties } of eventsOf(fn)) {
    const event: Event = { fn, target, id: `${fn.id}${name}`, name, properties };
    const maker = Object.hasOwn(MAKERS, String(type)) ? MAKERS[String(type)] : undefined;
    if (pollerOf(type)) {
      const mapping = mappingProperties(properties, type, target.invoked);
      resources[event.id] = made(fn, 'AWS::Lambda::EventSourceMapping', mapping);
    } else if (maker) Object.assign(resources, maker(event));
    else {
      const raw = made(fn, `AWS::Serverless::${String(type)}Event`, properties);
      resources[event.id] = notExpanded(raw, `the expansion of events of type ${String(type)} is not known here`);
    }
  }
  return resources;
}

/** A permission of a service to invoke the function. */
export function permission(
  { fn, target, id }: Event,
  principal: unknown,
  source: JsonObject,
  suffix = '',
): RawResources {
  return {
    [`${id}Permission${suffix}`]: made(fn, 'AWS::Lambda::Permission', {
      Action: CALLS.function.required,
      FunctionName: target.invoked,
      Principal: principal,
      ...source,
    }),
  };
}

function arnOf(resource: unknown): unknown {
  const name = referred(resource);
  return name === undefined ? resource : getAtt(name, 'Arn');
}

function subscription(event: Event): RawResources {
  const { fn, target, id, properties } = event;
  const { Topic: topic, SqsSubscription: queue } = properties;
  const given = isRecord(queue) ? queue : {};
  const behind =
    queue === undefined || queue === false ? undefined : queueBehindTopic(id, topic, target.invoked, given);
  return {
    [id]: made(fn, 'AWS::SNS::Subscription', {
      ...pick(properties, ['FilterPolicy', 'FilterPolicyScope', 'Region', 'RedrivePolicy']),
      Protocol: behind ? 'sqs' : 'lambda',
      Endpoint: behind ? (given.QueueArn ?? getAtt(`${id}Queue`, 'Arn')) : target.arn,
      TopicArn: topic,
    }),
    ...(behind
      ? Object.fromEntries(
          Object.entries(behind).map(([key, { Type, Properties }]) => [
            key,
            made(fn, String(Type), recordOf(Properties)),
          ]),
        )
      : permission(event, 'sns.amazonaws.com', { SourceArn: topic })),
  };
}

/** Notifications to add to buckets, by the bucket's logical id. */
export function bucketNotifications(fn: SamResource): [bucket: string, configuration: JsonObject][] {
  return eventsOf(fn).flatMap(({ type, properties }): [string, JsonObject][] => {
    const { Bucket: bucket, Events: events, Filter: filter } = properties;
    const name = referred(bucket);
    if (type !== 'S3' || name === undefined) return [];
    const list: readonly unknown[] = Array.isArray(events) ? events : [events];
    return list.map((one) => [
      name,
      { Event: one, Function: invokedArn(fn), ...(filter !== undefined && { Filter: filter }) },
    ]);
  });
}

/** Triggers to add to user pools, by the pool's logical id. */
export function poolTriggers(fn: SamResource): [pool: string, trigger: string, arn: JsonObject][] {
  return eventsOf(fn).flatMap(({ type, properties }): [string, string, JsonObject][] => {
    const pool = referred(properties.UserPool);
    if (type !== 'Cognito' || pool === undefined) return [];
    const triggers: readonly unknown[] = Array.isArray(properties.Trigger) ? properties.Trigger : [properties.Trigger];
    return triggers.map((trigger) => [pool, String(trigger), invokedArn(fn)]);
  });
}

function invokedArn({ id, properties }: SamResource): JsonObject {
  const alias = properties.AutoPublishAlias;
  return typeof alias === 'string' ? ref(`${id}Alias${alias}`) : getAtt(id, 'Arn');
}

function rule(event: Event): RawResources {
  const { fn, target, id, properties } = event;
  return {
    ...ruleResources(fn, { id, properties, targetId: 'LambdaTarget', arn: target.arn }),
    ...permission(event, 'events.amazonaws.com', { SourceArn: getAtt(id, 'Arn') }),
  };
}

function schedule({ fn, target, id, properties }: Event): RawResources {
  return scheduleResources(fn, { id, properties, arn: target.arn, action: CALLS.function.required });
}

function topicRule(event: Event): RawResources {
  const { fn, target, id, properties } = event;
  return {
    [id]: made(fn, 'AWS::IoT::TopicRule', {
      TopicRulePayload: {
        ...pick(properties, ['Sql', 'AwsIotSqlVersion']),
        RuleDisabled: false,
        Actions: [{ Lambda: { FunctionArn: target.arn } }],
      },
    }),
    ...permission(event, 'iot.amazonaws.com', {
      SourceAccount: ref('AWS::AccountId'),
      SourceArn: sub('arn:${AWS::Partition}:iot:${AWS::Region}:${AWS::AccountId}:rule/${RuleName}', {
        RuleName: ref(id),
      }),
    }),
  };
}

function logSubscription(event: Event): RawResources {
  const { fn, target, id, properties } = event;
  const group = properties.LogGroupName;
  return {
    [id]: made(fn, 'AWS::Logs::SubscriptionFilter', {
      LogGroupName: group,
      FilterPattern: properties.FilterPattern,
      DestinationArn: target.arn,
    }),
    ...permission(event, 'logs.amazonaws.com', {
      SourceArn: sub('arn:${AWS::Partition}:logs:${AWS::Region}:${AWS::AccountId}:log-group:${Group}:*', {
        Group: group,
      }),
    }),
  };
}
