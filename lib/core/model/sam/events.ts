import { type Raw } from '../intrinsics';
import {
  compact,
  isIntrinsic,
  listOf,
  made,
  objectOf,
  omit,
  pick,
  type RawResources,
  ref,
  getAtt,
  type SamResource,
  sub,
} from './raw';

/** What an event invokes: the function or its alias. */
export interface EventTarget {
  /** Logical id of the function. */
  readonly id: string;
  /** What event source mappings and permissions name. */
  readonly invoked: Raw;
  /** The ARN that subscriptions and rules name. */
  readonly arn: Raw;
  /** The ARN inside of texts. */
  readonly uri: Raw;
}

/** One event of a function. */
interface Event {
  readonly fn: SamResource;
  readonly target: EventTarget;
  /** `<function><event>`, with which the ids of its resources start. */
  readonly id: string;
  readonly name: string;
  readonly properties: Raw;
}

type Maker = (event: Event) => RawResources;

const MAPPED: Readonly<Record<string, string>> = {
  SQS: 'Queue',
  Kinesis: 'Stream',
  DynamoDB: 'Stream',
  MSK: 'Stream',
  MQ: 'Broker',
  DocumentDB: 'Cluster',
};

const MAKERS: Readonly<Record<string, Maker>> = {
  SNS: subscription,
  S3: bucketNotification,
  Schedule: rule,
  ScheduleV2: schedule,
  EventBridgeRule: rule,
  CloudWatchEvent: rule,
  CloudWatchLogs: logSubscription,
  Api: restRoute,
  HttpApi: httpRoute,
};

/** Logical ids of the APIs that SAM makes when an event names none. */
export const IMPLICIT_REST_API = 'ServerlessRestApi';
/** See `IMPLICIT_REST_API`. */
export const IMPLICIT_HTTP_API = 'ServerlessHttpApi';

/** What the events of a function come to: mappings, subscriptions, rules, routes, and the permissions they need. */
export function eventResources(fn: SamResource, target: EventTarget): RawResources {
  return Object.assign(
    {},
    ...Object.entries(objectOf(fn.properties['Events'])).map(([name, raw]) => {
      const { Type: type, Properties: properties } = objectOf(raw);
      const event: Event = { fn, target, id: `${fn.id}${name}`, name, properties: objectOf(properties) };
      const source = Object.hasOwn(MAPPED, String(type)) ? MAPPED[String(type)] : undefined;
      if (source !== undefined) return mapping(event, source);
      if (Object.hasOwn(MAKERS, String(type))) return MAKERS[String(type)]!(event);
      // Kept under a type that nothing knows, so that it is reported as unknown.
      return { [event.id]: made(fn, `AWS::Serverless::${String(type)}Event`, event.properties) };
    }),
  ) as RawResources;
}

function mapping({ fn, target, id, properties }: Event, source: string): RawResources {
  return {
    [id]: made(fn, 'AWS::Lambda::EventSourceMapping', {
      ...omit(properties, [source]),
      EventSourceArn: properties[source],
      FunctionName: target.invoked,
    }),
  };
}

function permission({ fn, target, id }: Event, principal: unknown, source: Raw): RawResources {
  return {
    [`${id}Permission`]: made(fn, 'AWS::Lambda::Permission', {
      Action: 'lambda:InvokeFunction',
      FunctionName: target.invoked,
      Principal: principal,
      ...source,
    }),
  };
}

function subscription(event: Event): RawResources {
  const { fn, target, id, properties } = event;
  const topic = properties['Topic'];
  return {
    [id]: made(fn, 'AWS::SNS::Subscription', {
      ...pick(properties, ['FilterPolicy', 'FilterPolicyScope', 'Region', 'RedrivePolicy']),
      Protocol: 'lambda',
      Endpoint: target.arn,
      TopicArn: topic,
    }),
    ...permission(event, 'sns.amazonaws.com', { SourceArn: topic }),
  };
}

/** The notification itself stands in the bucket, to which `expandSam` adds it. A bucket's ARN would be a circle. */
function bucketNotification(event: Event): RawResources {
  return permission(event, 's3.amazonaws.com', { SourceAccount: ref('AWS::AccountId') });
}

/** What a bucket is told to notify, by the logical id of the bucket. */
export function bucketNotifications(fn: SamResource): [bucket: string, configuration: Raw][] {
  const alias = fn.properties['AutoPublishAlias'];
  const arn = typeof alias === 'string' ? ref(`${fn.id}Alias${alias}`) : getAtt(fn.id, 'Arn');
  return Object.values(objectOf(fn.properties['Events'])).flatMap((raw): [string, Raw][] => {
    const { Type: type, Properties: properties } = objectOf(raw);
    const { Bucket: bucket, Events: events, Filter: filter } = objectOf(properties);
    const { Ref: name } = objectOf(bucket);
    if (type !== 'S3' || typeof name !== 'string') return [];
    return listOf(events).map((one) => [name, compact({ Event: one, Function: arn, Filter: filter })]);
  });
}

function rule(event: Event): RawResources {
  const { fn, target, id, properties } = event;
  const { Schedule: expression, Pattern: pattern, Enabled: enabled } = properties;
  return {
    [id]: made(fn, 'AWS::Events::Rule', {
      ...pick(properties, ['Name', 'Description', 'EventBusName', 'State']),
      ScheduleExpression: expression,
      EventPattern: pattern,
      State: properties['State'] ?? (enabled === false ? 'DISABLED' : undefined),
      Targets: [
        compact({
          Id: `${id}LambdaTarget`,
          Arn: target.arn,
          Input: properties['Input'],
          InputPath: properties['InputPath'],
          RetryPolicy: properties['RetryPolicy'],
          DeadLetterConfig: deadLetter(properties['DeadLetterConfig']),
        }),
      ],
    }),
    ...permission(event, 'events.amazonaws.com', { SourceArn: getAtt(id, 'Arn') }),
  };
}

function deadLetter(config: unknown): unknown {
  const arn = objectOf(config)['Arn'];
  return arn === undefined ? undefined : { Arn: arn };
}

function schedule({ fn, target, id, properties }: Event): RawResources {
  const trust = { Effect: 'Allow', Action: 'sts:AssumeRole', Principal: { Service: 'scheduler.amazonaws.com' } };
  const invoke = { Effect: 'Allow', Action: 'lambda:InvokeFunction', Resource: target.arn };
  const own = properties['RoleArn'];
  return {
    [id]: made(fn, 'AWS::Scheduler::Schedule', {
      ...omit(properties, ['DeadLetterConfig', 'Input', 'RetryPolicy', 'RoleArn', 'PermissionsBoundary', 'OmitName']),
      FlexibleTimeWindow: properties['FlexibleTimeWindow'] ?? { Mode: 'OFF' },
      Target: compact({
        Arn: target.arn,
        RoleArn: own ?? getAtt(`${id}Role`, 'Arn'),
        Input: properties['Input'],
        RetryPolicy: properties['RetryPolicy'],
        DeadLetterConfig: deadLetter(properties['DeadLetterConfig']),
      }),
    }),
    ...(own === undefined
      ? {
          [`${id}Role`]: made(fn, 'AWS::IAM::Role', {
            AssumeRolePolicyDocument: { Version: '2012-10-17', Statement: [trust] },
            Policies: [{ PolicyName: `${id}Policy`, PolicyDocument: { Statement: [invoke] } }],
          }),
        }
      : {}),
  };
}

function logSubscription(event: Event): RawResources {
  const { fn, target, id, properties } = event;
  const group = properties['LogGroupName'];
  return {
    [id]: made(fn, 'AWS::Logs::SubscriptionFilter', {
      LogGroupName: group,
      FilterPattern: properties['FilterPattern'],
      DestinationArn: target.arn,
    }),
    ...permission(event, 'logs.amazonaws.com', {
      SourceArn: sub('arn:${AWS::Partition}:logs:${AWS::Region}:${AWS::AccountId}:log-group:${Group}:*', {
        Group: group,
      }),
    }),
  };
}

/** SAM writes routes into the definition of the API; a method resource says the same. */
function restRoute(event: Event): RawResources {
  const { fn, target, id, properties } = event;
  const api = apiReference(properties['RestApiId'], IMPLICIT_REST_API);
  const method = String(properties['Method'] ?? 'any').toUpperCase();
  const path = String(properties['Path'] ?? '/');
  return {
    [`${id}Method`]: made(fn, 'AWS::ApiGateway::Method', {
      RestApiId: api,
      ResourceId: path,
      HttpMethod: method,
      AuthorizationType: authorization(properties['Auth'], 'CUSTOM'),
      ApiKeyRequired: objectOf(properties['Auth'])['ApiKeyRequired'],
      Integration: { Type: 'AWS_PROXY', IntegrationHttpMethod: 'POST', Uri: integrationUri(target) },
    }),
    ...permission(event, 'apigateway.amazonaws.com', {
      SourceArn: executeApi(api, `*/${method === 'ANY' ? '*' : method}${path.replace(/\{[^}]*\}/g, '*')}`),
    }),
  };
}

function httpRoute(event: Event): RawResources {
  const { fn, target, id, properties } = event;
  const api = apiReference(properties['ApiId'], IMPLICIT_HTTP_API);
  const { Method: method, Path: path } = properties;
  const key = path === undefined ? '$default' : `${String(method ?? 'ANY').toUpperCase()} ${String(path)}`;
  return {
    [`${id}Integration`]: made(fn, 'AWS::ApiGatewayV2::Integration', {
      ApiId: api,
      IntegrationType: 'AWS_PROXY',
      IntegrationUri: target.arn,
      PayloadFormatVersion: properties['PayloadFormatVersion'] ?? '2.0',
      TimeoutInMillis: properties['TimeoutInMillis'],
    }),
    [`${id}Route`]: made(fn, 'AWS::ApiGatewayV2::Route', {
      ApiId: api,
      RouteKey: key,
      AuthorizationType: authorization(properties['Auth'], 'JWT'),
      Target: sub(`integrations/\${${id}Integration}`),
    }),
    ...permission(event, 'apigateway.amazonaws.com', {
      SourceArn: executeApi(api, path === undefined ? '*/$default' : `*/*${String(path).replace(/\{[^}]*\}/g, '*')}`),
    }),
  };
}

/** `NONE`, `AWS_IAM`, or the kind of the authorizer that is named; undefined where the API's default holds. */
function authorization(auth: unknown, named: string): string | undefined {
  const authorizer = objectOf(auth)['Authorizer'];
  if (authorizer === undefined) return undefined;
  return authorizer === 'NONE' || authorizer === 'AWS_IAM' ? authorizer : named;
}

function apiReference(given: unknown, implicit: string): unknown {
  return given === undefined ? ref(implicit) : isIntrinsic(given) ? given : String(given);
}

function executeApi(api: unknown, path: string): Raw {
  return sub(`arn:\${AWS::Partition}:execute-api:\${AWS::Region}:\${AWS::AccountId}:\${Api}/${path}`, { Api: api });
}

function integrationUri({ uri }: EventTarget): Raw {
  return sub(
    'arn:${AWS::Partition}:apigateway:${AWS::Region}:lambda:path/2015-03-31/functions/${Function}/invocations',
    {
      Function: uri,
    },
  );
}
