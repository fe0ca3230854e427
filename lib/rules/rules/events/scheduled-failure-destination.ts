import { lostEvents } from '../../lookups/lost-events';
import type { Rule } from '../../rule';

export const scheduledFailureDestination: Rule = {
  id: 'ScheduledFailureDestination',
  severity: 'warning',
  title: 'A function that runs on a schedule keeps the events that fail',
  why: 'The schedule only submits the call: when the function fails three times, the run is lost without a trace.',
  fix: 'set an OnFailure destination (AWS::Lambda::EventInvokeConfig) or a DeadLetterConfig on the function',
  source: 'https://docs.aws.amazon.com/lambda/latest/dg/invocation-async-retain-records.html',
  check: lostEvents(
    ({ carriesData }) => !carriesData,
    ({ caller }) => `leaves no trace when a call from ${caller} fails`,
  ),
};
