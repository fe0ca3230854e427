import { sqs } from '../../../core/facts';
import { eachLimit } from '../../limits';
import type { Rule } from '../../rule';

export const queueLimits: Rule = {
  id: 'QueueLimits',
  severity: 'error',
  title: 'The settings of a queue are in range',
  why: 'SQS rejects the deployment otherwise.',
  fix: 'set a value in the range',
  source: sqs.retention.source,
  check: eachLimit(
    ['AWS::SQS::Queue'],
    [
      { property: 'MessageRetentionPeriod', range: sqs.retention },
      { property: 'MaximumMessageSize', range: sqs.messageSize },
      { property: 'DelaySeconds', range: sqs.delay },
      { property: 'VisibilityTimeout', range: sqs.visibilityTimeout },
      { property: 'RedrivePolicy.maxReceiveCount', range: sqs.receiveCount },
    ],
  ),
};
