import { at } from '../../core/model/select';
import { invokeConfigsOf } from '../lookups/functions';
import { triggersOf } from '../lookups/triggers';
import { each, type Rule } from '../rule';

/** A function that is given events has a place for those on which it fails. */
export const asynchronousFailureDestination: Rule = {
  id: 'AsynchronousFailureDestination',
  severity: 'error',
  title: 'A function that is called asynchronously keeps the events on which it fails',
  why: 'Lambda tries an asynchronous event three times and then drops it: without a failure destination it is lost.',
  fix: 'set an OnFailure destination (AWS::Lambda::EventInvokeConfig) or a DeadLetterConfig on the function',
  source: 'https://docs.aws.amazon.com/lambda/latest/dg/invocation-async-retain-records.html',
  check: each(['AWS::Lambda::Function'], function* (fn, { model }) {
    const trigger = triggersOf(model, fn).find(({ asynchronous, carriesData }) => asynchronous && carriesData);
    if (!trigger || at(fn, 'DeadLetterConfig.TargetArn') !== undefined) return;
    const kept = invokeConfigsOf(model, fn).some(
      (config) => at(config, 'DestinationConfig.OnFailure.Destination') !== undefined,
    );
    if (kept) return;
    yield {
      resource: fn,
      property: 'DeadLetterConfig.TargetArn',
      message: `loses the events from ${trigger.caller} on which it fails three times`,
    };
  }),
};
