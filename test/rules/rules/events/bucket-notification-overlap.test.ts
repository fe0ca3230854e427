import { bucketNotificationOverlap } from '../../../../lib/rules/rules/events/bucket-notification-overlap';
import { describeAccepted, describeFaults, OPEN } from '../faults';
import { tlsOnly } from '../parts';

const filter = (prefix: unknown, suffix: unknown = '') => ({
  S3Key: {
    Rules: [
      { Name: 'prefix', Value: prefix },
      { Name: 'Suffix', Value: suffix },
    ],
  },
});
/** Topics elsewhere: what their policies say is not known here. */
const topic = (number: number, Event: unknown, Filter: object = filter('')) => ({
  Event,
  Filter,
  Topic: `arn:aws:sns:eu-west-1:111122223333:topic-${number}`,
});
const notify = (...TopicConfigurations: object[]) => ({ 'Bucket.NotificationConfiguration': { TopicConfigurations } });
const bucket = { Bucket: { Type: 'AWS::S3::Bucket', Properties: {} }, ...tlsOnly('Bucket', 'Bucket') };
const message = 'as TopicConfigurations.0 is for the same objects';

describeFaults(bucketNotificationOverlap, bucket, [
  {
    mistake: 'two destinations of one event',
    change: notify(topic(1, 's3:ObjectCreated:*'), topic(2, 's3:ObjectCreated:Put')),
    message,
    open: notify(topic(1, 's3:ObjectCreated:*', filter(OPEN)), topic(2, 's3:ObjectCreated:Put', filter('in/'))),
  },
  {
    mistake: 'a folder within another, with the ending of another',
    change: notify(
      topic(1, 's3:ObjectCreated:Put', filter('in/', '.json')),
      topic(2, 's3:ObjectCreated:Put', filter('in/new/', 'x.json')),
    ),
    message,
  },
]);

describeAccepted(bucketNotificationOverlap, bucket, [
  {
    accepts: 'other folders, endings and events',
    change: notify(
      topic(1, 's3:ObjectCreated:*', filter('in/', '.json')),
      topic(2, 's3:ObjectCreated:*', filter('in/', '.csv')),
      topic(3, 's3:ObjectCreated:*', filter('out/', '.json')),
      topic(4, 's3:ObjectRemoved:*'),
    ),
  },
]);
