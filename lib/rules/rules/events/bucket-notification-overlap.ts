import { at, isUnknown, items, toText } from '../../../core/model/select';
import type { Resource } from '../../../core/model/model';
import type { Value } from '../../../core/model/values';
import { each, type Rule } from '../../rule';

const LISTS = ['LambdaConfigurations', 'QueueConfigurations', 'TopicConfigurations'];

export const bucketNotificationOverlap: Rule = {
  id: 'BucketNotificationOverlap',
  severity: 'error',
  title: 'No two notifications of a bucket are about the same objects and events',
  why: 'S3 rejects the deployment: an event goes to one destination.',
  fix: 'tell them apart by prefix, suffix or event; or send the events to EventBridge, whose rules may overlap',
  source: 'https://docs.aws.amazon.com/AmazonS3/latest/userguide/notification-how-to-filtering.html',
  check: each(['AWS::S3::Bucket'], function* (bucket) {
    const all = notificationsOf(bucket);
    for (const [index, one] of all.entries()) {
      const other = all.slice(0, index).find((earlier) => overlap(earlier, one));
      if (!other) continue;
      const { property } = one;
      if ([one, other].some(({ open }) => open)) {
        yield { resource: bucket, property, reason: 'its filter is known only at deployment' };
      } else {
        const message = `is about ${one.event}, as ${other.property.replace('NotificationConfiguration.', '')} is for the same objects`;
        yield { resource: bucket, property, message, detail: one.event };
      }
    }
  }),
};

interface Notification {
  readonly property: string;
  readonly event: string;
  readonly prefix: string;
  readonly suffix: string;
  /** Whether its event or a part of its filter is known only at deployment. */
  readonly open: boolean;
}

function notificationsOf(bucket: Resource): readonly Notification[] {
  return LISTS.flatMap((list) =>
    items(at(bucket, `NotificationConfiguration.${list}`)).map((one, index) =>
      notification(one, `NotificationConfiguration.${list}.${index}`),
    ),
  );
}

function notification(one: Value, property: string): Notification {
  const rules = items(at(one, 'Filter.S3Key.Rules'));
  const valueOf = (name: string) =>
    rules.filter((rule) => toText(at(rule, 'Name'))?.toLowerCase() === name).map((rule) => at(rule, 'Value'))[0] ?? '';
  const values = [at(one, 'Event'), valueOf('prefix'), valueOf('suffix')];
  const [event = '', prefix = '', suffix = ''] = values.map(toText);
  const open = isUnknown(one) || rules.some(isUnknown) || values.some((value) => toText(value) === undefined);
  return { property, event, prefix, suffix, open };
}

function overlap(one: Notification, other: Notification): boolean {
  const within = (a: string, b: string) => a === b || (b.endsWith('*') && a.startsWith(b.slice(0, -1)));
  return (
    (within(one.event, other.event) || within(other.event, one.event)) &&
    (one.prefix.startsWith(other.prefix) || other.prefix.startsWith(one.prefix)) &&
    (one.suffix.endsWith(other.suffix) || other.suffix.endsWith(one.suffix))
  );
}
