import type { Notification } from './notifications';

const KINDS: Readonly<Record<string, readonly string[]>> = {
  ObjectCreated: ['*', 'Put', 'Post', 'Copy', 'CompleteMultipartUpload'],
  ObjectRemoved: ['*', 'Delete', 'DeleteMarkerCreated'],
  ObjectRestore: ['*', 'Post', 'Completed', 'Delete'],
  ObjectAcl: ['Put'],
  ObjectTagging: ['*', 'Put', 'Delete'],
  Replication: [
    '*',
    'OperationFailedReplication',
    'OperationMissedThreshold',
    'OperationReplicatedAfterThreshold',
    'OperationNotTracked',
  ],
  LifecycleExpiration: ['*', 'Delete', 'DeleteMarkerCreated'],
};
const EVENTS = new Set([
  ...Object.entries(KINDS).flatMap(([kind, ways]) => ways.map((way) => `s3:${kind}:${way}`)),
  's3:ReducedRedundancyLostObject',
  's3:LifecycleTransition',
  's3:IntelligentTiering',
]);

/**
 * Why S3 refuses a configuration of notifications, besides its destinations; empty if it accepts it.
 * @see https://docs.aws.amazon.com/AmazonS3/latest/userguide/notification-how-to-filtering.html
 */
export function configurationFaults(notifications: readonly Notification[]): readonly string[] {
  const events = notifications.flatMap((one) => one.events).filter((event) => !EVENTS.has(event));
  const clash = notifications.some((one, index) => notifications.slice(0, index).some((other) => overlap(one, other)));
  return [
    ...events.map((event) => `'${event}' is no event of S3`),
    ...new Set(notifications.flatMap(({ filters }) => filterFaults(filters))),
    ...(clash
      ? [
          'Configuration is ambiguously defined. Cannot have overlapping suffixes in two rules if the prefixes are overlapping for the same event type.',
        ]
      : []),
  ];
}

function filterFaults(filters: readonly string[]): readonly string[] {
  const other = filters.filter((name) => !['prefix', 'suffix'].includes(name));
  return [
    ...other.map((name) => `filter rule name must be either prefix or suffix, got '${name}'`),
    ...(new Set(filters).size < filters.length
      ? ['Cannot specify more than one prefix rule or suffix rule in a filter.']
      : []),
  ];
}

function overlap(one: Notification, other: Notification): boolean {
  const either = (a: string, b: string, has: (text: string, part: string) => boolean) => has(a, b) || has(b, a);
  return (
    !one.open &&
    !other.open &&
    one.events.some((a) => other.events.some((b) => either(a, b, covers))) &&
    either(one.prefix, other.prefix, (text, part) => text.startsWith(part)) &&
    either(one.suffix, other.suffix, (text, part) => text.endsWith(part))
  );
}

function covers(event: string, other: string): boolean {
  return event === other || (other.endsWith(':*') && event.startsWith(other.slice(0, -1)));
}
