import { faultsIn } from '../../../core/event-pattern/faults';
import { GRAMMARS } from '../../../core/event-pattern/grammar';
import { recordFilters } from '../../lookups/filters';
import type { Rule } from '../../rule';

export const filterPatternSyntax: Rule = {
  id: 'FilterPatternSyntax',
  severity: 'error',
  title: 'A filter of a mapping or a pipe is one that its service accepts',
  why: 'Lambda and Pipes support a subset of EventBridge’s patterns (no wildcards, anything-but with plain values only), and reject the deployment otherwise.',
  fix: 'use operators that the service supports, or filter in the handler',
  source: GRAMMARS.mapping.source,
  *check({ model }) {
    for (const { resource, place, property, pattern } of recordFilters(model)) {
      if (pattern === 'none') yield { resource, property, message: 'has a filter that is not JSON', detail: property };
      else if (pattern === undefined) yield { resource, property, reason: 'its filter is known only at deployment' };
      else {
        for (const { place: inside, fault, unknown: untold } of faultsIn(pattern, place)) {
          const at = inside === '' ? property : `${property} (${inside})`;
          if (fault !== undefined) yield { resource, property, message: `has a filter that ${fault}`, detail: at };
          else yield { resource, property, reason: untold ?? 'its filter is known only at deployment' };
        }
      }
    }
  },
};
