import type { Model, Resource } from '../../core/model/model';
import { at, items, toText } from '../../core/model/select';
import type { Value } from '../../core/model/values';
import { routes } from '../../core/model/api-routes';
import { documentedAuthorizers } from '../../core/model/documented-security';
import { type FunctionTarget, functionsNamed } from './functions';
import { grouped, indexed } from '../../core/model/indexed';
import { machines } from './state-machines';

/** One place in a template that triggers a function. */
export interface Trigger extends FunctionTarget {
  /** The resource that triggers it: a rule, a subscription, a mapping. */
  readonly holder: Resource;
  /** The property that names the function. */
  readonly property: string;
  /** The caller, in words: `the rule`, `the topic`. */
  readonly caller: string;
  /** The service that needs a permission on the function; absent if the caller uses a role. */
  readonly principal?: string;
  /** Resources that the permission's `SourceArn` may name. */
  readonly sources: readonly (Resource | undefined)[];
  /** Whether the function is invoked asynchronously. */
  readonly asynchronous: boolean;
  /** Whether the event carries data that is lost if the function fails; false for a schedule. */
  readonly carriesData: boolean;
}

interface Place extends Omit<Trigger, 'function' | 'qualifier'> {
  readonly value: Value | undefined;
}

const BY_SERVICE: readonly ((model: Model) => Place[])[] = [
  ruleTargets,
  subscriptions,
  bucketNotifications,
  apiRoutes,
  authorizers,
  simplePlaces,
  schedules,
  tasks,
];

/** Every trigger of every function of a model. Function URLs are left out: their callers name the URL. */
export const triggers = indexed((model): readonly Trigger[] =>
  BY_SERVICE.flatMap((placesOf) => placesOf(model)).flatMap(({ value, ...place }) =>
    functionsNamed(model, value).map((target) => ({ ...place, ...target })),
  ),
);

const byFunction = indexed((model) => grouped(triggers(model), (trigger) => [trigger.function.id]));

/** The triggers of a function, including those on an alias or version. */
export const triggersOf = (model: Model, fn: Resource): readonly Trigger[] => byFunction(model).get(fn.id) ?? [];

function ruleTargets(model: Model): Place[] {
  return model.ofType('AWS::Events::Rule').flatMap((rule) =>
    items(at(rule, 'Targets')).map((target, index) => ({
      holder: rule,
      property: `Targets.${index}.Arn`,
      value: at(target, 'Arn'),
      caller: 'the rule',
      // With a role, the rule needs no permission on the function itself.
      ...(at(target, 'RoleArn') === undefined ? { principal: 'events.amazonaws.com' } : {}),
      sources: [rule],
      asynchronous: true,
      carriesData: at(rule, 'ScheduleExpression') === undefined,
    })),
  );
}

function subscriptions(model: Model): Place[] {
  return model
    .ofType('AWS::SNS::Subscription')
    .filter((subscription) => toText(at(subscription, 'Protocol')) === 'lambda')
    .map((subscription) => ({
      holder: subscription,
      property: 'Endpoint',
      value: at(subscription, 'Endpoint'),
      caller: 'the topic',
      principal: 'sns.amazonaws.com',
      sources: [model.target(at(subscription, 'TopicArn'))],
      asynchronous: true,
      carriesData: true,
    }));
}

function bucketNotifications(model: Model): Place[] {
  const own = model.ofType('AWS::S3::Bucket').flatMap((bucket) =>
    items(at(bucket, 'NotificationConfiguration.LambdaConfigurations')).map((configuration, index) => ({
      holder: bucket,
      property: `NotificationConfiguration.LambdaConfigurations.${index}.Function`,
      value: at(configuration, 'Function'),
      bucket,
    })),
  );
  const custom = model.ofType('Custom::S3BucketNotifications').flatMap((resource) =>
    items(at(resource, 'NotificationConfiguration.LambdaFunctionConfigurations')).map((configuration, index) => ({
      holder: resource,
      property: `NotificationConfiguration.LambdaFunctionConfigurations.${index}.LambdaFunctionArn`,
      value: at(configuration, 'LambdaFunctionArn'),
      bucket: model.target(at(resource, 'BucketName')),
    })),
  );
  return [...own, ...custom].map(({ bucket, ...place }) => ({
    ...place,
    caller: 'the bucket',
    principal: 's3.amazonaws.com',
    sources: [bucket],
    asynchronous: true,
    carriesData: true,
  }));
}

function apiRoutes(model: Model): Place[] {
  return routes(model).flatMap((route) =>
    route.integrations.map((integration) => ({
      holder: integration.holder,
      property: integration.property,
      value: integration.uri,
      caller: 'the API',
      ...(integration.credentials === undefined ? { principal: 'apigateway.amazonaws.com' } : {}),
      sources: [route.api],
      asynchronous: false,
      carriesData: true,
    })),
  );
}

function authorizers(model: Model): Place[] {
  const separate = model.ofType('AWS::ApiGateway::Authorizer', 'AWS::ApiGatewayV2::Authorizer').map((authorizer) => ({
    holder: authorizer,
    property: 'AuthorizerUri',
    value: at(authorizer, 'AuthorizerUri'),
    credentials: at(authorizer, 'AuthorizerCredentials') ?? at(authorizer, 'AuthorizerCredentialsArn'),
    sources: [model.target(at(authorizer, 'RestApiId') ?? at(authorizer, 'ApiId')), authorizer],
  }));
  const documented = model.ofType('AWS::ApiGateway::RestApi', 'AWS::ApiGatewayV2::Api').flatMap((api) =>
    documentedAuthorizers(api).map(({ property, authorizer }) => ({
      holder: api,
      property: `${property}.authorizerUri`,
      value: at(authorizer, 'authorizerUri'),
      credentials: at(authorizer, 'authorizerCredentials'),
      sources: [api],
    })),
  );
  return [...separate, ...documented].map(({ credentials, ...place }) => ({
    ...place,
    caller: 'the authorizer',
    ...(credentials === undefined ? { principal: 'apigateway.amazonaws.com' } : {}),
    asynchronous: false,
    carriesData: true,
  }));
}

/** Types that name a function in one property, with the calling service. `*` matches any name. */
const SIMPLE: readonly {
  readonly type: string;
  readonly properties: readonly string[];
  readonly caller: string;
  readonly principal?: string;
  readonly source?: string;
}[] = [
  { type: 'AWS::Lambda::EventSourceMapping', properties: ['FunctionName'], caller: 'the mapping' },
  {
    type: 'AWS::Logs::SubscriptionFilter',
    properties: ['DestinationArn'],
    caller: 'the subscription filter',
    principal: 'logs.amazonaws.com',
    source: 'LogGroupName',
  },
  {
    type: 'AWS::SecretsManager::RotationSchedule',
    properties: ['RotationLambdaARN'],
    caller: 'the rotation schedule',
    principal: 'secretsmanager.amazonaws.com',
    source: 'SecretId',
  },
  {
    type: 'AWS::Cognito::UserPool',
    properties: ['LambdaConfig.*'],
    caller: 'the user pool',
    principal: 'cognito-idp.amazonaws.com',
  },
  {
    type: 'AWS::CloudWatch::Alarm',
    properties: ['AlarmActions.*', 'OKActions.*', 'InsufficientDataActions.*'],
    caller: 'the alarm',
    principal: 'lambda.alarms.cloudwatch.amazonaws.com',
  },
  { type: 'AWS::Pipes::Pipe', properties: ['Target', 'Enrichment'], caller: 'the pipe' },
];

function simplePlaces(model: Model): Place[] {
  return SIMPLE.flatMap(({ type, properties, caller, principal, source }) =>
    model.ofType(type).flatMap((holder) =>
      properties.flatMap((property) =>
        spread(holder, property).map(({ path, value }) => ({
          holder,
          property: path,
          value,
          caller,
          ...(principal === undefined ? {} : { principal }),
          sources: [source === undefined ? holder : model.target(at(holder, source))],
          asynchronous: principal === 'logs.amazonaws.com',
          carriesData: true,
        })),
      ),
    ),
  );
}

function spread(holder: Resource, property: string): { path: string; value: Value | undefined }[] {
  if (!property.endsWith('.*')) return [{ path: property, value: at(holder, property) }];
  const parent = property.slice(0, -2);
  const below = at(holder, parent);
  return typeof below === 'object' && below !== null
    ? Object.entries(below).map(([name, value]) => ({ path: `${parent}.${name}`, value: value as Value }))
    : [];
}

function schedules(model: Model): Place[] {
  return model.ofType('AWS::Scheduler::Schedule').map((schedule) => ({
    holder: schedule,
    property: 'Target.Arn',
    value: at(schedule, 'Target.Arn'),
    caller: 'the schedule',
    sources: [schedule],
    asynchronous: true,
    carriesData: false,
  }));
}

function tasks(model: Model): Place[] {
  return machines(model).flatMap(({ machine, states }) =>
    states
      .filter((state) => state.type === 'Task')
      .map((state) => ({
        holder: machine,
        property: state.property,
        value: state.call?.function,
        caller: 'the state machine',
        sources: [machine],
        asynchronous: false,
        carriesData: true,
      })),
  );
}
