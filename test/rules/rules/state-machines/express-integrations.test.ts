import { expressIntegrations } from '../../../../lib/rules/rules/state-machines/express-integrations';
import { describeFaults, OPEN } from '../faults';
import { express, inState } from './templates';

describeFaults(expressIntegrations, express, [
  {
    mistake: 'a task token',
    change: {
      [inState('Done')]: {
        Type: 'Task',
        Resource: 'arn:aws:states:::sqs:sendMessage.waitForTaskToken',
        Parameters: { QueueUrl: { Ref: 'Questions' }, MessageBody: { 'token.$': '$$.Task.Token' } },
        HeartbeatSeconds: 60,
        End: true,
      },
    },
    message: 'is Express, but Done waits for a task token',
    openButFine: { [inState('Done')]: { Type: 'Task', Resource: OPEN, End: true } },
  },
  {
    mistake: 'a job',
    change: {
      [inState('Done')]: {
        Type: 'Task',
        Resource: { 'Fn::Sub': 'arn:${AWS::Partition}:states:::glue:startJobRun.sync' },
        TimeoutSeconds: 60,
        End: true,
      },
    },
    message: 'is Express, but Done waits for a job',
  },
]);
