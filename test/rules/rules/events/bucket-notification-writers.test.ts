import { bucketNotificationWriters } from '../../../../lib/rules/rules/events/bucket-notification-writers';
import { describeFaults, OPEN } from '../faults';

const resources = {
  Bucket: { Type: 'AWS::S3::Bucket', Properties: {} },
  Tls: {
    Type: 'AWS::S3::BucketPolicy',
    Properties: {
      Bucket: { Ref: 'Bucket' },
      PolicyDocument: {
        Statement: [
          {
            Effect: 'Deny',
            Principal: '*',
            Action: 's3:*',
            Resource: [{ 'Fn::GetAtt': ['Bucket', 'Arn'] }, { 'Fn::Sub': '${Bucket.Arn}/*' }],
            Condition: { Bool: { 'aws:SecureTransport': 'false' } },
          },
        ],
      },
    },
  },
  Notifications: {
    Type: 'Custom::S3BucketNotifications',
    Properties: {
      ServiceToken: 'arn:aws:lambda:eu-west-1:123456789012:function:notifications',
      BucketName: { Ref: 'Bucket' },
      NotificationConfiguration: { QueueConfigurations: [] },
      Managed: true,
    },
  },
  Merged: {
    Type: 'Custom::S3BucketNotifications',
    Properties: {
      ServiceToken: 'arn:aws:lambda:eu-west-1:123456789012:function:notifications',
      BucketName: { Ref: 'Bucket' },
      NotificationConfiguration: { EventBridgeConfiguration: {} },
      Managed: false,
    },
  },
};

describeFaults(bucketNotificationWriters, resources, [
  {
    mistake: 'EventBridge on the bucket’s own property, which CDK’s resource replaces',
    change: {
      'Bucket.NotificationConfiguration': { EventBridgeConfiguration: { EventBridgeEnabled: true } },
    },
    message: 'is replaced by',
    open: { 'Bucket.NotificationConfiguration': OPEN },
  },
  {
    mistake: 'two resources that each replace the configuration',
    change: { 'Merged.Managed': true },
    message: 'is set by each of',
  },
]);
