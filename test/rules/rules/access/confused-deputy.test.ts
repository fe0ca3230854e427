import { confusedDeputy } from '../../../../lib/rules/rules/access/confused-deputy';
import { describeAccepted, describeFaults, OPEN } from '../faults';
import { tlsOnly } from '../parts';
import { queues } from '../queues/templates';

describeFaults(confusedDeputy, queues, [
  {
    mistake: 'a queue that lets SNS in on behalf of any account',
    change: { 'JobsPolicy.PolicyDocument.Statement.1.Condition': undefined },
    message: 'lets sns.amazonaws.com in on behalf of any account',
    open: { 'JobsPolicy.PolicyDocument.Statement.1.Condition': OPEN },
  },
]);

describeAccepted(confusedDeputy, { ...queues, Bucket: { Type: 'AWS::S3::Bucket' }, ...tlsOnly('Bucket', 'Bucket') }, [
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
