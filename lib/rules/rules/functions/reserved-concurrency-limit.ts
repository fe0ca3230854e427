import { lambda } from '../../../core/facts';
import { concurrencyPlaces, overLimit } from '../../lookups/concurrency-holders';
import type { Rule } from '../../rule';

export const reservedConcurrencyLimit: Rule = {
  id: 'ReservedConcurrencyLimit',
  severity: 'error',
  title: 'Reservations fit into the declared limit of an account',
  why: 'Lambda rejects the deployment that leaves less than 100 executions free.',
  fix: 'reserve less, use the MaximumConcurrency of mappings, or have the limit raised and declare it',
  source: lambda.unreservedConcurrency.source,
  *check({ model }) {
    for (const place of concurrencyPlaces(model)) {
      if (place.declared !== undefined) yield* overLimit(place, place.declared, `the declared ${place.declared}`);
    }
  },
};
