import { eventForwardedOnce } from '../../../../lib/rules/rules/events/event-forwarded-once';
import { arn, describeFaults, OPEN } from '../faults';
import { allow, goodRole, letIn, tlsOnly } from '../parts';
import { choreography } from './choreography';

const forward = (from: unknown, to: unknown) => ({
  Type: 'AWS::Events::Rule',
  Properties: {
    EventBusName: typeof from === 'string' ? { Ref: from } : from,
    EventPattern: { source: ['orders'] },
    Targets: [
      {
        Id: 'Bus',
        Arn: to,
        RoleArn: arn('ForwardRole'),
        DeadLetterConfig: { Arn: arn('Lost') },
        RetryPolicy: { MaximumRetryAttempts: 185, MaximumEventAgeInSeconds: 86_400 },
      },
    ],
  },
});
const ELSEWHERE = 'arn:aws:events:eu-west-1:111122223333:event-bus/audit';

describeFaults(
  eventForwardedOnce,
  {
    ...choreography,
    Second: { Type: 'AWS::Events::EventBus', Properties: { Name: 'second' } },
    ForwardRole: goodRole('events.amazonaws.com', [allow('events:PutEvents', [arn('Second'), ELSEWHERE])]),
    First: forward('Bus', arn('Second')),
    ...tlsOnly('Queue', 'Lost', [
      letIn('events.amazonaws.com', 'Lost', arn('Placed')),
      letIn('events.amazonaws.com', 'Lost', arn('Paid')),
      letIn('events.amazonaws.com', 'Lost', arn('First')),
      letIn('events.amazonaws.com', 'Lost', arn('Onward')),
    ]),
  },
  [
    {
      mistake: 'a bus that passes on what another bus sent it',
      change: { Onward: forward('Second', ELSEWHERE) },
      open: { Onward: forward(OPEN, ELSEWHERE) },
      message:
        "forwards events to the bus 'audit', but not those that Shop/Second receives from Shop/Bus through Shop/First",
    },
  ],
);
