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
const within = (folder: string) => ({ 'Fn::Sub': `${folder}\${Open}/` });
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
    open: notify(topic(1, OPEN), topic(2, 's3:ObjectCreated:Put')),
  },
  {
    mistake: 'a folder that only the deployment knows, beside all of them',
    change: notify(topic(1, 's3:ObjectCreated:Put'), topic(2, 's3:ObjectCreated:Put', filter(OPEN))),
    message,
    open: notify(
      topic(1, 's3:ObjectCreated:Put', filter('in/a')),
      topic(2, 's3:ObjectCreated:Put', filter(within('in/'))),
    ),
  },
  {
    mistake: 'an unknown folder within a known one',
    change: notify(
      topic(1, 's3:ObjectCreated:Put', filter('in/')),
      topic(2, 's3:ObjectCreated:Put', filter(within('in/new/'))),
    ),
    message,
    open: { 'Bucket.NotificationConfiguration': { TopicConfigurations: [OPEN, topic(1, 's3:ObjectCreated:Put')] } },
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
  {
    accepts: 'unknown folders within others',
    change: notify(
      topic(1, 's3:ObjectCreated:*', filter(within('in/'))),
      topic(2, 's3:ObjectCreated:*', filter(within('out/'))),
      topic(3, { 'Fn::Sub': 's3:ObjectRemoved:${Open}' }),
    ),
  },
]);
