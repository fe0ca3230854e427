import { at } from '../../core/model/select';
import { invokeConfigsOf } from '../lookups/functions';
import { triggersOf } from '../lookups/triggers';
import { absences } from '../each-property';
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
    if (!trigger) return;
    const kept = invokeConfigsOf(model, fn).some(
      (config) => absences(at(config, 'DestinationConfig.OnFailure.Destination')).length === 0,
    );
    const property = 'DeadLetterConfig.TargetArn';
    for (const when of kept ? [] : absences(at(fn, property))) {
      const message = `loses the events from ${trigger.caller} on which it fails three times${when}`;
      yield { resource: fn, property, message };
    }
  }),
};
