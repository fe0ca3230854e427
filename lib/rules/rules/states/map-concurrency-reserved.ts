import { stepFunctions } from '../../../core/facts';
import { allStates } from '../../../core/asl/definition';
import { at as valueAt, toNumber } from '../../../core/model/select';
import type { Value } from '../../../core/model/values';
import { functionsNamed } from '../../lookups/functions';
import { at, eachState, isDistributed, openIn } from '../../lookups/flows';
import { type Rule, undecided } from '../../rule';

export const mapConcurrencyReserved: Rule = {
  id: 'MapConcurrencyReserved',
  severity: 'warning',
  title: 'A map runs no more iterations at once than its function’s reserved concurrency',
  why: 'The others are throttled: each is retried until its attempts are used up, and then the map fails.',
  fix: 'set MaxConcurrency to at most the reservation, or raise the reservation',
  source: 'https://docs.aws.amazon.com/step-functions/latest/dg/state-map-inline.html',
  check: eachState(function* (state, machine, model) {
    if (state.type !== 'Map' || state.body.MaxConcurrencyPath !== undefined) return;
    const requested = state.body.MaxConcurrency;
    if (requested !== undefined && toNumber(requested) === undefined) {
      yield* openIn(machine, state.place, state.body, 'MaxConcurrency');
      return;
    }
    const most = isDistributed(state)
      ? stepFunctions.distributedMapConcurrency.value
      : stepFunctions.inlineMapConcurrency.value;
    const atOnce = Math.min(toNumber(requested) || most, most);
    for (const task of state.inner.flatMap(allStates)) {
      const parameters = (task.body.Arguments ?? task.body.Parameters) as Value | undefined;
      const called =
        task.call?.kind === 'function' ? (task.call.resource as Value) : valueAt(parameters, 'FunctionName');
      for (const { function: fn } of task.call ? functionsNamed(model, called) : []) {
        const reservation = valueAt(fn, 'ReservedConcurrentExecutions');
        const reserved = toNumber(reservation);
        if (reserved === undefined && reservation !== undefined) {
          yield undecided(machine.machine, machine.property(state.place), reservation);
        }
        if (reserved === undefined || reserved === 0 || reserved >= atOnce) continue;
        yield at(
          machine,
          state.place,
          `runs up to ${atOnce} iterations of ${state.name} at once, each calling a function with a reserved concurrency of ${reserved}`,
        );
      }
    }
  }),
};
