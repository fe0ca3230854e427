import { displayName } from '../../../core/model/display';
import { at, eachBranch, isMap, isUnknown, toBoolean } from '../../../core/model/select';
import { indexed } from '../../../core/model/indexed';
import { named } from '../../../core/model/references';
import { each, type Rule } from '../../rule';

/** CDK resources that set a bucket's whole notification configuration once it exists, by bucket id. */
const replacersOf = indexed((model) => {
  const found = new Map<string, string[]>();
  for (const custom of model.resources.values()) {
    // `Managed: false` keeps the bucket's existing notifications.
    if (custom.type !== 'Custom::S3BucketNotifications' || toBoolean(at(custom, 'Managed')) === false) continue;
    for (const { id } of named(model, at(custom, 'BucketName')))
      found.set(id, [...(found.get(id) ?? []), displayName(custom)]);
  }
  return found;
});

export const bucketNotificationWriters: Rule = {
  id: 'BucketNotificationWriters',
  severity: 'error',
  title: 'A bucket’s notifications are configured in one place',
  why: 'CDK’s resource behind addEventNotification replaces the whole configuration once the bucket exists: what the bucket’s own property configured, EventBridge included, is gone, and nobody is notified of new objects.',
  fix: 'in CDK, use the bucket’s addEventNotification and enableEventBridgeNotification for everything, and not its property; elsewhere, use only the property',
  source: 'https://docs.aws.amazon.com/AmazonS3/latest/API/API_PutBucketNotificationConfiguration.html',
  check: each(['AWS::S3::Bucket'], function* (bucket, { model }) {
    const property = 'NotificationConfiguration';
    const replacers = replacersOf(model).get(bucket.id) ?? [];
    if (replacers.length > 1) {
      const detail = 'several';
      yield { resource: bucket, property, message: `is set by each of ${replacers.join(', ')}`, detail };
    }
    if (replacers.length === 0) return;
    for (const { value } of eachBranch(at(bucket, property))) {
      if (isUnknown(value)) yield { resource: bucket, property, reason: value.reason };
      if (!isMap(value) || Object.keys(value).length === 0) continue;
      yield { resource: bucket, property, message: `is replaced by ${replacers[0]}`, detail: property };
    }
  }),
};
