import { lostEvents } from '../../lookups/lost-events';
import type { Rule } from '../../rule';

export const asynchronousFailureDestination: Rule = {
  id: 'AsynchronousFailureDestination',
  severity: 'error',
  title: 'A function that is called asynchronously keeps the events that fail',
  why: 'Lambda tries an asynchronous event three times and then drops it: without a failure destination it is lost.',
  fix: 'set an OnFailure destination (AWS::Lambda::EventInvokeConfig) or a DeadLetterConfig on the function',
  source: 'https://docs.aws.amazon.com/lambda/latest/dg/invocation-async-retain-records.html',
  check: lostEvents(
    ({ carriesData }) => carriesData,
    ({ caller }) => `loses events from ${caller} after three failed attempts`,
  ),
};
