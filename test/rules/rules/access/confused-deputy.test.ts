import { confusedDeputy } from '../../../../lib/rules/rules/access/confused-deputy';
import { describeAccepted, describeFaults, OPEN } from '../faults';
import { tlsOnly } from '../parts';
import { queues } from '../queues/templates';

/** A bucket into which trails write below a path. */
const trail = (path: string) => ({
  Logs: { Type: 'AWS::S3::Bucket' },
  ...tlsOnly('Bucket', 'Logs', [
    {
      Effect: 'Allow',
      Principal: { Service: 'cloudtrail.amazonaws.com' },
      Action: 's3:PutObject',
      Resource: { 'Fn::Sub': `\${Logs.Arn}${path}` },
    },
  ]),
});

describeFaults(confusedDeputy, queues, [
  {
    mistake: 'a queue that lets SNS in on behalf of any account',
    change: { 'JobsPolicy.PolicyDocument.Statement.1.Condition': undefined },
    message: 'lets sns.amazonaws.com in on behalf of any account',
    open: { 'JobsPolicy.PolicyDocument.Statement.1.Condition': OPEN },
  },
  {
    mistake: 'a bucket that lets a trail of anybody write anywhere',
    change: trail('/AWSLogs/*'),
    message: 'lets cloudtrail.amazonaws.com in on behalf of any account',
  },
]);

describeAccepted(confusedDeputy, { ...queues, Bucket: { Type: 'AWS::S3::Bucket' }, ...tlsOnly('Bucket', 'Bucket') }, [
  {
    accepts: 'a trail that writes below the account',
    change: trail('/AWSLogs/${AWS::AccountId}/*'),
  },
  {
    accepts: 'the logs of load balancers, which name no source',
    change: {
      'BucketPolicy.PolicyDocument.Statement.1': {
        Effect: 'Allow',
        Principal: { Service: 'logdelivery.elasticloadbalancing.amazonaws.com' },
        Action: 's3:PutObject',
        Resource: '*',
      },
    },
  },
]);
