import type { Model, Resource } from '../../core/model/model';
import { at } from '../../core/model/select';
import { absences } from '../each-property';
import { each, type Rule } from '../rule';
import { invokeConfigsOf } from './functions';
import { type Trigger, triggersOf } from './triggers';

/**
 * A `check` for functions that are invoked asynchronously and have no failure destination.
 * @param which the triggers that are judged
 * @param message the message for such a function
 */
export function lostEvents(which: (trigger: Trigger) => boolean, message: (trigger: Trigger) => string): Rule['check'] {
  return each(['AWS::Lambda::Function'], function* (fn, { model }) {
    // One destination keeps the failures of all triggers; it is needed for those that carry data.
    const [trigger] = triggersOf(model, fn)
      .filter(({ asynchronous }) => asynchronous)
      .sort((one, other) => Number(other.carriesData) - Number(one.carriesData));
    if (!trigger || !which(trigger) || isKept(model, fn)) return;
    const property = 'DeadLetterConfig.TargetArn';
    for (const when of absences(at(fn, property))) yield { resource: fn, property, message: message(trigger) + when };
  });
}

function isKept(model: Model, fn: Resource): boolean {
  return invokeConfigsOf(model, fn).some(
    (config) => absences(at(config, 'DestinationConfig.OnFailure.Destination')).length === 0,
  );
}
