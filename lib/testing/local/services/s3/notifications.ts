import { randomBytes } from 'node:crypto';
import type { Deployed, Deployment } from '../../kernel/deployment';
import { eventOf } from '../event-bridge/event';
import { type JsonObject, asList, recordOf, records, text, texts } from '../../kernel/json';

/** Something that happened to an object. */
export interface ObjectEvent {
  /** `ObjectCreated:Put`, `ObjectRemoved:Delete`. */
  readonly name: string;
  readonly bucket: string;
  readonly key: string;
  /** In bytes; absent for a deletion. */
  readonly size?: number;
  /** Absent for a deletion. */
  readonly etag?: string;
  /** For a versioned bucket. */
  readonly versionId?: string;
}

/** CDK's custom resource that configures bucket notifications. */
export const NOTIFICATIONS = 'Custom::S3BucketNotifications';

/** A notification configuration of a bucket. */
export interface Notification {
  /** `s3:ObjectCreated:*`. */
  readonly events: readonly string[];
  /** The ARN of a queue or function. */
  readonly target: string;
  /** Its id in the event. */
  readonly id: string;
  /** What the key begins with. */
  readonly prefix: string;
  /** What the key ends with. */
  readonly suffix: string;
  /** The names of its filter's rules: `prefix`, `suffix`. */
  readonly filters: readonly string[];
  /** Whether a part of its filter is known only after deployment. */
  readonly open: boolean;
}

/** The event notifications of a bucket. */
export interface BucketNotifications {
  readonly notifications: readonly Notification[];
  /** Whether every event goes to EventBridge. */
  readonly eventBridge: boolean;
}

/**
 * A bucket's notifications in the templates: its own property, then CDK's custom resources.
 * Such a resource replaces everything, EventBridge included, unless it marks the bucket as unmanaged; then it
 * adds to the existing configuration.
 */
export function notificationsOf(bucket: Deployed, deployment: Deployment): BucketNotifications {
  const own = recordOf(bucket.given.NotificationConfiguration);
  const inTemplate: BucketNotifications = {
    eventBridge: String(recordOf(own.EventBridgeConfiguration).EventBridgeEnabled) === 'true',
    notifications: [
      ...records(own.QueueConfigurations).map((one) => notification(one, one.Queue)),
      ...records(own.LambdaConfigurations).map((one) => notification(one, one.Function)),
      ...records(own.TopicConfigurations).map((one) => notification(one, one.Topic)),
    ],
  };
  return deployment
    .ofType(NOTIFICATIONS)
    .filter(({ properties }) => properties.BucketName === bucket.name)
    .reduce((present, { properties, given }) => {
      const { eventBridge, notifications } = setBy(recordOf(given.NotificationConfiguration));
      return String(properties.Managed) === 'false'
        ? {
            eventBridge: present.eventBridge || eventBridge,
            notifications: [...present.notifications, ...notifications],
          }
        : { eventBridge, notifications };
    }, inTemplate);
}

/** The notifications set by PutBucketNotificationConfiguration. */
function setBy(configuration: JsonObject): BucketNotifications {
  return {
    eventBridge: configuration.EventBridgeConfiguration !== undefined,
    notifications: [
      ...records(configuration.QueueConfigurations).map((one) => notification(one, one.QueueArn)),
      ...records(configuration.LambdaFunctionConfigurations).map((one) => notification(one, one.LambdaFunctionArn)),
      ...records(configuration.TopicConfigurations).map((one) => notification(one, one.TopicArn)),
    ],
  };
}

function notification(configuration: JsonObject, target: unknown): Notification {
  const filter = recordOf(configuration.Filter);
  const rules = records(recordOf(filter.S3Key).Rules ?? recordOf(filter.Key).FilterRules);
  const rule = (name: string) => text(rules.find(({ Name }) => text(Name)?.toLowerCase() === name)?.Value) ?? '';
  return {
    events: texts(asList(configuration.Events ?? configuration.Event)),
    target: text(target) ?? '',
    id: text(configuration.Id) ?? 'notification',
    prefix: rule('prefix'),
    suffix: rule('suffix'),
    open: configuration.Filter === null || rules.some(({ Name, Value }) => Name === null || Value === null),
    filters: rules.map(({ Name }) => text(Name)?.toLowerCase() ?? ''),
  };
}

/** Whether a notification matches an event. Filters match the encoded key, as in events. */
export function concerns({ events, prefix, suffix }: Notification, { name, key: plain }: ObjectEvent): boolean {
  const key = encodedKey(plain);
  const named = events.some(
    (one) => `s3:${name}` === one || (one.endsWith(':*') && `s3:${name}`.startsWith(one.slice(0, -1))),
  );
  return named && key.startsWith(prefix) && key.endsWith(suffix);
}

/**
 * The event sent to a queue or function.
 * @see https://docs.aws.amazon.com/AmazonS3/latest/userguide/notification-content-structure.html
 */
export function s3Event(event: ObjectEvent, configurationId: string, region: string): JsonObject {
  return {
    Records: [
      {
        eventVersion: '2.1',
        eventSource: 'aws:s3',
        awsRegion: region,
        eventTime: new Date().toISOString(),
        eventName: event.name,
        userIdentity: { principalId: 'AWS:LOCALRUN' },
        requestParameters: { sourceIPAddress: '127.0.0.1' },
        responseElements: { 'x-amz-request-id': requestId(), 'x-amz-id-2': 'local-run' },
        s3: {
          s3SchemaVersion: '1.0',
          configurationId,
          bucket: {
            name: event.bucket,
            ownerIdentity: { principalId: 'LOCALRUN' },
            arn: `arn:aws:s3:::${event.bucket}`,
          },
          object: {
            key: encodedKey(event.key),
            ...(event.size !== undefined && { size: event.size }),
            ...(event.etag !== undefined && { eTag: event.etag }),
            ...(event.versionId !== undefined && { versionId: event.versionId }),
            sequencer: sequencer(),
          },
        },
      },
    ],
  };
}

/** EventBridge's `reason` for each event. */
const REASONS: Readonly<Record<string, string>> = {
  Put: 'PutObject',
  Copy: 'CopyObject',
  Delete: 'DeleteObject',
  DeleteMarkerCreated: 'DeleteObject',
};

function detailTypeOf({ name }: ObjectEvent): string {
  if (name.startsWith('ObjectCreated')) return 'Object Created';
  if (name.startsWith('ObjectRemoved')) return 'Object Deleted';
  return name === 'ObjectTagging:Put' ? 'Object Tags Added' : 'Object Tags Deleted';
}

/** A form-encoded key: spaces become plus signs; slashes stay. */
function encodedKey(key: string): string {
  return encodeURIComponent(key)
    .replace(/[!'()~]/g, (character) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`)
    .replaceAll('%20', '+')
    .replaceAll('%2F', '/');
}

/**
 * The test event sent to a queue or topic on configuration. It has no `Records`.
 * @see https://docs.aws.amazon.com/AmazonS3/latest/userguide/notification-content-structure.html
 */
export function testEvent(bucket: string): JsonObject {
  return {
    Service: 'Amazon S3',
    Event: 's3:TestEvent',
    Time: new Date().toISOString(),
    Bucket: bucket,
    RequestId: requestId(),
    HostId: 'local-run',
  };
}

/**
 * The event sent to EventBridge.
 * @see https://docs.aws.amazon.com/AmazonS3/latest/userguide/ev-events.html
 */
export function bridgeEvent(
  event: ObjectEvent,
  where: { readonly region: string; readonly account: string },
): JsonObject {
  const [what = '', kind = ''] = event.name.split(':');
  const detail = {
    version: '0',
    bucket: { name: event.bucket },
    object: {
      key: event.key,
      ...(event.size !== undefined && { size: event.size }),
      ...(event.etag !== undefined && { etag: event.etag }),
      ...(event.versionId !== undefined && { 'version-id': event.versionId }),
      sequencer: sequencer(),
    },
    'request-id': requestId(),
    requester: where.account,
    'source-ip-address': '127.0.0.1',
    ...(what !== 'ObjectTagging' && { reason: REASONS[kind] ?? kind }),
    ...(what === 'ObjectRemoved' && {
      'deletion-type': kind === 'Delete' ? 'Permanently Deleted' : 'Delete Marker Created',
    }),
  };
  const resources = [`arn:aws:s3:::${event.bucket}`];
  return eventOf({ source: 'aws.s3', detailType: detailTypeOf(event), detail, resources }, where);
}

function sequencer(): string {
  return `00${Date.now().toString(16).toUpperCase()}${randomBytes(3).toString('hex').toUpperCase()}`;
}

function requestId(): string {
  return randomBytes(8).toString('hex').toUpperCase();
}
