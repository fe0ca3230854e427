import { deadLetterQueueAlarm } from '../../../../lib/rules/rules/observability/dead-letter-queue-alarm';
import { arn, describeAccepted, describeFaults, OPEN } from '../faults';
import { queues } from '../queues/templates';

const watched = (properties: object) => ({ JobsDeadAlarm: { Type: 'AWS::CloudWatch::Alarm', Properties: properties } });

describeFaults(deadLetterQueueAlarm, queues, [
  {
    mistake: 'a dead-letter queue that nobody looks at',
    change: { JobsDeadAlarm: undefined },
    message: 'takes dead letters, and no alarm watches it',
    openButFine: { 'JobsDeadAlarm.Dimensions.0.Value': OPEN },
  },
  {
    mistake: 'an alarm on the queue in place of its dead-letter queue',
    change: { 'JobsDeadAlarm.Dimensions.0.Value': { 'Fn::GetAtt': ['Jobs', 'QueueName'] } },
    message: 'takes dead letters, and no alarm watches it',
  },
]);

const dimension = { Name: 'QueueName', Value: { 'Fn::GetAtt': ['JobsDead', 'QueueName'] } };
describeAccepted(deadLetterQueueAlarm, queues, [
  {
    accepts: 'an alarm that computes',
    change: watched({
      Metrics: [{ Id: 'm', MetricStat: { Metric: { Namespace: 'AWS/SQS', Dimensions: [dimension] } } }],
    }),
  },
  {
    accepts: 'a dead-letter queue that a function reads',
    change: {
      JobsDeadAlarm: undefined,
      Reader: {
        Type: 'AWS::Lambda::EventSourceMapping',
        Properties: { EventSourceArn: arn('JobsDead'), FunctionName: { Ref: 'Worker' } },
      },
    },
  },
]);
