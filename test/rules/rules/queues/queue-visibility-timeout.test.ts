import { queueVisibilityTimeout } from '../../../../lib/rules/rules/queues/queue-visibility-timeout';
import { describeFaults, inProduction, OPEN } from '../faults';
import { queues } from './templates';

describeFaults(queueVisibilityTimeout, queues, [
  {
    mistake: 'a message that is shown again while it is at work',
    change: { 'Worker.Timeout': 90 },
    message: 'hides a message for 60 seconds, less than the 90 seconds of Shop/Worker',
    open: { 'Jobs.VisibilityTimeout': OPEN },
  },
  {
    mistake: 'too short a visibility in one branch of a condition',
    change: { 'Jobs.VisibilityTimeout': inProduction(360, 5) },
    message: 'hides a message for 5 seconds, less than the 10 seconds of Shop/Worker when not IsProduction',
  },
  {
    mistake: 'a message that is shown again while an alias is at work, whose name CDK cuts out of its ARN',
    change: {
      'Worker.Timeout': 90,
      Live: { Type: 'AWS::Lambda::Alias', Properties: { Name: 'live', FunctionName: { Ref: 'Worker' } } },
      'Mapping.FunctionName': {
        'Fn::Join': ['', [{ 'Fn::Select': [6, { 'Fn::Split': [':', { Ref: 'Live' }] }] }, ':live']],
      },
    },
    message: 'hides a message for 60 seconds, less than the 90 seconds of Shop/Worker',
  },
]);
