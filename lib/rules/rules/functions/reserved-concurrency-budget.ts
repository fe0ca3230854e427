import { lambda } from '../../../core/facts';
import { at } from '../../../core/model/select';
import { concurrencyPlaces, greatest, overLimit, RESERVED } from '../../lookups/concurrency-holders';
import { type Rule, undecided } from '../../rule';

const USUAL = lambda.accountConcurrency.value;

export const reservedConcurrencyBudget: Rule = {
  id: 'ReservedConcurrencyBudget',
  severity: 'warning',
  title: `Reservations fit into the usual limit of an account, ${USUAL}`,
  why: 'Lambda rejects the deployment that leaves less than 100 executions free; all other functions share what is left.',
  fix: 'reserve less, use the MaximumConcurrency of mappings, or declare the limit of the account',
  source: lambda.unreservedConcurrency.source,
  *check({ model }) {
    for (const place of concurrencyPlaces(model)) {
      if (place.declared === undefined) yield* overLimit(place, USUAL, `the usual ${USUAL}`);
    }
    for (const fn of model.ofType('AWS::Lambda::Function')) {
      const open = at(fn, RESERVED);
      if (open !== undefined && greatest(fn, RESERVED) === undefined) yield undecided(fn, RESERVED, open);
    }
  },
};
